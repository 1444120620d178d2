"""What a deed is handed: state, desk and calls, and what it may do with the screen."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from textual.app import SuspendNotSupported
from textual.screen import Screen

from stsui.model.errors import StsuiError
from stsui.model.roles import Settings
from stsui.tui.calls import Calls
from stsui.tui.commands import BY_ID, COMMANDS, Command
from stsui.tui.desk import Desk, Failure
from stsui.tui.manners import MannerlyApp
from stsui.tui.reasons import sentence, why_not
from stsui.tui.state import Entry, State

if TYPE_CHECKING:
    from stsui.config.changes import Change
    from stsui.tui.prompts import Prompts
    from stsui.tui.services import Services

VISIBLE_AFTER = 0.3
"""Seconds after which a call that somebody waits for is shown."""
OF_THE_ROLE = frozenset({"role.pin", "role.edit", "role.delete"})
"""Commands that mean the role, also on the row of one of its limited sessions."""
NOTICE = 3.0
"""Seconds for which an answer to a key stands."""
Answer = TypeVar("Answer")
Result = TypeVar("Result")


class Host(MannerlyApp[None]):
    """What deeds may ask of the app."""

    def redraw(self) -> None:
        """Draws the board and the dialog over it, after the state changed."""
        raise NotImplementedError

    def run_command(self, command_id: str, role: str = "") -> None:
        """Does what the key of that command does, once the dialogs are closed; with a role, as if the cursor
        stood there."""
        raise NotImplementedError

    def go_to(self, role: str) -> None:
        """Puts the cursor on a role."""
        raise NotImplementedError

    def try_settings(self, settings: Settings) -> None:
        """Looks and behaves as these settings say, until the config is read again."""
        raise NotImplementedError


class Frame:
    """One for the app; screens and deeds get it, and build none of its parts."""

    def __init__(self, app: Host, services: Services, state: State) -> None:
        self.app, self.services, self.state = app, services, state
        self.redraw, self.run_command, self.go_to = app.redraw, app.run_command, app.go_to
        self.calls = Calls(services, app.post_message)
        self.desk = Desk(services, state, self.calls, services.store.clock.now)
        self.signing: dict[str, list[Failure]] = {}
        """By Identity Center whose sign-in dialog is open: the calls that are made again afterwards."""
        self._taken_off: list[tuple[str, int]] = []
        """Calls that were started just now: the role, and the call's number."""
        self.commands: tuple[Command, ...] = COMMANDS
        """With the keys that the user gave them."""

    @cached_property
    def prompts(self) -> Prompts:
        """Questions that AWS or a guard has for the person."""
        from stsui.tui.prompts import Prompts

        return Prompts(self.app, self.desk, self.state, self.services, self.watch)

    @property
    def now(self) -> float:
        """Unix time."""
        return self.services.store.clock.now()

    def do(self, command_id: str, role: str = "") -> None:
        """What the command does for that role, or why it does nothing now."""
        if self._can(command_id, role):
            entry = self.state.entries.get(role)
            of_role = entry.owner if entry and command_id in OF_THE_ROLE else role
            _deed(BY_ID[command_id].deed)(self, of_role)

    def entry(self, command_id: str, role: str) -> Entry | None:
        """The role's entry where the command does something for it; else says why not."""
        return self.state.entries.get(role) if self._can(command_id, role) else None

    def _can(self, command_id: str, role: str) -> bool:
        entry = self.state.entries.get(role)
        why = why_not(command_id, entry, self.state)
        if why:
            self.say(sentence(why, entry))
        return not why

    def show(self, screen: Screen[Answer], then: Callable[[Answer], object] | None = None) -> None:
        """Puts a dialog over the board; `then` gets its answer, unless it was left without one."""

        def answered(answer: Answer | None) -> None:
            if then is not None and answer:
                then(answer)

        self.app.push_screen(screen, answered)

    def say(self, sentence: str, *, error: bool = False) -> None:
        """A notice that answers a key."""
        severity = "error" if error else "information"
        self.app.notify(sentence, markup=False, timeout=NOTICE, severity=severity)

    def ask(
        self,
        job: Callable[[], Result],
        then: Callable[[Result], object],
        failed: Callable[[StsuiError], object] | None = None,
        *,
        in_order: bool = False,
    ) -> None:
        """Runs `job` beside the screen and hands its result, or its error, to the screen's thread.

        Args:
            failed: Gets the error; else it is shown as a notice.
            in_order: After every such job that was asked for before; for what writes files.
        """
        say = failed or (lambda error: self.say(error.sentence, error=True))
        self.calls.ask(job, then, say, in_order=in_order)

    def save(
        self,
        what: str,
        names: Sequence[str],
        write: Callable[[], object],
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Has files of conf.d written, reads the config again, and remembers how to take it back.

        Args:
            what: `pin of prod-ro`, for sentences.
            names: The files that `write` changes.
            then: Called once the board shows what was saved.
        """

        from stsui.config.changes import recorded

        def saved(change: Change) -> None:
            if change.files:
                self.state.changes.append(change)
            self.ask(lambda: None, lambda nothing: then(), in_order=True)

        conf_dir = self.services.catalog.paths.conf_dir
        self.change(lambda: recorded(what, conf_dir, names, write), saved)

    def change(self, job: Callable[[], Result], then: Callable[[Result], object]) -> None:
        """Runs `job`, which changes config files, beside the screen, and has them read again."""
        self.calls.change(job, then, lambda error: self.say(error.sentence, error=True))

    def suspended(self, argv: Sequence[str]) -> int | None:
        """Runs a program that takes the terminal, the board waiting behind it; its exit code, or None."""
        code = None
        # An exception inside the block would end the app with the terminal half restored.
        with contextlib.suppress(SuspendNotSupported), self.app.suspend(), contextlib.suppress(OSError):
            code = subprocess.call(argv, env=dict(os.environ))
        self.app.refresh(layout=True)
        return code

    def watch(self, role: str, number: int) -> None:
        """Draws the row, and again when the call of that number turns out to take its time."""
        self.redraw()
        if number:
            # One timer for all that one key has started: there may be hundreds.
            if not self._taken_off:
                self.app.call_later(self._wait_for_flights)
            self._taken_off.append((role, number))

    def _wait_for_flights(self) -> None:
        started, self._taken_off = self._taken_off, []
        self.app.set_timer(VISIBLE_AFTER, partial(self._show_flights, started))

    def _show_flights(self, started: Sequence[tuple[str, int]]) -> None:
        shown = [self.desk.show_flight(role, number) for role, number in started]
        if any(shown):
            self.redraw()


def _deed(name: str) -> Callable[[Frame, str], None]:
    """The function of `module.function` below `deeds`."""
    module, _, function = name.partition(".")
    found: Callable[[Frame, str], None] = getattr(import_module(f"stsui.tui.deeds.{module}"), function)
    return found
