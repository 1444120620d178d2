"""One role out of all of them: letters narrow the list, enter takes what the cursor stands on."""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input

from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.dialog import Dialog, Hint, Title

MOST = 200
"""Roles that are shown; further letters find the others."""


class ChooseRole(Dialog[str]):
    """Dismisses with the name of a session, or with nothing."""

    DEFAULT_CSS = """
    ChooseRole {
        #frame { width: 72; padding: 0 2; }
        Input, Input:focus { height: 1; border: none; padding: 0; background: $boost; }
        &.-narrow #frame { padding: 0 1; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(8)", show=False, priority=True),
        Binding("pageup", "move(-8)", show=False, priority=True),
    ]
    LEAVES = ""
    AUTO_FOCUS = "Input"

    def __init__(
        self, title: str, fitting: Callable[[str], Sequence[str]], text: Callable[[str], str], verb: str
    ) -> None:
        """`fitting` gives the names for what was typed, best first; `text` a name's line."""
        super().__init__(Title(title))
        self._fitting, self._text, self._verb = fitting, text, verb

    def compose_head(self) -> Iterator[Widget]:
        """What is typed."""
        field = Input(compact=True, placeholder="letters of the role or account")
        field.cursor_blink = False
        yield field

    def compose_body(self) -> Iterator[Widget]:
        """The roles that fit."""
        yield Choices(self._choices(""))

    def _choices(self, query: str) -> list[Choice]:
        names = list(self._fitting(query))
        found = [Choice(name, self.ours(self._text(name))) for name in names[:MOST]]
        if len(names) > MOST:
            found.append(Choice("", f"{len(names) - MOST} more"))
        return found or [Choice("", "No role fits.")]

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        arrows = "up down" if self.ascii_only else "↑↓"
        return [("enter", self._verb), (arrows, "move"), ("esc", "cancel")]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrows at every letter; the best one is under the cursor."""
        event.stop()
        choices = self.query_one(Choices)
        choices.show(self._choices(event.value))
        choices.action_move(-MOST)
        self.call_after_refresh(self.fit)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes it."""
        event.stop()
        self._take(self.query_one(Choices).current)

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """By mouse."""
        event.stop()
        self._take(event.id)

    def on_choices_moved(self, event: Choices.Moved) -> None:
        """Nothing else changes."""
        event.stop()

    def _take(self, name: str) -> None:
        if name:
            self.dismiss(name)

    def action_move(self, by: int) -> None:
        """So many roles on."""
        self.query_one(Choices).action_move(by)
