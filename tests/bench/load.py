"""Many clients of a server on loopback at once, from one thread: so many requests a second, each timed from when it was due."""

import selectors
import socket
import time
from collections.abc import Sequence
from typing import NamedTuple

LARGE = 65_536


class Load(NamedTuple):
    """What came of it."""

    answers: int
    seconds: float
    times: Sequence[float]
    """Milliseconds, sorted."""
    refused: int
    """Answers that were not 200, and connections without an answer."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds

    def at(self, part: float) -> float:
        """Milliseconds within which that part of the answers came."""
        return self.times[min(len(self.times) - 1, int(len(self.times) * part))]


class _Client:
    def __init__(self, port: int, request: bytes) -> None:
        self.port, self.request = port, request
        self.socket: socket.socket | None = None
        self.due = 0.0


def load(port: int, requests: Sequence[bytes], rate: float, seconds: float, *, kept: bool) -> Load:
    """Sends them in turns, one client for each.

    Args:
        rate: A second, all together; a request that finds no client free waits and counts as late.
        kept: Each client keeps its connection; else every request has one of its own.
    """
    selector = selectors.DefaultSelector()
    free = [_Client(port, request) for request in requests]
    if kept:
        for client in free:
            client.socket = socket.create_connection(("127.0.0.1", port))
            client.socket.setblocking(False)
            selector.register(client.socket, selectors.EVENT_READ, client)
    times: list[float] = []
    refused = busy = 0
    begun = time.perf_counter()
    due, end = begun, begun + seconds
    while True:
        now = time.perf_counter()
        while due <= now and due < end and free:
            client = free.pop()
            client.due = due
            busy += 1
            _begin(client, selector)
            due += 1 / rate
        if due >= end and not busy:
            break
        for key, events in selector.select(max(0.0, min(due - time.perf_counter(), 0.01))):
            client = key.data
            if events & selectors.EVENT_WRITE:
                _send(client, selector)
                continue
            good = _receive(client, selector, kept)
            times.append((time.perf_counter() - client.due) * 1_000)
            refused += not good
            busy -= 1
            free.insert(0, client)
    passed = time.perf_counter() - begun
    for client in free:
        if client.socket is not None:
            client.socket.close()
    selector.close()
    return Load(len(times), passed, sorted(times), refused)


def _begin(client: _Client, selector: selectors.BaseSelector) -> None:
    if client.socket is not None:
        client.socket.send(client.request)
        return
    client.socket = socket.socket()
    client.socket.setblocking(False)
    client.socket.connect_ex(("127.0.0.1", client.port))
    selector.register(client.socket, selectors.EVENT_WRITE, client)


def _send(client: _Client, selector: selectors.BaseSelector) -> None:
    assert client.socket is not None
    client.socket.send(client.request)
    selector.modify(client.socket, selectors.EVENT_READ, client)


def _receive(client: _Client, selector: selectors.BaseSelector, kept: bool) -> bool:
    assert client.socket is not None
    try:
        good = client.socket.recv(LARGE).startswith(b"HTTP/1.1 200 ")
    except OSError:
        good = False
    if not kept or not good:
        selector.unregister(client.socket)
        client.socket.close()
        client.socket = None
    return good
