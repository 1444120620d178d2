"""The sockets: one thread that accepts, reads, answers and forgets, so that no client can hold up another.

A loop of its own on `selectors`: with a connection for each fetch, as short programs make them, it answers
several times as many as asyncio's transports do.
"""

import collections
import heapq
import itertools
import selectors
import socket
import time
from collections.abc import Callable
from typing import NamedTuple

from stsui.server import access
from stsui.server.access import Refused, Request

MOST = 1_000
"""Connections; a further one ends the one that was silent longest."""
AT_ONCE = 128
"""Connections accepted before others are looked at."""
HEAD_SECONDS = 5.0
IDLE_SECONDS = 60.0
LINGER_SECONDS = 1.0
"""How long what a refused client still sends is thrown away, so that it can read the answer."""
_REASONS = {
    200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    431: "Request Header Fields Too Large", 503: "Service Unavailable",
}  # fmt: skip


class Reply(NamedTuple):
    """An answer; `body` is JSON."""

    status: int
    body: bytes
    last: bool = False
    """The connection ends with it."""


class Connection:
    """A client."""

    __slots__ = (
        "closed", "data", "done", "peer", "port", "served", "since", "socket", "unsent", "waiting", "writing",
    )  # fmt: skip

    def __init__(self, accepted: socket.socket, port: int, now: float) -> None:
        self.socket = accepted
        self.port = port
        """The client's own."""
        self.peer: object = None
        """What the server found out of it; set once."""
        self.data = b""
        self.unsent = b""
        self.since = now
        """When it last did something, by the monotonic clock."""
        self.writing = False
        """Not all of its answer could be sent."""
        self.waiting = False
        """Its request is being answered."""
        self.served = False
        """It had an answer before."""
        self.done = False
        """Its last answer is sent."""
        self.closed = False


class Door:
    """Serves until `stop`; everything but `soon` is for its own thread."""

    def __init__(
        self, listener: socket.socket, respond: Callable[[Request, Connection], Reply | None]
    ) -> None:
        """`respond` gives the reply, or None when it calls `reply` later; the listener stays its owner's."""
        self._listener = listener
        listener.setblocking(False)
        self.port: int = listener.getsockname()[1]
        self._hosts = access.hosts(self.port)
        self._respond = respond
        self._connections: dict[Connection, None] = {}
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._calls: collections.deque[Callable[[], None]] = collections.deque()
        self._wake_out, self._wake_in = socket.socketpair()
        for end in (self._wake_out, self._wake_in):
            end.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self._wake_out, selectors.EVENT_READ, self._woken)
        self._stopped = False

    def run(self) -> None:
        """Serves in this thread."""
        self.later(1.0, self._tidy)
        try:
            while not self._stopped:
                for key, _ in self._selector.select(self._patience()):
                    if isinstance(key.data, Connection):
                        self._ready(key.data)
                    else:
                        key.data()
                self._run_due()
        finally:
            for connection in list(self._connections):
                self._close(connection)
            self._selector.close()
            self._wake_out.close()
            self._wake_in.close()

    def watch(self, readable: socket.socket, call: Callable[[], None]) -> None:
        """Calls whenever something can be read there."""
        self._selector.register(readable, selectors.EVENT_READ, call)

    def unwatch(self, readable: socket.socket) -> None:
        """No more."""
        self._selector.unregister(readable)

    def stop(self) -> None:
        """Ends after what is being done; from its own thread or a signal's handler."""
        self._stopped = True
        self._wake()

    def soon(self, call: Callable[[], None]) -> None:
        """Calls it in the door's thread; from any thread."""
        self._calls.append(call)
        self._wake()

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        """Calls it once after so long."""
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._numbers), call))

    def reply(self, connection: Connection, reply: Reply) -> None:
        """Sends the answer, unless the client went away or has one."""
        if connection.closed or not connection.waiting:
            return
        connection.waiting = False
        self._send(connection, reply)

    # -- one client

    def _accept(self) -> None:
        for _ in range(AT_ONCE):
            try:
                accepted, address = self._listener.accept()
            except (BlockingIOError, ConnectionError):
                return
            except OSError:
                # No file handles left: the one that was silent longest gives its own.
                self._evict()
                return
            accepted.setblocking(False)
            connection = Connection(accepted, address[1], time.monotonic())
            if len(self._connections) >= MOST:
                self._evict()
            self._connections[connection] = None
            self._selector.register(accepted, selectors.EVENT_READ, connection)
            # A client's request is mostly there already, and then needs no turn of its own.
            self._read(connection)

    def _evict(self) -> None:
        for connection in self._connections:
            if not connection.waiting:
                self._close(connection)
                return

    def _ready(self, connection: Connection) -> None:
        if connection.closed:
            return
        if connection.unsent:
            self._flush(connection)
        else:
            self._read(connection)

    def _read(self, connection: Connection) -> None:
        try:
            part = connection.socket.recv(access.HEAD_LIMIT + 1)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        if not part or connection.waiting:
            # Gone, or impatient: a second request before the first is answered.
            self._close(connection)
            return
        if connection.done:
            return
        if not connection.data:
            connection.since = time.monotonic()
        connection.data += part
        self._handle(connection)

    def _handle(self, connection: Connection) -> None:
        try:
            request = access.read(connection.data, self._hosts)
        except Refused as refused:
            self._send(connection, refusal(refused))
            return
        if request is None:
            return
        connection.data = b""
        connection.waiting = True
        reply = self._respond(request, connection)
        if reply is not None:
            self.reply(connection, reply)

    def _send(self, connection: Connection, reply: Reply) -> None:
        connection.unsent = head(reply) + reply.body
        connection.done, connection.served = reply.last, True
        connection.since = time.monotonic()
        # The one that did something last stands last.
        self._connections.pop(connection)
        self._connections[connection] = None
        self._flush(connection)

    def _flush(self, connection: Connection) -> None:
        try:
            sent = connection.socket.send(connection.unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._close(connection)
            return
        connection.unsent = connection.unsent[sent:]
        if connection.writing != bool(connection.unsent):
            connection.writing = not connection.writing
            event = selectors.EVENT_WRITE if connection.writing else selectors.EVENT_READ
            self._selector.modify(connection.socket, event, connection)
        if connection.done and not connection.unsent:
            self._half_close(connection)

    def _half_close(self, connection: Connection) -> None:
        try:
            connection.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(connection)

    def _close(self, connection: Connection) -> None:
        if connection.closed:
            return
        connection.closed = True
        self._connections.pop(connection, None)
        self._selector.unregister(connection.socket)
        connection.socket.close()

    # -- time

    def _tidy(self) -> None:
        now = time.monotonic()
        for connection in list(self._connections):
            silent = now - connection.since
            if connection.waiting:
                continue
            at_rest = connection.served and not connection.data and not connection.unsent
            limit = LINGER_SECONDS if connection.done else IDLE_SECONDS if at_rest else HEAD_SECONDS
            if silent > limit:
                self._close(connection)
        self.later(1.0, self._tidy)

    def _patience(self) -> float:
        if self._calls:
            return 0.0
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else 60.0

    def _run_due(self) -> None:
        while self._calls:
            self._calls.popleft()()
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            heapq.heappop(self._timers)[2]()

    def _wake(self) -> None:
        try:
            self._wake_in.send(b"\0")
        except OSError:
            # Full: it is awake. Closed: it has ended.
            return

    def _woken(self) -> None:
        try:
            self._wake_out.recv(4_096)
        except OSError:
            return


def refusal(refused: Refused) -> Reply:
    """As the last answer of its connection."""
    return Reply(refused.status, said(refused.code, refused.message), last=True)


def said(code: str, message: str) -> bytes:
    """What SDKs show to their user, in the form that those which read it expect."""
    import json

    return json.dumps({"code": code, "message": message}, ensure_ascii=False).encode()


def head(reply: Reply) -> bytes:
    """Status line and headers; none of them lets a browser's page read the answer."""
    allow = "Allow: GET\r\n" if reply.status == 405 else ""
    connection = "close" if reply.last else "keep-alive"
    return (
        f"HTTP/1.1 {reply.status} {_REASONS[reply.status]}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(reply.body)}\r\n"
        f"Cache-Control: no-store\r\n{allow}Connection: {connection}\r\n\r\n"
    ).encode("ascii")
