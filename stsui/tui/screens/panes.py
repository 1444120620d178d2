"""Where a role goes in tmux: a new pane that holds it, or the command to a pane whose shell waits."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from textual.widget import Widget
from textual.widgets import Static

from stsui.tui.handed import command_text
from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.dialog import Dialog, Hint, Title
from stsui.tui.tmux import Pane, Where

NEW: tuple[tuple[Where, str], ...] = (
    ("right", "a pane to the right"),
    ("below", "a pane below"),
    ("window", "a window"),
)
PICKS = "1234567890"


class PaneChoice(NamedTuple):
    """A new one, or the one to send the command to."""

    where: Where | None = None
    pane: Pane | None = None


class PanesScreen(Dialog[PaneChoice | None]):
    """Gives back what was chosen."""

    DEFAULT_CSS = """
    PanesScreen #frame { width: 66; padding: 0 2; }
    PanesScreen #line { color: $text-muted; margin-top: 1; height: auto; }
    """
    AUTO_FOCUS = "Choices"

    def __init__(self, role: str, environment: str, panes: Sequence[Pane]) -> None:
        super().__init__(Title("tmux: ", role, environment))
        self._role, self._panes = role, list(panes)

    def compose_body(self) -> Iterator[Widget]:
        """New ones first, then those that are there."""
        rows = [Choice("", "Open, holding the role")]
        rows += [Choice(where, text) for where, text in NEW]
        rows.append(Choice("", "Send the command to"))
        for n, pane in enumerate(self._panes):
            text = f"{pane.place}  {pane.command}" if pane.shell else pane.place
            dead = "" if pane.shell else f"{pane.command} runs there"
            rows.append(Choice(pane.id, text, PICKS[n] if n < len(PICKS) else "", dead))
        if not self._panes:
            rows.append(Choice("none", "no other pane in this session", dead=" "))
        yield Choices(rows)

    def compose_foot(self) -> Iterator[Widget]:
        """What would be sent."""
        yield Static(id="line", markup=False)

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        new = self.query_one(Choices).current in [where for where, _ in NEW]
        return [("enter", "open" if new else "send it"), ("j k", "move"), ("esc", "close")]

    def on_mount(self) -> None:
        """The first line."""
        super().on_mount()
        self._tell()

    def _chosen(self) -> PaneChoice:
        current = self.query_one(Choices).current
        pane = next((pane for pane in self._panes if pane.id == current), None)
        where = next((where for where, _ in NEW if where == current), None)
        return PaneChoice(where, pane)

    def _tell(self) -> None:
        pane = self._chosen().pane
        text = command_text(self._role, pane.shell) if pane else f"stsui exec {self._role}"
        self.query_one("#line", Static).update(self.ours(text))
        self.show_hints()

    def on_choices_moved(self, event: Choices.Moved) -> None:
        """Another line would be sent."""
        event.stop()
        self._tell()

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """Done."""
        event.stop()
        chosen = self._chosen()
        self.dismiss(chosen if chosen.where or chosen.pane else None)
