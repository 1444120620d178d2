"""Activity: what the ledger says of today, from every stsui on this computer, the newest first."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input, Static

from stsui.model.text import masked_key_id
from stsui.sessions.ledger import Event
from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.details import rows_content
from stsui.tui.screens.dialog import Dialog, Hint, Title

MOST = 300
"""Lines that are shown; older ones are found by their words, or with `stsui ledger`."""
NAMES = 24
"""Cells of a name from which the columns behind it give way."""
SIGNS = {"failure": "failed", "renew": "renewing", "assume": "active", "drop": "expired", "guard": "confirm"}
"""Which of the glyphs stands before a kind."""


class ActivityScreen(Dialog[str]):
    """Dismisses with nothing. Reads nothing itself: it is shown what there is, and asks for it again."""

    DEFAULT_CSS = """
    ActivityScreen {
        #frame { width: 100; padding: 0 2; }
        #find { display: none; height: 1; }
        #find, #find:focus { border: none; padding: 0; background: $boost; }
        &.-finding #find { display: block; }
        #facts { height: auto; margin-top: 1; color: $text-muted; }
        &.-short #facts { display: none; }
        &.-narrow #frame { padding: 0 1; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("slash", "find", show=False),
        Binding("f", "follow", show=False),
        Binding("y", "copy(False)", show=False),
        Binding("Y", "copy(True)", show=False),
        Binding("L,q", "leave", show=False),
    ]
    LEAVES = ""
    AUTO_FOCUS = "Choices"

    def __init__(
        self,
        again: Callable[[], None],
        copy: Callable[[str], None],
        masked: Callable[[str], str],
        veiled: Callable[[str], str],
        link: Callable[[Event], str],
    ) -> None:
        """`again` has `show` called with the events of today; `link` is where CloudTrail tells more. `masked`
        takes an id, `veiled` a sentence that may have some."""
        super().__init__(Title("Activity ", "today "))
        self._again, self._copy, self._masked, self._link = again, copy, masked, link
        self._veiled = veiled
        self._events: list[Event] = []
        self._follow = True

    def compose_head(self) -> Iterator[Widget]:
        """The words to find."""
        field = Input(id="find", compact=True, placeholder="words")
        field.cursor_blink = False
        yield field

    def compose_body(self) -> Iterator[Widget]:
        """The lines."""
        yield Choices([Choice("", "Reading …")])

    def compose_foot(self) -> Iterator[Widget]:
        """Everything of the event under the cursor."""
        yield Static(id="facts", markup=False)

    def on_mount(self) -> None:
        """Reads for the first time."""
        super().on_mount()
        self._again()

    def tick(self) -> None:
        """To be called every second."""
        if self._follow:
            self._again()

    def show_events(self, events: Sequence[Event]) -> None:
        """What there is now, oldest first."""
        if self.is_attached and list(events) != self._events:
            self._events = list(events)
            self._draw()
        elif self.is_attached and not events:
            self._draw()

    @property
    def _shown(self) -> list[Event]:
        words = self.query_one("#find", Input).value.lower().split()
        found = (e for e in reversed(self._events) if all(word in line(e).lower() for word in words))
        return [event for _, event in zip(range(MOST), found, strict=False)]

    def _draw(self) -> None:
        shown = self._shown
        names = min(NAMES, max((cell_len(event.role) for event in shown), default=0))
        choices = [Choice(_name(event), self._text(event, names)) for event in shown]
        nothing = "Nothing yet today." if not self._events else "Nothing matches."
        self.query_one(Choices).show(choices or [Choice("", nothing)])
        count = len(self._events)
        self.heading = Title("Activity ", "today ", after=f"{count} event{'' if count == 1 else 's'} ")
        self._facts()
        self.call_after_refresh(self.fit)

    def _text(self, event: Event, names: int) -> str:
        glyph = getattr(self.glyphs, SIGNS.get(event.kind, "idle"))
        return self.ours(self._veiled(f"{glyph} {line(event, names)}"))

    def _facts(self) -> None:
        chosen = self._chosen()
        rows = facts(chosen, self._masked) if chosen else []
        if chosen and chosen.access_key_id:
            rows.append(("CloudTrail", self._masked(self._link(chosen))))
        width = max(20, self.inner_width)
        content = rows_content([(label, self.ours(self._veiled(text))) for label, text in rows], width)
        self.query_one("#facts", Static).update(content)

    def _chosen(self) -> Event | None:
        current = self.query_one(Choices).current
        return next((event for event in self._events if _name(event) == current), None)

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        follow = "follow: on" if self._follow else "follow: off"
        return [("/", "find"), ("f", follow), ("y", "copy line"), ("Y", "copy all"), ("esc", "back")]

    def on_choices_moved(self, event: Choices.Moved) -> None:
        """Another event."""
        event.stop()
        self._facts()
        self.call_after_refresh(self.fit)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrows at every letter."""
        event.stop()
        self._draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Back to the lines, with what was found."""
        event.stop()
        self.query_one(Choices).focus()

    def action_find(self) -> None:
        """The line for words."""
        self.add_class("-finding")
        self.query_one("#find").focus()
        self.call_after_refresh(self.fit)

    def action_follow(self) -> None:
        """New lines as they come, or not."""
        self._follow = not self._follow
        self.show_hints()

    def action_copy(self, every: bool) -> None:
        """The line under the cursor, or all that are shown; key ids are cut to a few letters."""
        chosen = self._chosen()
        events = self._shown if every else [chosen] if chosen else []
        if events:
            self._copy("\n".join(line(event) for event in events))

    def action_leave(self) -> None:
        """One step: the words first."""
        if self.has_class("-finding"):
            self.query_one("#find", Input).value = ""
            self.remove_class("-finding")
            self.query_one(Choices).focus()
            self.call_after_refresh(self.fit)
        else:
            super().action_leave()


def _name(event: Event) -> str:
    return f"{event.at!r} {event.kind} {event.role} {event.to} {event.by}"


def line(event: Event, names: int = 0) -> str:
    """`14:19:50  stg-admin  hand-over  variables → bash for zsh 4711`; `names`: cells of the names."""
    at = time.strftime("%H:%M:%S", time.localtime(event.at))
    given = " → ".join(part for part in (event.way, event.to) if part)
    ends = f"until {time.strftime('%H:%M', time.localtime(event.until))}"
    until = ends if event.until and event.kind in ("assume", "renew") else ""
    role = event.role or "every role"
    columns = (role + " " * (names - cell_len(role)), f"{event.kind:9}" if names else event.kind)
    parts = (at, *columns, given, event.text, until, event.reason)
    return "  ".join(part for part in parts if part)


def facts(event: Event, masked: Callable[[str], str]) -> list[tuple[str, str]]:
    """Everything of an event, labelled."""
    until = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event.until)) if event.until else ""
    found = [
        ("What", f"{event.kind} of {event.role}" if event.role else event.kind),
        ("Given to", " → ".join(part for part in (event.way, event.to) if part)),
        ("Why", event.reason),
        ("", event.text),
        ("Session", masked(event.session_arn)),
        ("Key", f"{masked_key_id(event.access_key_id)}  until {until}" if event.access_key_id else ""),
        ("By", event.by),
    ]
    return [(label, text) for label, text in found if text]
