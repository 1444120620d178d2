"""Everything known of one role, in labelled lines that tick."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stsui.tui.screens.dialog import Dialog, Hint, Title
from stsui.tui.widgets.wrapping import hung

Row = tuple[str, str]
"""A label and its text; both empty: a free line."""


def rows_content(rows: Sequence[Row], width: int) -> Content:
    """Labels in a column, texts right of them and wrapped there."""
    column = max((len(label) for label, _ in rows), default=0) + 2
    lines: list[Content] = []
    for label, text in rows:
        lead = Content.styled(f"{label:<{column}}", "$foreground 66%")
        lines += hung(lead, text, width) if label or text else [Content("")]
    return Content("\n").join(lines)


def parse_keys(text: str) -> list[Hint]:
    """`enter use  y copy` as hints: two spaces part them, the first word of each is its key."""
    hints = []
    for part in text.replace("   ", "  ").split("  "):
        key, _, what = part.strip().partition(" ")
        if key:
            hints.append((key, what))
    return hints


class DetailsScreen(Dialog[str]):
    """Dismisses with the key that was pressed for the role, as Textual names it, or with nothing."""

    DEFAULT_CSS = """
    DetailsScreen {
        #frame { width: 80; padding: 0 2; }
        #lines { height: auto; padding-right: 1; }
        &.-tall #frame { padding: 1 2 0 2; }
        &.-narrow #frame { padding: 0 1; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("j,down", "scroll_body(1)", show=False),
        Binding("k,up", "scroll_body(-1)", show=False),
        Binding("pagedown,ctrl+d", "scroll_body(8)", show=False),
        Binding("pageup,ctrl+u", "scroll_body(-8)", show=False),
        Binding("g,home", "scroll_body(-9999)", show=False),
        Binding("G,end", "scroll_body(9999)", show=False),
        Binding("i,q", "leave", show=False),
    ]
    LEAVES = ""
    HARMLESS = True

    def __init__(
        self,
        title: str,
        environment: str,
        lines: Callable[[], Sequence[Row]],
        keys_text: str,
        dead: Collection[str] = (),
    ) -> None:
        """`keys_text` names the role's keys, such as `enter use  y copy`; those and no others dismiss.

        The `dead` among them are not shown: they would only say why they do nothing.
        """
        super().__init__(Title("", title, environment))
        self._lines = lines
        self._hints, self._dead = parse_keys(keys_text), dead
        self._drawn: tuple[int, tuple[Row, ...]] = (0, ())

    def compose_body(self) -> Iterator[Widget]:
        """One text; it is drawn anew only when it became another."""
        yield Static(id="lines", markup=False)

    def hints(self) -> Sequence[Hint]:
        """The role's keys, then our own."""
        return [
            *(hint for hint in self._hints if hint[0] != "esc" and hint[0] not in self._dead),
            ("esc", "close"),
        ]

    def fit(self) -> None:
        """Wraps the lines for the new width first."""
        super().fit()
        self.tick()

    def tick(self) -> None:
        """To be called every second."""
        if not self.is_attached:
            return
        width = self.query_one("#lines").content_size.width
        drawn = (width, tuple((self.ours(label), self.ours(text)) for label, text in self._lines()))
        if width > 0 and drawn != self._drawn:
            self._drawn = drawn
            self.query_one("#lines", Static).update(rows_content(drawn[1], width))

    def on_key(self, event: events.Key) -> None:
        """A key of the role closes the dialog and is done by whoever opened it."""
        pressed = event.character if event.is_printable and event.key != "space" else event.key
        if any(pressed == key for key, _ in self._hints if key != "esc"):
            event.stop()
            event.prevent_default()
            self.dismiss(event.key)

    def action_scroll_body(self, lines: int) -> None:
        """So many lines on."""
        self.query_one("#body").scroll_relative(y=lines, animate=False)
