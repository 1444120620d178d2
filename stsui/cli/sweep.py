"""`stsui sweep`: takes away copies whose time is over. Other commands start it, beside them."""

import argparse
import time

from stsui.cli.context import Context
from stsui.handover.sweeper import sweep

LOCK = "sweeper"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument(
        "--wait", action="store_true", help="stay until nothing of ours is in the credentials file"
    )
    parser.add_argument(
        "--clipboard",
        type=float,
        default=None,
        metavar="SECONDS",
        help="clear the text whose SHA-256 is on stdin from the clipboard, after so long",
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Now, or until the last section has ended; one process at a time waits for that."""
    if arguments.clipboard is not None:
        return _clipboard(arguments.clipboard, context)
    services = context.services
    now = services.store.clock.now
    if not arguments.wait:
        sweep(services.catalog.paths, now, time.sleep, wait=False)
        return 0
    # One that is there reads the file again within a nap; only if it is just ending it is our turn.
    with services.store.cache.lock(LOCK, 1.0) as ours:
        if ours:
            sweep(services.catalog.paths, now, time.sleep, wait=True)
    return 0


def _clipboard(seconds: float, context: Context) -> int:
    from stsui.tui.clipboard import clear_if_unchanged

    wanted = context.stdin.read(100).strip() if context.stdin else ""
    time.sleep(max(0.0, min(seconds, 3_600.0)))
    clear_if_unchanged(wanted, context.environ)
    return 0
