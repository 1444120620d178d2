"""What the app knows at a moment: what is held, what is under way, what went wrong. Changed by the app alone.

The state of a row is never kept: `rows` computes it from this and the time.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Container, Iterable, Sequence
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from stsui.config.catalog import Catalog, account_of
from stsui.config.chain import Faults
from stsui.config.guards import rules_of
from stsui.model.durations import short_duration
from stsui.model.errors import (
    ConfirmationRequired,
    MfaRequired,
    PersonNeeded,
    SignInRequired,
    StsuiError,
)
from stsui.model.roles import Account, Guard, Origin, Problem, Role, Settings
from stsui.model.session import Session
from stsui.sessions.pace import Pace
from stsui.sessions.wanted import Occasion
from stsui.tui.glyphs import UNICODE, Glyphs
from stsui.tui.living import Living

if TYPE_CHECKING:
    from stsui.config.changes import Change
    from stsui.config.exposure import Exposed

PINNED = "\0pinned"
PROBLEMS = "\0problems"
UNKNOWN = "\0unknown"
SAID = 6.0
"""Seconds for which what happened of itself is said."""
STARS = "*" * 12
"""What stands for an id."""
_IDS = re.compile(r"arn:aws[a-z-]*:\S*[^\s.,;:)\"]|(?<!\d)\d{12}(?!\d)", re.ASCII)
PROD_WORDS = frozenset({"PROD", "PRD", "PRODUCTION", "LIVE"})


class Wish(NamedTuple):
    """What a person asked for with a session, and did for it."""

    occasion: Occasion | None = None
    """None: what was asked for the session that is held."""
    passed: Guard = "none"
    """The guard that was passed just now."""
    slot: str = ""
    """The shell's slot that is to lead to it, once it is there."""


class Flight(NamedTuple):
    """A call that is under way for a role."""

    since: float
    asked: bool
    """Somebody pressed a key for it and waits."""
    renewing: bool
    visible: bool = False
    """It takes long enough to be shown."""
    make_current: bool = False
    number: int = 0
    wish: Wish = Wish()


class Trouble(NamedTuple):
    """Why the last call for a role failed."""

    error: StsuiError
    at: float
    failures: int = 1
    next_try: float = 0
    """Unix time of the next try; 0: none without somebody's doing."""


class Event(NamedTuple):
    """A line of the activity list."""

    at: float
    role: str
    what: str
    text: str = ""


class Entry(NamedTuple):
    """A role as the list knows it; nothing in it changes with the time."""

    name: str
    role: Role | None
    """None: the row stands for a problem of a config file."""
    account: Account
    """With the rules that hold for the role, which its own entry or a pattern may give."""
    group: str
    detail: str
    """The role's name at AWS."""
    problem: Problem | None = None
    variant: str = ""
    """What limits the session; empty for the role itself."""

    @property
    def limited(self) -> bool:
        """It stands for a session of its own, beside the role's."""
        return "@" in self.name and self.variant != ""

    @property
    def owner(self) -> str:
        """The role that it is a session of."""
        return self.name.removesuffix(f"@{self.variant}") if self.limited else self.name

    @property
    def environment(self) -> str:
        """The badge's word."""
        return self.account.environment


class State:
    """Everything the widgets draw from."""

    def __init__(self, catalog: Catalog, now: float, glyphs: Glyphs = UNICODE) -> None:
        self.catalog, self.now, self.glyphs = catalog, now, glyphs
        self.settings = Settings()
        """As the catalog has them, or as they are being tried out."""
        self.entries: dict[str, Entry] = {}
        self.sessions: dict[str, Session] = {}
        self.flights: dict[str, Flight] = {}
        self.troubles: dict[str, Trouble] = {}
        self.verifying: set[str] = set()
        self.current = ""
        self.pins: dict[str, bool] = {}
        """What was pinned or unpinned here, until the config says so."""
        self.auto: dict[str, bool] = {}
        """Auto-renew that was switched here, until the config says so."""
        self.seen_live: set[str] = set()
        """Roles whose session lived while this app ran; what expired before is not renewed by itself."""
        self.outlook: dict[str, tuple[str, float]] = {}
        """What comes next for each live session, in a word, and when."""
        self.person = ("", 0.0)
        """The next time a person is wanted: `code for ana`, and when."""
        self.not_before: dict[str, float] = {}
        """Earliest time of the next renewal by itself, by role."""
        self.pace = Pace()
        """How fast AWS lets us renew."""
        self.wanted: set[str] = set()
        """Limited sessions that somebody is being asked about."""
        self.again = ("", 0.0)
        """The role that waits for a second enter, and until when."""
        self.turn = 0
        """Which sign of the spinner it is."""
        self.paused = False
        self.hide_ids = False
        self.unsure = False
        """It is looked at before anything was read: nothing is said of any session."""
        self.events: deque[Event] = deque(maxlen=200)
        self.warning = ""
        self.said = ("", 0.0)
        """What has just happened of itself, and until when that is said."""
        self.nothing_at = ""
        """Which Identity Center shows no accounts to whoever is signed in there, in a sentence."""
        self.exposed: Exposed | None = None
        """A file that others on this computer can read or change."""
        self.shells = 0
        """Slots that shells hold."""
        self.stopped = ""
        """Why they get no new credentials: their server is not there."""
        self.follower = (0, "")
        """When the slot that follows the current session was last fetched, and by what."""
        self.asked = ("", "")
        """A role that a program waits for just now, and the program."""
        self.changes: list[Change] = []
        """What was saved from here, the last one at the end."""
        self.used: dict[str, float] = {}
        """When a role was last used from a board, for the order by last use."""
        self._living = Living()
        self._lived: Sequence[Session] = ()
        self._noted: Sequence[Session] = ()
        self._faults = Faults(catalog)
        self.version = 0
        """Counts changes made here, so that an older look at the disk is not taken for news."""

    def take_catalog(self, catalog: Catalog) -> None:
        """Another catalog; what is known of roles that are gone is forgotten."""
        self.catalog = catalog
        self.settings = catalog.settings
        self._faults = Faults(catalog)
        self.entries = with_limited(entries_of(catalog), self._names)
        for table in (self.sessions, self.troubles, self.not_before):
            for name in [name for name in table if name not in self.entries]:
                del table[name]
        pins, self.pins = self.pins, {}
        self.pins = {name: wish for name, wish in pins.items() if self.pinned(name) is not wish}
        auto, self.auto = self.auto, {}
        self.auto = {name: wish for name, wish in auto.items() if self.renews(name) is not wish}
        self.version += 1

    def take_sessions(self, sessions: dict[str, Session], current: str) -> None:
        """What the disk holds now; a session that another process renewed cures the row's trouble."""
        for name, session in sessions.items():
            before = self.sessions.get(name)
            if before is not None and session.issued_at > before.issued_at:
                self.troubles.pop(name, None)
        self.sessions = sessions
        self.current = current
        self.note_limited()
        self.note_live()

    @property
    def _names(self) -> set[str]:
        """Of every session that is held, under way or in trouble."""
        return {*self.sessions, *self.flights, *self.troubles, *self.wanted}

    def note_limited(self) -> None:
        """Limited sessions stand as rows of their own under their role while there is something to say."""
        shown = {name for name, entry in self.entries.items() if entry.variant and entry.limited}
        names = {name for name in self._names if name in shown or name not in self.entries}
        if names != shown:
            whole = {name: entry for name, entry in self.entries.items() if not entry.limited}
            self.entries = with_limited(whole, names)

    def forget_wanted(self) -> bool:
        """The question was left: the row that stood there for it goes; whether there was one."""
        if not self.wanted or self.again[0] in self.wanted:
            return False
        self.wanted = set()
        self.note_limited()
        return True

    def note_ended(self) -> list[str]:
        """Roles whose session has ended since this was last asked, each with a line in the activity list."""
        living = self.live_by_expiry()
        if living is self._lived:
            return []
        names = {session.role for session in living}
        gone = [one.role for one in self._lived if one.role not in names and one.role in self.sessions]
        self._lived = living
        for name in gone:
            lasted = short_duration(int(self.sessions[name].lifetime))
            self.log(name, "expired", f"after {lasted}" + ("" if self.renews(name) else ", auto-renew off"))
        return gone

    def note_live(self) -> None:
        """Remembers which sessions were seen alive."""
        living = self.live_by_expiry()
        if living is not self._noted:
            self._noted = living
            self.seen_live.update(session.role for session in living)

    def keep(self, role: str, session: Session) -> None:
        """A session that was just had."""
        self.sessions[role] = session
        self.troubles.pop(role, None)
        self.version += 1
        # For this role alone: hundreds may come one after the other.
        if role not in self.entries:
            self.note_limited()
        if session.left(self.now) > 0:
            self.seen_live.add(role)

    def live(self, name: str) -> Session | None:
        """The session of a role while it can be used."""
        session = self.sessions.get(name)
        return session if session is not None and session.left(self.now) > 0 else None

    def live_by_expiry(self) -> list[Session]:
        """Every usable session, the next to end first."""
        return self._living.at(self.now, self.sessions, self.entries, self.version)

    @property
    def problems(self) -> bool:
        """Whether an entry of a file cannot be used."""
        return any(entry.problem is not None or self.fault(name) for name, entry in self.entries.items())

    def fault(self, name: str) -> str:
        """Why the role's chain leads nowhere, in a sentence; empty when it does. Found once per catalog."""
        error = self._faults.of(name if name in self.catalog.roles else name.rpartition("@")[0])
        return error.sentence if error else ""

    def renews(self, name: str) -> bool:
        """Whether the role's session is renewed by itself."""
        entry, session = self.entries.get(name), self.sessions.get(name)
        role = entry.role if entry else None
        if entry is None or role is None or entry.account.no_background_renewal:
            return False
        if session is not None and session.ends:
            return False
        return self.auto.get(name, role.auto_refresh and self.settings.auto_refresh)

    def pinned(self, name: str) -> bool:
        """Whether the role stands in the group on top."""
        if name in self.pins:
            return self.pins[name]
        entry = self.entries.get(name)
        return bool(entry and entry.role and entry.role.pin)

    def all_pinned(self) -> list[str]:
        """Every role of which `pinned` is true, in their order; at once, for there may be thousands."""
        wishes, entries = self.pins, self.entries.values()
        return [e.name for e in entries if wishes.get(e.name, e.role is not None and e.role.pin)]

    def timeless(self) -> State:
        """As it is before anything was read but the config."""
        found = copy(self)
        found.sessions, found.flights, found.troubles, found.outlook = {}, {}, {}, {}
        found.current, found.events, found.shells = "", deque(), 0
        found.asked, found.person, found.unsure = ("", ""), ("", 0.0), True
        return found

    def tell(self, sentence: str) -> None:
        """Says it for some seconds."""
        self.said = (sentence, self.now + SAID)

    @property
    def unserved(self) -> str:
        """What it means that the server is away: `2 shells get no new credentials`."""
        return f"{'1 shell gets' if self.shells == 1 else f'{self.shells} shells get'} no new credentials"

    @property
    def notice(self) -> str:
        """What nobody asked for and everybody should know, while it is so."""
        said, until = self.said
        return self.warning or (said if until > self.now else "")

    def log(self, role: str, what: str, text: str = "") -> None:
        """Adds a line to the activity list."""
        self.events.appendleft(Event(self.now, role, what, text))

    def hear(self, events: Iterable[Event]) -> None:
        """Adds lines of other processes, each where its time belongs."""
        heard = sorted([*self.events, *events], key=lambda event: -event.at)
        self.events = deque(heard[: self.events.maxlen], self.events.maxlen)

    def masked(self, text: str) -> str:
        """An id or ARN, as stars where ids are hidden."""
        return STARS[: len(text)] if self.hide_ids else text

    def veiled(self, text: str) -> str:
        """A sentence, each id and ARN in it as stars where ids are hidden."""
        return _IDS.sub(STARS, text) if self.hide_ids else text


def needs_person(error: StsuiError) -> bool:
    """Whether the error is cured by a person's answer rather than by a change."""
    return isinstance(error, PersonNeeded | MfaRequired | SignInRequired | ConfirmationRequired)


def is_prod(environment: str) -> bool:
    """Whether the word of an environment means production."""
    return environment.upper() in PROD_WORDS


def entries_of(catalog: Catalog) -> dict[str, Entry]:
    """A row's facts for every role, and for every problem that has a row of its own."""
    accounts: dict[str, Account] = {}
    entries: dict[str, Entry] = {}
    entry = partial(tuple.__new__, Entry)  # as a call of Entry, in half the time: there may be thousands
    guards, rules = catalog.guards, catalog.rules
    for name, role in catalog.roles.items():
        account = accounts.get(role.account_id)
        if account is None:
            account = accounts[role.account_id] = account_of(catalog, role)
        if guards or name in rules:
            account = account._replace(**rules_of(catalog, role)._asdict())
        group = role.group or role.account_id or UNKNOWN
        word = role.aws_role_name or _kind_word(role)
        entries[name] = entry((name, role, account, group, word, None, ""))
    for problem in catalog.problems:
        name = problem.name or _place(problem.origin, entries)
        if name not in entries:
            entries[name] = Entry(name, None, Account(""), PROBLEMS, "", problem)
    return entries


def _place(origin: Origin, taken: Container[str]) -> str:
    """`config.toml:3`; the whole path where that stands for another file already."""
    short = os.path.basename(origin.file) + (f":{origin.line}" if origin.line else "")
    return str(origin) if short in taken else short


def with_limited(entries: dict[str, Entry], names: Iterable[str]) -> dict[str, Entry]:
    """The entries, each followed by those of its role's limited sessions among the names."""
    under: dict[str, list[str]] = {}
    for name in sorted(names):
        owner, at, _ = name.rpartition("@")
        if at and name not in entries and owner in entries and entries[owner].role is not None:
            under.setdefault(owner, []).append(name)
    if not under:
        return entries
    found: dict[str, Entry] = {}
    for name, entry in entries.items():
        found[name] = entry
        for limited in under.get(name, ()):
            role = entry.role._replace(name=limited) if entry.role else None
            found[limited] = entry._replace(name=limited, role=role, variant=limited.rpartition("@")[2])
    return found


def _kind_word(role: Role) -> str:
    if role.kind == "session":
        return f"session of {role.source_profile or role.name}"
    if role.kind == "federation":
        return f"federation of {role.source_profile}"
    return role.source.kind if role.source else ""
