"""The sessions that slots stand for: in memory for the answer, on disk for everybody, renewed in time.

Everything here but the calls of the store happens in the server's own thread. Those may take long and are
made in a few others.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import NamedTuple, Protocol

from stsui.config.catalog import Catalog
from stsui.model.errors import (
    GuardRefused,
    IdentityMismatch,
    PersonNeeded,
    SessionDropped,
    StsuiError,
    Throttled,
)
from stsui.model.session import Session
from stsui.sessions import refresh
from stsui.sessions.gate import Gate
from stsui.sessions.guard import Way
from stsui.sessions.pace import Pace
from stsui.sessions.store import SessionStore

AT_ONCE = 4
"""Calls of the store; of STS there are no more than that either."""
RENEWING = 3
"""Of them those that nobody waits for."""
AGAIN = 1.0
"""Seconds for which an error is the answer to everybody."""
PERSON = 5.0
"""Seconds after which a renewal that needs a person is looked at again; costs no call."""
LEAST = 5.0
"""Seconds that what is given has to last."""
TOUCH = 10.0
"""Seconds between two notes that a session is used."""
WAKE_SPREAD = 10.0

Outcome = Session | StsuiError


class Opened(Protocol):
    """What `wiring` opens."""

    @property
    def store(self) -> SessionStore: ...

    @property
    def gate(self) -> Gate: ...

    def changed(self) -> bool: ...

    def reload(self) -> Catalog: ...


class Aim(NamedTuple):
    """What a slot stands for."""

    session: str
    """`ROLE` or `ROLE@VARIANT`; empty where nothing is current."""
    region: str = ""
    """AWS_REGION of the shell that the slot was made in."""


class Holding:
    """One session, as last seen."""

    def __init__(self, aim: Aim, opened: Opened) -> None:
        self.aim, self.store, self.gate = aim, opened.store, opened.gate
        self.key = ""
        """Names its file; empty until it is planned."""
        self.signature: tuple[int, int] | None = None
        self.place: tuple[int, int] | None = None
        """The directory in which it was last seen."""
        self.session: Session | None = None
        self.refused: StsuiError | None = None
        """Why what is held is not given out."""
        self.dropped = False
        """Somebody forgot it; it stays forgotten until somebody has it again."""
        self.error: StsuiError | None = None
        """What became of the last call, while that is no session."""
        self.error_at = 0.0
        self.failures = 0
        self.not_before = 0.0
        """By the computer's clock: no renewal on our own before."""
        self.touched_at = 0.0
        self.in_flight = False
        self.waiters: list[Callable[[Outcome], None]] = []

    @property
    def now(self) -> float:
        """The wall clock."""
        return self.store.clock.now()

    @property
    def boot(self) -> float:
        """The clock that only goes forward."""
        return self.store.clock.boot()


class Holdings:
    """Every session that some slot stands for."""

    def __init__(
        self,
        open_services: Callable[[str], Opened],
        executor: Executor,
        soon: Callable[[Callable[[], None]], None],
    ) -> None:
        """`open_services` opens them for a value of AWS_REGION; `soon` calls in the server's thread."""
        self._open = open_services
        self._executor = executor
        self._soon = soon
        self._opened: dict[str, Opened] = {}
        self._held: dict[Aim, Holding] = {}
        self._renewing = 0
        self._pace = Pace()

    def opened(self, region: str = "") -> Opened:
        """The services as a shell with that AWS_REGION has them."""
        if region not in self._opened:
            self._opened[region] = self._open(region)
        return self._opened[region]

    def read_config(self) -> None:
        """Reads it again where it changed; then everything that is held is looked at anew."""
        changed = [opened for opened in self._opened.values() if opened.changed()]
        for opened in changed:
            opened.reload()
        for holding in self._held.values() if changed else ():
            holding.key = ""

    def drop_idle(self) -> None:
        """Forgets what nobody used for as long as its rules allow."""
        for opened in self._opened.values():
            opened.gate.drop_idle()

    def look(self, aim: Aim) -> Holding:
        """What is held, after a look at the disk; one system call where nothing changed."""
        holding = self._held.get(aim)
        if holding is None:
            holding = self._held[aim] = Holding(aim, self.opened(aim.region))
        if (not holding.key and not self._plan(holding)) or self._unchanged(holding):
            return holding
        # What a person asked for this once may have given it another file.
        if self._plan(holding) and not self._unchanged(holding):
            self._load(holding)
        return holding

    def now(self, aim: Aim) -> Outcome | None:
        """What a fetch gets at once; None when the store has to be asked first."""
        holding = self.look(aim)
        if holding.session is None and self._plan(holding):
            self._load(holding)
        if holding.dropped:
            return SessionDropped(aim.session)
        session, now = holding.session, holding.now
        if session is not None and holding.refused is not None and session.left(now) > 0:
            return holding.refused
        if session is not None and refresh.is_usable(session, now):
            self._touch(holding, session)
            if not refresh.is_fresh(session, now):
                self._renew(holding, "slot")
            return session
        recent = holding.error is not None and holding.boot - holding.error_at < AGAIN
        if session is not None and session.left(now) > LEAST and recent:
            return session
        return holding.error if recent else None

    def ask(self, aim: Aim, then: Callable[[Outcome], None]) -> None:
        """Has the store asked, and says what came of it; one call serves all who wait."""
        holding = self.look(aim)
        holding.waiters.append(then)
        if not holding.in_flight:
            self._fly(holding, "slot", renewing=False)

    def last_resort(self, aim: Aim) -> Session | None:
        """What can be given when nothing better came in time."""
        holding = self.look(aim)
        session = holding.session
        good = session is not None and holding.refused is None and session.left(holding.now) > LEAST
        return session if good else None

    def renew_due(self, aims: Iterable[Aim]) -> None:
        """Starts what is to be renewed now, the next to end first.

        What ended meanwhile, during a sleep or a long outage, waits for somebody who fetches it.
        """
        due = []
        for aim in aims:
            holding = self.look(aim)
            session, now = holding.session, holding.now
            if session is not None and session.left(now) > 0 and not refresh.is_fresh(session, now):
                due.append((session.expiration, aim))
        for _, aim in sorted(due):
            self._renew(self._held[aim], "renewal")

    def spread(self) -> None:
        """After a sleep: each waits its own part of ten seconds."""
        for holding in self._held.values():
            if holding.key:
                wait = refresh.jitter(holding.key) * WAKE_SPREAD / refresh.SPREAD
                holding.not_before = holding.boot + wait

    def dropped(self) -> frozenset[Aim]:
        """What somebody forgot while a slot stood for it."""
        return frozenset(aim for aim, holding in self._held.items() if holding.dropped)

    def restore_dropped(self, aim: Aim) -> None:
        """It was forgotten before this process began, and nobody has it since."""
        holding = self.look(aim)
        holding.dropped = holding.signature is None

    def forget_others(self, aims: Iterable[Aim]) -> None:
        """Only these are of interest from now on."""
        kept = set(aims)
        for aim in [aim for aim in self._held if aim not in kept]:
            if not self._held[aim].in_flight:
                del self._held[aim]

    # -- what is on the disk

    def _plan(self, holding: Holding) -> bool:
        """Finds out which file it has; False where it cannot be had, as the error says then."""
        try:
            key = holding.store.plan(holding.aim.session).last.key
        except StsuiError as error:
            holding.error, holding.error_at = error, holding.boot
            holding.key, holding.session = "", None
            return False
        if key != holding.key:
            holding.key, holding.signature, holding.session = key, None, None
            holding.dropped, holding.error, holding.not_before = False, None, 0.0
            self._load(holding)
        return True

    def _unchanged(self, holding: Holding) -> bool:
        return holding.store.cache.signature(holding.key) == holding.signature

    def _load(self, holding: Holding) -> None:
        had, before = holding.session, holding.signature
        holding.signature = holding.store.cache.signature(holding.key)
        if holding.signature is not None:
            holding.place = holding.store.cache.place()
            self._take(holding, had, holding.store.peek(holding.aim.session))
        elif had is None or had.left(holding.now) <= 0:
            holding.session = None
        elif before is not None and holding.store.cache.place() == holding.place:
            # The file of a session that is still good was taken away: somebody wants it forgotten. With the
            # whole directory it goes at logout, also where a call under way makes that anew, and is still in
            # our memory.
            holding.session, holding.dropped = None, True

    def _take(self, holding: Holding, had: Session | None, session: Session | None) -> None:
        holding.session, holding.dropped = session, False
        if session is None:
            return
        holding.refused = _refusal(holding)
        if had is None or had.credentials != session.credentials:
            holding.error, holding.failures, holding.not_before = None, 0, 0.0

    def _touch(self, holding: Holding, session: Session) -> None:
        if not holding.touched_at or holding.boot - holding.touched_at > TOUCH:
            holding.touched_at = holding.boot
            holding.gate.touch(session)

    # -- calls of the store

    def _renew(self, holding: Holding, way: Way) -> None:
        if holding.in_flight or self._renewing >= self._pace.at_once(holding.now, RENEWING):
            return
        if holding.not_before <= holding.boot:
            self._fly(holding, way, renewing=True)

    def _fly(self, holding: Holding, way: Way, *, renewing: bool) -> None:
        holding.in_flight = True
        self._renewing += renewing
        held = holding.session

        def call() -> None:
            outcome = _assume(holding, way)
            self._soon(lambda: self._landed(holding, held, outcome, way, renewing))
            if isinstance(outcome, Session) and outcome.identity is None:
                self._verify(holding)

        self._executor.submit(call)

    def _verify(self, holding: Holding) -> None:
        """GetCallerIdentity, when nobody waits any more; an answer that does not come changes nothing."""
        try:
            holding.store.verify(holding.aim.session)
        except IdentityMismatch as error:
            # A variable of its own: the exception's is gone when it is used.
            mismatch = error
            self._soon(lambda: self._fail(holding, mismatch))
        except StsuiError:
            return

    def _landed(
        self, holding: Holding, before: Session | None, outcome: Outcome, way: Way, renewing: bool
    ) -> None:
        holding.in_flight = False
        self._renewing -= renewing
        if way == "renewal" and isinstance(outcome, GuardRefused):
            # It is not to be renewed by itself: no news for who fetches, which is another matter.
            holding.not_before = holding.boot + refresh.EARLY
            if holding.waiters:
                self._fly(holding, "slot", renewing=False)
            return
        if isinstance(outcome, Session):
            self._had(holding, before, outcome)
            outcome = holding.refused or outcome
        else:
            self._fail(holding, outcome)
            if isinstance(outcome, Throttled):
                self._pace = self._pace.throttled(holding.now, holding.key or "0")
            outcome = self.last_resort(holding.aim) or outcome
        waiters, holding.waiters = holding.waiters, []
        for then in waiters:
            then(outcome)

    def _had(self, holding: Holding, before: Session | None, session: Session) -> None:
        holding.key = session.key
        holding.signature = holding.store.cache.signature(session.key)
        holding.place = holding.store.cache.place()
        self._take(holding, before, session)
        holding.error = None
        if before is not None and before.credentials == session.credentials:
            # Another process has the lock and renews it.
            holding.failures += 1
            holding.not_before = holding.boot + refresh.back_off(holding.failures, holding.key)
        else:
            self._pace = self._pace.answered()

    def _fail(self, holding: Holding, error: StsuiError) -> None:
        holding.error, holding.error_at = error, holding.boot
        holding.failures += 1
        if isinstance(error, IdentityMismatch):
            holding.session = None
        if isinstance(error, PersonNeeded):
            wait = PERSON
        elif error.repeatable:
            wait = refresh.back_off(holding.failures, holding.key or "0")
        else:
            # It will be refused again; what changes that changes a file, or somebody fetches.
            wait = refresh.EARLY
        holding.not_before = holding.boot + wait


def _refusal(holding: Holding) -> StsuiError | None:
    """Why what is held is not given to a slot; None where it is."""
    try:
        holding.gate.admit(holding.aim.session, "slot", person=False)
    except StsuiError as error:
        return error
    return None


def _assume(holding: Holding, way: Way) -> Outcome:
    """What the store gives for a slot that is fetched, or for a renewal; in a thread beside the server's."""
    try:
        holding.gate.admit(holding.aim.session, way, person=False)
        session = holding.store.assume(holding.aim.session, strict=True)
        if way == "slot":
            # Now: the mark of the session before it may be so old that this one would go at once.
            holding.gate.touch(session)
        return session
    except StsuiError as error:
        return error
