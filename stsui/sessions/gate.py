"""The one place that every way out asks: may this session be given out like that, and who was given it.

The rules are `guard`'s; here are the facts they need: what is held, what was passed for it, how long nobody
used it. Nobody is asked anything here: whoever comes has a person, or has none.
"""

from stsui.model.durations import short_duration
from stsui.model.errors import ConfirmationRequired, GuardRefused, StsuiError
from stsui.model.roles import Guard, Rules
from stsui.model.session import Session
from stsui.sessions.guard import Request, Verdict, Way, judge, passes
from stsui.sessions.ledger import of_session
from stsui.sessions.store import SessionStore
from stsui.sessions.wanted import Wanted


class Gate:
    """Guards of every session, over the store."""

    def __init__(self, store: SessionStore) -> None:
        self._store = store

    def judge(
        self, name: str, way: Way, *, person: bool, offered: Guard = "none", reason: str = ""
    ) -> Verdict:
        """What has to happen before the session is given out on that way.

        Args:
            person: Somebody is there who can be asked.
            offered: What the person has done just now.
            reason: What the person has just given as the reason.

        Raises:
            ConfigError: There is no such session.
        """
        meant, rules, held = self._facts(name)
        return judge(rules, self._request(meant, held, way, person, offered, reason))

    def admit(self, name: str, way: Way, *, person: bool, offered: Guard = "none", reason: str = "") -> Guard:
        """Goes on only when nothing is left to do; what was passed just now, for `SessionStore.assume`.

        Raises:
            ConfirmationRequired: A person has to do something first; says what.
            GuardRefused: It is not given out on that way.
        """
        meant, rules, held = self._facts(name)
        request = self._request(meant, held, way, person, offered, reason)
        verdict = judge(rules, request)
        if not verdict.allowed:
            raise self.refusal(meant.name, verdict)
        return passes(rules, request)

    def refusal(self, name: str, verdict: Verdict) -> StsuiError:
        """The verdict as an error: its sentence, and what to type."""
        meant = self._store.named(name)
        account = self._account(meant)
        if verdict.refused and verdict.guard == "none" and not verdict.reason:
            return GuardRefused(meant.name, f"{meant.name}{account} {verdict.refused}.")
        level = "reason" if verdict.guard == "none" else verdict.guard
        why = verdict.refused or (
            "wants a reason first" if level == "reason" else "wants a person's yes first"
        )
        error = ConfirmationRequired(
            meant.name, f"{meant.name}{account} {why}.", token="", shown=self.shown(meant), level=level
        )
        hint = f"stsui assume {meant.name}"
        hint += " --yes" if verdict.guard == "again" else ""
        error.hint = hint + (' --reason "…"' if verdict.reason else "")
        return error

    def passed(self, session: Session, guard: Guard) -> None:
        """A person passed the guard of a session."""
        if guard != "none":
            self._store.ledger.record(of_session("guard", session)._replace(text=f"passed: {guard}"))

    def handed(self, session: Session, way: Way, to: str = "") -> None:
        """The session was given out: noted for whoever asks later, and the session counts as used."""
        self.told(session, way, to)
        self.touch(session)

    def told(self, session: Session, way: Way, to: str) -> None:
        """Noted, of a session that was given out before and counted as used then."""
        self._store.ledger.record(of_session("hand-over", session)._replace(way=way, to=to))

    def touch(self, session: Session) -> None:
        """Somebody uses the session; only where that matters."""
        if self._store.rules(session.role).idle_limit:
            self._store.cache.touch(session.key, self._store.clock.now())

    def drop_idle(self) -> list[str]:
        """Drops what nobody used for as long as its rules allow; the names."""
        if not self._may_be_idle():
            return []
        return [name for name, held in self._store.held().items() if self._dropped_if_idle(name, held)]

    def shown(self, meant: Wanted) -> str:
        """What has to be typed where a guard wants that: the account's name, or its id."""
        account = self._store.catalog.accounts.get(meant.role.account_id)
        return (account.name if account else "") or meant.role.account_id or meant.role.name

    def _facts(self, name: str) -> tuple[Wanted, Rules, Session | None]:
        meant = self._store.named(name)
        held = self._store.peek(meant.name)
        if held is not None and self._dropped_if_idle(meant.name, held):
            held = None
        return meant, self._store.rules(meant.name), held

    def _request(
        self, meant: Wanted, held: Session | None, way: Way, person: bool, offered: Guard, reason: str
    ) -> Request:
        ended = self._store.ended(meant.name) if held is None else 0
        if way == "process" and not meant.variant:
            # A profile of the AWS files is there for good; only what was limited ends for it too.
            ended = 0
        reason = reason or (held.reason if held else "")
        ends = held is not None and held.ends and way == "renewal"
        passed = held.passed if held else "none"
        live = held is not None and not ends
        return Request(
            way, person, live, passed, offered, reason, held.expiration if ends and held else ended
        )

    def _dropped_if_idle(self, name: str, held: Session) -> bool:
        limit = self._store.rules(name).idle_limit
        now = self._store.clock.now()
        if not limit or held.left(now) <= 0:
            return False
        used = self._store.cache.used_at(held.key)
        if not used:
            self._store.cache.touch(held.key, now)
        elif now - used > limit:
            self._store.drop(name, f"nobody used it for {short_duration(limit)} (idle_limit)")
            return True
        return False

    def _may_be_idle(self) -> bool:
        catalog = self._store.catalog
        every = (*catalog.guards.values(), *catalog.rules.values())
        return any(a.idle_limit for a in catalog.accounts.values()) or any("idle_limit" in r for r in every)

    def _account(self, meant: Wanted) -> str:
        account = self._store.catalog.accounts.get(meant.role.account_id)
        if account is None:
            return ""
        parts = (account.environment, account.name or account.account_id)
        return f" ({' '.join(part for part in parts if part)})"
