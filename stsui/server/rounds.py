"""What the server does each second: renews, tells the prompts, lets old slots go, ends when it is alone."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from stsui.handover.slots import Slot, Slots
from stsui.model.errors import PersonNeeded, StoreError, StsuiError
from stsui.model.session import Session
from stsui.server import processes
from stsui.server.container import Container
from stsui.server.fetches import Fetches
from stsui.server.holdings import Aim, Holding, Holdings
from stsui.server.prompts import info_of

TICK = 1.0
JUMP = 30.0
"""Seconds more than a tick between two of them, from which the computer has slept."""
CONFIG_EVERY, RETIRE_EVERY = 2, 60
"""Ticks between two looks."""
UNUSED = 12 * 3_600
"""Seconds without a fetch after which a slot goes whose shell is gone."""
BRIEF = 3_600
"""The same for one that was made for one command: what that left running fetches more often."""
CUT_KEPT = 3_600
"""Seconds for which a slot that was cut off can say so, and be pointed somewhere again."""
ALONE = 600
"""Seconds without any slot after which the server ends."""


class _Told(NamedTuple):
    """What a prompt's file was made from."""

    slot: Slot
    session: Session | None
    note: str


class Rounds:
    """Of the server's own thread."""

    def __init__(
        self,
        slots: Slots,
        container: Container,
        holdings: Holdings,
        fetches: Fetches,
    ) -> None:
        self._slots, self._container = slots, container
        self._holdings, self._fetches = holdings, fetches
        self._ticks = 0
        self._wall = self._boot = 0.0
        self._alone_since = 0.0
        self._told: dict[str, _Told] = {}

    def begin(self, dropped: Collection[Aim]) -> None:
        """Before the first round; `dropped` is what was forgotten before the server was started anew."""
        clock = self._holdings.opened().store.clock
        self._wall, self._boot = clock.now(), clock.boot()
        self._alone_since = self._boot
        aims = {self._container.aim(slot) for slot in self._container.slots()}
        for aim in aims.intersection(dropped):
            self._holdings.restore_dropped(aim)

    def round(self) -> bool:
        """One second's work; whether the server is still of use."""
        now, boot = self._note_time()
        if self._ticks % CONFIG_EVERY == 0:
            self._holdings.read_config()
        slots = self._container.slots()
        if self._ticks % RETIRE_EVERY == 0:
            slots = [slot for slot in slots if not self._retired(slot, now)]
            self._holdings.drop_idle()
        self._ticks += 1
        aims = {slot: aim for slot in slots if not slot.cut_at and (aim := self._container.aim(slot)).session}
        self._holdings.forget_others(aims.values())
        self._holdings.renew_due(aim for aim in set(aims.values()) if self._renews(aim))
        for slot in slots:
            self._tell(slot, aims.get(slot))
        self.write(slots)
        if any(not slot.cut_at for slot in slots):
            self._alone_since = boot
        return boot - self._alone_since < ALONE

    def write(self, slots: Sequence[Slot] | None = None) -> None:
        """Keeps what was counted."""
        found = self._container.slots() if slots is None else slots
        self._fetches.keep([slot.name for slot in found], self._holdings.dropped())

    def _note_time(self) -> tuple[float, float]:
        clock = self._holdings.opened().store.clock
        now, boot = clock.now(), clock.boot()
        asleep = boot - self._boot - TICK
        moved = (now - self._wall) - (boot - self._boot)
        if asleep > JUMP or abs(moved) > JUMP:
            self._holdings.spread()
        self._wall, self._boot = now, boot
        return now, boot

    def _retired(self, slot: Slot, now: float) -> bool:
        """Whether it is gone now: cut off long ago, or nobody's any more."""
        fetched = self._fetches.of(slot.name)
        if slot.cut_at:
            old = now - slot.cut_at > CUT_KEPT
        else:
            used = max(fetched.at, slot.pointed_at, slot.left_at)
            left = slot.left_at or (slot.owner.pid and not processes.runs(slot.owner))
            limit = BRIEF if slot.brief else UNUSED
            old = bool(left) and (now - used > limit or processes.is_of_another_boot(slot.owner))
        if old:
            self._slots.remove(slot.name)
        return old

    def _renews(self, aim: Aim) -> bool:
        """Whether its role is one that is renewed by itself."""
        try:
            return self._holdings.opened(aim.region).store.named(aim.session).role.auto_refresh
        except StsuiError:
            return False

    def _tell(self, slot: Slot, aim: Aim | None) -> None:
        """Writes the file of the slot's prompt, where anything in it changed."""
        holding = self._holdings.look(aim) if aim is not None else None
        session = holding.session if holding else None
        told = _Told(slot, session, _note(slot, holding))
        if self._told.get(slot.name) == told:
            return
        name = aim.session if aim else slot.role
        info = info_of(self._holdings.opened(slot.region).store, name, session, told.note)
        try:
            self._slots.tell(slot.name, info)
        except StoreError:
            return
        self._told[slot.name] = told


def _note(slot: Slot, holding: Holding | None) -> str:
    if slot.cut_at:
        return "cut"
    if holding is None or holding.session is not None:
        return ""
    if holding.dropped:
        return "dropped"
    return "waits" if isinstance(holding.error, PersonNeeded) else ""
