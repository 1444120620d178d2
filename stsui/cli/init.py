"""`stsui init`: the function `sts` for a shell's start-up file."""

import argparse

from stsui.cli.context import Context
from stsui.handover.shells import startup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The shell."""
    parser.add_argument("shell", help="bash, zsh or fish")
    parser.epilog = (
        'In ~/.bashrc or ~/.zshrc:  eval "$(stsui init bash)"   in config.fish:  stsui init fish | source\n'
        "Then: sts ROLE · sts (the current session) · sts - (the role before) · sts --unset.\n"
        "bash and zsh keep STS_PROMPT ([role PROD 42m]) for your prompt; it starts no process."
        f"\n\n{parser.epilog}"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Prints the text."""
    context.write(startup(arguments.shell))
    return 0
