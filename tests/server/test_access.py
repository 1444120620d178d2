"""Web pages, rebound names, proxies that smuggle and other users: one request of forty is answered."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from stsui.server import access
from stsui.server.access import Refused
from tests.server.serving import Serving

Change = Callable[[list[str]], list[str]]


def head(port: int, token: str, slot: str = "term-1") -> list[str]:
    return [
        f"GET /slot/{slot} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "User-Agent: aws-sdk",
        "Accept: application/json",
        f"Authorization: {token}",
    ]


def line(text: str) -> Change:
    return lambda lines: [text.replace("PORT", lines[1].rpartition(":")[2]), *lines[1:]]


def host(*values: str) -> Change:
    return lambda lines: [
        lines[0],
        *(f"Host: {value.replace('PORT', lines[1].rpartition(':')[2])}" for value in values),
        *lines[2:],
    ]


def more(*headers: str) -> Change:
    return lambda lines: [*lines, *headers]


TABLE: dict[str, tuple[Change, int]] = {
    "the good one": (lambda lines: lines, 200),
    "by the name localhost": (host("localhost:PORT"), 200),
    "over a bridge of the user's from a container": (host("169.254.170.2:PORT"), 200),
    "an instance's address": (host("169.254.169.254:PORT"), 403),
    "HTTP/1.0 with Host": (line("GET /slot/term-1 HTTP/1.0"), 200),
    "a rebound page": (host("evil.example:PORT"), 403),
    "a rebound page without port": (host("evil.example"), 403),
    "the address without its port": (host("127.0.0.1"), 403),
    "another port": (host("127.0.0.1:1"), 403),
    "another loopback address": (host("127.0.0.2:PORT"), 403),
    "a longer name": (host("127.0.0.1.evil.example:PORT"), 403),
    "an address as a number": (host("2130706433:PORT"), 403),
    "no Host": (host(), 403),
    "Host twice": (host("127.0.0.1:PORT", "127.0.0.1:PORT"), 400),
    "two Hosts": (host("127.0.0.1:PORT", "evil.example"), 400),
    "HTTP/1.0 without Host": (lambda lines: ["GET /slot/term-1 HTTP/1.0", *lines[2:]], 403),
    "Origin": (more("Origin: http://evil.example"), 403),
    "Origin null": (more("Origin: null"), 403),
    "our own Origin": (more("Origin: http://127.0.0.1"), 403),
    "Referer": (more("Referer: http://127.0.0.1/"), 403),
    "Sec-Fetch-Mode": (more("Sec-Fetch-Mode: no-cors"), 403),
    "Sec-Fetch of the future": (more("sec-fetch-anything: x"), 403),
    "OPTIONS": (line("OPTIONS /slot/term-1 HTTP/1.1"), 405),
    "POST": (line("POST /slot/term-1 HTTP/1.1"), 405),
    "HEAD": (line("HEAD /slot/term-1 HTTP/1.1"), 405),
    "PUT": (line("PUT /slot/term-1 HTTP/1.1"), 405),
    "CONNECT": (line("CONNECT 127.0.0.1:PORT HTTP/1.1"), 405),
    "an absolute address": (line("GET http://127.0.0.1:PORT/slot/term-1 HTTP/1.1"), 404),
    "the root": (line("GET / HTTP/1.1"), 404),
    "a listing": (line("GET /slot/ HTTP/1.1"), 404),
    "a query": (line("GET /slot/term-1?x=1 HTTP/1.1"), 404),
    "a way up": (line("GET /slot/../slot/term-1 HTTP/1.1"), 404),
    "a way up in a name": (line("GET /slot/..%2fterm-1 HTTP/1.1"), 404),
    "an encoded letter": (line("GET /slot/%74erm-1 HTTP/1.1"), 404),
    "metadata": (line("GET /latest/meta-data/iam/security-credentials/ HTTP/1.1"), 404),
    "HTTP/2 in words": (line("GET /slot/term-1 HTTP/2.0"), 400),
    "no version": (line("GET /slot/term-1"), 400),
    "lower case": (line("get /slot/term-1 HTTP/1.1"), 400),
    "a tab": (line("GET\t/slot/term-1 HTTP/1.1"), 400),
    "a length": (more("Content-Length: 5"), 400),
    "two lengths": (more("Content-Length: 0", "Content-Length: 0"), 400),
    "chunks": (more("Transfer-Encoding: chunked"), 400),
    "a chunk in disguise": (more("Transfer-Encoding : chunked"), 400),
    "a folded header": (more("X-A: b", " c: d"), 400),
    "a header without name": (more(": x"), 400),
    "a zero byte": (more("X-A: \0"), 400),
    "two tokens": (more("Authorization: x"), 400),
    "an upgrade": (more("Upgrade: h2c"), 400),
    "Expect": (more("Expect: 100-continue"), 400),
    "too large": (more("X-A: " + "x" * access.HEAD_LIMIT), 431),
    "too many headers": (more(*(f"X-{n}: {'x' * 40}" for n in range(400))), 431),
}


@pytest.mark.parametrize(("change", "status"), TABLE.values(), ids=TABLE)
def test_of_forty_requests_the_good_ones_are_answered(shared: Serving, change: Change, status: int) -> None:
    token = shared.slots.token("term-1").reveal()
    data = "\r\n".join([*change(head(shared.port, token)), "", ""]).encode("latin-1")
    got = shared.raw(data)
    assert got.startswith(f"HTTP/1.1 {status} ".encode()), got
    assert b"access-control" not in got.lower() and b"set-cookie" not in got.lower()
    if status != 200:
        assert b"DEMO" not in got and b"Connection: close" in got


@pytest.mark.parametrize(
    "second", ["GET /slot/term-1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "x", "\r\n", "GET / HTTP/1.1\r\n\r\n"]
)
def test_nothing_is_smuggled_behind_a_request(shared: Serving, second: str) -> None:
    token = shared.slots.token("term-1").reveal()
    data = "\r\n".join([*head(shared.port, token), "", second]).encode()
    got = shared.raw(data)
    assert got.startswith(b"HTTP/1.1 400 ") and b"DEMO" not in got


def test_ten_thousand_wrong_tokens_look_alike(shared: Serving) -> None:
    token = shared.slots.token("term-1").reveal()
    wrong = [f"{n:064x}" for n in range(9_900)]
    wrong += [token[:n] for n in range(64)] + [
        token + "0",
        token.upper(),
        f"Bearer {token}",
        f"{token},{token}",
    ]
    known = access.hosts(shared.port)

    def answer(shown: str) -> object:
        request = access.read("\r\n".join([*head(shared.port, shown), "", ""]).encode(), known)
        assert request is not None
        return shared.worker._container.respond(request, Unused())  # type: ignore[arg-type]

    class Unused:
        peer, port = None, 0

    answers = shared.in_server(lambda: {answer(shown) for shown in wrong})
    assert len(answers) == 1 and answers.pop().status == 403


def test_the_token_is_taken_from_the_header_alone(shared: Serving) -> None:
    token = shared.slots.token("term-1").reveal()
    assert shared.fetch(token="", Cookie=f"token={token}").status == 403
    assert shared.fetch(token="", **{"X-Aws-Ec2-Metadata-Token": token}).status == 403


def test_another_user_of_the_computer_is_refused_with_the_right_token(shared: Serving) -> None:
    token = shared.slots.token("term-1").reveal()
    program = (
        "import encodings.idna, http.client, os, sys; os.setuid(65534)\n"
        "c = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]))\n"
        "c.request('GET', '/slot/term-1', headers={'Authorization': sys.stdin.read()})\n"
        "r = c.getresponse(); print(r.status, r.read().decode())"
    )
    if sys.platform != "linux":
        pytest.skip("only Linux tells whose socket it is")
    done = subprocess.run(
        [sys.executable, "-c", program, str(shared.port)],
        input=token,
        capture_output=True,
        text=True,
        check=False,
    )
    if "PermissionError" in done.stderr:
        pytest.skip("only root can become another user")
    assert done.stdout.startswith("403 ") and "Another user" in done.stdout and "DEMO" not in done.stdout


def test_a_request_in_pieces_is_one_request() -> None:
    known = access.hosts(80)
    whole = ("\r\n".join([*head(80, "t"), "", ""])).encode()
    assert all(access.read(whole[:n], known) is None for n in range(len(whole)))
    assert access.read(whole, known) == access.Request("term-1", b"t")
    with pytest.raises(Refused):
        access.read(b"x" * access.HEAD_LIMIT, known)
