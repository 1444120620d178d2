"""`stsui pick`: choose a role in this terminal, below the prompt; its name is what is printed."""

import argparse

from stsui.cli.context import Context
from stsui.model.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Words to begin with."""
    parser.add_argument("filter", metavar="FILTER", nargs="*", help="words that are typed already")
    parser.epilog = f'For a line of your own: stsui exec "$(stsui pick)" -- aws s3 ls\n\n{parser.epilog}'


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Draws on stderr and prints the name; 130 when none was taken."""
    from stsui.tui.run import pick

    if not context.services.catalog.roles:
        raise UsageError("There is no role yet.", hint="stsui config path")
    name = pick(context.services, " ".join(arguments.filter))
    if not name:
        return 130
    context.write(f"{name}\n")
    return 0
