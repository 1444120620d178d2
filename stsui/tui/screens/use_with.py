"""Use a role with…: what it is limited to, for how long, and why; and what CloudTrail will show of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stsui.tui.screens.dialog import Dialog, Hint, Title
from stsui.tui.screens.form import TONES, Changed, Field, Form


class Wanted(NamedTuple):
    """What stands in the fields."""

    limit: str
    """A line of `Limits.names`."""
    parameters: Mapping[str, str] = {}
    """By the limit's parameter."""
    duration: str = ""
    reason: str = ""
    tags: str = ""
    """`key=value key=value`."""


class Limits(NamedTuple):
    """What can be chosen."""

    names: Sequence[str]
    """In their order; the first one is chosen."""
    parameters: Mapping[str, Sequence[str]] = {}
    """Of those that have some."""
    durations: str = ""
    """What the role allows, in words."""


class Outcome(NamedTuple):
    """What would come of it; `error` stands in the way."""

    lines: Sequence[tuple[str, str]] = ()
    """Label and text."""
    error: str = ""


class UseWithScreen(Dialog[Wanted]):
    """Dismisses with what is wanted, or with nothing."""

    DEFAULT_CSS = """
    UseWithScreen {
        #frame { width: 80; padding: 0 2; }
        #outcome { height: auto; margin-top: 1; color: $text-muted; }
        &.-narrow { #frame { padding: 0 1; } .note { display: none; } Input, Input:focus { width: 1fr; } }
        &.-short { #outcome { margin-top: 0; } }
    }
    """
    BINDINGS: ClassVar = [Binding("enter", "use", show=False, priority=True)]
    AUTO_FOCUS = "Turn"

    def __init__(self, title: Title, limits: Limits, outcome: Callable[[Wanted], Outcome]) -> None:
        """`outcome` says what a wish comes to; it makes no call."""
        super().__init__(title)
        self._limits, self._outcome = limits, outcome
        self._found = Outcome()

    def compose_body(self) -> Iterator[Widget]:
        """The fields; those of parameters only while their limit is chosen."""
        yield Form(self._fields())

    def compose_foot(self) -> Iterator[Widget]:
        """What comes of it."""
        yield Static(id="outcome", markup=False)

    def _fields(self) -> list[Field]:
        limits = self._limits
        every = sorted({name for names in limits.parameters.values() for name in names})
        return [
            Field("limit", "Limit to", limits.names[0], limits.names),
            *(Field(f"p-{name}", f"  {name}", note="one thing, no pattern") for name in every),
            Field("duration", "Duration", note=limits.durations),
            Field("reason", "Reason", note="into the session name"),
            Field("tags", "Tags", note="ticket=INC-4711 team=core"),
        ]

    @property
    def wanted(self) -> Wanted:
        """What stands in the fields."""
        form = self.query_one(Form)
        limit = str(form.value("limit"))
        parameters = {name: str(form.value(f"p-{name}")) for name in self._limits.parameters.get(limit, ())}
        texts = (str(form.value(id)) for id in ("duration", "reason", "tags"))
        return Wanted(limit, parameters, *texts)

    def on_mount(self) -> None:
        """Judged before anything is typed."""
        super().on_mount()
        self.call_after_refresh(self._say)

    def on_changed(self, event: Changed) -> None:
        """Judged at every letter."""
        event.stop()
        self._say()

    def _say(self) -> None:
        form, wanted = self.query_one(Form), self.wanted
        mine = self._limits.parameters.get(wanted.limit, ())
        for field in self._fields():
            if field.id.startswith("p-"):
                form.line(field.id).display = field.id[2:] in mine
        self._found = self._outcome(wanted)
        if self._found.error:
            said = Content.styled(self.ours(f"{self.glyphs.failed} {self._found.error}"), TONES["error"])
        else:
            # Where there is little room the fields have it, and what others will see of this.
            shown = self._found.lines[:1] if self.has_class("-short") else self._found.lines
            width = max((len(label) for label, _ in shown), default=0)
            lines = (f"{label:<{width}}  {text}" for label, text in shown)
            said = Content(self.ours("\n".join(lines)))
        self.query_one("#outcome", Static).update(said)
        self.call_after_refresh(self.fit)

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        return [("enter", "use"), ("← →", "another limit"), ("tab", "next"), ("esc", "cancel")]

    def action_use(self) -> None:
        """Dismisses with what is wanted; or goes where something is missing."""
        self._say()
        if not self._found.error:
            self.dismiss(self.wanted)
            return
        for name in self._limits.parameters.get(self.wanted.limit, ()):
            if not self.wanted.parameters.get(name):
                self.query_one(Form).focus_on(f"p-{name}")
                return
