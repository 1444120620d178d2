"""What happened, one JSON line each, in a file that only grows: who had which session, and who was given it.

A line is written by one append, so that any number of processes lose none of each other's. No secret is ever
in it: an event has no place for one. Whatever stands in the way of writing is remembered as a warning and
never stops the work.
"""

import contextlib
import json
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from stsui.model.errors import StoreError
from stsui.model.session import Session
from stsui.model.text import clean
from stsui.sessions import locks
from stsui.sessions.clock import Clock
from stsui.sessions.private import PrivateDirectory

Kind = Literal["assume", "renew", "hand-over", "re-point", "drop", "failure", "guard"]
KINDS: tuple[Kind, ...] = ("assume", "renew", "hand-over", "re-point", "drop", "failure", "guard")

FULL = 2_000_000
"""Bytes from which another file is begun."""
KEPT = 24
"""Files that are kept, the present one not counted: months of ordinary use."""
NAME = "ledger.jsonl"
_OLD = re.compile(r"ledger-(\d{8}T\d{6})-\d+\.jsonl", re.ASCII)
_STAMP = "%Y%m%dT%H%M%S"
_TEXT_LIMIT = 300
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
"""A FIFO in our place must not hang us."""


class Event(NamedTuple):
    """One thing that happened. Empty facts are not written."""

    kind: Kind
    role: str = ""
    """`ROLE` or `ROLE@VARIANT`; empty where it was all of them."""
    at: float = 0.0
    """Unix time; filled in when it is recorded."""
    account_id: str = ""
    access_key_id: str = ""
    """Which session it was, for CloudTrail; an identifier, no secret."""
    session_arn: str = ""
    """What CloudTrail calls who did it."""
    until: int = 0
    """Unix time at which the session ends."""
    way: str = ""
    """How it left us: variables, exec, file, clipboard, console, process, slot."""
    to: str = ""
    """Who received it: a program and its pid, a file's path, a slot."""
    reason: str = ""
    """What the person gave as the reason."""
    text: str = ""
    """What else is to be known: an error's code and sentence, the guard that was passed."""
    by: str = ""
    """The process that wrote the line."""


class Place(NamedTuple):
    """How far somebody has read."""

    device: int = 0
    inode: int = 0
    offset: int = 0


TEXTS = (
    "role",
    "account_id",
    "access_key_id",
    "session_arn",
    "way",
    "to",
    "reason",
    "text",
    "by",
)


class Ledger:
    """The file of one user; every method may be called by many processes at once."""

    def __init__(self, directory: str, clock: Clock, by: str = "") -> None:
        """`by` names this process; nothing is made before the first line."""
        self._files = PrivateDirectory(directory)
        self._clock = clock
        self._by = by or f"stsui {os.getpid()}"
        self.warning = ""
        """Why the last line could not be written; empty while all is well."""

    @property
    def path(self) -> str:
        """The present file."""
        return os.path.join(self._files.path, NAME)

    def record(self, event: Event) -> None:
        """Appends the event, with the time and this process."""
        at = event.at or self._clock.now()
        line = _line(event._replace(at=at, by=event.by or self._by))
        try:
            self._files.ensure()
            if self._append(line) > FULL:
                self._begin_another()
            self.warning = ""
        except (OSError, StoreError) as error:
            what = error.strerror if isinstance(error, OSError) else error.sentence
            self.warning = f"The ledger is not written: {what}"

    def read(self, since: float = 0.0) -> Iterator[Event]:
        """Every event from `since` on, oldest first; lines that are none are passed over."""
        seen: set[tuple[int, int]] = set()
        # The newest first, each file once: whatever is set aside meanwhile is met under its new name. Names
        # are looked for after the newest was read, or one that was set aside in between would be in neither.
        contents = [self._content(NAME, seen)]
        contents += [self._content(name, seen) for name in sorted(self._set_aside(since), reverse=True)]
        for raw in reversed(contents):
            for line in raw.splitlines():
                event = _event(line)
                if event is not None and event.at >= since:
                    yield event

    def last(self, wanted: Callable[[Event], bool], since: float = 0.0) -> Event | None:
        """The newest event that is wanted."""
        found = None
        for event in self.read(since):
            if wanted(event):
                found = event
        return found

    def stamp(self) -> tuple[int, int]:
        """Changes whenever a line is written, by any process."""
        try:
            facts = os.stat(self.path)
        except OSError:
            return 0, 0
        return facts.st_mtime_ns, facts.st_size

    def since(self, place: Place, most: int) -> tuple[list[Event], Place]:
        """Events that were appended to the present file after `place`, and the place of the next look.

        Args:
            most: Bytes that are read of a file that was not read before, from its end.
        """
        try:
            handle = os.open(self.path, os.O_RDONLY | _NONBLOCK)
            with open(handle, "rb") as file:
                facts = os.fstat(file.fileno())
                if not stat.S_ISREG(facts.st_mode):
                    return [], place
                known = (facts.st_dev, facts.st_ino) == place[:2] and place.offset <= facts.st_size
                begin = place.offset if known else max(0, facts.st_size - most)
                file.seek(begin)
                raw = file.read()
        except OSError:
            return [], place
        # A line that is being written is read with the next look.
        whole = raw[: raw.rfind(b"\n") + 1]
        events = [event for event in map(_event, whole.splitlines()) if event is not None]
        return events, Place(facts.st_dev, facts.st_ino, begin + len(whole))

    def is_ours(self, event: Event) -> bool:
        """This process wrote it."""
        return event.by == self._by

    def _append(self, line: bytes) -> int:
        """Bytes in the file after it, at least."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(self.path, flags | _NONBLOCK, 0o600)
        try:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                raise OSError(0, "it is not a regular file", self.path)
            if os.write(handle, line) < len(line):
                raise OSError(0, "disk full", self.path)
            return facts.st_size + len(line)
        finally:
            os.close(handle)

    def _begin_another(self) -> None:
        """Sets the full file aside. Who has it open goes on writing there, and is read there."""
        handle = locks.open_lock(os.path.join(self._files.path, "ledger.lock"))
        try:
            if locks.acquire(handle, 0) and (facts := os.stat(self.path)).st_size > FULL:
                os.rename(
                    self.path, os.path.join(self._files.path, _old_name(self._clock.now(), facts.st_ino))
                )
                for name in sorted(self._set_aside())[:-KEPT]:
                    self._files.remove(name)
        finally:
            os.close(handle)

    def _set_aside(self, since: float = 0.0) -> Iterable[str]:
        stamp = time.strftime(_STAMP, time.gmtime(max(0.0, since)))
        found = ((name, _OLD.fullmatch(name)) for name in self._files.names())
        return (name for name, match in found if match and match[1] >= stamp)

    def _content(self, name: str, seen: set[tuple[int, int]]) -> bytes:
        try:
            handle = os.open(os.path.join(self._files.path, name), os.O_RDONLY | _NONBLOCK)
            with open(handle, "rb") as file:
                facts = os.fstat(file.fileno())
                if not stat.S_ISREG(facts.st_mode) or (facts.st_dev, facts.st_ino) in seen:
                    return b""
                seen.add((facts.st_dev, facts.st_ino))
                return file.read()
        except OSError:
            return b""


def _old_name(now: float, inode: int) -> str:
    """In the order of setting aside, also within a second; no two files that there are have one inode."""
    stamp = time.strftime(_STAMP, time.gmtime(now))
    return f"ledger-{stamp}-{int(now * 1_000_000) % 1_000_000:06d}{inode}.jsonl"


def of_session(kind: Kind, session: Session) -> Event:
    """An event about a session that there is."""
    return Event(
        kind,
        session.role,
        account_id=session.account_id,
        access_key_id=session.credentials.access_key_id,
        session_arn=session.assumed_arn or (session.identity.arn if session.identity else ""),
        until=session.expiration,
        reason=session.reason,
    )


def document(event: Event) -> dict[str, object]:
    """The event as it is written: what is empty is left out."""
    found: dict[str, object] = {"at": _utc(event.at), "kind": event.kind}
    for name in TEXTS:
        value = clean(getattr(event, name), _TEXT_LIMIT)
        if value:
            found[name] = value
    if event.until:
        found["until"] = _utc(event.until)
    return found


def _line(event: Event) -> bytes:
    return (json.dumps(document(event), ensure_ascii=False) + "\n").encode()


def _event(line: bytes) -> Event | None:
    """The event of a line. One that a full disk cut in two takes only itself along, not what follows it."""
    begins = line.rfind(b'{"at": ')
    with contextlib.suppress(ValueError, RecursionError, KeyError, TypeError, AttributeError, OverflowError):
        facts = json.loads(line[max(0, begins) :])
        texts = {name: clean(facts[name]) for name in TEXTS if isinstance(facts.get(name), str)}
        until = int(_unix(facts["until"])) if "until" in facts else 0
        if facts["kind"] in KINDS:
            return Event(facts["kind"], at=_unix(facts["at"]), until=until, **texts)
    return None


def _utc(at: float) -> str:
    """`2026-11-24T21:30:00.250Z`."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
    return f"{whole}.{int(at * 1000) % 1000:03d}Z"


def _unix(text: str) -> float:
    import calendar

    whole, _, fraction = text.removesuffix("Z").partition(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float(f"0.{fraction or 0}")
