"""How every screen of ours behaves towards a terminal: themes, ASCII, signals, and a crash without values."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from typing import Any, TypeVar

from textual.app import App
from textual.filter import LineFilter
from textual.theme import Theme

from stsui.model.roles import Settings
from stsui.tui.glyphs import ASCII, UNICODE, Glyphs
from stsui.tui.looks import Looks

Result = TypeVar("Result")


class MannerlyApp(App[Result]):
    """An app with stsui's manners and nothing else."""

    def __init__(self, settings: Settings, *, ascii_only: bool) -> None:
        self._colours: tuple[Theme | None, dict[str, str]] = (None, {})
        """Of the theme that they were made for last."""
        super().__init__()
        self.animation_level = "none"
        self._looks = Looks(self, ascii_asked=ascii_only)
        self._looks.take(settings)
        self.stylesheet.set_variables(self.get_css_variables())

    def take_looks(self, settings: Settings) -> None:
        """Looks like that from now on."""
        self._looks.take(settings)

    @property
    def ascii_only(self) -> bool:
        """No sign outside of ASCII is shown."""
        return self._looks.ascii

    @property
    def glyphs(self) -> Glyphs:
        """The signs to draw with."""
        return ASCII if self.ascii_only else UNICODE

    @property
    def theme_problem(self) -> str:
        """Why the theme is another one than the settings name."""
        return self._looks.problem

    def notify(self, message: str, **options: Any) -> None:
        """One notice at a time: the last key's answer is the one that counts."""
        self.clear_notifications()
        # Textual takes the notices away and leaves their frames for ever.
        self.screen.query("ToastHolder").remove()
        super().notify(message, **options)

    def catch_signals(self) -> None:
        """An asked-for end restores the terminal first; to be called once the loop runs."""
        if self.is_headless or sys.platform == "win32":
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self.exit)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Where only ASCII may be shown, everything becomes it at the end."""
        return [*super().get_line_filters(), *self._looks.filters()]

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours: those of Textual's own are not made on the way to ours."""
        if not hasattr(self, "_looks"):
            return {}
        theme = self.current_theme
        if self._colours[0] is not theme:
            self._colours = (theme, super().get_css_variables())
        return self._colours[1]

    def refresh_css(self, animate: bool = True) -> None:
        """Styles everything anew; before there is a screen, a theme is only the colours that will be read."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    @property
    def mistake(self) -> Exception | None:
        """What ended the app where it should not have."""
        return self._exception

    def _fatal_error(self) -> None:
        """Ends without a traceback, which would show values of variables; `mistake` says what happened."""
        self.bell()
        self._close_messages_no_wait()
