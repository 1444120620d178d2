"""How every screen of ours behaves towards a terminal: themes, ASCII, signals, and a crash without values."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from typing import TypeVar

from rich.segment import Segments
from rich.traceback import Traceback
from textual.app import App
from textual.filter import LineFilter

from stsui.model.roles import Settings
from stsui.tui import themes
from stsui.tui.glyphs import AsciiFilter

Result = TypeVar("Result")


class MannerlyApp(App[Result]):
    """An app with stsui's manners and nothing else."""

    def __init__(self, settings: Settings, *, ascii_only: bool) -> None:
        super().__init__()
        self.ascii_only = ascii_only or settings.ascii
        self.theme_problem = ""
        """Why the theme is another one than the settings name."""
        self.animation_level = "none"
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.set_class(self.ascii_only, "-ascii")
        self._choose_theme(settings.theme)

    def _choose_theme(self, name: str) -> None:
        known = name in self.available_themes
        if not known:
            self.theme_problem = f'There is no theme "{name}".'
        # Without colour an ansi theme is black on black.
        usable = known and not (self.no_color and name.startswith("ansi"))
        self.theme = name if usable else themes.DEFAULT

    def catch_signals(self) -> None:
        """An asked-for end restores the terminal first; to be called once the loop runs."""
        if self.is_headless or sys.platform == "win32":
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.exit)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Where only ASCII may be shown, everything becomes it at the end."""
        filters = list(super().get_line_filters())
        return [*filters, AsciiFilter()] if self.ascii_only else filters

    def _fatal_error(self) -> None:
        """The traceback of a mistake of ours, without the values of variables."""
        self.bell()
        traceback = Traceback(show_locals=False, suppress=(), max_frames=40)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()
