"""Who fetched what, when: counted by the server, read by whoever shows it. No secret is among it.

The server writes one file, `fetches.json`, at most once a second; after a restart it goes on from there.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from stsui.handover.slots import Process
from stsui.model.errors import StoreError
from stsui.server import processes
from stsui.server.holdings import Aim
from stsui.server.peers import Peer
from stsui.sessions.private import PrivateDirectory

FILE = "fetches.json"
SCHEMA = 1
KEPT = 4
"""Programs that are remembered for a slot, the last ones."""
PENDING = 64
REST = 10
"""Looking for processes takes at most one part in so many of one processor."""


class Consumer(NamedTuple):
    """A program that fetched."""

    process: Process
    at: int
    times: int = 1


class Fetched(NamedTuple):
    """What a slot was used for."""

    times: int = 0
    at: int = 0
    """Unix time of the last fetch that was given something; 0: never."""
    consumers: tuple[Consumer, ...] = ()
    """The last one first; empty where the system does not tell."""
    waiting: str = ""
    """Why the last fetch was given nothing; empty when it was."""
    waiting_at: int = 0
    waits_for_person: bool = False


class Status(NamedTuple):
    """What the file holds."""

    slots: Mapping[str, Fetched] = {}
    dropped: frozenset[Aim] = frozenset()
    """Sessions that somebody forgot while a slot stood for them."""


class Fetches:
    """The server's count; of its own thread, apart from the one that looks for processes."""

    def __init__(
        self, files: PrivateDirectory, soon: Callable[[Callable[[], None]], None], before: Status
    ) -> None:
        self._files, self._soon = files, soon
        self._slots: dict[str, Fetched] = dict(before.slots)
        self._dropped = before.dropped
        self._dirty = False
        self._pending: dict[int, str] = {}
        self._looking = False
        self._known: dict[int, Process] = {}
        self.met: Callable[[str, Process], None] = lambda slot, process: None
        """Called with a slot and a program that was not seen there before."""

    def of(self, slot: str) -> Fetched:
        """What is counted of it."""
        return self._slots.get(slot, Fetched())

    def given(self, slot: str, now: float, peer: Peer | None) -> None:
        """It was given a session."""
        before = self.of(slot)
        self._slots[slot] = before._replace(
            times=before.times + 1, at=int(now), waiting="", waiting_at=0, waits_for_person=False
        )
        self._dirty = True
        if peer is None:
            return
        known = self._known.get(peer.inode)
        if known is not None:
            self._learn(slot, known)
        elif len(self._pending) < PENDING:
            self._pending[peer.inode] = slot
            self._look()

    def refused(self, slot: str, now: float, why: str, person: bool) -> None:
        """It was given nothing."""
        before = self.of(slot)
        if before.waiting != why or now - before.waiting_at >= 1:
            self._slots[slot] = before._replace(waiting=why, waiting_at=int(now), waits_for_person=person)
            self._dirty = True

    def keep(self, slots: Iterable[str], dropped: frozenset[Aim]) -> None:
        """Writes what changed, of these slots."""
        names = set(slots)
        self._dirty = self._dirty or dropped != self._dropped
        self._dropped = dropped
        for name in [name for name in self._slots if name not in names]:
            del self._slots[name]
            self._dirty = True
        if self._dirty:
            self._dirty = False
            with contextlib.suppress(StoreError):
                self._files.write(FILE, _encode(Status(self._slots, dropped)), durable=False)

    # -- which process it was

    def _look(self) -> None:
        if not self._looking and self._pending:
            self._looking = True
            inodes, self._pending = self._pending, {}
            threading.Thread(target=self._find, args=(inodes,), daemon=True).start()

    def _find(self, inodes: Mapping[int, str]) -> None:
        """In a thread of its own: reads /proc, and rests in proportion."""
        begun = time.thread_time()
        found = {inode: processes.process(pid) for inode, pid in processes.holders(inodes).items()}
        took = time.thread_time() - begun
        self._soon(lambda: self._found(inodes, found))
        time.sleep(took * REST)
        self._soon(self._rested)

    def _found(self, inodes: Mapping[int, str], found: Mapping[int, Process]) -> None:
        for inode, process in found.items():
            self._learn(inodes[inode], process)
        self._known = {**dict(list(self._known.items())[-PENDING:]), **found}

    def _rested(self) -> None:
        self._looking = False
        self._look()

    def _learn(self, slot: str, process: Process) -> None:
        fetched = self._slots.get(slot)
        if fetched is None:
            return
        same = [consumer for consumer in fetched.consumers if _is(consumer.process, process)]
        times = same[0].times + 1 if same else 1
        others = [consumer for consumer in fetched.consumers if consumer not in same]
        consumers = (Consumer(process, fetched.at, times), *others)[:KEPT]
        self._slots[slot] = fetched._replace(consumers=consumers)
        self._dirty = True
        if not same:
            self.met(slot, process)


def read(files: PrivateDirectory) -> Status:
    """What the server wrote last; whatever cannot be read counts as never seen."""
    raw = files.read(FILE)
    try:
        document = json.loads(raw or b"")
        if document["version"] != SCHEMA:
            return Status()
        slots = {str(name): _fetched(values) for name, values in document["slots"].items()}
        dropped = frozenset(Aim(str(name), str(region)) for name, region in document["dropped"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return Status()
    return Status(slots, dropped)


def _fetched(values: Mapping[str, object]) -> Fetched:
    consumers = values["consumers"]
    assert isinstance(consumers, list)
    found = tuple(
        Consumer(Process(**each["process"]), int(each["at"]), int(each["times"])) for each in consumers
    )
    waiting = str(values["waiting"])
    numbers = (values["times"], values["at"], values["waiting_at"])
    times, at, waiting_at = (int(number) if isinstance(number, int) else 0 for number in numbers)
    return Fetched(times, at, found, waiting, waiting_at, values["waits_for_person"] is True)


def _encode(status: Status) -> bytes:
    slots = {
        name: {
            **fetched._asdict(),
            "consumers": [{**c._asdict(), "process": c.process._asdict()} for c in fetched.consumers],
        }
        for name, fetched in status.slots.items()
    }
    dropped = sorted(status.dropped)
    return json.dumps({"version": SCHEMA, "slots": slots, "dropped": dropped}).encode()


def _is(one: Process, other: Process) -> bool:
    return (one.pid, one.started) == (other.pid, other.started)
