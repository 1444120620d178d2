"""Locks by open file, freed by the kernel whatever happens to the process."""

import contextlib
import os
import sys
import time

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

POLL = 0.02


def open_lock(path: str) -> int:
    """A private file to lock, made when missing; raises OSError."""
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)


def acquire(handle: int, wait: float) -> bool:
    """Takes the lock of an open file; False when somebody else held it all of `wait` seconds."""
    end = time.monotonic() + wait
    while True:
        with contextlib.suppress(OSError):
            _try(handle)
            return True
        left = end - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(POLL, left))


def _try(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
