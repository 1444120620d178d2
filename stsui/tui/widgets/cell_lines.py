"""Lines of cells, drawn one by one: a picture costs what is seen, a second the cells that changed."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from stsui.tui.widgets.row_cells import Cells

TONES = ("success", "warning", "error", "accent", "muted", "heading", "prod")


class CellLines(ScrollView, can_focus=False, inherit_bindings=False):
    """Asks for the cells of a line when it has to be drawn."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"cells--cursor", *(f"cells--{tone}" for tone in TONES)}
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

    def __init__(self, id: str, cells: Callable[[int, int], Cells], chosen: Callable[[int], bool]) -> None:
        """`cells` are those of a line for a width; `chosen` is whether the cursor stands on it."""
        super().__init__(id=id)
        self._cells, self._chosen = cells, chosen
        self.count = 0
        self._shown: dict[int, Cells] = {}
        self._strips: dict[int, Strip] = {}
        self._styles_of: dict[bool, dict[str, Style]] = {}

    def show(self, count: int) -> None:
        """Other lines, so many of them."""
        self.count = count
        size = Size(1, max(1, count))
        if size != self.virtual_size:
            # Set as usual it would lay out the whole screen, at every letter of a filter.
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)
        self.redraw()

    def redraw(self) -> None:
        """Everything, because colours or texts changed at once."""
        self.refresh()

    def refresh(self, *regions: Region, **options: Any) -> Self:
        """Everything is made anew; or the cells of regions are written again."""
        if not regions:
            self._shown.clear()
            self._strips.clear()
            self._styles_of.clear()
        return super().refresh(*regions, **options)

    def draw_changed(self) -> None:
        """The cells on the screen that became others."""
        top, width = self.scroll_offset.y, self.width
        regions = []
        for y in range(min(self.size.height, self.count - top)):
            before, now = self._shown.get(top + y), self._cells(top + y, width)
            if before is not None and before != now:
                start, end = _changed(before, now)
                regions.append(Region(start, y, end - start, 1))
                self._shown[top + y] = now
                self._strips.pop(top + y, None)
        if regions:
            self.refresh(*regions)

    def draw_line(self, index: int) -> None:
        """One line, wherever it is: the cursor came or went."""
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
        top, whole = self.scroll_offset.y, self.width
        filters, background = self.get_line_filters(), self.background_colors[1]
        strips = []
        for line in range(y, y + height):
            strip = self._strips.get(top + line)
            if strip is None or strip.cell_length != whole:
                strip = self.render_line(line)
                for line_filter in filters:
                    strip = strip.apply_filter(line_filter, background)
                self._strips[top + line] = strip
            strips.append(strip)
        return strips if not x and width >= whole else [strip.crop(x, x + width) for strip in strips]

    def render_line(self, y: int) -> Strip:
        width, index = self.width, y + self.scroll_offset.y
        if index >= self.count:
            return Strip.blank(width, self.rich_style)
        cells = self._shown.get(index) or self._cells(index, width)
        self._shown[index] = cells
        styles = self._styles_for(self._chosen(index))
        segments = [Segment(text, styles.get(tone, styles[""])) for text, tone in cells]
        return Strip(segments).adjust_cell_length(width, styles[""])

    def notify_style_update(self) -> None:
        """Another theme."""
        self._styles_of.clear()
        self._strips.clear()
        super().notify_style_update()

    def _styles_for(self, chosen: bool) -> dict[str, Style]:
        if chosen not in self._styles_of:
            self._styles_of[chosen] = self._cursor_styles() if chosen else self._plain_styles()
        return self._styles_of[chosen]

    def _cursor_styles(self) -> dict[str, Style]:
        # Nothing but the cursor's two colours: every other one may be unreadable on them.
        cursor = (
            self.rich_style + Style(reverse=True)
            if self.app.no_color
            else self.rich_style + self.get_component_rich_style("cells--cursor", partial=True)
        )
        return {"": cursor, "prod": cursor + Style(bold=True, reverse=True)}

    def _plain_styles(self) -> dict[str, Style]:
        found = {tone: self.get_component_rich_style(f"cells--{tone}") for tone in TONES}
        if self.app.no_color:
            found["prod"] = self.rich_style + Style(bold=True, reverse=True)
        return {"": self.rich_style, **found}


def _changed(before: Cells, now: Cells) -> tuple[int, int]:
    """From which cell to which one two lines are not the same; all of our signs are one cell wide."""
    old = [(letter, tone) for text, tone in before for letter in text]
    new = [(letter, tone) for text, tone in now for letter in text]
    if len(old) != len(new):
        return 0, max(len(old), len(new))
    places = [n for n, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]]
    return (places[0], places[-1] + 1) if places else (0, len(new))
