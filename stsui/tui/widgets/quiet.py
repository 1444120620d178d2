"""A text of lines that are written one by one, each when it became another one."""

from collections.abc import Sequence
from typing import Any, Self

from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from stsui.tui.widgets.kept import Kept


class Quiet(Kept, ScrollView, can_focus=False, inherit_bindings=False):
    """As many lines as it was given, each cut at its width; what does not fit can be scrolled to."""

    DEFAULT_CSS = "Quiet { height: 1; overflow: hidden auto; scrollbar-size: 0 1; }"
    """Textual adds a line to the height for a horizontal bar, also where there can be none."""
    ALLOW_SELECT = False
    auto_links = False

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Content] = ()
        self._strips: dict[int, Strip] = {}

    def draw(self, lines: Sequence[Content], *, as_high: bool = False) -> None:
        """Shows them; the screen is laid out anew only where the height follows their number.

        Args:
            as_high: So many as there are, whatever is to be shown.
        """
        if as_high:
            lines = [*lines, *([Content("")] * len(self._lines))][: len(self._lines)]
        before, self._lines = self._lines, lines
        if len(before) != len(lines):
            self._take_height()
            return
        pairs = zip(before, lines, strict=True)
        changed = [y for y, (old, new) in enumerate(pairs) if old is not new and not new.is_same(old)]
        for y in changed:
            self._strips.pop(y, None)
        if changed:
            top, width = self.scroll_offset.y, self.width
            self.refresh(*(Region(0, y - top, width, 1) for y in changed))

    def _take_height(self) -> None:
        height = self.styles.height
        if height is not None and height.is_auto:
            self.refresh(layout=True)
            if isinstance(self.parent, Widget):
                # Textual does so when nothing else is to be done, which is after the first picture.
                self.parent._clear_arrangement_cache()
        # Set as usual it would lay out the whole screen, at every letter of a filter.
        size = Size(1, max(1, len(self._lines)))
        self.set_reactive(Widget.virtual_size, size)
        self._scroll_update(size)
        self.refresh()

    def refresh(self, *regions: Region, **options: Any) -> Self:
        """All of it is made anew; or regions are written again."""
        if not regions:
            self._strips.clear()
        return super().refresh(*regions, **options)

    def notify_style_update(self) -> None:
        """Another theme."""
        self._strips.clear()
        super().notify_style_update()

    @property
    def width(self) -> int:
        """Cells of a line."""
        return self.scrollable_content_region.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line is never wrapped: who draws knows the width."""
        return len(self._lines)

    def render(self) -> Content:
        """All of it, for what asks a widget for its text."""
        return Content("\n").join(self._lines)

    def made_lines(self, crop: Region, before: Sequence[Strip] | None) -> list[Strip]:
        """Past Textual's box, which takes longer than a line in it, where there is none or it is there."""
        gutter = self.styles.gutter
        if not gutter:
            begin, end = crop.column_span
            return [self._filtered(self.render_line(y)).crop(begin, end) for y in crop.line_range]
        lines = self._dirty_lines(gutter.left)
        if before is None or not lines or crop.offset != (0, 0):
            return super().made_lines(crop, before)
        self._dirty_regions.clear()
        strips, end = list(before), gutter.left + self.width
        # What is scrolled out of sight changes as well, and has no line to be written in.
        in_sight = range(gutter.top, len(before) - gutter.bottom)
        for y in (y for y in lines if y in in_sight):
            whole, text = before[y], self._filtered(self.render_line(y - gutter.top))
            parts = (whole.crop(0, gutter.left), text, whole.crop(end))
            strips[y] = Strip.join(parts)
        return strips

    def _dirty_lines(self, left: int) -> list[int]:
        """Where nothing but whole lines of the text are to be written again, those."""
        dirty = self._dirty_regions
        lines = all(region.x == left and region.height == 1 for region in dirty)
        return [region.y for region in dirty] if lines else []

    def _filtered(self, strip: Strip) -> Strip:
        for line_filter in self.get_line_filters():
            strip = strip.apply_filter(line_filter, self.background_colors[1])
        return strip

    def render_line(self, y: int) -> Strip:
        """One line."""
        self._dirty_regions.clear()
        index, width = y + self.scroll_offset.y, self.width
        strip = self._strips.get(index)
        if strip is None or strip.cell_length != width:
            strip = self._strips[index] = self._made(index, width)
        return strip

    def _made(self, index: int, width: int) -> Strip:
        line = self._lines[index] if index < len(self._lines) else Content("")
        style = self.visual_style
        strip = Strip(line.render_segments(style), line.cell_length)
        return strip.adjust_cell_length(width, style.rich_style)
