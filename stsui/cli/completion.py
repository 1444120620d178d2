"""`stsui completion`: role names for a shell, from the files alone."""

import argparse

from stsui.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("prefix", nargs="?", default="", help="only names that begin like this")
    parser.add_argument("--names", action="store_true", help="names of roles, one a line")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """One name a line."""
    names = [name for name in context.services.catalog.roles if name.startswith(arguments.prefix)]
    context.write("".join(f"{name}\n" for name in names))
    return 0
