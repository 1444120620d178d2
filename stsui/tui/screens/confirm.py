"""Questions before what one key cannot undo: yes or no, or the account's name typed."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from stsui.tui.screens.dialog import Dialog, Hint, Title


class Answer(Widget, can_focus=True):
    """`▸ [ Drop 4 ]`: a button that shows its focus by a sign."""

    DEFAULT_CSS = """
    Answer { width: auto; height: 1; }
    Answer:focus { text-style: bold; }
    Answer.-off { color: $text-muted; }
    """
    BINDINGS: ClassVar = [Binding("enter,space", "press", show=False)]

    class Pressed(Message):
        """The answer was given."""

        def __init__(self, yes: bool) -> None:
            super().__init__()
            self.yes = yes

    def __init__(self, text: str, yes: bool) -> None:
        super().__init__(id="yes" if yes else "no")
        self._text, self._yes = text, yes

    def render(self) -> RenderResult:
        """The text; with the focus, marked and in the cursor's colours."""
        if not self.has_focus:
            return Content(f"  [ {self._text} ]")
        mark = ">" if self.screen.has_class("-ascii") else "▸"
        style = "reverse" if self.app.no_color else "$block-cursor-foreground on $block-cursor-background"
        return Content.assemble(f"{mark} ", (f"[ {self._text} ]", style))

    def get_content_width(self, container: object, viewport: object) -> int:
        """The same with and without the mark."""
        return Content(self._text).cell_length + 6

    def action_press(self) -> None:
        """By key."""
        self.post_message(self.Pressed(self._yes))

    def on_click(self, event: events.Click) -> None:
        """By mouse."""
        event.stop()
        self.action_press()


class _Question(Dialog[bool]):
    """What both questions share: text, two answers, the safe one first."""

    DEFAULT_CSS = """
    _Question {
        #frame { width: 58; }
        #text { height: auto; }
        #answers { height: auto; align-horizontal: center; margin-top: 1; }
        #answers Answer { margin: 0 2; }
        &.-short #answers { margin-top: 0; }
    }
    """
    LEAVES = False
    BINDINGS: ClassVar = [
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, title: str, body: Sequence[str], verb: str, keep: str, environment: str) -> None:
        super().__init__(Title("", title, environment))
        self._body, self.verb, self.keep = list(body), verb, keep

    def compose_body(self) -> Iterator[Widget]:
        """Text, then the answers."""
        yield Static(Content(self.ours("\n".join(self._body))), id="text")
        yield from self.compose_question()
        with Horizontal(id="answers"):
            yield Answer(self.keep, False)
            yield Answer(self.verb, True)

    def compose_question(self) -> Iterator[Widget]:
        """What stands between text and answers."""
        yield from ()

    def on_descendant_focus(self) -> None:
        """What enter does is another thing now."""
        if self.is_mounted:
            self.show_hints()

    def on_answer_pressed(self, event: Answer.Pressed) -> None:
        """Given."""
        event.stop()
        self.give(event.yes)

    def give(self, yes: bool) -> None:
        """Dismisses with the answer."""
        self.dismiss(yes)


class ConfirmScreen(_Question):
    """Yes or no. The safe answer has the focus, so that an enter too many changes nothing."""

    DEFAULT_CSS = """
    ConfirmScreen #option { height: auto; margin-top: 1; }
    ConfirmScreen.-short #option { margin-top: 0; }
    """
    BINDINGS: ClassVar = [
        Binding("y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
        Binding("o", "option", show=False),
    ]
    AUTO_FOCUS = "#no"

    def __init__(
        self,
        title: str,
        body: Sequence[str],
        verb: str = "Yes",
        keep: str = "No",
        environment: str = "",
        option: str = "",
    ) -> None:
        """`option`: what a yes may mean besides; `opted` is whether it does."""
        super().__init__(title, body, verb, keep, environment)
        self._option, self.opted = option, False

    def compose_question(self) -> Iterator[Widget]:
        """What a yes may mean besides."""
        if self._option:
            yield Static(self._option_line(), id="option")

    def _option_line(self) -> Content:
        return Content(self.ours(f"[{'x' if self.opted else ' '}] o  {self._option}"))

    def on_click(self, event: events.Click) -> None:
        """A click on the option is its key."""
        if event.widget is not None and event.widget.id == "option":
            self.action_option()

    def action_option(self) -> None:
        """Chosen or not."""
        if self._option:
            self.opted = not self.opted
            self.query_one("#option", Static).update(self._option_line())

    def hints(self) -> Sequence[Hint]:
        """What each key would do."""
        focused = self.focused
        chosen = self.verb if focused is not None and focused.id == "yes" else self.keep
        return [("enter", f"= {_small(chosen)}"), ("y", _small(self.verb)), ("esc", _small(self.keep))]

    def action_answer(self, yes: bool) -> None:
        """By key."""
        self.give(yes)


class TypeNameScreen(_Question):
    """Goes on only when the expected name is typed."""

    DEFAULT_CSS = """
    TypeNameScreen {
        #ask { height: auto; margin-top: 1; }
        Input, Input:focus { height: 3; border: round $border-blurred; padding: 0 1; background: $surface; }
        Input:focus { border: heavy $border; }
        &.-ascii Input, &.-ascii Input:focus { border: ascii $border; }
        #waits { height: auto; color: $text-muted; }
        &.-short Input, &.-short Input:focus { height: 1; border: none; padding: 0; background: $boost; }
        &.-short #ask { margin-top: 0; }
    }
    """
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        title: str,
        body: Sequence[str],
        expected: str,
        verb: str,
        environment: str = "",
        what: str = "the account name",
    ) -> None:
        super().__init__(title, body, verb, "Cancel", environment)
        self._expected, self._what = expected, what

    def compose_question(self) -> Iterator[Widget]:
        """The name to type, and the place for it."""
        yield Static(Content(f"Type {self._what} to go on: {self._expected}"), id="ask")
        field = Input()
        field.cursor_blink = False
        yield field
        yield Static(id="waits", markup=False)

    def on_mount(self) -> None:
        """Nothing is typed yet."""
        super().on_mount()
        self._judge()

    @property
    def typed(self) -> bool:
        """Whether the name stands there."""
        return self.query_one(Input).value.strip() == self._expected

    def hints(self) -> Sequence[Hint]:
        """What enter would do."""
        focused = self.focused
        if focused is not None and focused.id == "no":
            return [("enter", "cancel"), ("esc", "cancel")]
        return [("enter", _small(self.verb) if self.typed else "waits for the name"), ("esc", "cancel")]

    def _judge(self) -> None:
        left = "" if self.typed else f"{self.verb} waits for the name."
        if not self.typed and len(self.query_one(Input).value.strip()) >= len(self._expected):
            left = "That is another name."
        self.query_one("#waits", Static).update(Content(left or f"enter: {_small(self.verb)}"))
        self.query_one("#yes").set_class(not self.typed, "-off")
        self.show_hints()

    def on_input_changed(self) -> None:
        """Another text."""
        self._judge()

    def on_input_submitted(self) -> None:
        """Enter in the field."""
        self.give(True)

    def give(self, yes: bool) -> None:
        """A yes counts with the name only."""
        if not yes or self.typed:
            super().give(yes)


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
