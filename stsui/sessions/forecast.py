"""What happens to each live session at zero, and when a person will be needed, to the minute.

Renewals are played through in the order in which they fall due, by the same windows as `store` and
`sign_ins`, until somebody would have to be asked. Nothing is called and nobody waits.
"""

import heapq
from collections.abc import Iterable
from typing import Literal, NamedTuple

from stsui.model.credentials import Credentials, Secret
from stsui.model.session import Session
from stsui.sessions import refresh
from stsui.sessions.plan import Plan, Step
from stsui.sessions.roots import SessionOf, StandingOf, of_code, of_plan, of_source
from stsui.sessions.sign_ins import LAST, Standing

HORIZON = 48 * 3_600
"""Seconds that are looked ahead."""
MOST = 20_000
"""Renewals that are played through."""
USUAL_LIFE = 3_600

What = Literal["renews", "code", "browser", "ends", "idle"]


class Row(NamedTuple):
    """A live session, and what is done about it."""

    name: str
    plan: Plan
    renews: bool
    """It is renewed by itself."""
    idle_at: float = 0.0
    """Unix time at which it is dropped where nobody uses it meanwhile; 0: never."""


class Outlook(NamedTuple):
    """What comes next."""

    what: What
    at: float
    """Unix time: of the renewal, of the moment a person is wanted, of the end, or of the idle limit."""
    root: str = ""
    """Key of the root that wants the person."""
    name: str = ""
    """What that root is called."""
    row: str = ""
    """The first session that wants it."""
    exact: bool = True


class Forecast(NamedTuple):
    """A look ahead."""

    rows: dict[str, Outlook]
    """By role: what happens next to its session."""
    needed: dict[str, Outlook]
    """By root: when a person is wanted there first, as far as sessions are live now."""

    @property
    def next(self) -> Outlook | None:
        """The next time a person is wanted at all."""
        return min(self.needed.values(), key=lambda outlook: outlook.at, default=None)


def forecast(rows: Iterable[Row], session_of: SessionOf, standing_of: StandingOf, now: float) -> Forecast:
    """Plays through what the sessions of these rows will need."""
    day = _Day(session_of, standing_of, now)
    for row in rows:
        day.take(row)
    day.play()
    return Forecast(day.rows, day.needed)


class _Want(NamedTuple):
    """A person is needed for a renewal."""

    what: What
    root: str
    name: str
    exact: bool = True


class _Day:
    """The sessions as they would be, while time goes by."""

    def __init__(self, session_of: SessionOf, standing_of: StandingOf, now: float) -> None:
        self.now = now
        self.rows: dict[str, Outlook] = {}
        self.needed: dict[str, Outlook] = {}
        self._session_of, self._standing_of = session_of, standing_of
        self._sessions: dict[str, Session | None] = {}
        self._standings: dict[str, Standing] = {}
        self._due: list[tuple[float, str]] = []
        self._idle: dict[str, float] = {}
        self._plans: dict[str, Plan] = {}

    def take(self, row: Row) -> None:
        """A row whose session is live."""
        session = self._held(row.plan.last)
        if session is None or session.left(self.now) <= 0:
            return
        ends = session.expiration - session.clock_offset
        self._idle[row.name] = row.idle_at or float("inf")
        if not row.renews:
            idle = row.idle_at and row.idle_at < ends
            self.rows[row.name] = Outlook("idle", row.idle_at) if idle else Outlook("ends", ends)
            return
        self._plans[row.name] = row.plan
        heapq.heappush(self._due, (max(self.now, refresh.renew_at(session)), row.name))

    def play(self) -> None:
        """Every renewal in its turn, until each row wants a person or the horizon is reached."""
        for _ in range(MOST):
            if not self._due or (self._due[0][0] > self.now + HORIZON and len(self.rows) >= len(self._plans)):
                return
            at, name = heapq.heappop(self._due)
            if at > self._idle[name]:
                self.rows.setdefault(name, Outlook("idle", self._idle[name]))
                continue
            plan = self._plans[name]
            want = self._renew(plan, len(plan.steps) - 1, at)
            if want is not None:
                outlook = Outlook(want.what, at, want.root, want.name, name, want.exact)
                self.rows.setdefault(name, outlook)
                self.needed.setdefault(want.root, outlook)
                continue
            self.rows.setdefault(name, Outlook("renews", at))
            renewed = self._held(plan.last)
            if self._may_want(plan) and renewed is not None and at < self.now + HORIZON:
                heapq.heappush(self._due, (max(at + 1, refresh.renew_at(renewed)), name))

    def _may_want(self, plan: Plan) -> bool:
        """Whether a person can ever be wanted for it."""
        return any(beginning.kind in ("mfa", "role mfa", "sso") for beginning in of_plan(plan))

    def _renew(self, plan: Plan, index: int, at: float) -> _Want | None:
        """A new session of one step, or who is needed for it."""
        step = plan.steps[index]
        if step.mfa_serial and not step.mfa_process:
            begins = of_code(step, plan)
            return _Want("code", begins.key, begins.name)
        want = None
        if index and step.signed:
            want = self._ensure(plan, index - 1, at)
        elif step.signed or step.operation == "Source":
            want = self._source(plan, at)
        if want is None:
            self._sessions[step.key] = self._new(step, at)
        return want

    def _ensure(self, plan: Plan, index: int, at: float) -> _Want | None:
        """What signs the next step: fresh, renewed, or still usable."""
        held = self._held(plan.steps[index])
        if held is not None and refresh.is_fresh(held, at):
            return None
        want = self._renew(plan, index, at)
        if want is not None and held is not None and refresh.is_usable(held, at):
            return None
        return want

    def _source(self, plan: Plan, at: float) -> _Want | None:
        source = plan.chain.source
        if source.kind != "sso":
            return None
        beginning = of_source(source)
        root = beginning.key
        if root not in self._standings:
            self._standings[root] = self._standing_of(source)
        standing = self._standings[root]
        if standing.signed_in and standing.ends_at - LAST > at:
            return None
        return _Want("browser", root, beginning.name, standing.exact)

    def _held(self, step: Step) -> Session | None:
        if step.key not in self._sessions:
            self._sessions[step.key] = self._session_of(step.key)
        return self._sessions[step.key]

    def _new(self, step: Step, at: float) -> Session:
        """A session like the last one, from then on."""
        held = self._held(step)
        asked = step.parameters.get("DurationSeconds", 0)
        life = (
            held.lifetime if held is not None else asked if isinstance(asked, int) and asked else USUAL_LIFE
        )
        credentials = Credentials("", Secret(""), Secret(""), int(at) + life)
        if held is not None:
            return held._replace(issued_at=int(at), credentials=credentials, clock_offset=0)
        return Session(step.role, step.key, credentials, int(at), "", "", "")
