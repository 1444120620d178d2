"""The frame that every dialog has: title with the environment's word, a body that scrolls, the keys below."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic, NamedTuple, TypeVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from stsui.tui.glyphs import ASCII, UNICODE, Glyphs, plain
from stsui.tui.looks import forget_drawn, plain_bars
from stsui.tui.state import is_prod
from stsui.tui.widgets.badge import badge

Answer = TypeVar("Answer")
NAME = 12
"""Cells of a name that a title shows at least."""
Hint = tuple[str, str]
"""A key and what it does here."""


class Title(NamedTuple):
    """What stands in the upper border; only `name` is cut when there is not enough room."""

    before: str
    name: str = ""
    environment: str = ""
    after: str = ""
    short: str = ""
    """What stands for `before` where the name would have to be cut; empty: the same."""


def title_line(title: Title, width: int, rule: str = "─") -> Content:
    """The title in at most `width` cells: the environment's word is kept before everything else."""
    title = title._replace(name=title.name.rstrip(), after=title.after.rstrip())
    if not title.name:
        title = title._replace(before=title.before.rstrip())
    word = badge(title.environment)
    middle = Content.assemble(f" {rule * 2} ", word) if title.environment else Content("")
    after = Content(f" {rule * 2} {title.after}" if title.after else "")
    before = title.before
    taken = middle.cell_length + after.cell_length
    if title.short and taken + cell_len(before) + cell_len(title.name) > width:
        before = title.short
    if taken + cell_len(before) + min(NAME, cell_len(title.name)) > width:
        taken, after = middle.cell_length, Content("")
    name = Content(title.name).truncate(max(NAME, width - taken - cell_len(before)), ellipsis=True)
    head = Content.assemble((before, "bold"), name.stylize("bold"))
    head = head.truncate(max(1, width - middle.cell_length), ellipsis=True)
    return Content.assemble(head, middle, after)


def hint_lines(hints: Sequence[Hint], width: int) -> Content:
    """`enter copy   esc close`, broken only between hints."""
    lines: list[list[Content]] = [[]]
    used = 0
    for key, text in hints:
        hint = Content.assemble((key, "bold $text-accent"), f" {text}" if text else "")
        if lines[-1] and used + 3 + hint.cell_length > width:
            lines.append([])
            used = 0
        used += hint.cell_length + (3 if lines[-1] else 0)
        lines[-1].append(hint)
    return Content("\n").join(Content("   ").join(line) for line in lines)


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """Any terminal size down to 44x14; `esc` leaves; takes values in, dismisses with a value."""

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        #frame {
            width: 64;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 2 0 2;
            border: round $primary;
            border-title-color: $foreground;
            background: $surface;
            color: $foreground;
        }
        #body { height: auto; scrollbar-size-vertical: 1; }
        #foot { height: auto; dock: bottom; }
        #hints { height: auto; margin-top: 1; color: $text-muted; }
        &.-prod #frame { border: round $error; }
        &.-narrow #frame { width: 100%; padding: 0 1; }
        &.-short #frame { padding: 0 1; }
        &.-short #hints { margin-top: 0; }
        &.-ascii #frame { border: ascii $primary; }
        &.-ascii.-prod #frame { border: ascii $error; }
    }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (66, "-normal"), (80, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]
    BINDINGS: ClassVar = [("escape", "leave", "Close")]
    LEAVES: ClassVar[object] = None
    """What `esc` dismisses with."""
    HARMLESS: ClassVar[bool] = False
    """It only shows: a click beside it closes it."""

    def __init__(self, title: Title) -> None:
        super().__init__()
        self.heading = title
        self.set_class(is_prod(title.environment), "-prod")

    @property
    def ascii_only(self) -> bool:
        """Whether the app or a screen below shows ASCII alone."""
        return self.app.has_class("-ascii") or any(s.has_class("-ascii") for s in self.app.screen_stack)

    @property
    def glyphs(self) -> Glyphs:
        """The signs to draw with."""
        return ASCII if self.ascii_only else UNICODE

    def ours(self, text: str) -> str:
        """A text of ours with only the signs that may be shown."""
        return plain(text) if self.ascii_only else text

    def compose(self) -> ComposeResult:
        """The frame around what the dialog composes itself."""
        self.set_class(self.ascii_only, "-ascii")
        with Vertical(id="frame"):
            yield from self.compose_head()
            with VerticalScroll(id="body", can_focus=False):
                yield from self.compose_body()
            with Vertical(id="foot"):
                yield from self.compose_foot()
                yield Static(id="hints", markup=False)

    def compose_head(self) -> Iterator[Widget]:
        """The widgets above the body, which do not scroll with it."""
        yield from ()

    def compose_foot(self) -> Iterator[Widget]:
        """The widgets between body and keys, which do not scroll with it."""
        yield from ()

    def compose_body(self) -> Iterator[Widget]:
        """The widgets between title and keys."""
        yield from ()

    def hints(self) -> Sequence[Hint]:
        """The keys that work now, in the order they are shown."""
        return [("esc", "close")]

    def right_hint(self) -> str:
        """What stands right of the keys when there is room."""
        return ""

    def on_mount(self) -> None:
        """Title and keys are there in the first picture, the body is cut to the size right after it."""
        if self.ascii_only:
            plain_bars([self.query_one("#body").vertical_scrollbar], True)
        self.set_class(self.app.size.width < 66, "-narrow")
        self.query_one("#frame").border_title = self.title_content()
        self.show_hints()
        self.call_after_refresh(self.fit)

    def on_unmount(self) -> None:
        """Nothing of it stays."""
        forget_drawn()

    def on_resize(self) -> None:
        """Title, keys and body for the new size."""
        self.call_after_refresh(self.fit)

    @property
    def inner_width(self) -> int:
        """Cells between the frame's paddings."""
        frame = self.query_one("#frame")
        return max(10, frame.content_size.width or self._outer_width - frame.gutter.width)

    @property
    def _outer_width(self) -> int:
        """Cells of the frame, also before it was laid out."""
        frame = self.query_one("#frame")
        width = frame.styles.width
        cells = int(width.value) if width is not None and width.is_cells else self.app.size.width
        return frame.outer_size.width or min(cells, self.app.size.width)

    def fit(self) -> None:
        """Cuts title, keys and body to the terminal's size."""
        if not self.is_attached:
            return
        frame = self.query_one("#frame")
        frame.border_title = self.title_content()
        margin = 0 if self.has_class("-short") else 1
        around = frame.gutter.height + self.show_hints() + margin
        for child in (*frame.children, *self.query_one("#foot").children):
            if child.id not in ("body", "foot", "hints") and child.display:
                around += child.outer_size.height + child.styles.margin.height
        body, room = self.query_one("#body"), max(1, self.size.height - around)
        known = body.styles.max_height
        if known is None or known.value != room:
            body.styles.max_height = room
            # One that is there breaks lines that have room without it, and so keeps itself needed.
            body.show_vertical_scrollbar = False
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def title_content(self) -> Content:
        """The title, cut to the frame."""
        return title_line(self.heading, self._outer_width - 6, "-" if self.ascii_only else "─")

    def show_hints(self) -> int:
        """Writes the keys; how many lines they take."""
        width = self.inner_width
        content = hint_lines([(k, self.ours(t)) for k, t in self.hints()], width)
        right = self.right_hint()
        if right:
            *_, last = content.split("\n")
            gap = width - last.cell_length - cell_len(right)
            content = Content.assemble(content, " " * gap if gap >= 3 else "\n", right)
        self.query_one("#hints", Static).update(content)
        return len(content.split("\n"))

    def on_click(self, event: events.Click) -> None:
        """Beside the frame: leaves, where nothing is lost by it."""
        if self.HARMLESS and event.widget is self:
            self.action_leave()

    def action_leave(self) -> None:
        """Leaves without having done anything."""
        self.dismiss(self.LEAVES)  # type: ignore[arg-type]
