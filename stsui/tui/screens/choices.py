"""A short list to pick from: keys, cursor, mouse; what cannot be picked stays, dim, with its reason."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.widget import Widget

from stsui.tui.glyphs import ASCII, UNICODE
from stsui.tui.widgets.wrapping import hung


class Choice(NamedTuple):
    """A line of the list, or a heading where `id` is empty."""

    id: str
    text: str
    key: str = ""
    """What picks it at once, as it is written on the screen."""
    dead: str = ""
    """Why it cannot be picked now; empty when it can."""


class Choices(Widget, can_focus=True):
    """Posts `Moved` when the cursor moves and `Picked` for enter, a double click or a click on the cursor."""

    DEFAULT_CSS = """
    Choices { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("home,g", "move(-999)", show=False),
        Binding("end,G", "move(999)", show=False),
        Binding("pagedown,ctrl+d", "move(6)", show=False),
        Binding("pageup,ctrl+u", "move(-6)", show=False),
        Binding("enter", "pick", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another choice."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    class Picked(Moved):
        """A choice was made."""

    def __init__(self, choices: Sequence[Choice], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._choices = list(choices)
        self._at = next((n for n in range(len(self._choices)) if self._alive(n)), 0)
        self._width = 0
        self._drawn: list[tuple[int, Content]] = []

    def show(self, choices: Sequence[Choice]) -> None:
        """Other choices; the cursor stays on its own where that is still there."""
        before = self.current
        self._choices, self._drawn = list(choices), []
        alive = [n for n in range(len(self._choices)) if self._alive(n)]
        self._at = next((n for n in alive if self._choices[n].id == before), alive[0] if alive else 0)
        self.refresh(layout=True)

    @property
    def current(self) -> str:
        """Id of the choice under the cursor; empty where there is none."""
        return self._choices[self._at].id if self._choices and self._alive(self._at) else ""

    def _alive(self, at: int) -> bool:
        choice = self._choices[at]
        return bool(choice.id) and not choice.dead

    def _lines(self, width: int) -> list[tuple[int, Content]]:
        """Every line with the number of its choice, for a width; kept until the width is another."""
        if width != self._width or not self._drawn:
            self._width, self._drawn = width, []
            keys = max((len(choice.key) for choice in self._choices if choice.id), default=0)
            for n, choice in enumerate(self._choices):
                self._drawn += [(n, line) for line in self._choice_lines(choice, keys, width)]
        return self._drawn

    def _choice_lines(self, choice: Choice, keys: int, width: int) -> list[Content]:
        if not choice.id:
            return [line.stylize("bold $foreground 66%") for line in hung(Content(""), choice.text, width)]
        key = Content(f"  {choice.key:<{keys}}  ") if keys else Content("  ")
        text = f"{choice.text}  {choice.dead}" if choice.dead else choice.text
        if choice.dead:
            return [line.stylize("$foreground 66%") for line in hung(key, text, width)]
        return hung(key.stylize("bold"), text, width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the choices take in that width."""
        return max(1, len(self._lines(width)))

    def render(self) -> Content:
        """The list; the line of the cursor is marked by sign and by colour."""
        width = self.content_size.width
        mark = (ASCII if self.screen.has_class("-ascii") else UNICODE).folded
        style = (
            "reverse" if self.app.no_color else "not dim $block-cursor-foreground on $block-cursor-background"
        )
        shown = []
        first = True
        for n, line in self._lines(width):
            if n == self._at and self._alive(n):
                text = f"{mark if first else ' '}{line.plain[1:]}"
                line = Content(text).extend_right(max(0, width - line.cell_length))
                line = line.stylize(style if self.has_focus else "bold")
                first = False
            shown.append(line)
        return Content("\n").join(shown)

    def move_to(self, id: str) -> bool:
        """Sets the cursor on a choice; whether it could."""
        for n, choice in enumerate(self._choices):
            if choice.id == id and self._alive(n):
                self._go(n)
                return True
        return False

    def _go(self, at: int) -> None:
        moved = at != self._at
        self._at = at
        self.refresh()
        lines = [y for y, (n, _) in enumerate(self._lines(self.content_size.width or 20)) if n == at]
        if lines:
            # The heading above the first choices has no other way to come back into view.
            top = 0 if not any(self._alive(n) for n in range(at)) else lines[0]
            region = Region(0, top, 1, lines[-1] - top + 1).translate(self.virtual_region.offset)
            holder = next((w for w in self.ancestors if isinstance(w, Widget) and w.is_scrollable), None)
            if holder is not None:
                holder.scroll_to_region(region, animate=False)
        if moved:
            self.post_message(self.Moved(self.current))

    def on_key(self, event: events.Key) -> None:
        """The number before a choice sets the cursor on it."""
        if event.character and event.character.isdigit():
            self.move_to(next((choice.id for choice in self._choices if choice.key == event.character), ""))

    def action_move(self, by: int) -> None:
        """So many choices on; dead ones are passed over."""
        alive = [n for n in range(len(self._choices)) if self._alive(n)]
        if alive:
            at = alive.index(self._at) if self._at in alive else 0
            self._go(alive[max(0, min(len(alive) - 1, at + by))])

    def action_pick(self) -> None:
        """Takes the choice under the cursor."""
        if self.current:
            self.post_message(self.Picked(self.current))

    def on_click(self, event: events.Click) -> None:
        """The first click sets the cursor, one on the cursor picks."""
        lines = self._lines(self.content_size.width)
        offset = event.get_content_offset(self)
        if offset is None or offset.y >= len(lines):
            return
        at = lines[offset.y][0]
        if self._alive(at):
            there = at == self._at
            self._go(at)
            if there or event.chain > 1:
                self.action_pick()
