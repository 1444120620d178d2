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
from typing import Any

from stsui.model.credentials import Credentials, Secret
from stsui.model.errors import StoreError
from stsui.model.identity import Identity
from stsui.model.session import Session
from stsui.sessions import locks
from stsui.sessions.clock import Clock, boot_id
from stsui.sessions.private import PrivateDirectory, close

SCHEMA = 1
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
        raw = self.files.read(f"{key}.json")
        session = _decode(raw, self._clock) if raw is not None else None
        if session is not None and session.key != key:
            session = None
        if raw is not None and session is None:
            self._strange = f"{self.path(key)} holds no session that can be read; it is had anew."
        unwritten = self._unwritten.get(key)
        if unwritten is not None and (session is None or unwritten.issued_at >= session.issued_at):
            # The disk did not take it; what lies there is older.
            return unwritten
        return session

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
        self.files.write(f"{session.key}.json", _encode(session, self._clock), durable=durable)
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
        return _decode(raw, self._clock) if raw else None

    def write(self, session: Session, *, durable: bool = True) -> None:
        self._sessions[session.key] = _encode(session, self._clock)
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


def _encode(session: Session, clock: Clock) -> bytes:
    credentials, identity = session.credentials, session.identity
    document = {
        "version": SCHEMA,
        "role": session.role,
        "key": session.key,
        "access_key_id": credentials.access_key_id,
        "secret_access_key": credentials.secret_access_key.reveal(),
        "session_token": credentials.session_token.reveal(),
        "expiration": credentials.expiration,
        "issued_at": session.issued_at,
        "account_id": session.account_id,
        "assumed_arn": session.assumed_arn,
        "region": session.region,
        "identity": list(identity) if identity else None,
        "verified_at": session.verified_at,
        "asked_seconds": session.asked_seconds,
        "notes": list(session.notes),
        "clock_offset": session.clock_offset,
        "reason": session.reason,
        "ends": session.ends,
        "passed": session.passed,
        "packed_policy_size": session.packed_policy_size,
        # The same moment by three clocks, so that a later reader sees how far the wall clock was moved.
        "wall_at": clock.now(),
        "boot_at": clock.boot(),
        "boot_id": boot_id(),
    }
    return json.dumps(document).encode()


def _decode(raw: bytes, clock: Clock) -> Session | None:
    """The session in a file; None when a single value is not what it has to be."""
    try:
        document = json.loads(raw)
        if not isinstance(document, dict) or document.get("version") != SCHEMA or not _is_sound(document):
            return None
    except (ValueError, RecursionError):  # a UnicodeError is a ValueError
        return None
    identity = document["identity"]
    return Session(
        document["role"],
        document["key"],
        Credentials(
            document["access_key_id"],
            Secret(document["secret_access_key"]),
            Secret(document["session_token"]),
            document["expiration"],
        ),
        document["issued_at"],
        document["account_id"],
        document["assumed_arn"],
        document["region"],
        Identity(*identity) if identity else None,
        document["verified_at"],
        document["asked_seconds"],
        tuple(document["notes"]),
        _offset_now(document, clock),
        document.get("reason", ""),
        document.get("ends", False),
        document.get("passed", ""),
        document.get("packed_policy_size", 0),
    )


_TEXTS = (
    *("role", "key", "access_key_id", "secret_access_key", "session_token"),
    *("account_id", "assumed_arn", "region"),
)
_NUMBERS = ("expiration", "issued_at", "asked_seconds")
_LARGEST = 1 << 40


def _is_sound(document: dict[str, Any]) -> bool:
    identity, verified_at = document.get("identity"), document.get("verified_at")
    return (
        all(_is_text(document.get(name)) for name in _TEXTS)
        and all(_is_number(document.get(name)) for name in _NUMBERS)
        and _is_number(document.get("clock_offset"), least=-_LARGEST)
        and (identity is None or (_are_texts(identity) and len(identity) == 3))
        and (verified_at is None or _is_number(verified_at))
        and _are_texts(document.get("notes"))
        and _is_text(document.get("reason", ""))
        and _is_text(document.get("passed", ""))
        and isinstance(document.get("ends", False), bool)
        and _is_number(document.get("packed_policy_size", 0))
    )


def _offset_now(document: dict[str, Any], clock: Clock) -> int:
    """Seconds that AWS's clock is ahead of this computer's by now, as far as the boot clock can tell.

    A wall clock that was set since the session was kept, either way, must not make it look alive for longer;
    after a start of the computer nothing vouches for one that is ahead.
    """
    offset: int = document["clock_offset"]
    wall_at, boot_at = document.get("wall_at"), document.get("boot_at")
    same_start = document.get("boot_id") == boot_id() != ""
    if not (same_start and _is_clock(wall_at) and _is_clock(boot_at)):
        return max(0, offset)
    moved = (clock.boot() - float(boot_at)) - (clock.now() - float(wall_at))  # type: ignore[arg-type]
    return offset + (int(moved) if abs(moved) > 2 else 0)


def _is_text(value: object) -> bool:
    """Raises UnicodeError for one that no file could hold."""
    return isinstance(value, str) and value.encode() is not None


def _is_number(value: object, least: int = 0) -> bool:
    return type(value) is int and least <= value < _LARGEST


def _is_clock(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _LARGEST


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(item) for item in value)
