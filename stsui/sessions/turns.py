"""One thread computes at a time, of all that renew in this process; who waits for the network lets the next.

The interpreter runs one thread at a time anyway. But it lets the next one in at every system call, of which a
renewal has dozens, and whoever comes back stands at the end of the row: with fifty threads most of the time
went into changing over, and a screen's loop stood in that row for each key. Now only the one whose turn it
is stands there. Nobody has to have a turn: after a while one goes on without.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds after which one goes on without: the disk of the one before may be stuck."""


class Turn:
    """Not held over anything that waits for other threads, programs or people."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Nobody has it: in a process that was split off, whoever had it is not there."""
        self._lock = threading.Lock()
        self._here = threading.local()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """For a stretch of work."""
        if self._is_mine:
            yield
            return
        self._take()
        try:
            yield
        finally:
            self._give()

    @contextmanager
    def given(self) -> Iterator[None]:
        """For a wait within such a stretch."""
        if not self._is_mine:
            yield
            return
        self._give()
        try:
            yield
        finally:
            self._take()

    @property
    def _is_mine(self) -> bool:
        return getattr(self._here, "mine", False)

    def _take(self) -> None:
        self._here.mine = self._lock.acquire(timeout=PATIENCE)

    def _give(self) -> None:
        if self._is_mine:
            self._here.mine = False
            self._lock.release()


turn = Turn()
"""Of this process."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=turn.forget)
