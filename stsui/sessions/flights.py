"""One flight per session on the machine: whoever needs a new one takes the lock, looks again, then calls.

Everybody else reads what that one wrote. What was had, renewed or refused is told to the ledger here.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeGuard

from stsui.model.errors import ChainLoop, PersonNeeded, StoreError, StsuiError, Unavailable
from stsui.model.roles import Guard
from stsui.model.session import Session
from stsui.sessions import failures, refresh
from stsui.sessions.cache import Cache
from stsui.sessions.clock import Clock
from stsui.sessions.guard import rank
from stsui.sessions.ledger import Event, Ledger, of_session
from stsui.sessions.maker import Code, Maker, Upstream
from stsui.sessions.memory import Memory
from stsui.sessions.plan import Plan, Step
from stsui.sessions.turns import turn

LOCK_WAIT = 60.0
LOOK = 0.25
"""Seconds between two looks at what the one who holds the lock may have had."""


class Asked(NamedTuple):
    """What a caller wants of the session."""

    code: Code
    refresh: bool = False
    min_ttl: int = 0
    strict: bool = False
    passed: Guard = "none"
    """The guard that its person has just passed."""
    watched: bool = False
    """It is noted when the session was used last: an idle limit holds for it."""


class Flights:
    """Gets sessions that are not held, or are due; thread-safe."""

    def __init__(
        self,
        cache: Cache,
        maker: Maker,
        memory: Memory,
        clock: Clock,
        ledger: Ledger,
        callers: Sequence[str] = (),
    ) -> None:
        """`callers` are sessions that wait for this process to end."""
        self._cache, self._maker, self._memory, self._clock = cache, maker, memory, clock
        self._ledger = ledger
        self._callers = callers
        self._flights: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        self.warning = ""
        """Why the last session could not be written; empty while all is well."""

    def session(self, plan: Plan, index: int, asked: Asked) -> Session:
        """The session of one step, by the windows of `refresh`."""
        step = plan.steps[index]
        if index < len(plan.steps) - 1:
            # What was asked holds for the role itself; a hop above it only has to be able to sign.
            asked = Asked(asked.code)
        now = self._clock.now()
        held = self._cache.read(step.key)
        if held is not None and not asked.refresh and _good(held, now, asked.min_ttl):
            return held
        usable = held is not None and not asked.refresh and refresh.is_usable(held, now)
        usable = usable and held is not None and held.left(now) >= asked.min_ttl
        if step.role in self._callers and not usable:
            raise ChainLoop([*self._callers, step.role])
        end = time.monotonic() + LOCK_WAIT
        while True:
            with self._flight(step.key, 0.0 if usable else LOOK) as ours:
                if ours:
                    return self._renew(plan, index, asked, held, usable)
            if usable and held is not None:
                return held
            # Among a thousand who wait, the lock comes late; what the first one had is there long before.
            seen = self._cache.read(step.key)
            if _is_another(seen, held) and _good(seen, self._clock.now(), asked.min_ttl):
                return seen
            if time.monotonic() > end:
                raise Unavailable(
                    f"Another process has been fetching {step.role} for {LOCK_WAIT:.0f} s.", role=step.role
                )

    def keep(self, session: Session, step: Step) -> None:
        """Writes it; what cannot be written is delivered all the same, and said.

        To wait for the disk takes longer than all the rest, so only what a person did for it is worth that:
        a code, a sign-in, a guard, a reason. After a power cut the others are had anew.
        """
        asked_for = session.passed not in ("", "none") or session.reason or session.ends
        try:
            self._cache.write(session, durable=bool(asked_for) or not step.asks_nobody)
            self.warning = ""
        except StoreError as error:
            self.warning = error.sentence

    def _renew(self, plan: Plan, index: int, asked: Asked, held: Session | None, usable: bool) -> Session:
        """The second look, then the call; under the lock."""
        step = plan.steps[index]
        again = self._cache.read(step.key)
        if _is_another(again, held) and _good(again, self._clock.now(), asked.min_ttl):
            return again
        alive = held is not None and held.left(self._clock.now()) >= max(1, asked.min_ttl)
        lenient = alive and not asked.refresh and not asked.strict and not asked.code.given
        shared = self._cache.failure(step.key)
        try:
            if not asked.code.given and not asked.refresh:
                failures.honour(shared, self._clock.now(), self._spare(held) if lenient and held else 0.0)
        except StsuiError:
            if lenient and held is not None:
                return held
            raise
        try:
            made = self._make(plan, index, asked, again, once=usable and lenient)
        except StsuiError as error:
            failures.remember(self._cache, step.key, error, self._clock.now(), shared)
            if lenient and held is not None:
                return held
            raise
        if shared:
            self._cache.forget_failure(step.key)
        return made

    def _spare(self, held: Session) -> float:
        """Seconds for which a failed renewal costs nobody anything."""
        return max(0.0, held.left(self._clock.now()) - refresh.last_window(held))

    def _make(self, plan: Plan, index: int, asked: Asked, held: Session | None, *, once: bool) -> Session:
        """The call, and what is kept of it. What is held and lives passes its guard on to the new one."""
        step = plan.steps[index]
        above = _Above(self, plan, index, asked) if index else None
        upstream = Upstream(above.session, above.forget) if above else None
        renewing = held is not None and held.left(self._clock.now()) > 0
        drops = self._cache.drops(step.key)
        try:
            made = self._maker.make(plan, step, asked.code, upstream, once=once)
        except StsuiError as error:
            if not isinstance(error, PersonNeeded) and not (above and above.failed):
                self._tell_failure(plan, step, error, renewing)
            raise
        with turn.taken():
            return self._kept(plan, step, made, asked, held if renewing else None, drops)

    def _kept(
        self, plan: Plan, step: Step, made: Session, asked: Asked, held: Session | None, drops: object
    ) -> Session:
        """What AWS gave, written and told.

        Args:
            held: The living session that it takes the place of.
            drops: What was dropped before AWS was asked.
        """
        passed = max(asked.passed, held.passed if held else "none", key=rank)
        made = made._replace(passed=passed)
        if self._cache.drops(step.key) != drops:
            # Somebody dropped it while AWS was asked: whoever asked gets this one, nobody keeps it.
            return made
        if step is plan.last:
            # Before the session itself: who sees that looks for it under what was asked for.
            self._memory.keep_occasion(plan.name, plan.occasion, made.expiration)
        self.keep(made, step)
        if asked.watched and held is None:
            self._cache.touch(made.key, self._clock.now())
        what = of_session("renew" if held else "assume", made)
        self._ledger.record(what if step is plan.last else what._replace(text=f"on the way to {plan.name}"))
        return made

    def _tell_failure(self, plan: Plan, step: Step, error: StsuiError, renewing: bool) -> None:
        doing = "renewing" if renewing else "assuming"
        whole = f"{error.word} while {doing} {step.role}: {error.sentence}"
        self._ledger.record(
            Event(
                "failure", plan.name, account_id=plan.role.account_id, text=whole, reason=plan.occasion.reason
            )
        )

    def forget(self, key: str) -> None:
        """Somebody found out that AWS refuses it."""
        self._cache.remove(key)

    @contextmanager
    def _flight(self, key: str, wait: float) -> Iterator[bool]:
        """One thread of this process, then one process of the machine."""
        with self._guard:
            flight = self._flights.setdefault(key, threading.Lock())
        if not flight.acquire(timeout=wait):
            yield False
            return
        try:
            with self._cache.lock(key, wait) as ours:
                yield ours
        finally:
            flight.release()


def _is_another(seen: Session | None, held: Session | None) -> TypeGuard[Session]:
    """Somebody made a session meanwhile; a fact that was found out about the held one makes none."""
    if seen is None or held is None:
        return seen is not None
    return _making(seen) != _making(held)


def _making(session: Session) -> tuple[str, int, int]:
    return session.credentials.access_key_id, session.issued_at, session.expiration


class _Above:
    """The session that signs a step; remembers whether it was this one that failed."""

    def __init__(self, flights: Flights, plan: Plan, index: int, asked: Asked) -> None:
        self._flights, self._plan, self._index, self._asked = flights, plan, index - 1, asked
        self.failed = False

    def session(self) -> Session:
        try:
            return self._flights.session(self._plan, self._index, self._asked)
        except StsuiError:
            self.failed = True
            raise

    def forget(self) -> None:
        self._flights.forget(self._plan.steps[self._index].key)


def _good(session: Session, now: float, min_ttl: int) -> bool:
    return refresh.is_fresh(session, now) and session.left(now) >= min_ttl
