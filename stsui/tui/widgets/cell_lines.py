"""Lines of cells, drawn one by one: a picture costs what is seen, a second the cells that changed."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Self

from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from stsui.tui.glyphs import AsciiFilter
from stsui.tui.widgets.row_cells import Cells, length, length_of

Face = tuple[Cells, bool]
"""A line's cells, none below the last one, and whether the cursor stands on it."""
TONES = ("success", "warning", "error", "accent", "muted", "heading", "prod")


class CellLines(ScrollView, can_focus=False, inherit_bindings=False):
    """Asks for the cells of a line when it has to be drawn."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    CellLines { overflow: hidden; scrollbar-size-vertical: 1; }
    CellLines > .cells--heading { text-style: bold; }
    CellLines > .cells--prod { background: $error; color: auto; text-style: bold; }
    CellLines > .cells--success { color: $text-success; }
    CellLines > .cells--warning { color: $text-warning; text-style: bold; }
    CellLines > .cells--error { color: $text-error; }
    CellLines > .cells--accent { color: $text-accent; }
    CellLines > .cells--muted { color: $foreground 66%; }
    CellLines > .cells--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
    """

    def __init__(
        self,
        id: str,
        cells: Callable[[int, int], Cells],
        chosen: Callable[[int], bool],
        colors: Widget | None = None,
    ) -> None:
        """`cells` are those of a line for a width; `chosen` is whether the cursor stands on it.

        Args:
            colors: Whose component classes these lines have; None: they are `ColoredCellLines`.
        """
        super().__init__(id=id)
        self._cells, self._chosen, self._colors = cells, chosen, colors or self
        self.count = 0
        self._shown: dict[int, Face] = {}
        self._strips: dict[int, Strip] = {}
        self._styles_of: dict[bool, dict[str, Style]] = {}
        self._whole = 0
        self._filters: Sequence[LineFilter] = ()
        """The width, and what lines go through at the end, as they were made."""

    def show(self, count: int) -> None:
        """Other lines, so many of them."""
        self.count = count
        size = Size(1, max(1, count))
        if size != self.virtual_size:
            # Set as usual it would lay out the whole screen, at every letter of a filter.
            self.set_reactive(Widget.virtual_size, size)
            if self.show_vertical_scrollbar and _looks_same(self.vertical_scrollbar, size.height):
                self.vertical_scrollbar.set_reactive(ScrollBar.window_virtual_size, size.height)
                self.scroll_y = self.validate_scroll_y(self.scroll_y)
            else:
                self._scroll_update(size)

    def redraw(self) -> None:
        """Everything, because colours or texts changed at once."""
        self._styles_of.clear()
        self.refresh()

    def refresh(self, *regions: Region, **options: Any) -> Self:
        """Every line is made anew; or the cells of regions are written again."""
        if not regions:
            self._shown.clear()
            self._strips.clear()
        return super().refresh(*regions, **options)

    def draw_changed(self) -> None:
        """The cells on the screen that became others."""
        top, width = self.scroll_offset.y, self.width
        regions: list[Region] = []
        if not self._shown:
            # Nothing is drawn yet, or all of it will be.
            self.refresh()
            return
        for y in range(self.outer_size.height):
            before, now = self._shown.get(top + y), self._face(top + y, width)
            if before != now:
                start, end = (0, width) if before is None else _changed(before, now, width)
                above = regions[-1] if regions else Region()
                if regions and (above.x, above.right, above.bottom) == (start, end, y):
                    # Mostly the same cells of many lines, which Textual has to look at one by one.
                    regions[-1] = Region(start, above.y, above.width, above.height + 1)
                else:
                    regions.append(Region(start, y, end - start, 1))
                self._shown[top + y] = now
                self._strips.pop(top + y, None)
        if regions:
            self.refresh(*regions)

    def _face(self, index: int, width: int) -> Face:
        return (self._cells(index, width), self._chosen(index)) if index < self.count else ((), False)

    def draw_line(self, index: int) -> None:
        """One line, wherever it is: the cursor came or went."""
        self._shown.pop(index, None)
        self._strips.pop(index, None)
        self.refresh_line(index)

    @property
    def width(self) -> int:
        """Cells of a line."""
        return self.scrollable_content_region.width

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines as they were made, past Textual's box around them: there is neither border nor padding."""
        self._dirty_regions.clear()
        x, y, width, height = crop
        top, whole, filters = self.scroll_offset.y, self.width, self.get_line_filters()
        if (whole, filters) != (self._whole, self._filters):
            self._whole, self._filters = whole, filters
            self._shown.clear()
            self._strips.clear()
            self._styles_of.clear()
        strips = []
        for index in range(top + y, top + y + height):
            strip = self._strips.get(index)
            if strip is None:
                strip = self._strips[index] = self._made(index, whole)
            strips.append(strip)
        return strips if not x and width >= whole else [strip.crop(x, x + width) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """One line of what is seen."""
        return self._made(y + self.scroll_offset.y, self.width)

    def _made(self, index: int, width: int) -> Strip:
        face = self._shown.get(index) or self._face(index, width)
        self._shown[index] = face
        cells, chosen = face
        styles = self._styles_for(chosen)
        plain = styles[""]
        if not cells:
            return Strip.blank(width, plain)
        segments = [Segment(text, styles.get(tone, plain)) for text, tone in cells]
        used = length(cells)
        if used < width:
            segments.append(Segment(" " * (width - used), plain))
        for line_filter in self._filters:
            if isinstance(line_filter, AsciiFilter):
                segments = line_filter.apply(segments, self.background_colors[1])
        strip = Strip(segments, max(used, width))
        return strip if used <= width else strip.crop(0, width)

    def notify_style_update(self) -> None:
        """Another theme."""
        self._styles_of.clear()
        self._strips.clear()
        super().notify_style_update()

    def _styles_for(self, chosen: bool) -> dict[str, Style]:
        """By tone, as they look after the filters: a style is filtered once, and not in every line."""
        if chosen not in self._styles_of:
            found = self._cursor_styles() if chosen else self._plain_styles()
            self._styles_of[chosen] = {tone: self._filtered(style) for tone, style in found.items()}
        return self._styles_of[chosen]

    def _filtered(self, style: Style) -> Style:
        segments = [Segment(" ", style)]
        for line_filter in self._filters:
            segments = line_filter.apply(segments, self.background_colors[1])
        return segments[0].style or style

    def _cursor_styles(self) -> dict[str, Style]:
        # Nothing but the cursor's two colours: every other one may be unreadable on them.
        cursor = (
            self.rich_style + Style(reverse=True)
            if self.app.no_color
            else self.rich_style + self._colors.get_component_rich_style("cells--cursor", partial=True)
        )
        return {"": cursor, "prod": cursor + Style(bold=True, reverse=True)}

    def _plain_styles(self) -> dict[str, Style]:
        found = {tone: self._colors.get_component_rich_style(f"cells--{tone}") for tone in TONES}
        if self.app.no_color:
            found["prod"] = self.rich_style + Style(bold=True, reverse=True)
        return {"": self.rich_style, **found}


def _looks_same(bar: ScrollBar, lines: int) -> bool:
    """Whether it is drawn so with another number of lines: a few of ten thousand are no cell of it."""

    def drawn(size: int) -> Sequence[Segment]:
        return bar.renderer.render_bar(
            bar.size.height, size, bar.window_size, bar.position, bar.thickness, bar.vertical
        ).segments

    return drawn(bar.window_virtual_size) == drawn(lines)


class ColoredCellLines(CellLines):
    """Lines with colours of their own, which other lines can have too: Textual finds each of them anew for
    every widget that has it, whenever it gets the focus."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"cells--cursor", *(f"cells--{tone}" for tone in TONES)}


def _changed(before: Face, now: Face, width: int) -> tuple[int, int]:
    """From which cell to which one two lines are not the same; all of it where they are built otherwise."""
    if before[1] != now[1] or len(before[0]) != len(now[0]):
        return 0, width
    start, end, at = -1, 0, 0
    for old, new in zip(before[0], now[0], strict=True):
        size = length_of(new[0])
        if length_of(old[0]) != size:
            return 0, width
        if size and old != new:
            alike = old[1] == new[1] and size == len(new[0]) == len(old[0])
            first, last = _letters(old[0], new[0]) if alike else (0, size)
            start, end = (at + first if start < 0 else start), at + last
        at += size
    return max(0, start), end


def _letters(old: str, new: str) -> tuple[int, int]:
    """From which letter to which one two texts of one length are others."""
    first, last = 0, len(new)
    while old[first] == new[first]:
        first += 1
    while old[last - 1] == new[last - 1]:
        last -= 1
    return first, last
