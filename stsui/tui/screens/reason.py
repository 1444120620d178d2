"""Why a session is wanted, where the config says that it has to be said."""

from collections.abc import Iterator, Sequence

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from stsui.tui.screens.dialog import Dialog, Hint, Title

LONGEST = 200


class ReasonScreen(Dialog[str]):
    """Dismisses with the reason, or with nothing."""

    DEFAULT_CSS = """
    ReasonScreen {
        #say { height: auto; }
        Input, Input:focus { height: 1; border: none; padding: 0; background: $boost; margin-top: 1; }
    }
    """
    LEAVES = ""
    AUTO_FOCUS = "Input"

    def __init__(self, title: str, environment: str) -> None:
        super().__init__(Title("", title, environment))

    def compose_body(self) -> Iterator[Widget]:
        """What is asked, and the line to answer in."""
        yield Static(Content("What is it for? CloudTrail and the ledger will show it."), id="say")
        field = Input(max_length=LONGEST, compact=True)
        field.cursor_blink = False
        yield field

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        return [("enter", "go on"), ("esc", "cancel")]

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A reason of blanks is none."""
        reason = " ".join(event.value.split())
        if reason:
            self.dismiss(reason)
