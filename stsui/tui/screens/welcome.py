"""The first screen where there is no role at all: where they come from, and what to do."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.dialog import Dialog, Hint, Title

DOORS = (
    Choice("app.center", "Sign in to an Identity Center: all that is yours there", "1"),
    Choice("app.import", "Import: a file that your team shares, as a review", "2"),
    Choice("role.new", "Add one role by hand", "3"),
    Choice("app.demo", "Look around with invented roles: no AWS, nothing is kept", "4"),
    Choice("app.reload", "Look again, once a profile or a role is written", "5"),
    Choice("app.quit", "Quit", "6"),
)
"""Commands that can be run from here; none of them writes before it is asked."""


class WelcomeScreen(Dialog[str]):
    """Dismisses with the id of a command, or with nothing."""

    DEFAULT_CSS = """
    WelcomeScreen {
        #frame { width: 72; }
        Static { height: auto; }
        #files { margin: 1 0; color: $text-muted; }
        #promise { margin: 1 0 0 0; color: $text-muted; }
        &.-short #files { display: none; }
        &.-short #promise { margin: 0; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("q", "door('app.quit')", show=False),
        Binding("ctrl+r", "door('app.reload')", show=False),
    ]
    LEAVES = ""
    AUTO_FOCUS = "Choices"

    def __init__(self, aws_config: str, config_file: str, doors: Sequence[Choice] = DOORS) -> None:
        """`aws_config` and `config_file`: the paths that were read, as they should be shown."""
        super().__init__(Title("Welcome to stsui"))
        self._files = (("profiles of", aws_config), ("and roles of", config_file))
        self._doors = list(doors)

    def compose_body(self) -> Iterator[Widget]:
        """What there is not, where it would be, and the doors."""
        yield Static("No roles yet.", markup=False)
        rows = [Content("They are read from two places:")]
        rows += [Content.assemble((f"  {label:<14}", ""), Content(path)) for label, path in self._files]
        yield Static(Content("\n").join(rows), id="files")
        yield Choices(self._doors)
        yield Static(
            "Nothing is written before you have seen it. Sessions are kept in files only you can read; "
            "your AWS files are never touched unasked.",
            id="promise",
            markup=False,
        )

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        return [("enter", "choose"), ("q", "quit"), ("esc", "close")]

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """Through the door."""
        event.stop()
        self.dismiss(event.id)

    def on_key(self, event: events.Key) -> None:
        """The number of a door."""
        for door in self._doors:
            if event.character is not None and door.key == event.character and not door.dead:
                event.stop()
                self.dismiss(door.id)
                return

    def action_door(self, id: str) -> None:
        """By key, as in the list."""
        if any(door.id == id and not door.dead for door in self._doors):
            self.dismiss(id)
