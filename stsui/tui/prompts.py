"""Questions that AWS or a guard has for the person: one at a time, never what a code has answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import App
from textual.screen import Screen

from stsui.model.errors import ConfirmationRequired, MfaRequired, StsuiError
from stsui.model.roles import Account
from stsui.tui.desk import Desk, Failure
from stsui.tui.state import State

if TYPE_CHECKING:
    from stsui.tui.screens.mfa import MfaFacts
    from stsui.tui.services import Services


class Prompts:
    """A queue of failed calls that a person's answer cures, each of which somebody pressed a key for."""

    def __init__(
        self,
        app: App[None],
        desk: Desk,
        state: State,
        services: Services,
        start: Callable[[str, int], None],
    ) -> None:
        self._app, self._desk, self._state, self._services, self._start = app, desk, state, services, start
        self._waiting: list[Failure] = []
        self._open = False
        self._sent = ""

    def takes(self, error: StsuiError) -> bool:
        """Whether there is a question for that error."""
        return isinstance(error, MfaRequired | ConfirmationRequired)

    def ask(self, failure: Failure) -> None:
        """Asks as soon as the questions before are answered."""
        first = failure.role == self._sent
        if first:
            self._sent = ""
        self._waiting = [other for other in self._waiting if other.role != failure.role]
        self._waiting.insert(0 if first else len(self._waiting), failure)
        self._next()

    def had(self, role: str) -> None:
        """A session came: one code may have opened the others' way too, so they are tried before they ask."""
        if role != self._sent:
            return
        self._sent = ""
        again, self._waiting = self._waiting, []
        for failure in again:
            self._again(failure)

    def failed(self, role: str) -> None:
        """The call with the answer failed for another reason; the next question may come."""
        if role == self._sent:
            self._sent = ""
            self._next()

    def _next(self) -> None:
        if self._open or self._sent or not self._waiting:
            return
        failure = self._waiting[0]
        self._open = True
        if isinstance(failure.error, MfaRequired):
            self._app.push_screen(self._code_screen(failure, failure.error), self._code)
        elif isinstance(failure.error, ConfirmationRequired):
            self._app.push_screen(self._confirm_screen(failure, failure.error), self._confirmed)

    def _code(self, code: str | None) -> None:
        self._open = False
        failure = self._waiting.pop(0)
        if not code:
            # Whoever leaves one prompt of several has left the others too: the rows say what they wait for.
            self._waiting.clear()
            return
        self._sent = failure.role
        self._again(failure, code)

    def _confirmed(self, yes: bool | None) -> None:
        self._open = False
        failure = self._waiting.pop(0)
        error = failure.error
        if yes and isinstance(error, ConfirmationRequired):
            try:
                self._services.store.confirm(error.token)
            except StsuiError as problem:
                self._app.notify(problem.sentence, markup=False, severity="error")
            else:
                self._again(failure)
        self._next()

    def _again(self, failure: Failure, code: str = "") -> None:
        role = failure.role
        number = self._desk.assume(
            role,
            code=code,
            refresh=failure.renewing,
            make_current=failure.make_current,
            wish=failure.wish,
        )
        self._start(role, number)

    def _code_screen(self, failure: Failure, error: MfaRequired) -> Screen[str]:
        from stsui.tui.screens.mfa import MfaScreen

        entry, waiting = self._state.entries[failure.role], len(self._waiting)
        facts = mfa_facts(self._state, entry.name, entry.account.account_id, entry.detail, error)
        position = f"1 of {waiting}" if waiting > 1 else ""
        return MfaScreen(facts._replace(position=position), self._services.store.clock.now)

    def _confirm_screen(self, failure: Failure, error: ConfirmationRequired) -> Screen[bool]:
        from stsui.tui.screens.confirm import ConfirmScreen

        entry = self._state.entries[failure.role]
        body = [self._state.veiled(error.sentence), *(["", error.shown] if error.shown else [])]
        return ConfirmScreen(f"{entry.name} asks first ", body, "Allow", "Not now", entry.environment)


def mfa_facts(state: State, role: str, account_id: str, aws_role: str, error: MfaRequired) -> MfaFacts:
    """What the question for a code shows of a role, which need not be among the state's."""
    from stsui.tui.screens.mfa import MfaFacts

    account = state.catalog.accounts.get(account_id) or Account(account_id)
    return MfaFacts(
        role,
        account.environment,
        "  ".join(part for part in (account.name, state.masked(account_id)) if part),
        aws_role,
        state.masked(error.serial),
        error=state.veiled(error.reason),
        shared_with=tuple(other for other in error.shared_with if other != role),
        not_before=error.not_before,
    )
