"""Small JSON tables in a private directory, shared by every process of the user.

Whatever cannot be read counts as empty; whatever cannot be written is kept for this process alone.
"""

import contextlib
import json
import os
from collections.abc import Iterator, Mapping

from stsui.model.errors import StoreError
from stsui.sessions import locks
from stsui.sessions.private import PrivateDirectory

LOCK_WAIT = 2.0

Signature = tuple[int, int] | None


class Tables:
    """Each is a file that is replaced whole; one that is unchanged is not read twice."""

    def __init__(self, directory: str) -> None:
        self._files = PrivateDirectory(directory)
        self._unwritten: dict[str, object] = {}
        self._known: dict[str, tuple[Signature, object]] = {}

    def table(self, name: str) -> Mapping[str, object]:
        """What the file of that name holds, not to be changed; empty when it is no table."""
        value = self.value(name)
        return value if isinstance(value, dict) else {}

    def value(self, name: str) -> object:
        """What the file holds, of any shape; None when there is nothing."""
        file = f"{name}.json"
        if name in self._unwritten:
            return self._unwritten[name]
        # Taken before it is read: what is written meanwhile is read the next time.
        signature = self._files.signature(file)
        known = self._known.get(name)
        if known is None or known[0] != signature:
            known = self._known[name] = (signature, _parsed(self._files.read(file)) if signature else None)
        return known[1]

    def write(self, name: str, value: object) -> None:
        """Replaces it."""
        self._known.pop(name, None)
        try:
            self._files.write(f"{name}.json", json.dumps(value).encode())
            self._unwritten.pop(name, None)
        except StoreError:
            self._unwritten[name] = value

    @contextlib.contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Nobody else changes that table meanwhile; where no lock can be had, as if nobody did."""
        try:
            self._files.ensure()
            handle = locks.open_lock(os.path.join(self._files.path, f"{name}.lock"))
        except (OSError, StoreError):
            yield
            return
        try:
            locks.acquire(handle, LOCK_WAIT)
            # A code must not be sent twice because two files look the same.
            self._known.pop(name, None)
            yield
        finally:
            os.close(handle)


def _parsed(raw: bytes | None) -> object:
    if raw:
        with contextlib.suppress(ValueError, RecursionError):
            value: object = json.loads(raw)
            return value
    return None
