"""Locks by open file, freed by the kernel whatever happens to the process."""

import errno
import os
import sys
import time

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

POLL = 0.02
HELD = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})
"""What the systems answer while somebody else has the lock."""


def open_lock(path: str) -> int:
    """A private file to lock, made when missing; raises OSError."""
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)


def acquire(handle: int, wait: float) -> bool:
    """Takes the lock of an open file; False when somebody else held it all of `wait` seconds.

    On a file system that knows no locks everybody gets it: one call too many is better than none.
    """
    end = time.monotonic() + wait
    while True:
        try:
            _try(handle)
        except OSError as error:
            if error.errno not in HELD:
                return True
        else:
            return True
        left = end - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(POLL, left))


def is_held(handle: int) -> bool:
    """Whether somebody else has the lock of an open file; asking gets in nobody's way for long."""
    try:
        if sys.platform == "win32":
            _try(handle)
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        else:
            # A shared one, so that two who only ask do not take each other for the holder.
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.flock(handle, fcntl.LOCK_UN)
    except OSError as error:
        return error.errno in HELD
    return False


def _try(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
