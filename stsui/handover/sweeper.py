"""A small process that waits until our sections of the credentials file end, and takes them out.

It holds no secret, asks the file again and again, and ends when there is nothing left to wait for.
"""

import contextlib
import sys
from collections.abc import Callable, Mapping

from stsui.config.paths import Paths
from stsui.handover import beside, credentials_file
from stsui.handover.environ import SCRUB
from stsui.model.errors import StsuiError

MOST_FAILURES = 2_000
NAP = 2.0
"""Seconds between two looks: the computer may have slept, and sections may have gone."""


def start(environ: Mapping[str, str]) -> None:
    """Starts it beside this process, which may end. Where it cannot be, the next stsui takes sections out."""
    argv = [sys.executable, "-m", "stsui", "sweep", "--wait"]
    ours = {name: value for name, value in environ.items() if name not in SCRUB}
    with contextlib.suppress(OSError):
        beside.start(argv, ours)


def sweep(paths: Paths, now: Callable[[], float], sleep: Callable[[float], None], *, wait: bool) -> None:
    """Takes out what has ended; with `wait` until nothing of ours is left.

    Raises:
        StsuiError: The file cannot be written, or not be read; with `wait` it is tried again.
    """
    failed = 0
    while failed < MOST_FAILURES:
        try:
            end = credentials_file.next_end(paths)
            if end and end <= now():
                credentials_file.remove(paths, ended=now())
                end = credentials_file.next_end(paths)
        except StsuiError:
            if not wait:
                raise
            failed += 1
            end = now() + NAP
        if not end or not wait:
            return
        sleep(max(0.05, min(NAP, end - now())))
