"""The import wizard: where from, which roles, and the very lines; nothing is written before the last step."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from stsui.config.importing import MARKS, OPEN, Change, Review, lines, tables
from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.dialog import Dialog, Hint, Title

MOST = 300
"""Lines that are drawn; more letters find the others, and `a` chooses all that fit, drawn or not."""
WORDS = ("PROD", "STAGE", "DEV", "")
"""What `m` gives an account, one after the other, over the guess."""
FILE = "file"


class Written(NamedTuple):
    """What is to be written."""

    review: Review
    chosen: frozenset[str]
    """Keys of changes."""
    table: dict[str, dict[str, object]]


class Ways(NamedTuple):
    """What the dialog can have done."""

    load: Callable[[str], None]
    """Has `show_review` or `fails` called for a source: one of the sources' ids, or a path."""
    account: Callable[[str], str]
    """An account's name by its id, as it is called here; empty where it has none."""
    masked: Callable[[str], str]


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

    def __init__(self, sources: Sequence[Choice], ways: Ways) -> None:
        """`sources`: what to import from; one with the id `file` asks for a path."""
        super().__init__(Title("Import roles ", after="1 of 3: where from "))
        self._sources, self._ways = list(sources), ways
        self._step = 1
        self._review: Review | None = None
        self._chosen: set[str] = set()
        self._words: dict[str, str] = {}
        self._asks_path = False

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

    def show_review(self, review: Review) -> None:
        """What the source has beside what is here."""
        if not self.is_mounted:
            return
        self._review, self._step = review, 2
        self._chosen = {change.key for change in review.open() if change.state == "renamed"}
        self.query_one("#show", Input).value = ""
        self._draw()

    def fails(self, sentence: str) -> None:
        """Why there is nothing to show."""
        if self.is_mounted:
            self.query_one("#said", Static).update(Content(self.ours(sentence)))
            self.query_one("#said").display = True
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
            choices.show(self._sources)
            said = "Nothing is written before step 3, which shows the exact lines."
        elif step == 2:
            choices.show(self._listed())
            said = self._guess()
        else:
            text.update(Content("\n".join(self.ours(line) for line in self._lines())))
            said = ""
        self.query_one("#said", Static).update(Content(self.ours(said)))
        self.query_one("#said").display = bool(said)
        if self._asks_path:
            self.query_one("#show").focus()
        elif step < 3:
            choices.focus()
        else:
            self.set_focus(None)
        self.call_after_refresh(self.fit)

    def _head(self) -> str:
        if self._asks_path:
            return "The path of a TOML file that your team shares:"
        if self._step == 1 or self._review is None:
            return "What is taken over goes to a file of its own in conf.d/; your files stay as they are."
        count = len(self._chosen)
        if self._step == 2:
            shown = len(self._fitting())
            return (
                f"From {self._review.title} · {shown} of {len(self._review.changes)} shown · {count} chosen"
            )
        return f"{count} chosen · written to conf.d/{self._review.file}.toml · u takes it back"

    def _guess(self) -> str:
        review = self._review
        accounts = {c.candidate.account_id for c in self._fitting()} & set(review.guesses if review else ())
        if not accounts:
            return ""
        many = f"{len(accounts)} account{'' if len(accounts) == 1 else 's'}"
        return f"The word of {many} is guessed from the name (m gives another)."

    # -- choosing

    def _fitting(self) -> list[Change]:
        review = self._review
        if review is None:
            return []
        words = self.query_one("#show", Input).value.casefold().split()
        return [change for change in review.changes if all(word in self._text(change) for word in words)]

    def _text(self, change: Change) -> str:
        candidate = change.candidate
        parts = (change.name, change.before, candidate.detail, candidate.account_id, candidate.kind)
        return " ".join((*parts, self._account(candidate.account_id))).casefold()

    def _account(self, account_id: str) -> str:
        review = self._review
        named = review.account_names.get(account_id, "") if review else ""
        return named or self._ways.account(account_id)

    def _listed(self) -> list[Choice]:
        fitting = self._fitting()
        by_account: dict[str, list[Change]] = {}
        for change in fitting[:MOST]:
            by_account.setdefault(change.candidate.account_id, []).append(change)
        choices = []
        for account_id, changes in by_account.items():
            choices.append(Choice("", self._heading(account_id)))
            width = max(len(change.candidate.detail or change.candidate.name) for change in changes)
            choices += [self._choice(change, min(width, 28)) for change in changes]
        if len(fitting) > MOST:
            choices.append(Choice("", f"{len(fitting) - MOST} more; type words to find them"))
        return choices or [
            Choice("", "Nothing matches." if self._review and self._review.changes else "Nothing there.")
        ]

    def _heading(self, account_id: str) -> str:
        if not account_id:
            return "Account not known before use"
        word = self._words.get(account_id)
        guess = self._review.guesses.get(account_id) if self._review else None
        badge = word if word is not None else f"{guess}?" if guess else ""
        return self.ours(
            "  ".join(p for p in (self._account(account_id), self._ways.masked(account_id), badge) if p)
        )

    def _choice(self, change: Change, width: int) -> Choice:
        candidate = change.candidate
        is_open = change.state in OPEN
        box = f"[{'x' if change.key in self._chosen else ' '}]" if is_open else f"[{MARKS[change.state]}]"
        detail = candidate.detail or candidate.name
        shown = detail if len(detail) <= width else f"{detail[: width - 1]}…"
        parts = [box, f"{shown:{width}}", f"{candidate.kind:6}", _why(change)]
        if candidate.via and is_open:
            parts.append(f"via {candidate.via}")
        return Choice(change.key if is_open else "", self.ours("  ".join(parts).rstrip()))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Other words to find."""
        event.stop()
        if self._step == 2:
            self.query_one(Choices).show(self._listed())
            self.query_one("#from", Static).update(Content(self.ours(self._head())))
            self.call_after_refresh(self.fit)

    def _redraw_list(self) -> None:
        self.query_one(Choices).show(self._listed())
        self.query_one("#from", Static).update(Content(self.ours(self._head())))
        self.query_one("#said", Static).update(Content(self.ours(self._guess())))

    def action_choose(self) -> None:
        """Chooses the one under the cursor, or not."""
        key = self.query_one(Choices).current
        if self._step == 2 and key:
            self._chosen ^= {key}
            self._redraw_list()

    def action_all(self, chosen: bool) -> None:
        """Everything that is shown and can be chosen, or nothing of it."""
        if self._step == 2:
            keys = {
                c.key for c in self._fitting() if c.state in OPEN and (c.state != "vanished" or not chosen)
            }
            self._chosen = self._chosen | keys if chosen else self._chosen - keys
            self._redraw_list()

    def action_word(self) -> None:
        """Another word for the account of the one under the cursor."""
        key = self.query_one(Choices).current
        change = next((c for c in self._fitting() if c.key == key), None)
        if self._step != 2 or change is None or not change.candidate.account_id:
            return
        account_id = change.candidate.account_id
        now = self._words.get(account_id, self._review.guesses.get(account_id, "") if self._review else "")
        at = WORDS.index(now) if now in WORDS else -1
        self._words[account_id] = WORDS[(at + 1) % len(WORDS)]
        self._redraw_list()

    def action_find(self) -> None:
        """The words to find."""
        if self._step == 2:
            self.query_one("#show").focus()

    # -- the last step

    def _table(self) -> dict[str, dict[str, object]]:
        return tables(self._review, self._chosen, self._words) if self._review else {}

    def _lines(self) -> list[str]:
        return lines(self._table(), self._review.guesses if self._review else {})

    def action_next(self) -> None:
        """The next step; from the last one, what is to be written."""
        if self._asks_path:
            path = self.query_one("#show", Input).value.strip()
            if path:
                self._asks_path = False
                self._draw()
                self.fails("Reading …")
                self._ways.load(path)
        elif self._step == 1:
            self._begin(self.query_one(Choices).current)
        elif self._step == 2 and self.focused is self.query_one("#show"):
            self.query_one(Choices).focus()
        elif self._step == 2:
            if self._table():
                self._step = 3
                self._draw()
            else:
                self.fails("Nothing is chosen: space chooses, a chooses all that is shown.")
        elif self._review is not None:
            self.dismiss(Written(self._review, frozenset(self._chosen), self._table()))

    def _begin(self, source: str) -> None:
        if source == FILE:
            self._asks_path = True
            self._draw()
        elif source:
            self.fails("Reading …")
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
            self._draw()

    def action_leave(self) -> None:
        """Out of the words first, then out of the dialog."""
        if self._asks_path:
            self._asks_path = False
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


def _why(change: Change) -> str:
    texts: Mapping[str, str] = {
        "new": f"as {change.name}",
        "renamed": f"{change.before} is called {change.name} now",
        "changed": f"differs from {change.name} here",
        "vanished": f"{change.before} has vanished: choose it to remove it",
        "same": "as it is here",
        "here": f"already here as {change.name}",
        "problem": change.candidate.problem,
    }
    return texts[change.state]
