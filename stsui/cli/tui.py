"""`stsui`: the board."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stsui.cli.context import Context

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Of this start alone; settings are in the config, and S on the board changes them."""
    parser.add_argument("--ascii", action="store_true", help="no sign outside ASCII")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Runs it until it is left."""
    from stsui.cli import heap
    from stsui.sessions.privacy import keep_memory_private
    from stsui.tui.run import run as run_tui

    keep_memory_private()
    heap.share()
    return run_tui(context.services, ascii_only=arguments.ascii, mouse=not arguments.no_mouse)
