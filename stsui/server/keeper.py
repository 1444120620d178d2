"""The server's small parent: it holds the listening socket and starts the worker anew whenever that dies.

While slots exist their port must never be free for somebody else, who would be shown the tokens. This file is
run by its path and imports nothing of stsui, so that there is little in it that could fail. The worker sends
a byte now and then; one that is silent for too long is ended. A worker that loses its parent becomes one.
"""

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

SILENT = 20.0
"""Seconds after which a worker counts as hung."""
SOON = 5.0
"""A worker that dies within so many seconds is started again ever more slowly."""
SLOWEST = 5.0
ENDING = 3
"""Seconds that a worker has for its end when the server is stopped."""


def command(lock: int, listener: int, worker: Sequence[str]) -> list[str]:
    """The argv of a keeper that holds these two handles; alone, without site and environment."""
    return [sys.executable, "-I", "-S", os.path.abspath(__file__), str(lock), str(listener), *worker]


class Keeper:
    """One worker at a time."""

    def __init__(self, lock: int, listener: int, worker: Sequence[str]) -> None:
        self._lock, self._listener, self._worker = lock, listener, worker
        self._pid = 0
        self._stopping = False

    def run(self) -> int:
        """Until a worker ends well, or we are told to stop."""
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGALRM, self._kill)
        short, code = 0, 1
        while code and not self._stopping:
            time.sleep(min(SLOWEST, 0.1 * 2**short) if short else 0)
            begun = time.monotonic()
            code = self._one_worker()
            short = short + 1 if time.monotonic() - begun < SOON else 0
        return 0

    def _one_worker(self) -> int:
        ours, theirs = socket.socketpair()
        self._pid = os.fork()
        if self._pid == 0:
            self._become_worker(theirs)
        theirs.close()
        try:
            while select.select([ours], [], [], SILENT)[0]:
                if not ours.recv(4_096):
                    break
            else:
                self._send(signal.SIGKILL)
        except OSError:
            self._send(signal.SIGKILL)
        ours.close()
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        return os.waitstatus_to_exitcode(status)

    def _become_worker(self, theirs: socket.socket) -> NoReturn:
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        for handle in (self._lock, self._listener, theirs.fileno()):
            os.set_inheritable(handle, True)
        handles = [f"--handles={self._lock},{self._listener},{theirs.fileno()}"]
        try:
            os.execv(self._worker[0], [*self._worker, *handles])  # noqa: S606 - no shell is the point
        finally:
            os._exit(127)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if not self._pid:
            sys.exit(0)
        self._stopping = True
        self._send(signal.SIGTERM)
        signal.alarm(ENDING)

    def _kill(self, number: int, frame: FrameType | None) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self._pid:
            os.kill(self._pid, number)


def main(argv: Sequence[str]) -> int:
    """Goes into the background, writes its pid into the lock's file, and keeps a worker."""
    lock, listener, *worker = argv
    handle = int(lock)
    pid = os.fork()
    if pid:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{pid}\n".encode(), 0)
        os._exit(0)
    os.setsid()
    return Keeper(handle, int(listener), worker).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
