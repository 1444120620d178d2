"""Slow, silent, half-open and rude clients: nobody of them holds up another, and the server outlives them."""

import random
import socket
import time
from collections.abc import Iterator

import pytest

from stsui.server import access, door
from tests.server.serving import Serving
from tests.server.test_access import head


@pytest.fixture
def clients() -> Iterator[list[socket.socket]]:
    found: list[socket.socket] = []
    yield found
    for client in found:
        client.close()


def request(server: Serving) -> bytes:
    return "\r\n".join([*head(server.port, server.slots.token("term-1").reveal()), "", ""]).encode()


def test_half_open_and_slow_clients_block_nobody(
    shared: Serving, clients: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(300):
        client = socket.create_connection(("127.0.0.1", shared.port), timeout=5)
        client.sendall(request(shared)[: n % 60])
        clients.append(client)
    for _ in range(20):
        begun = time.monotonic()
        assert shared.fetch().status == 200
        assert time.monotonic() - begun < 0.5
    monkeypatch.setattr(door, "HEAD_SECONDS", 0.0)
    for client in clients:
        assert client.recv(10) == b"", "who says nothing is let go"


def test_more_connections_than_there_are_places(
    shared: Serving, clients: list[socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST", 50)
    clients += [socket.create_connection(("127.0.0.1", shared.port), timeout=5) for _ in range(200)]
    assert shared.fetch().status == 200
    assert len(shared.worker.door._connections) <= 50


def test_a_kept_connection_is_used_again_and_again(shared: Serving) -> None:
    with socket.create_connection(("127.0.0.1", shared.port), timeout=5) as client:
        for _ in range(50):
            client.sendall(request(shared))
            assert client.recv(65_536).startswith(b"HTTP/1.1 200 OK")
        client.sendall(request(shared)[:-2])
        time.sleep(0.01)
        client.sendall(b"\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 200 OK")


def test_a_client_that_reads_slowly_gets_all_of_it(shared: Serving) -> None:
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        client.settimeout(5)
        client.connect(("127.0.0.1", shared.port))
        client.sendall(request(shared))
        got = b""
        while b"}" not in got:
            got += client.recv(7)
        assert got.count(b"AccessKeyId") == 1


def test_a_refused_client_can_read_why(shared: Serving) -> None:
    data = b"POST /slot/term-1 HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000
    assert b"405 Method Not Allowed" in shared.raw(data)
    answer = shared.get("/slot/term-1", {}, method="POST")
    assert answer.status == 405 and answer.headers["allow"] == "GET"


def test_ten_thousand_fuzzed_requests_give_nothing_and_end_nothing(shared: Serving) -> None:
    """Bytes turned, cut, doubled and made up; the token in them is never the right one."""
    dice = random.Random(20261124)
    good = request(shared).replace(shared.slots.token("term-1").reveal().encode(), b"0" * 64)
    alphabet = bytes(range(256))
    for n in range(10_000):
        data = bytearray(good)
        for _ in range(dice.randrange(6)):
            at = dice.randrange(len(data) + 1)
            kind = dice.randrange(4)
            if kind == 0:
                data[at : at + 1] = bytes([dice.choice(alphabet)])
            elif kind == 1:
                del data[at : at + dice.randrange(40)]
            elif kind == 2:
                data[at:at] = data[dice.randrange(len(data) + 1) :][: dice.randrange(80)]
            else:
                data[at:at] = dice.choice(
                    [b"\r\n", b"\r\n\r\n", b"\0", b": ", b"HTTP/1.1", b"\xff" * 20, b" "]
                )
        if n % 100 == 0:
            data = bytearray(dice.randbytes(dice.randrange(access.HEAD_LIMIT + 100)))
        with socket.create_connection(("127.0.0.1", shared.port), timeout=5) as client:
            try:
                client.sendall(data)
                client.shutdown(socket.SHUT_WR)
                got = client.recv(65_536)
            except ConnectionError:
                continue
        assert b"AccessKeyId" not in got and b"DEMO" not in got
    assert shared.fetch().status == 200
