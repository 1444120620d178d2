"""Roots: what a person has to renew, until when it is good, and the next time they will be needed."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stsui.model.durations import countdown, short_duration
from stsui.sessions.forecast import Forecast, Outlook
from stsui.sessions.roots import Needs, Root
from stsui.tui.rows import short_clock
from stsui.tui.screens.choices import Choice, Choices
from stsui.tui.screens.dialog import Dialog, Hint, Title

NEEDS: Mapping[Needs, str] = {
    "code": "a code",
    "browser": "a browser",
    "keys": "new keys",
    "nothing": "nothing",
}
HEADS = ("root", "kind", "good until", "needs", "sessions below")
TIGHT = 6
"""Cells under which nothing is cut in the middle of a word."""
SHOWN = 4
"""Names of sessions that stand in a line."""


class View(NamedTuple):
    """What there is to show."""

    roots: Sequence[Root] = ()
    forecast: Forecast = Forecast({}, {})


class RootsScreen(Dialog[tuple[str, str]]):
    """Dismisses with what to do (`renew`, `out`, `show`, `new`) and the key of a root."""

    DEFAULT_CSS = """
    RootsScreen {
        #frame { width: 96; padding: 0 2; }
        #heads { height: 1; color: $text-muted; }
        #facts { height: auto; margin-top: 1; }
        &.-tall #frame { padding: 1 2 0 2; }
        &.-narrow #frame { padding: 0 1; }
        &.-short #facts { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("o", "act('out')", show=False),
        Binding("i", "act('show')", show=False),
        Binding("n", "new", show=False),
        Binding("b,q", "leave", show=False),
    ]
    LEAVES = ("", "")
    AUTO_FOCUS = "Choices"

    def __init__(
        self, again: Callable[[], None], now: Callable[[], float], masked: Callable[[str], str]
    ) -> None:
        """`again` has `show_view` called with what there is now."""
        super().__init__(Title("Roots "))
        self._again, self._now, self._masked = again, now, masked
        self._view = View()
        self._minute = -1

    def compose_head(self) -> Iterator[Widget]:
        """The columns."""
        yield Static(id="heads", markup=False)

    def compose_body(self) -> Iterator[Widget]:
        """A line for each root."""
        yield Choices([Choice("", "Reading …")])

    def compose_foot(self) -> Iterator[Widget]:
        """What there is to say of the one under the cursor."""
        yield Static(id="facts", markup=False)

    def on_mount(self) -> None:
        """Reads for the first time."""
        super().on_mount()
        self._again()

    def tick(self) -> None:
        """To be called every second; what there is changes with the minute."""
        minute = int(self._now()) // 60
        if minute != self._minute and self.is_attached:
            self._minute = minute
            self._again()

    def show_view(self, view: View) -> None:
        """What there is now."""
        if not self.is_attached:
            return
        self._view = view
        self.heading = Title("Roots ", after=f"{next_text(view.forecast, self._now())} ")
        self._draw()

    def fit(self) -> None:
        """The columns for the new width first."""
        if self.is_attached:
            self._draw_lines()
        super().fit()

    def _draw(self) -> None:
        self._draw_lines()
        self._facts()
        self.call_after_refresh(self.fit)

    def _draw_lines(self) -> None:
        view, now = self._view, self._now()
        rows = [cells(root, now) for root in view.roots]
        widths = columns([HEADS, *rows], self.inner_width - 4)
        heads = self.ours(line(HEADS, widths))
        self.query_one("#heads", Static).update(Content(f"  {heads}"))
        choices = [
            Choice(root.key, self.ours(line(row, widths))) for root, row in zip(view.roots, rows, strict=True)
        ]
        self.query_one(Choices).show(choices or [Choice("", "There is no root: no role can be had.")])

    def on_choices_moved(self, event: Choices.Moved) -> None:
        """Another root under the cursor."""
        event.stop()
        self._facts()
        self.call_after_refresh(self.fit)

    def on_choices_picked(self, event: Choices.Picked) -> None:
        """Enter renews."""
        event.stop()
        self.action_act("renew")

    @property
    def _chosen(self) -> Root | None:
        current = self.query_one(Choices).current
        return next((root for root in self._view.roots if root.key == current), None)

    def _facts(self) -> None:
        root = self._chosen
        text = ""
        if root is not None:
            text = facts(root, self._view.forecast.needed.get(root.key), self._now(), self._masked)
        self.query_one("#facts", Static).update(Content(self.ours(text)))

    def hints(self) -> Sequence[Hint]:
        """The keys that do something for the root under the cursor."""
        keys: list[Hint] = []
        root = self._chosen if self.is_attached and self._view.roots else None
        if root is not None and root.needs != "nothing":
            keys.append(("enter", {"browser": "sign in"}.get(root.needs, "renew now")))
        if root is not None and root.kind == "sso" and root.good(self._now()):
            keys.append(("o", "sign out"))
        if root is not None and root.live:
            keys.append(("i", "which sessions"))
        return [*keys, ("n", "new Identity Center"), ("esc", "back")]

    def action_new(self) -> None:
        """One that is not in any file yet."""
        self.dismiss(("new", ""))

    def action_act(self, what: str) -> None:
        """Leaves with what is to be done for the root under the cursor."""
        root = self._chosen
        if root is None:
            return
        can = {
            "renew": root.needs != "nothing",
            "out": root.kind == "sso" and root.good(self._now()),
            "show": bool(root.live),
        }
        if can[what]:
            self.dismiss((what, root.key))


def next_text(forecast: Forecast, now: float) -> str:
    """`next: your code for ana at 17:40`, for the title."""
    outlook = forecast.next
    if outlook is None:
        return "nobody is needed for what is live"
    what = "your code for" if outlook.what == "code" else "a sign-in at"
    return f"next: {what} {outlook.name} {_at(outlook, now)}"


def cells(root: Root, now: float) -> tuple[str, str, str, str, str]:
    """The columns of one root."""
    more = ", …" if len(root.live) > SHOWN else ""
    below = f"{len(root.live)}" + (f"  {', '.join(root.live[:SHOWN])}{more}" if root.live else "")
    return root.name, root.called, _until(root, now), NEEDS[root.needs], below


def columns(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """The width of each column; the last takes what is left, the second goes first where it is tight."""
    widest = [max(len(row[n]) for row in rows) for n in range(5)]
    name, kind, until, needs = min(widest[0], 24), widest[1], widest[2], widest[3]
    if name + kind + until + needs + 8 + 10 > width:
        kind = 0
    if name + until + needs + 6 + 2 > width:
        needs = 0
    return [name, kind, until, needs, max(0, width - name - kind - until - needs - 8)]


def line(row: Sequence[str], widths: Sequence[int]) -> str:
    """One root in a line; a column without room is left out."""
    parts = []
    for text, width in zip(row, widths, strict=True):
        if width:
            parts.append(f"{_cut(text, width):{width}}")
    return "  ".join(parts).rstrip()


def _cut(text: str, width: int) -> str:
    """A text that fits; where there is hardly any room its first word, such as a number, or nothing."""
    if len(text) <= width:
        return text
    first = text.partition(" ")[0]
    return f"{text[: width - 1]}…" if width >= TIGHT else first if len(first) <= width else ""


def facts(root: Root, needed: Outlook | None, now: float, masked: Callable[[str], str]) -> str:
    """What there is to say of one root."""
    said = []
    if root.needs == "nothing":
        return f"{root.name} needs nobody." + (f" {_standing(root)}." if root.roles else "")
    if root.good(now):
        end = (
            f"until {'about ' if not root.exact else ''}{short_clock(root.good_until)}"
            if root.good_until
            else ""
        )
        roles = "the role" if len(root.roles) == 1 else f"all {len(root.roles)} roles"
        said.append(f"{root.name} is good for {roles} below it{' ' + end if end else ''}.")
    else:
        out = "is signed out" if root.needs == "browser" else "has no session now"
        said.append(f"{root.name} {out}" + (f"; {_standing(root)}." if root.roles else "."))
    if needed is not None:
        row = "It" if needed.row == root.name else needed.row
        said.append(f"{row} will want {_whom(needed)} {_at(needed, now)}.")
    if root.lasts:
        until = short_clock(now + root.lasts) if root.lasts < 86_400 else f"for {short_duration(root.lasts)}"
        what = {"code": "one code", "browser": "one sign-in"}.get(root.needs, "new keys")
        good = f"until {until}" if root.lasts < 86_400 else until
        about = "" if root.exact or root.kind != "sso" else "about "
        said.append(f"Renewed now it is good {good.replace('until ', f'until {about}')}: {what}.")
    if root.serial:
        said.append(f"Device {masked(root.serial)}.")
    return " ".join(said)


def _standing(root: Root) -> str:
    """`6 roles stand on it`."""
    count = len(root.roles)
    return f"{count} role{'' if count == 1 else 's'} stand{'s' if count == 1 else ''} on it"


def _whom(outlook: Outlook) -> str:
    return "your code" if outlook.what == "code" else "a sign-in"


def _at(outlook: Outlook, now: float) -> str:
    day = (
        ""
        if time.localtime(outlook.at)[:3] == time.localtime(now)[:3]
        else time.strftime("%a ", time.localtime(outlook.at))
    )
    about = "" if outlook.exact else "about "
    return "now" if outlook.at <= now else f"at {about}{day}{short_clock(outlook.at)}"


def _until(root: Root, now: float) -> str:
    if root.good_until is None:
        return "no end" if root.needs == "nothing" else "signed in"
    if not root.good(now):
        return "signed out" if root.needs == "browser" else "no session"
    about = "" if root.exact else "~"
    return f"{about}{short_clock(root.good_until)}  {countdown(root.good_until - now)}"
