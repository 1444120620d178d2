"""Whatever the other side does, and when: an attempt comes to an end, and the next one is not harmed."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.aws import attempts
from stsui.aws.boto import neutral_session
from stsui.model import errors
from tests.aws.test_hostile import GOOD
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with demo_world(tmp_path) as demo:
        demo.environ["AWS_MAX_ATTEMPTS"] = "1"
        yield demo


def request_of(connection: socket.socket) -> bytes:
    """All of it: a head, and a body as long as the head says."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += connection.recv(65_536) or b"\r\n\r\n"
    head, _, body = raw.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.startswith(b"Content-Length")]
    size = int(lengths[0]) if lengths else 0
    while len(body) < size:
        body += connection.recv(65_536)
    return body


ANSWER = GOOD.encode()
WELL = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER)


@contextlib.contextmanager
def server(demo: Demo, good: int, endless: bytes) -> Iterator[list[int]]:
    """One that drips instead of its answer number `good`; the number of answers of each connection."""
    over, answered = threading.Event(), []

    def serve(connection: socket.socket) -> None:
        number = len(answered)
        answered.append(0)
        with connection, contextlib.suppress(OSError):
            while request_of(connection):
                if sum(answered) != good:
                    connection.sendall(WELL)
                    answered[number] += 1
                    continue
                answered[number] += 1
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                for attempt in attempts._watch._under_way.copy():
                    attempt.ends = 0.0  # its time is over, now that it waits
                while not over.wait(0.02):
                    connection.sendall(endless)

    def accept(listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        demo.environ["AWS_ENDPOINT_URL_STS"] = f"http://127.0.0.1:{listening.getsockname()[1]}"
        threading.Thread(target=accept, args=(listening,), daemon=True).start()
        yield answered
        over.set()


@pytest.mark.parametrize("endless", [b"X-Slow: yes\r\n", b"X"], ids=["headers", "a header"])
def test_a_connection_that_was_good_is_cut_and_another_one_made(demo: Demo, endless: bytes) -> None:
    with server(demo, 1, endless) as answered:
        store = demo.services().store
        store.assume("dev-admin")
        with pytest.raises(errors.NotSts, match="did not come to an end"):
            store.assume("dev-admin", refresh=True, strict=True)
        store.assume("dev-admin", refresh=True, strict=True)
    assert answered == [2, 1], "the second call went over the first one's connection"
    assert not attempts._watch._under_way


def test_who_waits_for_a_connection_leaves(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    over, real = threading.Event(), socket.getaddrinfo

    def slow(host: str, *rest: object, **options: object) -> object:
        over.wait(30)
        return real(host, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    monkeypatch.setattr(attempts, "LONGEST", 0.5)
    try:
        with pytest.raises(errors.NotSts, match="did not come to an end"):
            demo.services().store.assume("dev-admin")
    finally:
        over.set()
    assert not attempts._watch._under_way


def test_a_botocore_that_is_built_otherwise_is_waited_for_beside() -> None:
    session = neutral_session().create_client("sts", region_name="eu-west-1")._endpoint.http_session
    assert attempts.bounded(session) is attempts._here_and_watched
    del session._manager
    assert attempts.bounded(session) is attempts.beside
    assert attempts.bounded(object()) is attempts.beside


def test_an_error_of_the_attempt_is_its_own(demo: Demo) -> None:
    def fail() -> None:
        raise KeyError("mine")

    for way in (attempts.beside, attempts._here_and_watched):
        with pytest.raises(KeyError, match="mine"):
            way(fail, "https://sts.amazonaws.com")
    assert not attempts._watch._under_way
