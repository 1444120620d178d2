"""Slots and their server in one object, for the command line and the screen."""

import sys
from collections.abc import Mapping
from typing import NamedTuple

from stsui.handover.slots import Process, Slot, Slots
from stsui.model.credentials import Secret
from stsui.model.errors import ConfigError, StsuiError, Unavailable
from stsui.server.background import STARTING_WAIT, Background, Taken
from stsui.server.place import Place, Server
from stsui.server.prompts import info_of, role_of
from stsui.server.shown import Shown, is_stranded
from stsui.sessions.ledger import Event
from stsui.sessions.store import SessionStore

WORKER = (sys.executable, "-P", "-m", "stsui", "serve", "--worker")


class Handed(NamedTuple):
    """What a shell is given of a slot."""

    slot: Slot
    url: str
    token: Secret
    token_file: str
    info_file: str
    warning: str = ""
    """What has to be said of other slots; mostly nothing."""


class Live:
    """The slots and the server of one place."""

    def __init__(self, place: Place, store: SessionStore, environ: Mapping[str, str], version: str) -> None:
        self.place = place
        self.slots = Slots(place.slots)
        self.background = Background(place, version)
        self.shown = Shown(place, self.slots, store)
        self._store, self._environ = store, environ

    # -- handing over

    def hand_over(self, role: str, name: str, owner: Process | None = None, *, brief: bool = False) -> Handed:
        """A slot for the role, served from now on; one of that name that is there already is pointed at it.

        Args:
            role: Name in the catalog; empty: the slot follows the current session.
            brief: It is for one command, and goes soon after that.

        Raises:
            StsuiError: It cannot be kept or served; says why.
        """
        self._refuse_memory()
        now = int(self._store.clock.now())
        region = self._environ.get("AWS_REGION") or self._environ.get("AWS_DEFAULT_REGION") or ""
        made = Slot(name, role, region, now, owner=owner or Process(), brief=brief)
        slot = self.slots.find(name) or made
        self.slots.keep(slot._replace(role=role, pointed_at=now, cut_at=0))
        return self.settings(name)

    def settings(self, name: str) -> Handed:
        """What a shell needs to use a slot, with the server running.

        Raises:
            StsuiError: There is no such slot, or no server can be started.
        """
        self._refuse_memory()
        slot = self.slots.get(name)
        server = self.ensure()
        role = role_of(self._store, slot.role)
        given = slot._replace(port=server.port, given_region=role.region if role else "")
        if slot != given:
            slot = self.slots.keep(given)
        self._tell(slot)
        token_file, info_file = self.slots.token_file(name), self.slots.info_file(name)
        return Handed(
            slot,
            f"{server.url}{name}",
            self.slots.token(name),
            token_file,
            info_file,
            stranded_sentence(self.stranded(server)),
        )

    def point(self, name: str, role: str) -> Slot:
        """Leads a slot to another role from its next fetch on."""
        slot = self.slots.point(name, role, self._store.clock.now())
        self._tell(slot)
        self._store.ledger.record(Event("re-point", role, to=f"slot {name}"))
        return slot

    def cut(self, name: str) -> Slot:
        """A slot gives nothing from its next fetch on."""
        slot = self.slots.cut(name, self._store.clock.now())
        self._tell(slot)
        self._store.ledger.record(Event("drop", self.role_of(slot), to=f"slot {name}", text="cut off"))
        return slot

    def role_of(self, slot: Slot) -> str:
        """Where it leads now; empty where nothing is current."""
        return slot.role or self._store.current()

    # -- the server

    def ensure(self, wait: float = STARTING_WAIT) -> Server:
        """The running server, started where there is none.

        Raises:
            StsuiError: It cannot be; says why.
        """
        server, moved = self.background.ensure(WORKER, self._environ, wait)
        self._after_move(server, moved)
        return server

    def _after_move(self, server: Server, moved: bool) -> None:
        """Whoever has the old port now may be shown the tokens of its slots: they get others."""
        for slot in self.slots.all() if moved else ():
            if is_stranded(slot, server):
                self.slots.new_token(slot.name)
                self.slots.keep(slot)

    def take(self) -> Taken:
        """The right to serve in this process.

        Raises:
            StsuiError: A server runs already, or its directory cannot be used.
        """
        taken = self.background.take()
        self._after_move(taken.server, taken.moved)
        return taken

    def stop(self) -> bool:
        """Ends the server; whether one ran. Slots stay, and are served when it is started again."""
        return self.background.stop()

    def revive(self) -> str:
        """Starts a server that is missed; what has to be said of that, or nothing.

        Raises:
            Unavailable: It cannot be started; says why.
        """
        if not self.place.is_missed():
            return ""
        if not self.slots.names():
            self.place.rest()
            return ""
        try:
            return stranded_sentence(self.stranded(self.ensure(wait=0.0)))
        except StsuiError as error:
            sentence = f"The credential server stopped and could not be started again: {error.sentence}"
            raise Unavailable(sentence, hint=error.hint) from error

    def stranded(self, server: Server) -> tuple[str, ...]:
        """Slots whose holders have another port's address."""
        slots = self.slots.all()
        return tuple(slot.name for slot in slots if is_stranded(slot, server) and not slot.cut_at)

    def _refuse_memory(self) -> None:
        if self._store.catalog.settings.store == "memory":
            raise ConfigError(
                'With store = "memory" a session lives in one program alone; a server cannot have it.'
            )

    def _tell(self, slot: Slot) -> None:
        """What the slot's prompt shows until the server says more."""
        role = self.role_of(slot)
        session = self._store.peek(role) if role else None
        note = "cut" if slot.cut_at else ""
        self.slots.tell(slot.name, info_of(self._store, role, session, note))


def stranded_sentence(names: tuple[str, ...]) -> str:
    """For shells whose server had to take another port; empty when there are none."""
    if not names:
        return ""
    return (
        f"The credential server has a new port: hand over again what uses {', '.join(names)} "
        f"(stsui slot env {names[0]})."
    )
