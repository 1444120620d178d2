"""What the terminal itself is told: its title, the bell, a notice of the desktop."""

import contextlib
import os

from textual.app import App

from stsui.tui.state import State

_PUSH, _POP = "\x1b[22;2t", "\x1b[23;2t"


class Terminal:
    """Writes sequences that Textual has no words for; nothing where there is no terminal."""

    def __init__(self, app: "App[None]", state: State) -> None:
        self._app, self._state = app, state
        self._title = ""

    def begin(self) -> None:
        """Keeps the title that there is."""
        self._write(_PUSH)

    def end(self) -> None:
        """Gives it back."""
        self._write(_POP)

    def title(self, text: str) -> None:
        """Shows another title."""
        if text != self._title and self._state.settings.title:
            self._title = text
            self._write(f"\x1b]2;{text}\x07")

    def ring(self, text: str) -> None:
        """Calls the person, by what they want to be called by."""
        if self._state.settings.bell:
            self._app.bell()
        if self._state.settings.desktop_notices:
            self._write(f"\x1b]9;stsui: {text}\x07", passed_on=True)

    def _write(self, sequence: str, *, passed_on: bool = False) -> None:
        driver = self._app._driver
        if driver is None or self._app.is_headless:
            return
        if passed_on and os.environ.get("TMUX"):
            # tmux keeps what it does not know, unless it is wrapped; allow-passthrough is the user's to set.
            sequence = "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
        with contextlib.suppress(Exception):
            driver.write(sequence)
