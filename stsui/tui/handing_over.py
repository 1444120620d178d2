"""What leaves the board: to the clipboard, a file, a shell, a pane of tmux, the console."""

import contextlib
import subprocess
import sys
from collections.abc import Callable
from functools import partial

from textual.app import App, SuspendNotSupported
from textual.screen import Screen

from stsui.config import aws_config_edit
from stsui.handover import credentials_file, formats
from stsui.handover.environ import variables
from stsui.model.credentials import Secret
from stsui.model.durations import countdown
from stsui.model.errors import ConfigError, StsuiError
from stsui.model.session import Session
from stsui.model.text import clean
from stsui.sessions.guard import Way
from stsui.tui import clipboard, tmux
from stsui.tui.calls import Calls
from stsui.tui.handed import Around, HandoffChoice, command_text, handed_text
from stsui.tui.screens.confirm import ConfirmScreen, TypeNameScreen
from stsui.tui.screens.handoff import HandoffScreen
from stsui.tui.screens.panes import PaneChoice, PanesScreen
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
        text = command_text(role, self._shell)
        self._calls.tell(lambda: f"{text}\n{self._copy(text).sentence}")

    def copy_text(self, text: str) -> None:
        """A text that holds no secret."""
        self._calls.tell(lambda: self._copy(text).sentence)

    @property
    def _shell(self) -> str:
        """The format of the shell that stsui was started from."""
        return formats.shell_format(self._services.environ)

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
            self._around(role),
            self._state.hide_ids,
        )
        self._app.push_screen(screen, lambda choice: self._handed(entry, choice))

    def _around(self, role: str) -> Around:
        environ, paths = self._services.environ, self._services.catalog.paths
        try:
            profile = aws_config_edit.profile_of(aws_config_edit.read(paths.aws_config), role)
        except ConfigError:
            profile = ""
        return Around(self._shell, profile, paths.aws_credentials, tmux.is_inside(environ))

    def _handed(self, entry: Entry, choice: HandoffChoice | None) -> None:
        if choice is None:
            return
        if choice.kind == "pane":
            self.panes(entry.name)
        elif not choice.secret:
            self._give(entry, choice)
        else:
            way: Way = "console" if choice.kind == "console" else "clipboard"
            way = "file" if choice.action == "write" or choice.kind == "section" else way
            self._admit(entry.name, way, partial(self._admitted, entry, choice))

    def _admitted(self, entry: Entry, choice: HandoffChoice) -> None:
        """Secrets of production: the account's name for what lies in a file or leaves this computer."""
        if not is_prod(entry.environment):
            self._give(entry, choice)
            return
        account = entry.account.name or entry.account.account_id
        to_file = choice.action == "write" or choice.kind == "section"
        away = clipboard.leaves_this_computer(self._services.environ)
        where = self._services.catalog.paths.aws_credentials if choice.kind == "section" else choice.path
        if to_file:
            body = [f"Secrets of {entry.name} go to {where}, mode 600.", "They end with the session."]
            screen: Screen[bool] = TypeNameScreen(
                "Write secrets to a file", body, account, "Write", entry.environment
            )
        else:
            what = "A link that signs in as" if choice.kind == "console" else "Secrets of"
            goes = "goes" if choice.kind == "console" else "go"
            reads = "this terminal's clipboard, on whichever computer that is" if away else "the clipboard"
            body = [f"{what} {entry.name} {goes} to {reads}. Every program there can read it."]
            screen = (
                TypeNameScreen("Copy secrets", body, account, "Copy", entry.environment)
                if away
                else ConfirmScreen("Copy secrets", body, "Copy", "Do not copy", entry.environment)
            )
        self._app.push_screen(screen, lambda yes: self._give(entry, choice) if yes else None)

    def _give(self, entry: Entry, choice: HandoffChoice) -> None:
        session = self._state.live(entry.name)
        if session is None or entry.role is None:
            self._app.notify(f"The session of {entry.name} has ended.", markup=False)
            return
        if choice.kind == "console":
            self._state.log(entry.name, "hand off", "console link to the clipboard")
            self._calls.tell(partial(self._copy_link, session))
            return
        try:
            table = variables(session, role=entry.role, account=entry.account)
            if choice.kind == "section":
                self._state.log(entry.name, "hand off", "to the credentials file")
                self._calls.tell(partial(self._write_section, session, table))
                return
            around = self._around(entry.name)
            text = Secret(handed_text(choice, session, entry.role, table, around))
        except StsuiError as error:
            self._app.notify(error.sentence, markup=False, severity="error")
            return
        what = choice.format_name or choice.kind.replace("_", " ")
        if choice.action == "write":
            self._state.log(entry.name, "hand off", f"{what} to a file")
            self._calls.tell(partial(self._write, session, choice.path, text))
            return
        self._state.log(entry.name, "hand off", f"{what} to the clipboard")
        self._calls.tell(partial(self._copy_and_say, session, what, text, choice.secret))

    def _copy(self, text: str) -> clipboard.CopyResult:
        if not self._services.catalog.settings.clipboard:
            return clipboard.CopyResult("", "Copying is switched off in the config (clipboard = false).")
        return clipboard.copy(text, self._services.environ, self._write_terminal)

    def _copy_and_say(self, session: Session, what: str, text: Secret, secret: bool) -> str:
        result = self._copy(text.reveal())
        if not secret or not result.way:
            return result.sentence
        self._services.gate.handed(session, "clipboard", f"{what} by {result.way}")
        wanted, environ = clipboard.digest(text.reveal()), self._services.environ
        if not result.clearable or not clipboard.clear_later(wanted, environ, CLEAR_AFTER):
            return f"{result.sentence} It is not cleared by itself."
        remains = f" {result.remains[0].upper()}{result.remains[1:]} is not." if result.remains else ""
        return f"{result.sentence} Cleared in {CLEAR_AFTER} s, unless something else was copied.{remains}"

    def _copy_link(self, session: Session) -> str:
        done = self._console(session.role, "--print")
        if done.returncode or not done.stdout:
            return _said(done)
        said = self._copy_and_say(session, "console link", Secret(done.stdout.strip()), True)
        return f"The link signs anyone in for 15 minutes. {said}"

    def _write_section(self, session: Session, table: dict[str, str]) -> str:
        name = credentials_file.default_name(session.role)
        path = self._services.catalog.paths.aws_credentials
        self._services.write_copy(name, table)
        self._services.gate.handed(session, "file", f"[{name}] in {path}")
        left = countdown(session.left(self._state.now))
        return f"[{name}] is in {path}; it is taken out in {left}, when the session ends."

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
            code = subprocess.call(
                [sys.executable, "-m", "stsui", "exec", role], env=dict(self._services.environ)
            )
        if code is None:
            self._app.notify("A shell cannot be opened from here.", markup=False)
        self._app.refresh(layout=True)

    def console(self, role: str) -> None:
        """The AWS console as the role, in a browser; without one the link goes to the clipboard."""
        if self._entry("role.console", role) is not None:
            self._state.log(role, "console")
            self._calls.tell(partial(self._open_console, role))

    def _open_console(self, role: str) -> str:
        done = self._console(role)
        if done.returncode == 0 and done.stdout:
            session = self._state.live(role)
            link = Secret(done.stdout.strip())
            said = self._copy_and_say(session, "console link", link, True) if session else ""
            return f"No browser can be opened here. The link signs anyone in for 15 minutes. {said}"
        return _said(done)

    def _console(self, role: str, *flags: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "stsui", "console", role, "--yes", *flags],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=dict(self._services.environ),
            start_new_session=True,
            check=False,
        )

    def panes(self, role: str) -> None:
        """The tmux panes that the role can go to."""
        entry, environ = self._entry("role.pane", role), self._services.environ
        if entry is None:
            return
        if not tmux.is_inside(environ):
            self._app.notify("stsui does not run in tmux.", markup=False)
            return
        self._calls.ask(
            lambda: tmux.panes(environ),
            lambda found: self._app.push_screen(
                PanesScreen(role, entry.environment, found), lambda choice: self._to_pane(entry, choice)
            ),
            lambda error: self._app.notify(error.sentence, markup=False, severity="error"),
        )

    def _to_pane(self, entry: Entry, choice: PaneChoice | None) -> None:
        environ = self._services.environ
        if choice is None:
            return
        if choice.pane is not None:
            pane, line = choice.pane, command_text(entry.name, choice.pane.shell)
            self._state.log(entry.name, "hand off", f"command to tmux {pane.place}")
            self._calls.tell(lambda: tmux.send(environ, pane.id, line), f"Sent to {pane.place}: {line}")
        elif choice.where is not None:
            self._state.log(entry.name, "hand off", f"tmux {choice.where}")
            self._calls.tell(partial(self._open_pane, choice.where, entry))

    def _open_pane(self, where: tmux.Where, entry: Entry) -> str:
        tmux.open_pane(self._services.environ, where, entry.name, entry.environment)
        return f"Opened: a shell as {entry.name}."


def _said(done: "subprocess.CompletedProcess[str]") -> str:
    return clean(done.stderr.strip().partition("\n")[0].removeprefix("stsui: "), 300)
