"""Where the server and its slots are, and whether a server runs there; light, because every command looks."""

import json
import os
from collections.abc import Mapping
from typing import NamedTuple

from stsui.config.paths import Paths
from stsui.sessions import locks
from stsui.sessions.private import PrivateDirectory

ADDRESS = "127.0.0.1"
LOCK, FILE = "server.lock", "server.json"
LARGEST = 4_000_000
"""Bytes of a file here; what hundreds of slots were fetched for."""


class Server(NamedTuple):
    """A server, as it was started."""

    port: int
    pid: int
    """Of the process that a signal ends: the keeper, or whoever serves in the foreground."""
    since: int
    version: str
    wanted: bool = True
    """False from when it was stopped: no command starts it by itself."""

    @property
    def url(self) -> str:
        """What slots' addresses begin with."""
        return f"http://{ADDRESS}:{self.port}/slot/"


class Place:
    """A directory with one server at most. A lock that nobody has means that there is none."""

    def __init__(self, directory: str) -> None:
        self.files = PrivateDirectory(directory, LARGEST)
        self.slots = PrivateDirectory(os.path.join(directory, "slots"))

    @property
    def server_file(self) -> str:
        """Changes when a server is started or stopped."""
        return os.path.join(self.files.path, FILE)

    def running(self) -> Server | None:
        """The server, if one runs."""
        try:
            handle = os.open(os.path.join(self.files.path, LOCK), os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        except OSError:
            return None
        try:
            return self.last() if locks.is_held(handle) else None
        finally:
            os.close(handle)

    def last(self) -> Server | None:
        """The server that was started last, running or not."""
        try:
            document = json.loads(self.files.read(FILE) or b"")
            port, since = int(document["port"]), int(document["since"])
            version, wanted = str(document["version"]), document["wanted"] is True
        except (ValueError, TypeError, KeyError):
            return None
        pid = (self.files.read(LOCK) or b"").strip()
        return Server(port, int(pid) if pid.isdigit() else 0, since, version, wanted)

    def is_missed(self) -> bool:
        """Whether a server was started, not stopped, and is gone."""
        last = self.last()
        return last is not None and last.wanted and self.running() is None

    def write(self, server: Server) -> None:
        """Remembers that it was started, or is not wanted any more."""
        self.files.write(FILE, json.dumps(server._asdict()).encode())

    def rest(self) -> None:
        """No command starts the server again by itself."""
        last = self.last()
        if last is not None and last.wanted:
            self.write(last._replace(wanted=False))


def find(paths: Paths, environ: Mapping[str, str]) -> Place:
    """The place of what is served together: the name of a role means the same in all of it.

    Another store, other config files or another AWS would make another session of it.
    """
    import hashlib

    endpoint = environ.get("AWS_ENDPOINT_URL_STS") or environ.get("AWS_ENDPOINT_URL") or ""
    files = (paths.sessions_dir, paths.config_file, paths.aws_config, paths.aws_credentials)
    shape = json.dumps([*map(str, files), endpoint])
    name = hashlib.sha256(shape.encode()).hexdigest()[:12]
    return Place(os.path.join(paths.live, name))
