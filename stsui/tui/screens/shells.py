"""Shells: who holds what, the copies that cannot be taken back, and the keys that lead a slot elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from stsui.sessions.ledger import Event
from stsui.tui import shells
from stsui.tui.rows import short_clock
from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.details import rows_content
from stsui.tui.screens.dialog import Dialog, Hint, Title
from stsui.tui.services import Running, SlotRow

NOBODY = "No shell holds a slot.  n copies the command for one."
MOST_COPIES = 50


class Seen(NamedTuple):
    """What there was to see."""

    rows: Sequence[SlotRow] = ()
    copies: Sequence[Event] = ()
    server: Running | None = None


class ShellsScreen(Dialog[str]):
    """Dismisses with nothing. Reads nothing itself: it is shown what there is, and asks for it again."""

    DEFAULT_CSS = """
    ShellsScreen {
        #frame { width: 92; padding: 0 2; }
        #columns { height: 1; color: $foreground 66%; }
        #facts { height: auto; margin-top: 1; color: $text-muted; }
        &.-short #facts { margin-top: 0; max-height: 3; }
        &.-narrow { #frame { padding: 0 1; } #columns { display: none; } }
    }
    """
    BINDINGS: ClassVar = [
        Binding("x", "do('cut')", show=False),
        Binding("n", "do('new')", show=False),
        Binding("y", "do('copy')", show=False),
        Binding("X", "do('cut_all')", show=False),
        Binding("t,q", "leave", show=False),
    ]
    LEAVES = ""
    AUTO_FOCUS = "Choices"

    def __init__(
        self,
        again: Callable[[], None],
        do: Callable[[str, str], None],
        environment: Callable[[str], str],
        now: Callable[[], float],
        home: str,
    ) -> None:
        """`again` has `show_seen` called with what there is; `do` gets `point`, `cut`, `new`, `copy` or
        `cut_all` and a slot's name."""
        super().__init__(Title("Shells"))
        self._again, self._do, self._environment, self._now, self._home = again, do, environment, now, home
        self._seen: Seen | None = None

    def compose_head(self) -> Iterator[Widget]:
        """The columns' names."""
        yield Static(id="columns", markup=False)

    def compose_body(self) -> Iterator[Widget]:
        """Slots, then copies."""
        yield Choices([Choice("", "Looking …")])

    def compose_foot(self) -> Iterator[Widget]:
        """Everything of the slot under the cursor."""
        yield Static(id="facts", markup=False)

    def on_mount(self) -> None:
        """Looks for the first time."""
        super().on_mount()
        self._again()

    def tick(self) -> None:
        """To be called every second."""
        if self.is_attached:
            self._again()
            self._draw()

    def show_seen(self, seen: Seen) -> None:
        """What there is now."""
        if self.is_attached:
            self._seen = seen
            self._draw()

    @property
    def row(self) -> SlotRow | None:
        """The slot under the cursor."""
        current = self.query_one(Choices).current
        rows = self._seen.rows if self._seen else ()
        return next((row for row in rows if row.slot.name == current), None)

    def fit(self) -> None:
        """The columns for the new width first."""
        self._draw()
        super().fit()

    def _draw(self) -> None:
        if self._seen is None or not self.is_attached:
            return
        width, now = self.inner_width - 2, self._now()
        self.query_one("#columns", Static).update(self.ours(shells.heading(width)))
        choices = []
        for row in self._seen.rows:
            text = shells.line(row, self._environment(row.role), now, width)
            choices.append(Choice(row.slot.name, self.ours(text)))
        if not choices:
            choices.append(Choice("", NOBODY))
        if self._seen.copies:
            choices.append(Choice("", "copies: they cannot be renewed or taken back"))
        for n, event in enumerate(self._seen.copies[:MOST_COPIES]):
            choices.append(Choice(f" {n}", self.ours(shells.snapshot(event)), dead=" "))
        self.query_one(Choices).show(choices)
        self._head(self._seen)
        self._facts()

    def _head(self, seen: Seen) -> None:
        live = sum(1 for row in seen.rows if not row.slot.cut_at)
        count = f"{live} slot{'' if live == 1 else 's'}"
        since = (
            f"server on 127.0.0.1 since {short_clock(seen.server.since)}" if seen.server else "no server runs"
        )
        self.heading = Title("Shells", after=f"{count} {self.glyphs.dot} {since} ")
        self.query_one("#frame").border_title = self.title_content()

    def _facts(self) -> None:
        row = self.row
        rows = shells.facts(row, self._now(), self._home) if row else []
        width = max(20, self.inner_width)
        content = rows_content([(label, self.ours(text)) for label, text in rows], width)
        facts = self.query_one("#facts", Static)
        before = facts.size.height
        facts.update(content)
        if content.plain.count("\n") + 1 != before:
            self.call_after_refresh(super().fit)

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        return [
            ("enter", "point at another role"),
            ("x", "cut off"),
            ("n", "new"),
            ("y", "copy its settings"),
            ("X", "cut off all"),
            ("esc", "back"),
        ]

    def on_choices_moved(self, event: Choices.Moved) -> None:
        """Another slot."""
        event.stop()
        self._facts()

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """Enter, or a click."""
        event.stop()
        self.action_do("point")

    def action_do(self, what: str) -> None:
        """Has it done with the slot under the cursor."""
        row = self.row
        if row is not None or what in ("new", "cut_all"):
            self._do(what, row.slot.name if row else "")
