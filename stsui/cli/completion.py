"""`stsui completion`: completion for a shell without `sts`. What it offers is in `words`."""

import argparse

from stsui.cli.context import Context
from stsui.cli.words import LINE, NEXT
from stsui.handover import shells


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The shell."""
    parser.add_argument("shell", metavar="SHELL", help=", ".join(shells.SHELLS))
    parser.epilog = (
        f"stsui init has the same and the function sts.\n"
        f"{LINE} WORD …: what can stand for the last word, one a line; {NEXT} WORD …: after it.\n\n"
        f"{parser.epilog}"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Prints the text for the shell."""
    context.write(shells.completion(arguments.shell))
    return 0
