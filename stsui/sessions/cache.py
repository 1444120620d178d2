"""One private file per session, locked across processes.

A file that cannot be a session of ours is a miss, never an error; only what stands in the way of writing is
said (`StoreError`), and then the credentials are delivered all the same. Temporary credentials only.
"""

import contextlib
import json
import math
import os
import re
import time
from collections.abc import Iterator

from stsui.model.errors import StoreError
from stsui.model.session import Session
from stsui.sessions import locks
from stsui.sessions.clock import Clock
from stsui.sessions.kept import Kept, decoded, encoded
from stsui.sessions.private import Mark, PrivateDirectory, close

EVERY = "every"
OUTLIVED = 129_600 + 86_400
"""Seconds: the longest life there is, and a day in which `expired` is told."""
_ENTRY = re.compile(r"[0-9a-f]{32}\.json", re.ASCII)
_KEPT = re.compile(r"[0-9a-f]{32}\.(?:json|failed|used|gone|[0-9a-f]{16}\.done)", re.ASCII)
"""What is kept of a session; its lock is not among it, which somebody may hold."""


class Cache:
    """The sessions of one user on this machine."""

    def __init__(self, directory: str, clock: Clock) -> None:
        self.files = PrivateDirectory(directory)
        self._clock = clock
        self._unwritten: dict[str, Session] = {}
        self._known: dict[str, tuple[Mark, Kept]] = {}
        """What was read before, which is looked at again and again: by hundreds each second."""
        self._swept = False
        self._strange = ""

    @property
    def warning(self) -> str:
        """What is wrong with a file that is there; empty while all is well."""
        return self._strange or next(iter([*self.files.skipped.values()]), "")

    @property
    def directory(self) -> str:
        """Where they are; for sentences."""
        return self.files.path

    def path(self, key: str) -> str:
        """The session's file."""
        return os.path.join(self.files.path, f"{key}.json")

    def read(self, key: str) -> Session | None:
        """The session of that key, expired or not; None when there is no file that can be trusted as one."""
        kept, strange = self._kept(key)
        session = kept.session(self._clock) if kept is not None else None
        if strange:
            self._strange = f"{self.path(key)} holds no session that can be read; it is had anew."
        unwritten = self._unwritten.get(key)
        if unwritten is not None and (session is None or unwritten.issued_at >= session.issued_at):
            # The disk did not take it; what lies there is older.
            return unwritten
        return session

    def _kept(self, key: str) -> tuple[Kept | None, bool]:
        """What the file holds, and whether it holds something else than a session of that key."""
        name = f"{key}.json"
        known = self._known.get(key)
        if known is not None and known[0] == self.files.mark(name):
            return known[1], False
        found = self.files.read_marked(name)
        kept = decoded(found[0]) if found is not None else None
        if found is None or kept is None or kept.read.key != key:
            self._known.pop(key, None)
            return None, found is not None
        self._known[key] = (found[1], kept)
        return kept, False

    def write(self, session: Session, *, durable: bool = True) -> None:
        """Keeps the session, for this process alone where the disk does not take it.

        Answers of the one before stay until the next answer: the door takes none whose session's file is
        another one by now.

        Args:
            durable: It outlives a power cut; else there may be none after it, never a wrong one.

        Raises:
            StoreError: It could not be written; says what to do.
        """
        self._unwritten[session.key] = session
        self._strange = ""
        self.files.write(f"{session.key}.json", encoded(session, self._clock), durable=durable)
        del self._unwritten[session.key]
        self._sweep()

    def write_answer(self, key: str, label: str, content: bytes) -> str:
        """Keeps what was printed of a session beside it, until that is forgotten; its path.

        What was printed of the one before it goes.

        Raises:
            StoreError: It could not be written.
        """
        name = f"{key}.{label}.done"
        self.files.write(name, content, durable=False)
        signature = self.signature(key)
        if signature is None:
            # It was forgotten meanwhile, and its answers with it.
            self.files.remove(name)
        else:
            self._forget_answers(key, before=signature[1])
        return os.path.join(self.files.path, name)

    def _forget_answers(self, key: str, before: float = math.inf) -> None:
        """Those kept before a moment, by the file system's clock in nanoseconds."""
        for name in self.files.names():
            if name.startswith(f"{key}.") and name.endswith(".done"):
                signature = self.files.signature(name)
                if signature is not None and signature[1] < before:
                    self.files.remove(name)

    def remove(self, key: str) -> bool:
        """Forgets it; whether there was something to forget."""
        self.files.remove(f"{key}.failed")
        self._forget_answers(key)
        self._known.pop(key, None)
        self.files.remove(f"{key}.used")
        in_memory = self._unwritten.pop(key, None) is not None
        return self.files.remove(f"{key}.json") or in_memory

    def drop(self, key: str) -> bool:
        """Forgets it, and whatever is on its way to take its place; whether there was something to forget."""
        self._mark(key)
        return self.remove(key)

    def drop_all(self) -> int:
        """Forgets every session and all that was kept of any; how many sessions they were."""
        self._mark(EVERY)
        dropped = sum(self.remove(key) for key in self.entries())
        for name in self.files.names():
            if _KEPT.fullmatch(name):
                self.files.remove(name)
        return dropped

    def drops(self, key: str) -> object:
        """Changes whenever the session, or every session, is dropped."""
        return tuple(self.files.signature(f"{name}.gone") for name in (key, EVERY))

    def _mark(self, name: str) -> None:
        with contextlib.suppress(StoreError):
            self.files.write(f"{name}.gone", b"", durable=False)

    def _sweep(self) -> None:
        """Once in each process: what is over for so long that nobody asks about it."""
        if self._swept:
            return
        self._swept = True
        horizon = time.time() - OUTLIVED  # the file system's own clock
        for name in self.files.names():
            with contextlib.suppress(OSError):
                if _KEPT.fullmatch(name) and os.lstat(os.path.join(self.directory, name)).st_mtime < horizon:
                    self.files.remove(name)

    def entries(self) -> list[str]:
        """The key of every entry there is."""
        written = [name[:-5] for name in self.files.names() if _ENTRY.fullmatch(name)]
        return written + [key for key in self._unwritten if key not in written]

    def stamp(self) -> int:
        """Changes whenever an entry is written or forgotten, by any process."""
        return self.files.stamp()

    def place(self) -> tuple[int, int] | None:
        """Which directory the entries lie in; another one, or None, where all were taken away at once."""
        return self.files.place()

    def touch(self, key: str, now: float) -> None:
        """Somebody used it."""
        with contextlib.suppress(OSError, StoreError):
            self.files.ensure()
            path = os.path.join(self.directory, f"{key}.used")
            os.close(locks.open_lock(path))
            os.utime(path, (now, now))

    def used_at(self, key: str) -> float:
        """Unix time at which it was last used; 0 where nobody noted it."""
        try:
            return os.lstat(os.path.join(self.directory, f"{key}.used")).st_mtime
        except OSError:
            return 0.0

    def signature(self, key: str) -> tuple[int, int] | None:
        """Changes whenever that entry is written; None when it is not on the disk. One system call."""
        return self.files.signature(f"{key}.json")

    @contextlib.contextmanager
    def lock(self, key: str, wait: float) -> Iterator[bool]:
        """The right to renew that session, on this machine; whether it was got within `wait` seconds.

        Where no lock file can be made every caller gets it: one call too many is better than none.
        """
        try:
            self.files.ensure()
            handle = locks.open_lock(os.path.join(self.directory, f"{key}.lock"))
        except (OSError, StoreError):
            yield True
            return
        try:
            yield locks.acquire(handle, wait)
        finally:
            close(handle)

    def remember_failure(self, key: str, facts: dict[str, object]) -> None:
        """Lets the callers of the next seconds share a refusal instead of repeating it."""
        with contextlib.suppress(StoreError):
            self.files.write(f"{key}.failed", json.dumps(facts).encode(), durable=False)

    def forget_failure(self, key: str) -> None:
        """It works again."""
        self.files.remove(f"{key}.failed")

    def failure(self, key: str) -> dict[str, object] | None:
        """The facts of the last failure, if they are still there."""
        raw = self.files.read(f"{key}.failed")
        if raw:
            with contextlib.suppress(ValueError, RecursionError):
                facts = json.loads(raw)
                if isinstance(facts, dict):
                    return facts
        return None


class MemoryCache(Cache):
    """Keeps nothing on disk (`store = "memory"`): sessions end with the process."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("", clock)
        self._sessions: dict[str, bytes] = {}
        self._failures: dict[str, dict[str, object]] = {}
        self._used: dict[str, float] = {}
        self._drops: dict[str, int] = {}
        self._stamp = 0

    def read(self, key: str) -> Session | None:
        raw = self._sessions.get(key)
        kept = decoded(raw) if raw else None
        return kept.session(self._clock) if kept else None

    def write(self, session: Session, *, durable: bool = True) -> None:
        self._sessions[session.key] = encoded(session, self._clock)
        self._stamp += 1

    def remove(self, key: str) -> bool:
        self._stamp += 1
        self._failures.pop(key, None)
        self._used.pop(key, None)
        return self._sessions.pop(key, None) is not None

    def drop(self, key: str) -> bool:
        self._drops[key] = self._drops.get(key, 0) + 1
        return self.remove(key)

    def drop_all(self) -> int:
        self._drops[EVERY] = self._drops.get(EVERY, 0) + 1
        return sum(self.remove(key) for key in self.entries())

    def drops(self, key: str) -> object:
        return self._drops.get(key), self._drops.get(EVERY)

    def entries(self) -> list[str]:
        return list(self._sessions)

    def stamp(self) -> int:
        return self._stamp

    def place(self) -> tuple[int, int] | None:
        return 0, 0

    def touch(self, key: str, now: float) -> None:
        self._used[key] = now

    def used_at(self, key: str) -> float:
        return self._used.get(key, 0.0)

    @contextlib.contextmanager
    def lock(self, key: str, wait: float) -> Iterator[bool]:
        yield True

    def remember_failure(self, key: str, facts: dict[str, object]) -> None:
        self._failures[key] = facts

    def forget_failure(self, key: str) -> None:
        self._failures.pop(key, None)

    def failure(self, key: str) -> dict[str, object] | None:
        return self._failures.get(key)
