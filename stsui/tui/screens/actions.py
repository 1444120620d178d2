"""The menu of a row: everything that can be done with it; what cannot says why."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding
from textual.widget import Widget

from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.dialog import Dialog, Hint, Title


class ActionEntry(NamedTuple):
    """A line of the menu."""

    key: str
    """As it is written on the screen; pressed, it does the thing."""
    action_id: str
    text: str
    dead_reason: str = ""
    """Why it does nothing now; empty when it does."""


class ActionsScreen(Dialog[str]):
    """Dismisses with the id of an action, or with nothing."""

    DEFAULT_CSS = """
    ActionsScreen #frame { width: 58; padding: 0 2; }
    """
    BINDINGS: ClassVar = [Binding("space", "leave", show=False)]
    LEAVES = ""
    HARMLESS = True
    AUTO_FOCUS = "Choices"

    def __init__(self, title: str, entries: Sequence[ActionEntry], environment: str = "") -> None:
        super().__init__(Title("", title, environment))
        self._entries = list(entries)

    def compose_body(self) -> Iterator[Widget]:
        """The entries, in the order they were given."""
        yield Choices([Choice(e.action_id, self.ours(e.text), e.key, e.dead_reason) for e in self._entries])

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        return [("enter", "do it"), ("j k", "move"), ("esc", "close")]

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """Done."""
        event.stop()
        self.dismiss(event.id)

    def on_key(self, event: events.Key) -> None:
        """The key of an entry does it, wherever the cursor is; enter belongs to the cursor."""
        pressed = event.character if event.is_printable else event.key
        for entry in self._entries:
            if entry.key == pressed and pressed not in ("enter", " "):
                event.stop()
                event.prevent_default()
                if not entry.dead_reason:
                    self.dismiss(entry.action_id)
                return
