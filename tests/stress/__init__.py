"""The promises under load: `python -m tests.stress` runs the full numbers and prints a table."""
