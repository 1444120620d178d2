"""Which requests are read at all: one GET of one slot, by rules stricter than HTTP's.

Nothing here depends on which slots there are, so that a stranger learns nothing of them. A browser is told
by what it cannot leave out (Origin, Referer, Sec-Fetch-*) and by the Host of a page that was rebound to us.
"""

import re
from typing import NamedTuple

HEAD_LIMIT = 8_192
"""Bytes of a whole request."""
_LINE = re.compile(rb"([A-Z]{1,16}) (\S{1,2048}) HTTP/(\d)\.(\d)")
_PATH = re.compile(rb"/slot/([a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?)")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)")
_BROWSERS = (b"origin", b"referer")
_ONCE = (b"host", b"authorization", b"content-length")


class Request(NamedTuple):
    """What was asked."""

    slot: str
    authorization: bytes
    """The header's whole value; empty when there was none."""


class Refused(Exception):
    """An answer that is an error, and the last one on its connection."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def hosts(port: int) -> frozenset[bytes]:
    """What a client of ours writes into Host.

    The last one is the only address beside loopback that SDKs ask without TLS, and so the one that a
    person's own bridge from a container has. No page can be found under it.
    """
    return frozenset(f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost", "169.254.170.2"))


def read(data: bytes, known_hosts: frozenset[bytes]) -> Request | None:
    """The request that `data` is; None while its end has not come.

    Raises:
        Refused: It is not one that is answered here.
    """
    end = data.find(b"\r\n\r\n")
    if end < 0:
        if len(data) >= HEAD_LIMIT:
            raise Refused(431, "TooLarge", "The request is too large.")
        return None
    if end + 4 > HEAD_LIMIT:
        raise Refused(431, "TooLarge", "The request is too large.")
    first, *lines = data[:end].split(b"\r\n")
    slot = _slot(first)
    headers = _headers(lines)
    _check(headers, known_hosts)
    if end + 4 != len(data):
        # A body or a second request: neither has a place here, and neither can be smuggled.
        raise Refused(400, "BadRequest", "Nothing may follow the head of the request.")
    return Request(slot, headers.get(b"authorization", b""))


def _slot(line: bytes) -> str:
    match = _LINE.fullmatch(line)
    if match is None or match[3] != b"1" or match[4] not in b"01":
        raise Refused(400, "BadRequest", "That is not a request of HTTP/1.1.")
    if match[1] != b"GET":
        raise Refused(405, "MethodNotAllowed", "Only GET is answered.")
    path = _PATH.fullmatch(match[2])
    if path is None:
        raise Refused(404, "NotFound", "Only /slot/NAME is answered.")
    return path[1].decode("ascii")


def _headers(lines: list[bytes]) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for line in lines:
        match = _HEADER.fullmatch(line)
        if match is None:
            raise Refused(400, "BadRequest", "A header is malformed.")
        name = match[1].lower()
        if name in found and name in _ONCE:
            raise Refused(400, "BadRequest", "A header stands there twice.")
        found[name] = match[2].rstrip(b" \t")
    return found


def _check(headers: dict[bytes, bytes], known_hosts: frozenset[bytes]) -> None:
    if headers.get(b"host") not in known_hosts:
        raise Refused(403, "Forbidden", "The Host is not this server's.")
    if any(name in _BROWSERS or name.startswith(b"sec-fetch-") for name in headers):
        raise Refused(403, "Forbidden", "Browsers are not answered.")
    if b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0":
        raise Refused(400, "BadRequest", "A request here has no body.")
    if b"expect" in headers or b"upgrade" in headers:
        raise Refused(400, "BadRequest", "Nothing is upgraded or continued here.")
