"""Whose socket is at the other end of a connection: one question to Linux for one socket.

/proc/net/tcp tells the same as a list of every socket there is, which takes longer the more there are.
Source: sock_diag(7), linux/inet_diag.h.
"""

import socket
import struct
import sys
from typing import NamedTuple

_SOCK_DIAG = 4
_BY_FAMILY, _REQUEST = 20, 1
_ANY_STATE = 0xFFFFFFFF
_LOOPBACK = socket.inet_aton("127.0.0.1") + bytes(12)
_NO_COOKIE = b"\xff" * 8
_HEADER = struct.Struct("=IHHII")
_ASKED = struct.Struct("=BBBxI")
_TOLD = struct.Struct("=4x48x3I2I")


class Peer(NamedTuple):
    """The client's end."""

    uid: int
    inode: int


class Peers:
    """Asks Linux; knows nothing elsewhere, or where the question is not allowed."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._asked = 0
        self._diag: socket.socket | None = None
        if sys.platform == "linux":
            try:
                self._diag = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _SOCK_DIAG)
                self._diag.settimeout(0.05)
            except OSError:
                self._diag = None

    def find(self, client_port: int) -> Peer | None:
        """Who connected from that port; None where the system does not tell."""
        if self._diag is None:
            return None
        self._asked += 1
        try:
            self._diag.send(question(client_port, self._port, self._asked))
            while True:
                data = self._diag.recv(4_096)
                if number(data) == self._asked:
                    return answer(data)
        except OSError:
            return None

    def close(self) -> None:
        """No further questions."""
        if self._diag is not None:
            self._diag.close()
            self._diag = None


def question(client_port: int, server_port: int, number: int) -> bytes:
    """An inet_diag_req_v2 for the one socket, as its owner has it."""
    ports = struct.pack("!HH", client_port, server_port)
    asked = _ASKED.pack(socket.AF_INET, socket.IPPROTO_TCP, 0, _ANY_STATE)
    body = asked + ports + _LOOPBACK + _LOOPBACK + struct.pack("=I", 0) + _NO_COOKIE
    return _HEADER.pack(_HEADER.size + len(body), _BY_FAMILY, _REQUEST, number, 0) + body


def number(data: bytes) -> int:
    """Which question it answers; a late answer must not be taken for the next one's."""
    return int(_HEADER.unpack_from(data)[3]) if len(data) >= _HEADER.size else 0


def answer(data: bytes) -> Peer | None:
    """Owner and inode of an inet_diag_msg; None for an error or anything else."""
    if len(data) < _HEADER.size + _TOLD.size:
        return None
    if _HEADER.unpack_from(data)[1] != _BY_FAMILY:
        return None
    *_, uid, inode = _TOLD.unpack_from(data, _HEADER.size)
    return Peer(uid, inode) if inode else None
