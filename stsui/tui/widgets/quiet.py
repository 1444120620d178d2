"""A text of lines that are written one by one, each when it became another one."""

from collections.abc import Sequence
from typing import Any, Self

from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.visual import Visual
from textual.widget import Widget


class Quiet(Widget):
    """As many lines as it was given, each cut at its width."""

    DEFAULT_CSS = "Quiet { height: auto; }"
    ALLOW_SELECT = False
    auto_links = False

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Content] = ()
        self._strips: dict[int, Strip] = {}

    def draw(self, lines: Sequence[Content]) -> None:
        """Shows them; laid out anew only where their number is another."""
        before, self._lines = self._lines, lines
        if len(before) != len(lines):
            self.refresh(layout=True)
            return
        changed = [
            y
            for y, (old, new) in enumerate(zip(before, lines, strict=True))
            if old is not new and not new.is_same(old)
        ]
        for y in changed:
            self._strips.pop(y, None)
        if changed:
            self.refresh(*(Region(0, y, self.content_size.width, 1) for y in changed))

    def refresh(self, *regions: Region, **options: Any) -> Self:
        """All of it is made anew; or regions are written again."""
        if not regions:
            self._strips.clear()
        return super().refresh(*regions, **options)

    def notify_style_update(self) -> None:
        """Another theme."""
        self._strips.clear()
        super().notify_style_update()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line is never wrapped: who draws knows the width."""
        return len(self._lines)

    def render(self) -> Content:
        """All of it, for what asks a widget for its text."""
        return Content("\n").join(self._lines)

    def render_line(self, y: int) -> Strip:
        """One line."""
        self._dirty_regions.clear()
        strip = self._strips.get(y)
        if strip is None or strip.cell_length != self.content_size.width:
            strip = self._strips[y] = self._made(y)
        return strip

    def _made(self, y: int) -> Strip:
        width, style = self.content_size.width, self.visual_style
        line = self._lines[y] if y < len(self._lines) else Content("")
        return Visual.to_strips(self, line, width, 1, style, pad=True)[0].adjust_cell_length(width)
