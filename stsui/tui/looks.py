"""How the app looks: theme, signs, background. All of it can change while it runs."""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual._styles_cache import StylesCache
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.widget import Widget

from stsui.model.roles import Settings
from stsui.tui import themes
from stsui.tui.glyphs import AsciiFilter


class PlainBar(ScrollBarRender):
    """A scrollbar of whole cells, without the signs for halves of one."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]


class SeeThrough(LineFilter):
    """Leaves the terminal its own background, where the theme's would stand."""

    def __init__(self, background: Color) -> None:
        super().__init__()
        self._clear = lru_cache(maxsize=512)(_without(background.rich_color))

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments without that background."""
        clear = self._clear
        return [Segment(s.text, clear(s.style) if s.style else s.style, s.control) for s in segments]


def _without(background: RichColor) -> Callable[[Style], Style]:
    triplet = background.triplet

    def clear(style: Style) -> Style:
        same = style.bgcolor is not None and style.bgcolor.triplet == triplet
        return style + Style(bgcolor="default") if same else style

    return clear


class Looks:
    """Applies what the settings say of the app's looks."""

    def __init__(self, app: "App[Any]", *, ascii_asked: bool) -> None:
        """`ascii_asked`: from the command line or the environment, whatever the settings say."""
        self._app, self._asked = app, ascii_asked
        self.ascii = False
        self.problem = ""
        """Why the theme is another one than the settings name."""
        self._theme = ""
        self._transparent = False
        self._filters: tuple[object, Sequence[LineFilter]] = (None, ())
        """What they were made of, and the filters."""
        for theme in themes.THEMES:
            app.register_theme(theme)

    def take(self, settings: Settings) -> None:
        """Looks like that from now on."""
        plain = self._asked or settings.ascii
        changed = (plain, settings.transparent) != (self.ascii, self._transparent)
        self.ascii, self._transparent = plain, settings.transparent
        if settings.theme != self._theme:
            self._choose(settings.theme)
        if changed:
            self._app.set_class(plain, "-ascii")
            for screen in self._app.screen_stack if self._app.is_running else ():
                screen.set_class(plain, "-ascii")
                self._app.stylesheet.update(screen)
                for widget in screen.walk_children(Widget):
                    if widget.is_scrollable:
                        plain_bars([widget.vertical_scrollbar], plain)
                    widget.refresh()

    def _choose(self, name: str) -> None:
        self._theme = name
        known = self._app.available_themes
        self.problem = "" if name in known else f'There is no theme "{name}".'
        # Without colour Textual draws an ansi theme black on black.
        without_colour = self._app.no_color and name in known and known[name].ansi
        self._app.theme = name if name in known and not without_colour else themes.DEFAULT

    def filters(self) -> Sequence[LineFilter]:
        """What every line goes through at the end; the same ones while it looks the same."""
        clear = self._transparent and not self._app.no_color
        made_of = (self._app.theme_variables["background"] if clear else "", self.ascii)
        if self._filters[0] != made_of:
            found: list[LineFilter] = [SeeThrough(Color.parse(made_of[0]))] if clear else []
            self._filters = (made_of, [*found, AsciiFilter()] if self.ascii else found)
        return self._filters[1]


def plain_bars(bars: Iterable[ScrollBar], plain: bool) -> None:
    """Scrollbars of whole cells, or as Textual draws them."""
    for bar in bars:
        if plain:
            bar.renderer = PlainBar  # type: ignore[misc]
        elif "renderer" in vars(bar):
            del bar.renderer


def forget_drawn() -> None:
    """Textual keeps the drawn lines of the last 1,024 boxes, those of closed screens too; not all day."""
    with contextlib.suppress(AttributeError):
        StylesCache.get_inner_outer.cache_clear()
