"""`stsui sweep`: takes ended sections of ours out of the credentials file. `export --write` starts it."""

import argparse
import time

from stsui.cli.context import Context
from stsui.handover.sweeper import sweep

LOCK = "sweeper"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("--wait", action="store_true", help="stay until nothing of ours is in there")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Now, or until the last one has ended; one process at a time waits."""
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
