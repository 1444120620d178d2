"""The board: where everything stands. Its cursor is in `board_moves`, its list in `board_shows`, the other
keys in `deeds`."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static

from stsui.tui.commands import FOOTER, Command, bindings, by_id
from stsui.tui.facts import (
    Fact,
    history_facts,
    identity_facts,
    role_facts,
    session_facts,
    veiled,
    with_trouble,
)
from stsui.tui.frame import Frame
from stsui.tui.looks import forget_drawn, plain_bars
from stsui.tui.place import Place
from stsui.tui.reasons import why_not
from stsui.tui.rows import CHECKING, counts, row_of, short_clock, time_text
from stsui.tui.screens.board_moves import TWO_COLUMNS
from stsui.tui.screens.board_shows import BoardShows
from stsui.tui.state import Entry, is_prod
from stsui.tui.view import Order, Texts, view_of
from stsui.tui.widgets.badge import badge
from stsui.tui.widgets.kept import Kept, KeptHorizontal, KeptVertical
from stsui.tui.widgets.lines import (
    ROOMY,
    Key,
    fits_in_head,
    footer_line,
    head_line,
    identity_line,
    strip_line,
    typing_line,
)
from stsui.tui.widgets.panels import activity, live_table, panel
from stsui.tui.widgets.quiet import Quiet
from stsui.tui.widgets.wrapping import wrapped

SMALLEST = (32, 8)
THREE_COLUMNS = 184
"""Cells from which sessions and events stand beside both; the list is no narrower then than beside the panels
of the usual window."""
NOTHING = Content("")
NO_ROLES = "The config has no roles.   I import   n new role   ? keys"
EMPTY = {
    "live": "No live session. enter on a role starts one.   v all roles",
    "needs you": "Nothing needs you.   v other views",
    "pinned": "Nothing pinned. p pins the role under the cursor.   v all roles",
}


class FilterInput(Input):
    """A line of text; the list still moves under it."""

    last: events.Key | None = None
    """The key that came here last."""
    virtual_size = Reactive(Size(0, 0))
    """As Textual has it, but a letter lays out nothing: the line has one height, whatever is in it."""
    BINDINGS: ClassVar = [
        ("down", "screen.move(1)", "Next"),
        ("up", "screen.move(-1)", "Previous"),
        ("escape", "screen.clear_filter", "Clear"),
    ]

    def __init__(self, follow: Callable[[str], object]) -> None:
        """`follow` is told the words at once: after a message, the letter would be drawn before its list."""
        super().__init__(id="words", compact=True, select_on_focus=False)
        self._follow = follow
        self.cursor_blink = False

    def watch_value(self, words: str) -> None:
        """Every letter."""
        self._follow(words)

    def on_key(self, event: events.Key) -> None:
        """Remembers it, for whoever else it comes to."""
        self.last = event


class Board(Kept, BoardShows):
    """The main screen."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-narrow"), (100, "-normal"), (THREE_COLUMNS, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]
    AUTO_FOCUS = "RoleList"

    def __init__(self, frame: Frame, place: Place = Place()) -> None:  # noqa: B008 - a value
        super().__init__(frame, place)
        self._services = frame.services
        self._texts, self._order = Texts(), Order()
        self._begun = False
        self._sized = Size(0, 0)
        """For which all of it was made last."""
        self._unseen = ExitStack()
        """Open until the first picture can be drawn."""
        self._titles: dict[str, tuple[Content, Content]] = {}
        self._known: tuple[tuple[object, ...], list[Fact]] = ((), [])
        """What there is to say of the role under the cursor, and what that was made of."""
        self._footer_of: tuple[object, Sequence[Command], Command | None] = (None, (), None)
        """Its commands, as they are among those."""
        self._footer_made: tuple[object, Content] = (None, NOTHING)
        """A line, and what it was made of."""

    def expect(self, size: Size) -> None:
        """The terminal's size before it is laid out: what follows from it is not styled twice."""
        for breakpoints, extent in (
            (self.HORIZONTAL_BREAKPOINTS, size.width),
            (self.VERTICAL_BREAKPOINTS, size.height),
        ):
            name = [name for least, name in breakpoints if extent >= least][-1]
            self.set_class(True, name, update=False)

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        # It gets the focus in any case; with it from the start it is not styled a second time.
        self.list.set_reactive(Widget.has_focus, True)
        yield Quiet("head")
        yield Quiet("identity")
        with KeptHorizontal(id="body"):
            yield self.list
            with KeptVertical(id="side"):
                yield Quiet("current")
                yield Quiet("selected")
            with Vertical(id="third"):
                yield Quiet("live")
                yield Quiet("activity")
        yield Quiet("notice")
        yield Quiet("strip")
        with Horizontal(id="filter"):
            yield Static(" /", id="slash", markup=False)
            yield FilterInput(self.filter_by)
            yield Quiet("hits")
        yield Quiet("footer")
        yield Static(id="small", markup=False)

    def on_mount(self) -> None:
        """The first picture comes with the size."""
        self.query_one("#filter").display = False
        self.query_one("#notice").display = False
        self.query_one("#small").display = False
        if self.app.has_class("-ascii"):
            ids = ("states", "current", "selected", "activity")
            plain_bars([self.query_one(f"#{id}").vertical_scrollbar for id in ids], True)
        titles = {"selected": "Selected", "live": "Live sessions", "activity": "Activity"}
        for id, title in titles.items():
            self.query_one(f"#{id}").border_title = title

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Whatever lay over it has gone, the palette too."""
        if not self._begun:
            # Everything got its styles a moment ago.
            event.refresh_styles = False
            # The lines need the widths of the first layout; until they are there is nothing to see.
            self._unseen.enter_context(self.app.batch_update())
        self.call_later(forget_drawn)

    # -- drawing

    def catalog_changed(self) -> None:
        """Other roles."""
        self._texts.forget()
        self.redraw()

    def news(self) -> None:
        """Lines and panels, after something was had, dropped or chosen: what became other is drawn."""
        if self.is_attached:
            self._lines()
            self.list.news()
            self._around()

    def redraw(self) -> None:
        """All of it, after it looks other."""
        if self.is_attached:
            self._lines()
            self.list.redraw()
            self._around()

    def tick(self) -> None:
        """What another second changes."""
        if not self.is_attached:
            return
        if self._wanted.view != "all" or ":" in self._wanted.query:
            self._lines()
        self.list.tick()
        self._around()

    def on_key(self, event: events.Key) -> None:
        """Keys that were typed before anything had the focus are the list's, unless the role stands there."""
        if not self.has_class("-role") and event is not self.query_one(FilterInput).last:
            self.list.on_key(event)

    def on_resize(self, event: events.Resize) -> None:
        """All widths are others."""
        if self._begun or not self.list.size:
            # At the start Textual says the same size three times.
            if event.size != self._sized:
                self.call_after_refresh(self._resized)
            return
        # It is laid out once more right after this, with the lines in it: the first picture has them.
        self._resized()

    def _resized(self) -> None:
        width, height = self._sized = self.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        self.set_class(small, "-small")
        self.query_one("#small").display = small
        self.set_class(width < TWO_COLUMNS and self._panel > 0, "-role")
        self.list.says_next = width >= TWO_COLUMNS
        self.list.on_resize()
        self.redraw()
        if not self._begun:
            self._begun = True
            self._begin()
            self._unseen.close()

    def _lines(self) -> None:
        view = view_of(self._state, self._wanted, self._texts, self._order)
        self.list.empty_text = self._empty_text(view.total)
        if view != self.list.view or not view.lines:
            self.list.show(view)

    def _empty_text(self, total: int) -> str:
        words = self._wanted.query.strip()
        if words:
            return f'Nothing matches "{words}" in {total} roles.   esc clear'
        if not total:
            return self._state.nothing_at or NO_ROLES
        return EMPTY.get(self._wanted.view, "")

    def _around(self) -> None:
        """Everything but the list."""
        width, height = self.size
        state = self._state
        if self.has_class("-small"):
            self._small(width, height)
            return
        found = counts(state)
        banner = self._services.banner
        notice = "" if state.unsure else state.veiled(state.notice)
        alone = bool(notice) and not fits_in_head(state, found, notice, width)
        extra = "" if alone else notice
        extra = extra or self._view_word(width) or (banner() if banner else "")
        extra = "" if state.unsure else extra
        clock = "" if state.unsure else short_clock(state.now)
        self._draw("head", [head_line(state, found, clock, extra, width)])
        prod = self._current_is_prod
        if width < TWO_COLUMNS:
            identity = self.query_one("#identity", Quiet)
            identity.set_class(prod, "-prod")
            identity.draw([identity_line(state, width)])
        self._panels(width, prod)
        self._notice(notice if alone else "", width)
        self._draw("strip", [strip_line(state, width)])
        view = self.list.view
        self._draw("hits", [Content(f"{view.shown} of {view.total}   esc clear ")])
        view_name = "Roles" if self._wanted.view == "all" else f"Roles: {self._wanted.view}"
        self._entitle("roles", Content(view_name), Content(self._subtitle()))
        self._draw("footer", [self._footer(width)])

    def _notice(self, text: str, width: int) -> None:
        """What the head has no room for, above the live sessions."""
        widget = self.query_one("#notice", Quiet)
        if widget.display != bool(text):
            widget.display = bool(text)
        if text:
            widget.draw([Content(f" {line}") for line in wrapped(text, width - 2)])

    def _view_word(self, width: int) -> str:
        """Which roles the list shows, where it has no title that says so."""
        view = self._wanted.view
        if view == "all" or width >= TWO_COLUMNS:
            return ""
        return f"only {view}" if width >= ROOMY else f"v {view.split()[0]}"

    def _footer(self, width: int) -> Content:
        state, selected = self._state, self.selected
        ascii_only = self.app.has_class("-ascii")
        if self.query_one("#words").has_focus:
            return typing_line(ascii_only=ascii_only)
        verb = "unfold" if self._folded_here else "fold" if self.list.line else "use"
        if selected is not None:
            verb = row_of(selected, state).verb
        keys = []
        commands = self._frame.commands
        if self._footer_of[0] is not commands:
            more = next(iter(by_id(commands, ["app.palette"])), None)
            self._footer_of = (commands, by_id(commands, FOOTER), more)
        _, shown, more = self._footer_of
        for command in shown:
            if command.id == "role.use":
                keys.append(Key(command, verb))
            else:
                keys.append(Key(command, command.title, bool(why_not(command.id, selected, state))))
        made_of = (keys, more, width, ascii_only)
        if self._footer_made[0] != made_of:
            self._footer_made = (made_of, footer_line(keys, more, width, ascii_only=ascii_only))
        return self._footer_made[1]

    def _subtitle(self) -> str:
        if self.query_one("#words").has_focus:
            # The line below says it, and a new title is a new box around the whole list.
            return ""
        view = self.list.view
        text = f"{view.shown} of {view.total}"
        if self._wanted.sort != "account":
            text = f"by {self._wanted.sort}   {text}"
        return f"/{self._wanted.query}   {text}" if self._wanted.query else text

    @property
    def _current_is_prod(self) -> bool:
        entry = self._state.entries.get(self._state.current)
        return bool(entry and is_prod(entry.environment) and self._state.live(entry.name))

    def _panels(self, width: int, prod: bool) -> None:
        state, store = self._state, self._services.store
        side = self.query_one("#side")
        if not side.display:
            return
        inner = max(20, self.query_one("#selected", Quiet).width)
        entry = state.entries.get(state.current)
        session = state.live(state.current)
        current = self.query_one("#current", Quiet)
        if entry is not None and session is not None:
            facts = identity_facts(entry, session, state)
            facts += session_facts(entry, session, state, store.renew_at(session), inner)
        elif state.unsure:
            facts = [Fact("", CHECKING, "dim")]
        else:
            text = 'No current session. A plain "stsui export" would fail until you use one.'
            facts = [Fact("", text, "dim")]
        self._draw("current", panel(veiled(facts, state), inner))
        word = badge(entry.environment) if entry and session else Content("")
        self._entitle("current", Content.assemble("Current", " " if word else "", word))
        expiring = session is not None and session.state(state.now) == "expiring"
        current.set_class(prod, "-prod")
        current.set_class(expiring and not prod, "-expiring")
        current.set_class(session is not None and not expiring and not prod, "-good")
        selected = self.selected
        facts = (
            self._selected_facts(selected, inner)
            if selected
            else [Fact("", "No role under the cursor.", "dim")]
        )
        self._draw("selected", panel(veiled(facts, state), inner))
        if self.query_one("#third").display:
            room = max(20, self.query_one("#activity", Quiet).width)
            self._draw("live", live_table(state, room))
            self._draw("activity", activity(state, room))

    def _selected_facts(self, entry: Entry, inner: int) -> list[Fact]:
        state, store = self._state, self._services.store
        facts = with_trouble([*self._role_facts(entry)], entry, state)
        session = state.sessions.get(entry.name)
        if session is not None and (entry.name != state.current or self.size.width < TWO_COLUMNS):
            facts.append(Fact("", ""))
            facts += identity_facts(entry, session, state)[2:]
            facts += session_facts(entry, session, state, store.renew_at(session), inner)
        history = history_facts(entry, state, 4)
        return [*facts, Fact("", ""), *history] if history else facts

    def _role_facts(self, entry: Entry) -> list[Fact]:
        """They take a plan, which looks at the disk; here, where each second asks, after news only."""
        state = self._state
        # Of the sessions themselves: the number of a table that is gone may be that of the next one.
        made_of = (entry, state.version, state.sessions, state.hide_ids, state.troubles.get(entry.name))
        if self._known[0] != made_of:
            self._known = (made_of, role_facts(entry, state, self._services.store.plan))
        return self._known[1]

    def still(self) -> list[Strip]:
        """Its lines without what time changes, for the next start; none where that one would look other."""
        if not self._begun or self.has_class("-small", "-filtering") or not self._state.entries:
            return []
        known = self._state
        self._state = self.list.state = known.timeless()
        try:
            self.list.redraw()
            self._around()
            return self._compositor.render_strips()
        finally:
            self._state = self.list.state = known
            self.redraw()

    def _small(self, width: int, height: int) -> None:
        live = self._state.live_by_expiry()
        text = [f"stsui needs {SMALLEST[0]} x {SMALLEST[1]}", f"this pane is {width} x {height}"]
        if live:
            text.append(f"{len(live)} live, next {time_text(live[0], self._state)}")
        self.query_one("#small", Static).update("\n".join(text))

    def _entitle(self, id: str, title: Content, subtitle: Content = NOTHING) -> None:
        """Border texts; a new one costs the whole widget, so only where it became another."""
        known = self._titles.get(id)
        if known is None or not (known[0].is_same(title) and known[1].is_same(subtitle)):
            self._titles[id] = (title, subtitle)
            widget = self.query_one(f"#{id}")
            widget.border_title, widget.border_subtitle = title, subtitle

    def _draw(self, id: str, lines: Sequence[Content]) -> None:
        self.query_one(f"#{id}", Quiet).draw(lines, as_high=self._state.unsure)

    # -- keys

    def action_do(self, command_id: str) -> None:
        """A command for the role under the cursor; enter on a heading folds."""
        if command_id != "role.use" or not self._fold_here():
            self._frame.do(command_id, self.list.role)

    def action_redraw(self) -> None:
        """Every cell, whatever another program has left on the screen."""
        self.app.refresh(layout=True)
        self.redraw()

    def action_command_palette(self) -> None:
        """The app's."""
        self.app.action_command_palette()

    def action_suspend_process(self) -> None:
        """The app's."""
        self.app.action_suspend_process()

    def action_back(self) -> None:
        """One step back: the second enter, a call that is waited for, the panel, the filter."""
        state = self._state
        if state.again[0]:
            state.again = ("", 0.0)
            self.redraw()
        elif self._frame.desk.cancel(self.list.role):
            self.redraw()
        elif self._panel:
            self.action_panel(-self._panel)
        elif self._wanted.query or self.has_class("-filtering"):
            self.action_clear_filter()

    def action_quit(self) -> None:
        """Sessions stay."""
        self.app.exit()

    def action_interrupt(self) -> None:
        """The app's."""
        self.app.action_help_quit()
