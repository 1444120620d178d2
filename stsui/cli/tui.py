"""`stsui`: the board."""

import argparse

from stsui.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None yet: settings are in the config."""


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Runs it until it is left."""
    from stsui.sessions.privacy import keep_memory_private
    from stsui.tui.run import run as run_tui

    keep_memory_private()
    return run_tui(context.services)
