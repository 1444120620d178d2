"""An attempt to be answered takes bounded time, whatever the server does.

Timeouts of sockets count from byte to byte: a server that drips its headers would hold us for ever. So a
connection that is there is cut when the attempt's time is over; one that is still being made, which asks for
names and shakes hands, is made by another thread, and whoever waits for it leaves.

Sources: botocore/httpsession.py, `_pool_classes_by_scheme`; http.client, `connect` and `getresponse`.
"""

import contextlib
import functools
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, TypeVar

from stsui.model.errors import NotSts
from stsui.sessions.turns import turn

LONGEST = 40.0
"""Seconds for all of it: to connect, to wait for an answer, and to read it."""
LOOK = 0.5
"""Seconds between two looks at those that are under way."""
Answered = TypeVar("Answered")
_Jobs = SimpleQueue[Callable[[], None]]


class _Attempt:
    """One that is under way."""

    __slots__ = ("connection", "ends", "over")

    def __init__(self) -> None:
        self.ends = time.monotonic() + LONGEST
        self.connection: Any = None
        """What an answer is waited for at."""
        self.over = False

    def cut(self) -> None:
        """Whoever waits at the connection meets its end."""
        self.over = True
        # TLS inside of TLS is no socket, but has one. Not its own `shutdown`: that would take its TLS away
        # from under the thread that reads.
        found = getattr(self.connection, "socket", self.connection)
        if isinstance(found, socket.socket):
            with contextlib.suppress(OSError):
                socket.socket.shutdown(found, socket.SHUT_RDWR)


class _Watch:
    """Cuts those whose time is over; asleep while there are none."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Nothing is under way: in a process that was split off there is no thread to look."""
        self._under_way: set[_Attempt] = set()
        self._lock, self._some = threading.Lock(), threading.Event()
        self._looks = False

    @contextlib.contextmanager
    def over(self, attempt: _Attempt) -> Iterator[None]:
        """While it is under way."""
        with self._lock:
            self._under_way.add(attempt)
            begins, self._looks = not self._looks, True
        if begins:
            threading.Thread(target=self._look, name="attempts", daemon=True).start()
        if not self._some.is_set():
            self._some.set()
        try:
            yield
        finally:
            with self._lock:
                self._under_way.discard(attempt)

    def _look(self) -> None:
        while True:
            self._some.wait()
            with self._lock:
                if not self._under_way:
                    self._some.clear()
                now = time.monotonic()
                # Under the lock: afterwards the connection may be another attempt's.
                for attempt in self._under_way:
                    if attempt.ends <= now:
                        attempt.cut()
            time.sleep(LOOK)


_watch = _Watch()
_here = threading.local()
_idle: list[_Jobs] = []
"""Of threads that wait for something to do: to start one costs a fifth of a call."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)
    os.register_at_fork(after_in_child=_watch.forget)


def bounded(http_session: Any) -> Callable[[Callable[[], Answered], str], Answered]:
    """How attempts of a botocore HTTP session are made, so that each comes to an end."""
    pools = getattr(http_session, "_pool_classes_by_scheme", None)
    manager: Any = getattr(http_session, "_manager", None)
    if not isinstance(pools, dict) or not hasattr(manager, "pool_classes_by_scheme"):
        # A botocore that nobody has seen yet: all of it in another thread.
        return beside
    watched = {scheme: _watched(pool) for scheme, pool in pools.items()}
    http_session._pool_classes_by_scheme = manager.pool_classes_by_scheme = watched
    return _here_and_watched


@functools.cache
def _watched(pool: Any) -> Any:
    """The class of a pool, for connections whose attempts can be cut."""

    class Connection(pool.ConnectionCls):  # type: ignore[misc]
        def connect(self) -> None:
            left = False
            connect = super().connect

            def make() -> None:
                connect()
                if left:
                    self.close()

            try:
                beside(make, self.host)
            except NotSts:
                left = True
                raise

        def getresponse(self, *args: Any, **options: Any) -> Any:
            attempt: _Attempt | None = getattr(_here, "attempt", None)
            if attempt is None:
                return super().getresponse(*args, **options)
            attempt.connection = self.sock
            return super().getresponse(*args, **options)

    return type(pool.__name__, (pool,), {"ConnectionCls": Connection})


def _here_and_watched(attempt: Callable[[], Answered], url: str) -> Answered:
    """The attempt's answer, or its exception, in bounded time.

    Raises:
        NotSts: There was neither in that time.
    """
    _here.attempt = mine = _Attempt()
    try:
        with _watch.over(mine), turn.given():
            answer = attempt()
    except Exception as error:
        if mine.over or isinstance(getattr(error, "kwargs", {}).get("error"), NotSts):
            raise _no_end(url) from None
        raise
    finally:
        _here.attempt = None
    if mine.over:
        # To http.client, headers end where the connection does.
        raise _no_end(url)
    return answer


def beside(attempt: Callable[[], Answered], url: str) -> Answered:
    """The same by another thread, which is left to itself when the time is over."""
    ended: list[tuple[bool, Any]] = []
    done = threading.Event()
    try:
        jobs = _idle.pop()
    except IndexError:
        jobs = _new_thread()

    def work() -> None:
        try:
            ended.append((True, attempt()))
        except BaseException as error:
            ended.append((False, error))
        _idle.append(jobs)
        done.set()

    jobs.put(work)
    with turn.given():
        came = done.wait(LONGEST)
    if not came:
        raise _no_end(url)
    well, outcome = ended[0]
    if not well:
        raise outcome
    answer: Answered = outcome
    return answer


def _no_end(url: str) -> NotSts:
    return NotSts(f"The answer of {url} did not come to an end in {LONGEST:.0f} s.", code="timed out")


def _new_thread() -> _Jobs:
    jobs: _Jobs = SimpleQueue()

    def serve() -> None:
        while True:
            jobs.get()()

    threading.Thread(target=serve, name="attempt", daemon=True).start()
    return jobs
