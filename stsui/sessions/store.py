"""SessionStore: a role's session, from the cache while it is good, else from STS.

One flight per session on the machine: whoever needs a new one takes the lock, looks again, and only then
calls; everybody else reads what that one wrote. The store never asks a person anything: it raises
`MfaRequired`, `SignInRequired` or `ConfirmationRequired`, and whoever asked comes back with the answer.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from stsui.config.catalog import Catalog
from stsui.model.durations import short_duration
from stsui.model.errors import (
    ConfigError,
    KeysUnknown,
    RoleNotFound,
    SourceExpired,
    StoreError,
    StsuiError,
    Unavailable,
)
from stsui.model.session import Session
from stsui.sessions import failures, refresh
from stsui.sessions.actions import Actions
from stsui.sessions.cache import Cache
from stsui.sessions.clock import Clock
from stsui.sessions.maker import STEPS_DOWN, Code, Maker, StepDown, Upstream, mismatch
from stsui.sessions.memory import Memory
from stsui.sessions.plan import Plan, Setting, make_plan

LOCK_WAIT = 60.0
LOOK = 0.25
"""Seconds between two looks at what the one who holds the lock may have had."""
EXPIRED_KEPT = 86_400


class SessionStore:
    """Every way to a session leads through `assume`."""

    def __init__(
        self,
        catalog: Catalog,
        cache: Cache,
        connect: Callable[[], Actions],
        clock: Clock,
        memory: Memory,
        setting: Setting = Setting(),  # noqa: B008 - a value, never changed
    ) -> None:
        """`connect` is called when STS is first needed, never for what the cache can answer."""
        self.catalog = catalog
        self.clock = clock
        self.cache = cache
        self._maker = Maker(connect, clock, memory)
        self._memory = memory
        self._setting = setting
        self._plans: dict[str, Plan] = {}
        self._flights: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        self._warning = ""

    # What is held

    def assume(
        self,
        role: str,
        variant: str | None = None,
        code: str | None = None,
        *,
        refresh: bool = False,
        min_ttl: int = 0,
        strict: bool = False,
    ) -> Session:
        """The session of a role, not about to end.

        Args:
            code: Six digits for the device that the last `MfaRequired` named.
            refresh: Ask STS even though the held session is good.
            min_ttl: Seconds that have to be left.
            strict: Raise when a renewal fails although the held session can still be used.

        Raises:
            StsuiError: Any of them; what was held and is still good is kept.
        """
        if variant:
            raise ConfigError(f'{role} has no variant "{variant}".', role=role)
        request = _Request(Code(code), refresh, min_ttl, strict)
        for _ in range(len(STEPS_DOWN) + 1):
            plan = self.plan(role)
            try:
                session = self._session(plan, len(plan.steps) - 1, request)
            except StepDown as lower:
                self._plans = {}
                if lower.code_spent:
                    raise lower.next_code(role, plan.mfa_serial) from lower.error
                continue
            if session.left(self.clock.now()) < min_ttl:
                raise ConfigError(
                    f"A new session of {role} lasts {short_duration(int(session.left(self.clock.now())))}, "
                    f"less than the {short_duration(min_ttl)} asked for.",
                    role=role,
                )
            return session._replace(role=role)
        raise Unavailable(f"{role}: AWS refused every duration down to one hour.", role=role)

    def peek(self, role: str, variant: str | None = None) -> Session | None:
        """What is held of a role and not expired; no lock, no network, no error."""
        try:
            session = self.cache.read(self.plan(role, variant).last.key)
        except StsuiError:
            return None
        return session._replace(role=role) if session and session.left(self.clock.now()) > 0 else None

    def held(self) -> dict[str, Session]:
        """Every kept session by role name, those expired within a day too; older ones are removed."""
        found: dict[str, Session] = {}
        horizon = self.clock.now() - EXPIRED_KEPT
        for key in self.cache.entries():
            session = self.cache.read(key)
            if session is not None and session.expiration < horizon:
                self.cache.remove(key)
                continue
            if session is None or session.role not in self.catalog.roles:
                continue
            try:
                planned = self.plan(session.role).last.key
            except StsuiError:
                continue
            if planned == key:
                found[session.role] = session
        return found

    def verify(self, role: str) -> Session:
        """The held session with what GetCallerIdentity says now.

        Raises:
            IdentityMismatch: Another account answered than the role's; the session is dropped.
            StsuiError: There is none, or AWS did not answer.
        """
        plan = self.plan(role)
        session = self.cache.read(plan.last.key)
        if session is None or session.left(self.clock.now()) <= 0:
            raise ConfigError(f"{role} has no live session.", hint=f"stsui assume {role}", role=role)
        step = plan.last
        try:
            identity = self._maker.actions().identity(session.credentials, step)
        except (SourceExpired, KeysUnknown):
            # Revoked or from a store of yesterday: of no use to anyone.
            self.cache.remove(step.key)
            raise
        if session.account_id and identity.account_id != session.account_id:
            self.cache.remove(step.key)
            raise mismatch(role, identity.account_id, session.account_id)
        verified = session._replace(
            identity=identity, verified_at=int(self.clock.now()), account_id=identity.account_id
        )
        with self.cache.lock(step.key, LOCK_WAIT):
            now_held = self.cache.read(step.key)
            if now_held and now_held.credentials.access_key_id == session.credentials.access_key_id:
                self._keep(verified)
        return verified._replace(role=role)

    def drop(self, role: str) -> bool:
        """Forgets a role's session here and on disk; copies that were handed out live until they expire."""
        return self.cache.remove(self.plan(role).last.key)

    def drop_all(self) -> int:
        """Forgets every session, those of roles that are no longer configured too; how many."""
        return sum(self.cache.remove(key) for key in self.cache.entries())

    # What could be

    def plan(self, role: str, variant: str | None = None) -> Plan:
        """How the role is had, made once per catalog.

        Raises:
            ConfigError: It cannot be had; says why.
        """
        if variant:
            raise ConfigError(f'{role} has no variant "{variant}".', role=role)
        known = self._plans.get(role)
        if known is None:
            if role not in self.catalog.roles:
                from stsui.model.text import nearest

                raise RoleNotFound(role, nearest(role, self.catalog.roles))
            ceilings = self._memory.ceilings(self.clock.now())
            known = self._plans[role] = make_plan(self.catalog, role, self._setting, ceilings=ceilings)
        return known

    def reload(self, catalog: Catalog) -> None:
        """Takes a newly read catalog; sessions stay where what shapes them is unchanged."""
        self.catalog = catalog
        self._plans = {}

    def confirm(self, token: str) -> None:
        """Remembers a person's yes to what a `ConfirmationRequired` showed."""
        self._memory.confirm(token, self.clock.now())

    def current(self) -> str:
        """The role that a bare `export` gives; empty when none is, or it is configured no more."""
        role = self._memory.current()
        return role if role in self.catalog.roles else ""

    def set_current(self, role: str) -> None:
        """Makes the role current on this machine."""
        self._memory.set_current(role)

    def stamp(self) -> tuple[int, str]:
        """Changes when any process keeps or drops a session or chooses another current role."""
        return self.cache.stamp(), self._memory.current()

    def renew_at(self, session: Session) -> float:
        """Unix time from which the session is renewed."""
        return refresh.renew_at(session)

    def due(self, session: Session, now: float) -> bool:
        """Whether it is time to renew."""
        return not refresh.is_fresh(session, now)

    def back_off(self, failed: int, session: Session) -> float:
        """Seconds until the next try after that many failures in a row."""
        return refresh.back_off(failed, session.key)

    def warnings(self) -> tuple[str, ...]:
        """What is wrong with keeping sessions, while it is."""
        return (self._warning,) if self._warning else ()

    def clock_offset(self) -> float:
        """AWS's time minus this computer's in seconds, by the last answer; 0 until one came."""
        return self._maker.offset

    # One flight

    def _session(self, plan: Plan, index: int, request: "_Request") -> Session:
        """The session of one step, by the windows of `refresh`."""
        step = plan.steps[index]
        if index < len(plan.steps) - 1:
            # What was asked holds for the role itself; a hop above it only has to be able to sign.
            request = request._replace(refresh=False, min_ttl=0, strict=False)
        now = self.clock.now()
        held = self.cache.read(step.key)
        if held is not None and not request.refresh and _good(held, now, request.min_ttl):
            return held
        usable = held is not None and not request.refresh and refresh.is_usable(held, now)
        usable = usable and held is not None and held.left(now) >= request.min_ttl
        end = time.monotonic() + LOCK_WAIT
        while True:
            with self._flight(step.key, 0.0 if usable else LOOK) as ours:
                if ours:
                    return self._renew(plan, index, request, held, usable)
            if usable and held is not None:
                return held
            # Among a thousand who wait, the lock comes late; what the first one had is there long before.
            seen = self.cache.read(step.key)
            if seen is not None and seen != held and _good(seen, self.clock.now(), request.min_ttl):
                return seen
            if time.monotonic() > end:
                raise Unavailable(
                    f"Another process has been fetching {step.role} for {LOCK_WAIT:.0f} s.", role=step.role
                )

    def _renew(
        self, plan: Plan, index: int, request: "_Request", held: Session | None, usable: bool
    ) -> Session:
        """The second look, then the call; under the lock."""
        step = plan.steps[index]
        again = self.cache.read(step.key)
        replaced = again is not None and (held is None or again.issued_at > held.issued_at or again != held)
        if again is not None and replaced and _good(again, self.clock.now(), request.min_ttl):
            return again
        lenient = usable and not request.strict and not request.code.given
        shared = self.cache.failure(step.key)
        try:
            if not request.code.given and not request.refresh:
                spare = held.left(self.clock.now()) - refresh.last_window(held) if lenient and held else 0.0
                failures.honour(shared, self.clock.now(), spare)
        except StsuiError:
            if lenient and held is not None:
                return held
            raise
        try:
            made = self._make(plan, index, request, once=lenient)
        except StsuiError as error:
            failures.remember(self.cache, step.key, error, self.clock.now(), shared)
            if lenient and held is not None:
                return held
            raise
        if shared:
            self.cache.forget_failure(step.key)
        return made

    def _make(self, plan: Plan, index: int, request: "_Request", *, once: bool) -> Session:
        upstream = None
        if index:
            above = plan.steps[index - 1].key
            upstream = Upstream(lambda: self._session(plan, index - 1, request), lambda: self._forget(above))
        session = self._maker.make(plan, plan.steps[index], request.code, upstream, once=once)
        self._keep(session)
        return session

    @contextmanager
    def _flight(self, key: str, wait: float) -> Iterator[bool]:
        """One thread of this process, then one process of the machine."""
        with self._guard:
            flight = self._flights.setdefault(key, threading.Lock())
        if not flight.acquire(timeout=wait):
            yield False
            return
        try:
            with self.cache.lock(key, wait) as ours:
                yield ours
        finally:
            flight.release()

    def _forget(self, key: str) -> None:
        self.cache.remove(key)

    def _keep(self, session: Session) -> None:
        """Writes it; what cannot be written is delivered all the same, and said."""
        try:
            self.cache.write(session)
            self._warning = ""
        except StoreError as error:
            self._warning = error.sentence


class _Request(NamedTuple):
    code: Code
    refresh: bool
    min_ttl: int
    strict: bool


def _good(session: Session, now: float, min_ttl: int) -> bool:
    return refresh.is_fresh(session, now) and session.left(now) >= min_ttl
