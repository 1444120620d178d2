"""The container credentials protocol over slots: one request in, credentials or one sentence out.

Source: botocore/utils.py, ContainerMetadataFetcher. SDKs give up after two seconds and try three times, so an
answer never takes longer than `WAIT`; what takes longer goes on, and the next try finds it. A client that
shows no slot's token learns nothing, not even which slots there are.
"""

import os
import time
from typing import NamedTuple

from stsui.handover.formats import container_credentials
from stsui.handover.slots import Process, Slot, Slots
from stsui.model.credentials import Secret
from stsui.model.errors import GuardRefused, PersonNeeded, StsuiError, Unavailable
from stsui.model.session import Session
from stsui.server.access import Request
from stsui.server.door import Connection, Door, Reply, said
from stsui.server.fetches import Fetches
from stsui.server.holdings import Aim, Holdings, Outcome
from stsui.server.peers import Peer, Peers

WAIT = 0.8
STRANGER = (
    "This is no token of a slot. The slot may be gone: hand it over again with stsui export ROLE --live, "
    "or look at stsui slot list."
)


class _Known(NamedTuple):
    signature: tuple[int, int] | None
    slot: Slot
    token: Secret


class Container:
    """Answers for the slots in a directory; of the server's own thread."""

    def __init__(self, door: Door, slots: Slots, holdings: Holdings, fetches: Fetches, peers: Peers) -> None:
        self._door, self._slots, self._holdings = door, slots, holdings
        self._fetches, self._peers = fetches, peers
        self._known: dict[str, _Known] = {}
        fetches.met = self._met

    def respond(self, request: Request, connection: Connection) -> Reply | None:
        """The reply, or None when it comes later."""
        known = self._find(request.slot)
        shown = Secret(request.authorization.decode("latin-1"))
        # Compared also where there is no slot, so that the time it takes tells nothing.
        right = shown == (known.token if known else _NOBODY)
        if known is None or not right or not known.token:
            return _refused("Forbidden", STRANGER)
        peer = self._peer(connection)
        if peer is not None and peer.uid not in (os.geteuid(), 0):
            return _refused(
                "Forbidden", "Another user of this computer is not answered, even with the token."
            )
        slot = known.slot
        if slot.cut_at:
            return _refused("CutOff", cut_sentence(slot))
        aim = self.aim(slot)
        if not aim.session:
            return self._said(slot, _NOTHING_CURRENT)
        outcome = self._holdings.now(aim)
        if outcome is not None:
            return self._reply(slot, outcome, peer)
        self._ask(connection, slot, aim, peer)
        return None

    def slots(self) -> list[Slot]:
        """Every slot there is, those cut off too."""
        names = self._slots.names()
        for gone in [name for name in self._known if name not in names]:
            del self._known[gone]
        return [known.slot for known in map(self._find, names) if known is not None]

    def aim(self, slot: Slot) -> Aim:
        """What the slot stands for now; an empty one where nothing is current."""
        return Aim(slot.role or self._holdings.opened(slot.region).store.current(), slot.region)

    def _now(self) -> float:
        return self._holdings.opened().store.clock.now()

    def _find(self, name: str) -> _Known | None:
        signature = self._slots.signature(name)
        known = self._known.get(name)
        if known is None or known.signature != signature:
            slot = self._slots.find(name) if signature else None
            if slot is None:
                self._known.pop(name, None)
                return None
            known = self._known[name] = _Known(signature, slot, self._slots.token(name))
        return known

    def _peer(self, connection: Connection) -> Peer | None:
        if connection.peer is None:
            connection.peer = self._peers.find(connection.port)
        return connection.peer if isinstance(connection.peer, Peer) else None

    def _ask(self, connection: Connection, slot: Slot, aim: Aim, peer: Peer | None) -> None:
        """Replies with what the store says, or with what there is when that takes too long; once."""
        answered: list[Outcome] = []

        def answer(outcome: Outcome) -> None:
            if not answered and not connection.closed:
                self._door.reply(connection, self._reply(slot, outcome, peer))
            answered.append(outcome)

        def too_late() -> None:
            if not answered:
                wait = Unavailable(f"AWS is being asked for {aim.session}; try again in a second.")
                answer(self._holdings.last_resort(aim) or wait)

        self._holdings.ask(aim, answer)
        self._door.later(WAIT, too_late)

    def _met(self, name: str, process: Process) -> None:
        """A program that was not seen before has the slot's session: the ledger says so."""
        known = self._find(name)
        if known is not None:
            holding = self._holdings.look(self.aim(known.slot))
            if holding.session is not None:
                holding.gate.told(holding.session, "slot", f"{process.text} by slot {name}")

    def _reply(self, slot: Slot, outcome: Outcome, peer: Peer | None) -> Reply:
        if isinstance(outcome, Session):
            self._fetches.given(slot.name, self._now(), peer)
            return Reply(200, container_credentials(outcome).encode())
        return self._said(slot, outcome)

    def _said(self, slot: Slot, error: StsuiError) -> Reply:
        sentence = sentence_for_client(error)
        self._fetches.refused(
            slot.name, self._now(), sentence, isinstance(error, PersonNeeded | GuardRefused)
        )
        status = 503 if isinstance(error, Unavailable) else 403
        return Reply(status, said(error.word, sentence), last=True)


_NOBODY = Secret("0" * 64)
_NOTHING_CURRENT = PersonNeeded("No session is current.", hint="stsui assume ROLE", code="NothingCurrent")


def sentence_for_client(error: StsuiError) -> str:
    """The error and the next step, for a person who reads it in another program's output."""
    if isinstance(error, PersonNeeded | GuardRefused):
        row = f"enter on {error.role}" if error.role else "enter on a role"
        return f"{error.sentence} Press {row} in stsui, or run: {error.hint or f'stsui assume {error.role}'}"
    return f"{error.sentence} Try: {error.hint}" if error.hint else error.sentence


def cut_sentence(slot: Slot) -> str:
    """What a shell whose slot was cut off reads."""
    at = time.strftime("%H:%M", time.localtime(slot.cut_at))
    again = f"stsui slot point {slot.name} ROLE"
    return f"The slot {slot.name} was cut off at {at}. Press t in stsui, or run: {again}"


def _refused(code: str, message: str) -> Reply:
    return Reply(403, said(code, message), last=True)
