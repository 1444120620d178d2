"""Slots as they are shown: where each leads, who used it and when, and what is wrong with it."""

from typing import NamedTuple

from stsui.handover.slots import CURRENT, Process, Slot, Slots
from stsui.model.session import Session
from stsui.server import fetches, processes
from stsui.server.container import cut_sentence
from stsui.server.fetches import Fetched, Status
from stsui.server.holdings import Aim
from stsui.server.place import Place, Server
from stsui.sessions.ledger import Event
from stsui.sessions.store import SessionStore

COPIES = ("variables", "exec", "file", "clipboard")
"""Ways on which a copy leaves."""
LONGEST = 36 * 3_600
"""Seconds that a session of AWS lasts at most."""
LATELY = 60
"""Seconds for which a fetch that was given nothing is news."""


class Row(NamedTuple):
    """A slot as it is shown."""

    slot: Slot
    role: str
    """Where it leads now; empty where nothing is current."""
    session: Session | None
    fetched: Fetched
    running: tuple[Process, ...]
    """Programs that fetched and still run."""
    owned: bool
    """The shell it was made for still runs."""
    note: str
    """Why it gives nothing, or its holder cannot reach it: a sentence; empty when all is well."""

    @property
    def ended(self) -> Process | None:
        """The program that fetched last, where none runs that did."""
        return self.fetched.consumers[0].process if self.fetched.consumers and not self.running else None

    @property
    def abandoned(self) -> bool:
        """The shell it was made for is gone, or holds another one."""
        return bool(self.slot.left_at or (self.slot.owner.pid and not self.owned))


class Waits(NamedTuple):
    """A program that wants what only a person can give."""

    role: str
    who: str
    """`terraform 41822`, or the slot where the system does not tell."""
    at: int


class Pulse(NamedTuple):
    """What a board wants to know every few seconds; cheap."""

    shells: int = 0
    """Slots that are not cut off."""
    follower_at: int = 0
    """When the slot that follows the current session was last fetched; 0: never."""
    follower: str = ""
    """By which program, where the system tells."""
    waits: Waits | None = None
    """The last one, where it was just now."""


class Shown:
    """The slots of one place, for whoever looks; nothing is changed here."""

    def __init__(self, place: Place, slots: Slots, store: SessionStore) -> None:
        self._place, self._slots, self._store = place, slots, store

    def rows(self) -> list[Row]:
        """Every slot, by name."""
        status = fetches.read(self._place.files)
        server = self._place.running()
        return [self._row(slot, status, server) for slot in self._slots.all()]

    def server(self) -> Server | None:
        """The server, if one runs."""
        return self._place.running()

    def snapshots(self) -> list[Event]:
        """What was handed out as copies and has not ended: it can neither be renewed nor taken back."""
        now = self._store.clock.now()
        found: dict[tuple[str, ...], Event] = {}
        for event in self._store.ledger.read(now - LONGEST):
            if event.kind == "hand-over" and event.way in COPIES and event.until > now:
                key = (event.role, event.way, event.to, event.access_key_id)
                found.pop(key, None)
                found[key] = event
        return list(reversed(found.values()))

    def pulse(self) -> Pulse:
        """How many there are, and what of them is news."""
        slots = {slot.name: slot for slot in self._slots.all() if not slot.cut_at}
        if not slots:
            return Pulse()
        status = fetches.read(self._place.files)
        follower = status.slots.get(CURRENT, Fetched()) if CURRENT in slots else Fetched()
        waits = [self._waits(slots[name], f) for name, f in status.slots.items() if name in slots]
        newest = max((each for each in waits if each), key=lambda each: each.at, default=None)
        program = follower.consumers[0].process.text if follower.consumers else ""
        return Pulse(len(slots), follower.at, program, newest)

    def _waits(self, slot: Slot, fetched: Fetched) -> Waits | None:
        recent = self._store.clock.now() - fetched.waiting_at < LATELY
        if not (fetched.waits_for_person and fetched.waiting_at > fetched.at and recent):
            return None
        running = [c.process.text for c in fetched.consumers if processes.runs(c.process)]
        who = running[0] if running else f"the shell {slot.name}"
        return Waits(slot.role or self._store.current(), who, fetched.waiting_at)

    def _row(self, slot: Slot, status: Status, server: Server | None) -> Row:
        role = slot.role or self._store.current()
        session = self._store.peek(role) if role else None
        fetched = status.slots.get(slot.name, Fetched())
        running = tuple(c.process for c in fetched.consumers if processes.runs(c.process))
        dropped = session is None and Aim(role, slot.region) in status.dropped
        note = cut_sentence(slot) if slot.cut_at else _trouble(slot, role, server, dropped)
        if not note and (session is None or fetched.waiting_at > fetched.at):
            note = fetched.waiting
        return Row(slot, role, session, fetched, running, processes.runs(slot.owner), note)


def is_stranded(slot: Slot, server: Server) -> bool:
    """Whether its holder has another port's address."""
    return slot.port not in (0, server.port)


def _trouble(slot: Slot, role: str, server: Server | None, dropped: bool) -> str:
    """What stands between the slot and its session, whoever asks; empty when nothing does."""
    if server is None:
        return "The credential server does not run. Start it: stsui serve --background"
    if is_stranded(slot, server):
        return f"Its shell has an old address. Hand it over again: stsui slot env {slot.name}"
    if not role:
        return "It follows the current session, and none is current."
    return f"The session of {role} was dropped." if dropped else ""
