"""Lines of a form: a label, something to type, turn or tick, and what there is to say of it."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from stsui.tui.glyphs import ASCII, UNICODE

LABEL = 16
"""Cells of a label with its mark."""
TONES = {
    "": "$foreground 66%",
    "missing": "$foreground 66%",
    "warning": "$text-warning",
    "error": "$text-error",
    "ok": "$text-success",
}


class Field(NamedTuple):
    """One line."""

    id: str
    label: str
    """Empty for a heading, whose text is `value`."""
    value: str | bool = ""
    choices: Sequence[str] = ()
    """What it can be turned to; the only values unless `free`."""
    free: bool = False
    """Anything can be typed; the choices are offered while typing."""
    fixed: bool = False
    """It is shown and cannot be changed here."""
    note: str = ""
    """What is said of it while there is nothing else to say."""

    @property
    def turns(self) -> bool:
        """It is turned, not typed."""
        return bool(self.choices) and not self.free


class Changed(Message):
    """A field has another value."""

    def __init__(self, field_id: str) -> None:
        super().__init__()
        self.field_id = field_id


class Turn(Widget, can_focus=True):
    """`‹ value ›`: one of several; or `[x]` where it is yes or no."""

    DEFAULT_CSS = """
    Turn { height: 1; width: auto; min-width: 4; }
    """
    BINDINGS: ClassVar = [
        Binding("right,space,l", "turn(1)", show=False),
        Binding("left,h", "turn(-1)", show=False),
    ]

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field
        self.value = field.value

    def render(self) -> Content:
        """The value, in the cursor's colours where it has the focus."""
        style = "reverse" if self.app.no_color else "$block-cursor-foreground on $block-cursor-background"
        if isinstance(self.value, bool):
            text = "[x]" if self.value else "[ ]"
        else:
            before, after = ("<", ">") if self.screen.has_class("-ascii") else ("‹", "›")
            text = f"{before} {self.value or 'none'} {after}"
        return Content.styled(text, style) if self.has_focus else Content(text)

    def get_content_width(self, container: object, viewport: object) -> int:
        """As long as the longest value, so that what stands right of it keeps its place."""
        return max((len(choice or "none") for choice in self._field.choices), default=-1) + 4

    def action_turn(self, by: int) -> None:
        """The next value, or the one before."""
        if isinstance(self.value, bool):
            self.value = not self.value
        else:
            choices = list(self._field.choices)
            at = choices.index(self.value) if self.value in choices else 0
            self.value = choices[(at + by) % len(choices)]
        self.refresh()
        self.post_message(Changed(self._field.id))

    def set_value(self, value: str | bool) -> None:
        """Another value, of which nothing is posted."""
        self.value = value
        self.refresh()

    def on_click(self) -> None:
        """By mouse."""
        self.action_turn(1)


class Typed(Input):
    """A text in one line."""

    BINDINGS: ClassVar = [Binding("ctrl+u", "delete_left_all", show=False)]

    def __init__(self, field: Field) -> None:
        offered = SuggestFromList(field.choices, case_sensitive=False) if field.choices else None
        super().__init__(str(field.value), compact=True, select_on_focus=False, suggester=offered)
        self.cursor_blink = False
        self._field = field

    def on_input_changed(self, event: Input.Changed) -> None:
        """Every letter counts."""
        event.stop()
        self.post_message(Changed(self._field.id))


class FormLine(Horizontal):
    """A field with its label and its note."""

    DEFAULT_CSS = """
    FormLine {
        height: 1;
        .label { width: 16; color: $text-muted; }
        .note { width: 1fr; padding-left: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        Input, Input:focus { width: 27; height: 1; border: none; padding: 0; background: $boost; }
        .fixed { width: 1fr; color: $text-muted; }
        &.-heading .label { width: 1fr; text-style: bold; color: $text-accent; }
    }
    """

    def __init__(self, field: Field) -> None:
        super().__init__(id=f"line-{field.id}")
        self.field = field
        self.set_class(not field.label, "-heading")

    def compose(self) -> ComposeResult:
        """From left to right."""
        yield Static(classes="label", markup=False)
        if self.field.label:
            if self.field.fixed:
                yield Static(Content(str(self.field.value)), classes="fixed")
                return
            turns = self.field.turns or isinstance(self.field.value, bool)
            yield Turn(self.field) if turns else Typed(self.field)
            yield Static(classes="note", markup=False)

    def on_mount(self) -> None:
        """The first picture."""
        self.mark(False)
        self.say("", "")

    @property
    def value(self) -> str | bool:
        """What it says now."""
        if not self.field.label or self.field.fixed:
            return self.field.value
        found = self.query("Turn, Typed").first()
        return found.value if isinstance(found, Turn | Typed) else ""

    def set_value(self, value: str | bool) -> None:
        """Says something else."""
        for found in self.query("Turn, Typed"):
            if isinstance(found, Turn):
                found.set_value(value)
            elif isinstance(found, Typed):
                found.value = str(value)

    def mark(self, chosen: bool) -> None:
        """Marks the line of the focus by a sign, not by colour alone."""
        glyphs = ASCII if self.screen.has_class("-ascii") else UNICODE
        text = f"{glyphs.folded if chosen else ' '} {self.field.label}"
        self.query_one(".label", Static).update(Content(text if self.field.label else str(self.field.value)))

    def say(self, level: str, text: str) -> None:
        """What there is to say of the value; empty: the field's own note."""
        if self.field.label and not self.field.fixed:
            said = Content.styled(text or self.field.note, TONES[level])
            self.query_one(".note", Static).update(said, layout=False)


class Form(Widget):
    """The lines, one below the other; arrows and tab go from one to the next."""

    DEFAULT_CSS = """
    Form { height: auto; }
    """
    BINDINGS: ClassVar = [
        Binding("down,enter", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, fields: Sequence[Field]) -> None:
        super().__init__(id="form")
        self._fields = list(fields)

    def compose(self) -> Iterator[Widget]:
        """The lines."""
        for field in self._fields:
            yield FormLine(field)

    def line(self, id: str) -> FormLine:
        """The line of a field."""
        return self.query_one(f"#line-{id}", FormLine)

    def value(self, id: str) -> str | bool:
        """What a field says now."""
        return self.line(id).value

    def focus_on(self, id: str) -> None:
        """Puts the focus on a field."""
        found = self.line(id).query("Turn, Typed").first()
        if isinstance(found, Turn | Typed):
            found.focus()

    @property
    def chosen(self) -> str:
        """Id of the field that has the focus; empty where none has."""
        for line in self.query(FormLine):
            if line.has_focus_within:
                return line.field.id
        return ""

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The mark goes with the focus."""
        self._mark()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """And away."""
        self._mark()

    def _mark(self) -> None:
        if self.is_mounted:
            for line in self.query(FormLine):
                line.mark(line.has_focus_within)
