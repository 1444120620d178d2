"""The one server of a place: started when it is first needed, found again, stopped; on loopback alone.

Whoever starts it takes the lock, binds the port and hands both to a keeper, which has them while it lives. A
client that connects before the worker is up waits in the socket's queue.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from stsui.handover.environ import REGIONS, RESTORE, SCRUB
from stsui.model.errors import StoreError, Unavailable, UsageError
from stsui.server import keeper
from stsui.server.place import ADDRESS, LOCK, Place, Server
from stsui.sessions import locks

STARTING = "starting.lock"
BACKLOG = 1_024
STARTING_WAIT = 10.0
STOP_WAIT = 8.0


class Taken(NamedTuple):
    """The right to be the server, and its socket."""

    lock: int
    listener: socket.socket
    server: Server
    moved: bool
    """The port of before is somebody else's now: whoever holds a slot of then cannot reach it."""

    def release(self) -> None:
        """Others have them now, or nobody needs them."""
        self.listener.close()
        os.close(self.lock)


class Background:
    """The server of one place."""

    def __init__(self, place: Place, version: str) -> None:
        self._place = place
        self._version = version

    def ensure(
        self, worker: Sequence[str], environ: Mapping[str, str], wait: float = STARTING_WAIT
    ) -> tuple[Server, bool]:
        """The running server, started when there is none or it is of another version.

        Args:
            worker: The command that works below a keeper.
            wait: Seconds for somebody else who is starting it.

        Returns:
            It, and whether it had to take another port than before.

        Raises:
            StsuiError: It may not or cannot be started; says why.
        """
        refuse_borrowed_root(environ)
        with self._starting(wait):
            running = self._place.running()
            if running is not None and running.version != self._version:
                self._end(running)
                running = None
            if running is not None:
                return running, False
            taken = self.take()
            try:
                self._start(taken, worker, environ)
            finally:
                taken.release()
            return taken.server, taken.moved

    def take(self) -> Taken:
        """The right to serve here, with a socket that listens; on the port of before where that is free.

        Raises:
            UsageError: A server runs already.
            StoreError: Its directory cannot be used.
        """
        self._place.files.ensure()
        try:
            lock = locks.open_lock(os.path.join(self._place.files.path, LOCK))
        except OSError as error:
            raise StoreError(f"{self._place.files.path} cannot be used ({error.strerror}).") from error
        if not locks.acquire(lock, 0.5):
            os.close(lock)
            raise UsageError("The server runs already.", hint="stsui serve --status")
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        before = self._place.last()
        listener, moved = _listen(before.port if before else 0)
        server = Server(listener.getsockname()[1], os.getpid(), int(time.time()), self._version)
        self._place.write(server)
        return Taken(lock, listener, server, moved)

    def stop(self) -> bool:
        """Ends the server; whether there was one. Slots stay, and are served when it is started again."""
        with self._starting(STARTING_WAIT):
            running = self._place.running()
            if running is not None:
                self._end(running)
            self._place.rest()
            return running is not None

    def _start(self, taken: Taken, worker: Sequence[str], environ: Mapping[str, str]) -> None:
        if sys.platform == "win32":
            raise Unavailable(
                "The server cannot go into the background on Windows. Run it in a window of its own.",
                hint="stsui serve",
            )
        listener = taken.listener.fileno()
        done = subprocess.run(
            keeper.command(taken.lock, listener, worker),
            pass_fds=(taken.lock, listener),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=own_environment(environ),
            check=False,
        )
        if done.returncode:
            raise Unavailable("The server could not be started.", hint="stsui serve")

    def _end(self, server: Server) -> None:
        end = time.monotonic() + STOP_WAIT
        with contextlib.suppress(OSError):
            os.kill(server.pid, signal.SIGTERM)
        while self._place.running() is not None:
            if time.monotonic() > end:
                raise Unavailable(
                    f"The server (pid {server.pid}) does not end.", hint=f"kill -9 {server.pid}"
                )
            time.sleep(0.02)

    @contextlib.contextmanager
    def _starting(self, wait: float) -> Iterator[None]:
        """One at a time."""
        self._place.files.ensure()
        handle = locks.open_lock(os.path.join(self._place.files.path, STARTING))
        try:
            if not locks.acquire(handle, wait):
                raise Unavailable("Another stsui is starting or stopping the server.")
            yield
        finally:
            os.close(handle)


def refuse_borrowed_root(environ: Mapping[str, str]) -> None:
    """A server of root's serves only root's own sessions, never those of whoever called sudo.

    Raises:
        UsageError: We are root through sudo or doas, or in somebody else's home.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    caller = environ.get("SUDO_USER") or environ.get("DOAS_USER") or "root"
    home = environ.get("HOME", "")
    try:
        owner = os.stat(home).st_uid if home else 0
    except OSError:
        owner = 0
    if caller != "root" or owner != 0:
        raise UsageError("The server does not run as root for another user. Run stsui without sudo.")


def own_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The starter's, without what belongs to its shell: whose credentials it has, and its Region."""
    shells = {*SCRUB, *REGIONS, RESTORE}
    return {name: value for name, value in environ.items() if name not in shells}


def _listen(port: int) -> tuple[socket.socket, bool]:
    """A socket that listens on that port, else on a free one; whether that port was taken."""
    for wanted in dict.fromkeys((port, 0)):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if sys.platform == "win32":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((ADDRESS, wanted))
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            continue
        return listener, wanted != port
    raise Unavailable("No port of 127.0.0.1 can be had.")
