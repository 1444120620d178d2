"""SessionStore: a role's session, from the cache while it is good, else from STS.

A session is named by its role, or `ROLE@VARIANT` where it is limited. The store never asks a person
anything: it raises `MfaRequired`, `SignInRequired` or `ConfirmationRequired`, and whoever asked comes back
with the answer. Whether a session may be given out at all is `gate`'s to say.
"""

import contextlib
from collections.abc import Callable, Mapping

from stsui.config.catalog import Catalog
from stsui.config.guards import rules_of
from stsui.config.variants import Limit, checked
from stsui.model.durations import short_duration
from stsui.model.errors import ConfigError, KeysUnknown, SourceExpired, StsuiError, Unavailable
from stsui.model.roles import Guard, Policy, Role, Rules, Source
from stsui.model.session import Session
from stsui.sessions import refresh, wanted
from stsui.sessions.actions import Actions
from stsui.sessions.cache import Cache
from stsui.sessions.clock import Clock
from stsui.sessions.flights import LOCK_WAIT, Asked, Flights
from stsui.sessions.guard import rank
from stsui.sessions.ledger import Event, Ledger, of_session
from stsui.sessions.maker import STEPS_DOWN, Code, Maker, StepDown, mismatch
from stsui.sessions.memory import Memory
from stsui.sessions.plan import Plan, Step
from stsui.sessions.planning import Setting, make_plan
from stsui.sessions.wanted import Occasion, Wanted

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
        ledger: Ledger,
        setting: Setting = Setting(),  # noqa: B008 - a value, never changed
    ) -> None:
        """`connect` is called when STS is first needed, never for what the cache can answer."""
        self.catalog = catalog
        self.clock = clock
        self.cache = cache
        self.ledger = ledger
        self._maker = Maker(connect, clock, memory)
        self._flights = Flights(cache, self._maker, memory, clock, ledger, setting.callers)
        self._memory = memory
        self._setting = setting
        self._plans: dict[tuple[str, Occasion], Plan] = {}

    # Which session is meant

    @property
    def policies(self) -> Mapping[str, Policy]:
        """Those of the config, and limits that were made for one use."""
        return {**self._memory.limits(), **self.catalog.policies}

    def named(self, text: str, variant: str | None = None) -> Wanted:
        """The session that `ROLE`, `ROLE@VARIANT` or a role and its variant mean.

        Raises:
            ConfigError: There is no such role or policy.
        """
        if variant:
            text = f"{text}@{variant}"
        # Limits of one use are looked up only where one is named: the bare name is the fast way.
        policies = self.policies if "@" in text else self.catalog.policies
        return wanted.read(self.catalog, policies, text)

    def rules(self, name: str) -> Rules:
        """What holds for the role of a session."""
        return rules_of(self.catalog, self.named(name).role)

    def limit_once(self, role: Role, limit: Limit) -> str:
        """The name of a variant for a limit that the config does not have.

        Raises:
            InvalidParameter: STS would refuse it.
        """
        name, policy = wanted.made_for_once(checked(role, limit))
        self._memory.keep_limit(policy, self.clock.now())
        return name

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
        occasion: Occasion | None = None,
        passed: Guard = "none",
    ) -> Session:
        """The session of a role, not about to end.

        Args:
            role: `ROLE`, or `ROLE@VARIANT`.
            code: Six digits for the device that the last `MfaRequired` named.
            refresh: Ask STS even though the held session is good.
            min_ttl: Seconds that have to be left.
            strict: Raise when a renewal fails although the held session can still be used.
            occasion: What is asked for this once; None: what was asked for the session that is held.
            passed: The guard that a person has just passed for it.

        Raises:
            StsuiError: Any of them; what was held and is still good is kept.
        """
        meant = self.named(role, variant)
        name, watched = meant.name, bool(rules_of(self.catalog, meant.role).idle_limit)
        before = self.plan(name).last.key if occasion is not None else ""
        session = self._had(name, Asked(Code(code), refresh, min_ttl, strict, passed, watched), occasion)
        if before and before != session.key:
            # Nobody would find it any more: the name means the new one now.
            self.cache.remove(before)
        if rank(passed) > rank(session.passed):
            session = session._replace(passed=passed)
            self._change(session, self.plan(name).last, lambda held: held._replace(passed=passed))
        return session

    def _had(self, name: str, asked: Asked, occasion: Occasion | None) -> Session:
        for _ in range(len(STEPS_DOWN) + 1):
            plan = self.plan(name, occasion=occasion)
            try:
                session = self._flights.session(plan, len(plan.steps) - 1, asked)
            except StepDown as lower:
                self._plans = {}
                if lower.code_spent:
                    raise lower.next_code(name, plan.mfa_serial) from lower.error
                continue
            left = session.left(self.clock.now())
            if left < asked.min_ttl:
                raise ConfigError(
                    f"A new session of {name} lasts {short_duration(int(left))}, "
                    f"less than the {short_duration(asked.min_ttl)} asked for.",
                    role=name,
                )
            return session._replace(role=name)
        raise Unavailable(f"{name}: AWS refused every duration down to one hour.", role=name)

    def peek(self, role: str, variant: str | None = None) -> Session | None:
        """What is held of a role and not expired; no lock, no network, no error."""
        try:
            plan = self.plan(role, variant)
        except StsuiError:
            return None
        session = self.cache.read(plan.last.key)
        return session._replace(role=plan.name) if session and session.left(self.clock.now()) > 0 else None

    def held(self) -> dict[str, Session]:
        """Every kept session by its name, those expired within a day too; older ones are removed."""
        found: dict[str, Session] = {}
        horizon = self.clock.now() - EXPIRED_KEPT
        for key in self.cache.entries():
            session = self.cache.read(key)
            if session is not None and session.expiration - session.clock_offset < horizon:
                self.cache.remove(key)
                continue
            if session is None:
                continue
            try:
                plan = self.plan(session.role)
            except StsuiError:
                continue
            if plan.last.key == key:
                found[plan.name] = session._replace(role=plan.name)
        return found

    def verify(self, role: str) -> Session:
        """The held session with what GetCallerIdentity says now.

        Raises:
            IdentityMismatch: Another account answered than the role's; the session is dropped.
            StsuiError: There is none, or AWS did not answer.
        """
        plan = self.plan(role)
        name, step = plan.name, plan.last
        session = self.cache.read(step.key)
        if session is None or session.left(self.clock.now()) <= 0:
            raise ConfigError(f"{name} has no live session.", hint=f"stsui assume {name}", role=name)
        try:
            identity = self._maker.actions().identity(session.credentials, step)
        except (SourceExpired, KeysUnknown) as error:
            # Revoked or from a store of yesterday: of no use to anyone.
            self._drop_if_held(session._replace(role=name), f"AWS refuses it ({error.word})")
            raise
        if session.account_id and identity.account_id != session.account_id:
            self._drop_if_held(session._replace(role=name), f"AWS says it is of {identity.account_id}")
            raise mismatch(name, identity.account_id, session.account_id)
        verified = session._replace(
            identity=identity, verified_at=int(self.clock.now()), account_id=identity.account_id
        )
        self._change(verified, step, lambda held: verified._replace(passed=held.passed))
        return verified._replace(role=name)

    def _change(self, session: Session, step: Step, change: Callable[[Session], Session]) -> None:
        """Another fact about a kept session, unless it was renewed or dropped meanwhile."""
        with self.cache.lock(session.key, LOCK_WAIT):
            held = self.cache.read(session.key)
            if held and held.credentials.access_key_id == session.credentials.access_key_id:
                self._flights.keep(change(held), step)

    def drop(self, role: str, why: str = "") -> bool:
        """Forgets a session here and on disk; copies that were handed out live until they expire.

        Args:
            why: Where it was nobody's wish, for the ledger.
        """
        plan = self.plan(role)
        session = self.cache.read(plan.last.key)
        self._memory.forget_occasion(plan.name)
        if session is None:
            return self.cache.drop(plan.last.key)
        return self._drop(session._replace(role=plan.name), why)

    def drop_below(self, mine: Callable[[Source], bool], why: str) -> int:
        """Forgets every session whose chain begins at such a source; how many they were.

        Args:
            why: For the ledger.
        """
        keys: set[str] = set()
        for key in self.cache.entries():
            session = self.cache.read(key)
            try:
                plan = self.plan(session.role) if session else None
            except StsuiError:
                continue
            if plan is not None and mine(plan.chain.source):
                keys.update(step.key for step in plan.steps)
        dropped = sum(self.cache.drop(key) for key in keys)
        if dropped:
            self.ledger.record(Event("drop", text=f"{why} ({dropped})"))
        return dropped

    def renew_root(self, role: str, code: str | None = None) -> Session:
        """A new session of the step on the way to a role that takes a code, whatever is left of the old one.

        Raises:
            MfaRequired: The code is missing, or cannot be used (yet).
            StsuiError: Anything else; what was held is kept.
        """
        plan = self.plan(role)
        index = next((n for n, step in enumerate(plan.steps) if step.mfa_serial), None)
        if index is None:
            raise ConfigError(f"{role} takes no code.", role=role)
        if index == len(plan.steps) - 1:
            return self.assume(role, code=code, refresh=True, strict=True)
        below = plan._replace(steps=plan.steps[: index + 1])
        return self._flights.session(below, index, Asked(Code(code), refresh=True, strict=True))

    def drop_all(self) -> int:
        """Forgets every session, those of roles that are no longer configured too; how many."""
        self._memory.forget_occasions()
        dropped = self.cache.drop_all()
        if dropped:
            self.ledger.record(Event("drop", text=f"every session ({dropped})"))
        return dropped

    def _drop_if_held(self, session: Session, why: str) -> None:
        """Only this one: an answer that took long may speak of a session that was renewed meanwhile."""
        held = self.cache.read(session.key)
        if held is not None and held.credentials.access_key_id == session.credentials.access_key_id:
            self._drop(session, why)

    def _drop(self, session: Session, why: str) -> bool:
        gone = self.cache.drop(session.key)
        if gone:
            self.ledger.record(of_session("drop", session)._replace(text=why))
        return gone

    def actions(self) -> Actions:
        """AWS, for what is asked of it beside sessions; connected to when first needed."""
        return self._maker.actions()

    # What could be

    def plan(self, role: str, variant: str | None = None, occasion: Occasion | None = None) -> Plan:
        """How a session is had.

        Args:
            occasion: What would be asked for this once; None: what was asked for the one that is held.

        Raises:
            ConfigError: It cannot be had; says why.
        """
        meant = self.named(role, variant)
        if occasion is None:
            occasion = self._memory.occasion(meant.name, self.clock.now())
        known = self._plans.get((meant.name, occasion))
        if known is None:
            known = self._plans[meant.name, occasion] = make_plan(
                self.catalog,
                meant.role.name,
                self._setting,
                ceilings=self._memory.ceilings(self.clock.now()),
                session=meant.name,
                limit=wanted.limit(self.policies if meant.variant else {}, meant),
                occasion=occasion,
            )
        return known

    def reload(self, catalog: Catalog) -> None:
        """Takes a newly read catalog; sessions stay where what shapes them is unchanged."""
        self.catalog = catalog
        self._plans = {}

    def confirm(self, token: str) -> None:
        """Remembers a person's yes to what a `ConfirmationRequired` showed."""
        self._memory.confirm(token, self.clock.now())

    def is_confirmed(self, token: str) -> bool:
        """Whether a person said yes to it."""
        return self._memory.is_confirmed(token)

    def current(self) -> str:
        """The session that a bare `export` gives; empty when none is, or its role is configured no more."""
        text = self._memory.current()
        try:
            return self.named(text).name if text else ""
        except ConfigError:
            return ""

    def set_current(self, role: str) -> None:
        """Makes the session current on this machine."""
        with contextlib.suppress(ConfigError):
            role = self.named(role).name
        if role != self._memory.current():
            self._memory.set_current(role)
            self.ledger.record(Event("re-point", role, to="current"))

    def ended(self, name: str) -> int:
        """Unix time at which a session ended as it was asked to, within the last day; 0: none did."""
        return self._memory.ended(name, self.clock.now())

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
        return tuple(warning for warning in (self._flights.warning, self.cache.warning) if warning)

    def clock_offset(self) -> float:
        """AWS's time minus this computer's in seconds, by the last answer; 0 until one came."""
        return self._maker.offset
