"""What leaves the board: a command or secrets to the clipboard or a file, a shell, the console."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial

from textual.app import App, SuspendNotSupported

from stsui.handover.environ import variables
from stsui.model.credentials import Secret
from stsui.model.durations import countdown
from stsui.model.errors import ConfigError, StsuiError
from stsui.model.session import Session
from stsui.model.text import clean
from stsui.sessions.guard import Way
from stsui.tui import clipboard
from stsui.tui.calls import Calls
from stsui.tui.handed import HandoffChoice, command_text, handed_text
from stsui.tui.screens.confirm import TypeNameScreen
from stsui.tui.screens.handoff import HandoffScreen
from stsui.tui.services import Services
from stsui.tui.state import Entry, State, is_prod

CLEAR_AFTER = 60
"""Seconds for which secrets stay in the clipboard."""


class HandingOver:
    """Every way out that has a key; what may not leave is refused here."""

    def __init__(
        self,
        app: "App[None]",
        services: Services,
        state: State,
        calls: Calls,
        entry: Callable[[str, str], Entry | None],
        admit: Callable[[str, Way, Callable[[], object]], object],
    ) -> None:
        """`entry` gives a role's entry where a command does something, else says why not; `admit` goes on
        only when a session may leave that way."""
        self._app, self._services, self._state, self._calls = app, services, state, calls
        self._entry, self._admit = entry, admit

    def copy_command(self, role: str) -> None:
        """The command that gives a shell this role; it holds no secret."""
        if self._entry("role.copy-command", role) is None:
            return
        text = command_text(role)
        self._calls.tell(lambda: f"{text}\n{self._copy(text).sentence}")

    def copy_text(self, text: str) -> None:
        """A text that holds no secret."""
        self._calls.tell(lambda: self._copy(text).sentence)

    def handoff(self, role: str) -> None:
        """The dialog of everything that can be handed over."""
        entry = self._entry("role.handoff", role)
        session = self._state.live(role)
        if entry is None or entry.role is None or session is None:
            return
        try:
            table = variables(session, role=entry.role, account=entry.account)
        except ConfigError as error:
            self._app.notify(error.sentence, markup=False, severity="error")
            return
        screen = HandoffScreen(
            session,
            entry.role,
            entry.account,
            table,
            self._services.store.clock.now,
            clipboard.way(self._services.environ),
            self._state.hide_ids,
        )
        self._app.push_screen(screen, lambda choice: self._handed(entry, choice))

    def _handed(self, entry: Entry, choice: HandoffChoice | None) -> None:
        if choice is None:
            return
        secret = choice.kind == "format"
        way: Way = "file" if choice.action == "write" else "clipboard"
        if secret:
            self._admit(entry.name, way, partial(self._admitted, entry, choice))
        else:
            self._admitted(entry, choice)

    def _admitted(self, entry: Entry, choice: HandoffChoice) -> None:
        if choice.action == "write" and is_prod(entry.environment):
            account = entry.account.name or entry.account.account_id
            body = [f"Secrets of {entry.name} go to {choice.path}, mode 600.", "They end with the session."]
            title = "Write secrets to a file"
            screen = TypeNameScreen(title, body, account, "Write", entry.environment)
            self._app.push_screen(screen, lambda yes: self._give(entry, choice) if yes else None)
        else:
            self._give(entry, choice)

    def _give(self, entry: Entry, choice: HandoffChoice) -> None:
        session = self._state.live(entry.name)
        if session is None or entry.role is None:
            self._app.notify(f"The session of {entry.name} has ended.", markup=False)
            return
        try:
            table = variables(session, role=entry.role, account=entry.account)
            text = Secret(handed_text(choice, session, entry.role, table))
        except StsuiError as error:
            self._app.notify(error.sentence, markup=False, severity="error")
            return
        what = choice.format_name or choice.kind.replace("_", " ")
        if choice.action == "write":
            self._state.log(entry.name, "hand off", f"{what} to a file")
            self._calls.tell(partial(self._write, session, choice.path, text))
            return
        self._state.log(entry.name, "hand off", f"{what} to the clipboard")
        self._calls.tell(partial(self._copy_and_say, session, what, text, choice.kind == "format"))

    def _copy(self, text: str) -> clipboard.CopyResult:
        if not self._services.catalog.settings.clipboard:
            return clipboard.CopyResult("", "Copying is switched off in the config (clipboard = false).")
        return clipboard.copy(text, self._services.environ, self._write_terminal)

    def _copy_and_say(self, session: Session, what: str, text: Secret, secret: bool) -> str:
        result = self._copy(text.reveal())
        if not secret or not result.way:
            return result.sentence
        self._services.gate.handed(session, "clipboard", f"{what} by {result.way}")
        if not result.clearable:
            return f"{result.sentence} It is not cleared by itself."
        with contextlib.suppress(RuntimeError):
            self._app.call_from_thread(self._app.set_timer, CLEAR_AFTER, partial(self._clear, text, result))
        return f"{result.sentence} Cleared in {CLEAR_AFTER} s while stsui runs."

    def _clear(self, text: Secret, result: clipboard.CopyResult) -> None:
        environ = self._services.environ
        self._calls.tell(
            lambda: (
                "Clipboard cleared." if clipboard.clear_if_unchanged(text.reveal(), result, environ) else ""
            )
        )

    def _write(self, session: Session, path: str, text: Secret) -> str:
        try:
            full = clipboard.write_private(path, text.reveal())
        except FileExistsError:
            return f"{path} is there already; nothing was written."
        except OSError as error:
            return f"{path} could not be written: {error.strerror}."
        self._services.gate.handed(session, "file", full)
        left = countdown(session.left(self._state.now))
        return f"Wrote {full}, mode 600. What it holds ends in {left}."

    def _write_terminal(self, sequence: str) -> None:
        driver = self._app._driver
        if driver is not None and not self._app.is_headless:
            driver.write(sequence)

    def shell(self, role: str) -> None:
        """A shell with this session; the board waits behind it."""
        if self._entry("role.shell", role) is None:
            return
        code = None
        # An exception inside the block would end the app with the terminal half restored.
        with contextlib.suppress(SuspendNotSupported), self._app.suspend(), contextlib.suppress(OSError):
            code = subprocess.call([sys.executable, "-m", "stsui", "exec", role], env=dict(os.environ))
        if code is None:
            self._app.notify("A shell cannot be opened from here.", markup=False)
        self._app.refresh(layout=True)

    def console(self, role: str) -> None:
        """The AWS console as the role, in a browser; without one the link goes to the clipboard."""
        if self._entry("role.console", role) is not None:
            self._state.log(role, "console")
            self._calls.tell(partial(self._open_console, role))

    def _open_console(self, role: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "stsui", "console", role, "--yes"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=dict(os.environ),
            start_new_session=True,
            check=False,
        )
        if done.returncode == 0 and done.stdout:
            said = self._copy(done.stdout.strip()).sentence
            return f"No browser can be opened here. The link signs anyone in for 15 minutes. {said}"
        return clean(done.stderr.strip().partition("\n")[0].removeprefix("stsui: "), 300)
