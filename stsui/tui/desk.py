"""Starts calls for roles and takes their ends into the state; knows nothing of the screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from stsui.model.errors import (
    CodeRefused,
    ConfigError,
    IdentityMismatch,
    KeysUnknown,
    MfaRequired,
    SourceExpired,
    StsuiError,
    Throttled,
)
from stsui.model.session import Session
from stsui.tui import renewal
from stsui.tui.calls import AT_ONCE, Calls
from stsui.tui.messages import CallFailed, DiskRead, SessionHad, Verified, VerifyFailed
from stsui.tui.rows import short_clock
from stsui.tui.state import Flight, State, Trouble, Wish, needs_person

if TYPE_CHECKING:
    from stsui.tui.services import Services

NOT_BY_ITSELF = 60.0
"""Seconds until it is looked at again whether a session may be renewed by itself."""


class Failure(NamedTuple):
    """What became of a call that failed, for whoever shows it."""

    role: str
    error: StsuiError
    asked: bool
    """Somebody pressed a key for it."""
    renewing: bool
    make_current: bool
    wish: Wish = Wish()
    """What the call was asked for; it is asked again for the same."""


class Desk:
    """The only one who changes sessions, flights and troubles of the state."""

    def __init__(self, services: Services, state: State, calls: Calls, now: Callable[[], float]) -> None:
        self._services, self._state, self._calls, self._now = services, state, calls, now
        self._number = 0
        self._first_due = renewal.FirstDue(services.store.renew_at)

    def assume(
        self,
        role: str,
        *,
        code: str = "",
        refresh: bool = False,
        make_current: bool = False,
        wish: Wish = Wish(),  # noqa: B008 - a value, never changed
    ) -> int:
        """Starts a call that somebody waits for; its number, or 0 where one is under way already."""
        state = self._state
        flight = state.flights.get(role)
        if flight is not None and not code:
            state.flights[role] = flight._replace(
                asked=True,
                make_current=flight.make_current or make_current,
                visible=True,
                wish=flight.wish._replace(slot=wish.slot or flight.wish.slot),
            )
            return 0
        number = self._take_off(role, asked=True, renewing=refresh, make_current=make_current, wish=wish)
        self._calls.assume(role, number, wish, code=code, refresh=refresh)
        return number

    def renew_due(self) -> list[tuple[str, int]]:
        """Starts what is to be renewed now, a few at once; roles and their numbers."""
        started: list[tuple[str, int]] = []
        if not self._first_due.is_past(self._state) and not self._state.troubles:
            return started
        at_once = self._state.pace.at_once(self._state.now, AT_ONCE)
        for role in renewal.due(self._state, self._services.store.due):
            if self._calls.renewing >= at_once:
                break
            if not self._may_renew(role):
                self._state.not_before[role] = self._state.now + NOT_BY_ITSELF
                continue
            number = self._take_off(role, asked=False, renewing=True, make_current=False)
            session = self._state.sessions[role]
            self._calls.renew(role, number, anew=not self._services.store.due(session, self._state.now))
            started.append((role, number))
        return started

    def _may_renew(self, role: str) -> bool:
        """Whether the rules let it be renewed by itself; what the config has no more is left to end."""
        try:
            return not self._services.gate.judge(role, "renewal", person=False).refused
        except ConfigError:
            return False

    def make_current(self, role: str) -> None:
        """A plain `stsui export` gives this role from now on."""
        state = self._state
        state.used[role] = state.now
        if state.current != role:
            state.current = role
            state.version += 1
            state.log(role, "current")
        self._calls.tell(lambda: self._services.store.set_current(role))

    def point(self, slot: str, role: str) -> None:
        """Leads a shell's slot to the session, which is there."""
        self._state.log(role, "re-pointed", f"slot {slot}")
        said = f"{slot} leads to {role} from its next fetch on."
        self._calls.tell(lambda: self._services.live.point(slot, role) and None, said)

    def cancel(self, role: str) -> bool:
        """Stops waiting; whether somebody did. A session that still comes is kept, and not made current."""
        flight = self._state.flights.get(role)
        if flight is None or not flight.asked:
            return False
        del self._state.flights[role]
        self._state.log(role, "cancelled")
        return True

    def drop(self, role: str) -> None:
        """Forgets a role's session."""
        state = self._state
        state.flights.pop(role, None)
        state.sessions.pop(role, None)
        state.troubles.pop(role, None)
        state.seen_live.discard(role)
        state.version += 1
        state.log(role, "dropped")
        self._calls.tell(partial(self._drop, role))

    def _drop(self, role: str) -> None:
        self._services.store.drop(role)
        self._services.remove_copies(role)

    def drop_all(self, *, sign_out: bool = False) -> None:
        """Forgets every session, and with `sign_out` the sign-ins below them."""
        state = self._state
        for table in (state.flights, state.sessions, state.troubles):
            table.clear()
        state.seen_live.clear()
        state.version += 1
        state.log("", "dropped every session")
        self._calls.tell(lambda: f"{self._services.forget_everything(sign_out=sign_out)}.")

    def verify(self, role: str, *, asked: bool) -> bool:
        """Asks AWS who the session is; whether there is one to ask about."""
        if self._state.live(role) is None:
            return False
        if role not in self._state.verifying:
            self._state.verifying.add(role)
            self._calls.verify(role, asked)
        return True

    def show_flight(self, role: str, number: int) -> bool:
        """A call that takes longer is shown; whether it is still under way."""
        flight = self._state.flights.get(role)
        if flight is None or flight.number != number:
            return False
        self._state.flights[role] = flight._replace(visible=True)
        return True

    def had(self, message: SessionHad) -> bool:
        """A call ended well; whether somebody waited for it."""
        state, role = self._state, message.role
        flight = self._land(role, message.number)
        if role not in state.entries:
            return False
        before = state.sessions.get(role)
        new = (
            before is None
            or message.session.issued_at != before.issued_at
            or before.key != message.session.key
        )
        state.keep(role, message.session)
        state.not_before.pop(role, None)
        if flight is not None and flight.asked:
            wish, session = flight.wish, message.session
            self._calls.tell(lambda: self._services.gate.passed(session, wish.passed))
        if flight is None:
            return False
        if new:
            state.pace = state.pace.answered()
            until = message.session.expiration - message.session.clock_offset
            word = "renewed" if flight.renewing else "assumed"
            state.log(role, word, f"until {short_clock(until)}" if message.session.expiration else "")
        elif flight.renewing:
            # Another process holds the lock or was faster; look again soon.
            state.not_before[role] = state.now + renewal.LOOK_AGAIN
        if flight.make_current:
            self.make_current(role)
        if flight.wish.slot:
            self.point(flight.wish.slot, role)
        if message.session.identity is None:
            self.verify(role, asked=False)
        return flight.asked

    def failed(self, message: CallFailed) -> Failure | None:
        """A call failed; None where nobody waits for it any more."""
        state, role = self._state, message.role
        flight = self._land(role, message.number)
        if flight is None or role not in state.entries:
            return None
        error = message.error
        if isinstance(error, CodeRefused):
            error = self._code_refused(role, error)
        before = state.troubles.get(role)
        failures = before.failures + 1 if before and before.error.word == error.word else 1
        session = state.sessions.get(role)
        next_try = 0.0
        if error.repeatable and session is not None and role in state.seen_live and state.renews(role):
            wait = self._services.store.back_off(failures, session)
            next_try = state.now + renewal.patience(wait, failures, session.left(state.now), error)
        if isinstance(error, Throttled):
            state.pace = state.pace.throttled(state.now, session.key if session else "0" * 8)
        if isinstance(error, IdentityMismatch):
            state.sessions.pop(role, None)
            state.version += 1
        state.troubles[role] = Trouble(error, state.now, failures, next_try)
        if not needs_person(error):
            # An outage is one line, however often it was tried.
            if failures == 1 or flight.asked:
                state.log(role, "renew failed" if flight.renewing else "failed", error.word)
        elif before is None:
            state.log(role, "waits", error.word)
        return Failure(role, error, flight.asked, flight.renewing, flight.make_current, flight.wish)

    def verified(self, message: Verified) -> None:
        """GetCallerIdentity answered."""
        state, role = self._state, message.role
        state.verifying.discard(role)
        held = state.sessions.get(role)
        if held and held.credentials.access_key_id == message.session.credentials.access_key_id:
            state.sessions[role] = message.session
            state.version += 1
            if message.asked:
                state.log(role, "verified")

    def verify_failed(self, message: VerifyFailed) -> None:
        """GetCallerIdentity did not answer, or for another account; then the session is gone."""
        state, role = self._state, message.role
        state.verifying.discard(role)
        if role not in state.entries:
            return
        if not message.error.repeatable:
            if isinstance(message.error, IdentityMismatch | KeysUnknown | SourceExpired):
                # The store has dropped it: it is of no use to anyone.
                state.sessions.pop(role, None)
                state.version += 1
            state.troubles[role] = Trouble(message.error, state.now)
        state.log(role, "verify failed", message.error.word)

    def disk(self, message: DiskRead) -> None:
        """What the disk holds, unless something was changed here while it was read."""
        state = self._state
        if message.version != state.version:
            self._calls.forget_look()
            return
        state.take_sessions(dict(message.sessions), message.current)

    def verify_all(self) -> None:
        """Asks about every live session that was never verified."""
        for session in self._state.live_by_expiry():
            if session.identity is None:
                self.verify(session.role, asked=False)

    def _take_off(
        self,
        role: str,
        *,
        asked: bool,
        renewing: bool,
        make_current: bool,
        wish: Wish = Wish(),  # noqa: B008 - a value, never changed
    ) -> int:
        self._number += 1
        self._state.flights[role] = Flight(
            self._now(), asked, renewing, make_current=make_current, number=self._number, wish=wish
        )
        if role not in self._state.entries:
            self._state.note_limited()
        return self._number

    def _land(self, role: str, number: int) -> Flight | None:
        flight = self._state.flights.get(role)
        if flight is None or flight.number != number:
            return None
        return self._state.flights.pop(role)

    def _code_refused(self, role: str, error: StsuiError) -> MfaRequired:
        """AWS refused the code: the row waits for the next one."""
        try:
            serial = self._services.store.plan(role).mfa_serial
        except StsuiError:
            serial = ""
        return MfaRequired(role, serial, reason=error.sentence)


def until_text(session: Session) -> str:
    """`until 15:24`, for sentences."""
    return f"until {short_clock(session.expiration - session.clock_offset)}" if session.expiration else ""
