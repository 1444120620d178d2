"""The import wizard: where from, which roles, and the very lines; nothing is written before the last step."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from stsui.config.importing import Review
from stsui.tui.choosing import Choosing, Ways, Written
from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.dialog import Dialog, Hint, Title
from stsui.tui.widgets.wrapping import hung

FILE = "file"
MORE = "more"
"""Leads from the first list to the second."""
NOTES = 2
"""Sentences of what is not taken over that stand below the list."""


class ImportScreen(Dialog[Written | None]):
    """Dismisses with what is to be written, or with nothing."""

    DEFAULT_CSS = """
    ImportScreen {
        #frame { width: 96; padding: 0 2; }
        #from { height: auto; color: $text-muted; }
        #show { display: none; height: 1; }
        #show, #show:focus { border: none; padding: 0 1; background: $boost; }
        #said { height: auto; color: $text-warning; }
        #lines { height: auto; }
        &.-choose #show { display: block; }
        &.-tall #frame { padding: 1 2 0 2; }
        &.-narrow #frame { padding: 0 1; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("space", "choose", show=False),
        Binding("a", "all(True)", show=False),
        Binding("n", "all(False)", show=False),
        Binding("m", "word", show=False),
        Binding("h,left", "back", show=False),
        Binding("slash", "find", show=False),
        Binding("enter", "next", show=False, priority=True),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown", "scroll(8)", show=False),
        Binding("pageup", "scroll(-8)", show=False),
    ]
    LEAVES = None
    AUTO_FOCUS = "Choices"

    def __init__(self, sources: Sequence[Choice], ways: Ways, more: Sequence[Choice] = ()) -> None:
        """`sources`: what to import from; the id `file` asks for a path, the id `more` shows the others."""
        super().__init__(Title("Import roles ", after="1 of 3: where from "))
        self._sources, self._more, self._ways = list(sources), list(more), ways
        self._in_more = False
        self._notes: Sequence[str] = ()
        self._step = 1
        self._choosing: Choosing | None = None
        self._asks_path = False
        self._reading = False

    def compose_head(self) -> Iterator[Widget]:
        """Where it comes from, and the words to find."""
        yield Static(id="from", markup=False)
        field = Input(id="show", compact=True, placeholder="words to show")
        field.cursor_blink = False
        yield field

    def compose_body(self) -> Iterator[Widget]:
        """The list of each step, and the lines of the last."""
        yield Choices(self._sources)
        yield Static(id="lines", markup=False)

    def compose_foot(self) -> Iterator[Widget]:
        """What went wrong, or what is guessed."""
        yield Static(id="said", markup=False)

    def on_mount(self) -> None:
        """The first step."""
        super().on_mount()
        self._draw()

    # -- the steps

    def show_review(self, review: Review, notes: Sequence[str] = ()) -> None:
        """What the source has beside what is here; `notes`: what is not taken over, in sentences."""
        if not self.is_mounted:
            return
        self._notes = notes
        self._choosing, self._step, self._reading = Choosing(review, self._ways.named), 2, False
        self.query_one("#show", Input).value = ""
        self._draw()

    def reads(self, sentence: str) -> None:
        """How far the reading has come."""
        if self.is_mounted and self._reading:
            self._say(sentence)

    def fails(self, sentence: str) -> None:
        """Why there is nothing to show."""
        if self.is_mounted:
            self._reading = False
            self._say(sentence)

    def _say(self, sentence: str) -> None:
        said = self.query_one("#said", Static)
        said.update(Content(self.ours(sentence)))
        said.display = bool(sentence)
        self.call_after_refresh(self.fit)

    def _draw(self) -> None:
        step = self._step
        names = ("where from", "choose", "look and write")
        self.heading = Title("Import roles ", after=f"{step} of 3: {names[step - 1]} ")
        self.set_class(step == 2 or self._asks_path, "-choose")
        choices, text = self.query_one(Choices), self.query_one("#lines", Static)
        choices.display, text.display = step < 3 and not self._asks_path, step == 3
        self.query_one("#from", Static).update(Content(self.ours(self._head())))
        if step == 1:
            choices.show(self._more if self._in_more else self._sources)
            said = "Nothing is written before step 3, which shows the exact lines."
        elif step == 2:
            choices.show(self._listed())
            said = self._guess()
        else:
            lines = self._choosing.lines() if self._choosing else []
            text.update(self._broken(lines))
            self.call_after_refresh(self.query_one("#body").scroll_home, animate=False)
            said = ""
        self._say(said)
        if self._asks_path:
            self.query_one("#show").focus()
        elif step < 3:
            choices.focus()
        else:
            self.set_focus(None)

    def _broken(self, lines: Sequence[str]) -> Content:
        """The lines for this width; what had to be broken goes on below its sign."""
        width = max(20, self.inner_width - 1)
        found = [part for line in lines for part in hung(Content(line[:2]), self.ours(line[2:]), width)]
        return Content("\n").join(found)

    def _head(self) -> str:
        choosing = self._choosing
        if self._asks_path:
            return "The path of a TOML file that your team shares:"
        if self._step == 1 or choosing is None:
            return "What is taken over goes to a file of its own in conf.d/; your files stay as they are."
        chosen, review = f"{len(choosing.chosen)} chosen", choosing.review
        if self._step == 2:
            of = f"{len(choosing.shown())} of {len(review.changes)} shown"
            return f"From {self._ways.shown(review.title)} · {of} · {chosen}"
        return f"{chosen} · written to conf.d/{review.file}.toml · u takes it back"

    def _guess(self) -> str:
        count = self._choosing.guessed() if self._choosing else 0
        many = f"{count} account{'' if count == 1 else 's'}"
        guess = f"The word of {many} is guessed from the name (m gives another)." if count else ""
        left = len(self._notes) - NOTES
        more = [f"{left} more such sentences: stsui import."] if left > 0 else []
        return "\n".join([*self._notes[:NOTES], *more, *([guess] if guess else [])])

    # -- choosing

    def _listed(self) -> list[Choice]:
        choices = self._choosing.choices() if self._choosing else []
        return [choice._replace(text=self.ours(choice.text)) for choice in choices]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Other words to find."""
        event.stop()
        if self._step == 2 and self._choosing:
            self._choosing.show = event.value
            self._redraw_list()

    def _redraw_list(self) -> None:
        self.query_one(Choices).show(self._listed())
        self.query_one("#from", Static).update(Content(self.ours(self._head())))
        self._say(self._guess())

    def action_choose(self) -> None:
        """Chooses the one under the cursor, or not."""
        if self._step == 2 and self._choosing:
            self._choosing.toggle(self.query_one(Choices).current)
            self._redraw_list()

    def action_all(self, chosen: bool) -> None:
        """Everything that is shown and can be chosen, or nothing of it."""
        if self._step == 2 and self._choosing:
            self._choosing.all(chosen)
            self._redraw_list()

    def action_word(self) -> None:
        """Another word for the account of the one under the cursor."""
        if self._step == 2 and self._choosing:
            self._choosing.next_word(self.query_one(Choices).current)
            self._redraw_list()

    def action_find(self) -> None:
        """The words to find."""
        if self._step == 2:
            self.query_one("#show").focus()

    # -- the last step

    def action_next(self) -> None:
        """The next step; from the last one, what is to be written."""
        if self._asks_path:
            path = self.query_one("#show", Input).value.strip()
            if path:
                self._asks_path = False
                self._draw()
                self._read(path)
        elif self._step == 1:
            self._begin(self.query_one(Choices).current)
        elif self._step == 2 and self.focused is self.query_one("#show"):
            self.query_one(Choices).focus()
        elif self._step == 2:
            if self._choosing and self._choosing.table():
                self._step = 3
                self._draw()
            else:
                self.fails("Nothing is chosen: space chooses, a chooses all that is shown.")
        elif self._choosing is not None:
            choosing = self._choosing
            self.dismiss(Written(choosing.review, frozenset(choosing.chosen), choosing.table()))

    def _begin(self, source: str) -> None:
        if source == MORE:
            self._in_more = True
            self._draw()
        elif source == FILE:
            self._asks_path = True
            self._draw()
        elif source:
            self._read(source)

    def _read(self, source: str) -> None:
        if not self._reading:
            self._reading = True
            self._say("Reading …")
            self._ways.load(source)

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """A click on the cursor is space, in the first step enter."""
        event.stop()
        if self._step == 1:
            self._begin(event.id)
        else:
            self.action_choose()

    def action_back(self) -> None:
        """One step back."""
        if self._asks_path:
            return
        if self._step > 1:
            self._step -= 1
        else:
            self._in_more = False
        self._draw()

    def action_leave(self) -> None:
        """Out of the words first, then out of the dialog."""
        if self._asks_path or (self._in_more and self._step == 1):
            self._asks_path = self._in_more = False
            self._draw()
        elif self._step == 2 and self.focused is self.query_one("#show"):
            self.query_one(Choices).focus()
        else:
            self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """The lines of the last step."""
        if self._step == 3:
            self.query_one("#body").scroll_relative(y=by, animate=False)

    def on_key(self, event: events.Key) -> None:
        """Down leaves the words for the list."""
        if self._step == 2 and event.key == "down" and self.focused is self.query_one("#show"):
            event.stop()
            self.query_one(Choices).focus()

    def hints(self) -> Sequence[Hint]:
        """The keys of the step."""
        if self._asks_path:
            return [("enter", "read it"), ("esc", "back")]
        if self._step == 1:
            return [("enter", "look"), ("esc", "cancel")]
        if self._step == 2:
            keys = [("space", "choose"), ("a", "all shown"), ("n", "none"), ("/", "find")]
            return [*keys, ("m", "word"), ("enter", "next"), ("h", "back"), ("esc", "cancel")]
        return [("enter", "write"), ("j k", "scroll"), ("h", "back"), ("esc", "cancel")]
