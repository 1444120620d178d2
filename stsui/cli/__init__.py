"""One command per file: arguments, streams, exit codes."""
