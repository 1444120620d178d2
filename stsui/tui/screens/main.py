"""The board: where everything stands, and the keys that move about in it. `deeds` changes sessions."""

import time
from collections.abc import Callable
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from stsui.model.durations import countdown
from stsui.tui.commands import bindings
from stsui.tui.deeds import Deeds
from stsui.tui.facts import Fact, history_facts, identity_facts, role_facts, session_facts, trouble_facts
from stsui.tui.rows import counts, row_of
from stsui.tui.screens.dialog import PlainBar
from stsui.tui.services import Services
from stsui.tui.state import Entry, State, is_prod
from stsui.tui.view import SORTS, VIEWS, Texts, Wanted, view_of
from stsui.tui.widgets.lines import (
    Quiet,
    activity,
    environment_badge,
    footer_line,
    head_line,
    identity_line,
    live_table,
    panel,
    strip_line,
)
from stsui.tui.widgets.role_list import RoleList

SMALLEST = (32, 8)
TWO_COLUMNS = 100
EMPTY = {
    "live": "No live session. enter on a role starts one.   v all roles",
    "needs you": "Nothing needs you.   v other views",
    "pinned": "Nothing pinned. p pins the role under the cursor.   v all roles",
}


class Place(NamedTuple):
    """Where the person was, to be restored."""

    role: str
    wanted: Wanted


class FilterInput(Input):
    """A line of text; the list still moves under it."""

    BINDINGS: ClassVar = [
        ("down", "screen.move(1)", "Next"),
        ("up", "screen.move(-1)", "Previous"),
        ("escape", "screen.clear_filter", "Clear"),
    ]


class Board(Screen[None]):
    """The main screen."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (60, "-narrow"), (100, "-normal"), (160, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-high")]
    AUTO_FOCUS = "RoleList"

    def __init__(
        self,
        services: Services,
        state: State,
        deeds: Deeds,
        quit_app: Callable[[], None],
        reload: Callable[[], None],
    ) -> None:
        super().__init__()
        self._services, self._state, self._deeds = services, state, deeds
        self._quit, self._reload = quit_app, reload
        self._wanted = Wanted()
        self._texts = Texts()
        self._panel = 0
        self.list = RoleList(state)

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Quiet("head")
        yield Quiet("identity")
        with Horizontal(id="body"):
            yield self.list
            with Vertical(id="side"):
                with VerticalScroll(id="current", can_focus=False):
                    yield Quiet("current-text")
                with VerticalScroll(id="selected", can_focus=False):
                    yield Quiet("selected-text")
            with Vertical(id="third"):
                yield Quiet("live")
                with VerticalScroll(id="activity", can_focus=False):
                    yield Quiet("activity-text")
        yield Quiet("strip")
        with Horizontal(id="filter"):
            yield Static(" /", id="slash", markup=False)
            field = FilterInput(id="words", compact=True, select_on_focus=False)
            field.cursor_blink = False
            yield field
            yield Quiet("hits")
        yield Quiet("footer")
        yield Quiet("small")

    def on_mount(self) -> None:
        """The first picture comes with the size."""
        self.query_one("#filter").display = False
        self.query_one("#small").display = False
        if self.app.has_class("-ascii"):
            for id in ("roles", "current", "selected", "activity"):
                self.query_one(f"#{id}").vertical_scrollbar.renderer = PlainBar  # type: ignore[misc]
        titles = {"selected": "Selected", "live": "Live sessions", "activity": "Activity"}
        for id, title in titles.items():
            self.query_one(f"#{id}").border_title = title

    # -- drawing

    def catalog_changed(self) -> None:
        """Other roles."""
        self._texts.forget()
        self.redraw()

    def redraw(self) -> None:
        """Lines and panels, after something changed."""
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

    def on_resize(self, event: events.Resize) -> None:
        """All widths are others."""
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        width, height = self.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        self.set_class(small, "-small")
        self.query_one("#small").display = small
        self.set_class(width < TWO_COLUMNS and self._panel > 0, "-role")
        self.redraw()

    def _lines(self) -> None:
        view = view_of(self._state, self._wanted, self._texts)
        self.list.empty_text = self._empty_text(view.total)
        if view != self.list.view:
            self.list.show(view)

    def _empty_text(self, total: int) -> str:
        words = self._wanted.query.strip()
        if words:
            return f'Nothing matches "{words}" in {total} roles.   esc clear'
        if not total:
            return "The config has no roles.   ? keys   ctrl+r read it again"
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
        extra = state.warning or (banner() if banner else "")
        clock = time.strftime("%H:%M", time.localtime(state.now))
        self._draw("head", head_line(state, found, clock, extra, width))
        prod = self._current_is_prod
        if width < TWO_COLUMNS:
            identity = self.query_one("#identity", Quiet)
            identity.set_class(prod, "-prod")
            identity.draw(identity_line(state, width))
        self._panels(width, prod)
        self._draw("strip", strip_line(state, width))
        view = self.list.view
        self._draw("hits", Content(f"{view.shown} of {view.total}   esc clear "))
        self.list.border_subtitle = Content(self._subtitle())
        self.list.border_title = Content(
            "Roles" if self._wanted.view == "all" else f"Roles: {self._wanted.view}"
        )
        row = row_of(self.selected, state) if self.selected else None
        verb = row.verb if row else ("unfold" if self._folded_here else "fold")
        typing = self.query_one("#words").has_focus
        ascii_only = self.app.has_class("-ascii")
        self._draw("footer", footer_line(verb, width, typing=typing, ascii_only=ascii_only))

    def _subtitle(self) -> str:
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
        inner = max(20, self.query_one("#selected").scrollable_content_region.width)
        entry = state.entries.get(state.current)
        session = state.live(state.current)
        current = self.query_one("#current")
        if entry is not None and session is not None:
            facts = identity_facts(entry, session, state)
            facts += session_facts(entry, session, state, store.renew_at(session), inner)
        else:
            text = 'No current session. A plain "stsui export" would fail until you use one.'
            facts = [Fact("", text, "dim")]
        self._draw("current-text", panel(facts, inner))
        word = environment_badge(entry.environment) if entry and session else Content("")
        current.border_title = Content.assemble("Current ", word)
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
        self._draw("selected-text", panel(facts, inner))
        if self.query_one("#third").display:
            room = max(20, self.query_one("#activity").scrollable_content_region.width)
            self._draw("live", live_table(state, room))
            self._draw("activity-text", activity(state, room))

    def _selected_facts(self, entry: Entry, inner: int) -> list[Fact]:
        state, store = self._state, self._services.store
        facts = role_facts(entry, state, store.plan)
        session = state.sessions.get(entry.name)
        if session is not None and (entry.name != state.current or self.size.width < TWO_COLUMNS):
            facts.append(Fact("", ""))
            facts += identity_facts(entry, session, state)[2:]
            facts += session_facts(entry, session, state, store.renew_at(session), inner)
        facts += trouble_facts(entry, state)
        history = history_facts(entry, state, 4)
        return [*facts, Fact("", ""), *history] if history else facts

    def _small(self, width: int, height: int) -> None:
        live = self._state.live_by_expiry()
        text = [f"stsui needs {SMALLEST[0]} x {SMALLEST[1]}", f"this pane is {width} x {height}"]
        if live:
            text.append(f"{len(live)} live, next {countdown(live[0].left(self._state.now))}")
        self._draw("small", Content("\n".join(text)))

    def _draw(self, id: str, content: Content) -> None:
        self.query_one(f"#{id}", Quiet).draw(content)

    # -- where the cursor is

    @property
    def selected(self) -> Entry | None:
        """The entry under the cursor; None on a heading."""
        return self._state.entries.get(self.list.role)

    @property
    def _folded_here(self) -> bool:
        line = self.list.line
        return line is not None and line.group in self._wanted.folded

    @property
    def place(self) -> Place:
        """For the next start."""
        return Place(self.list.role, self._wanted)

    def go_to(self, role: str) -> None:
        """Puts the cursor on a role, unfolding and clearing what hides it."""
        entry = self._state.entries.get(role)
        if entry is None or self.list.go_to(role):
            self._around()
            return
        group = entry.group
        self._want(view="all", query="", folded=self._wanted.folded - {group, "\0pinned"})
        self.query_one("#words", Input).value = ""
        self.list.go_to(role)
        self._around()

    def _want(self, **changes: object) -> None:
        self._wanted = self._wanted._replace(**changes)  # type: ignore[arg-type]
        self._lines()
        self.list.redraw()
        self._around()

    def action_move(self, by: int) -> None:
        """So many rows on, or lines of the panel."""
        if self._panel:
            self._scrolled.scroll_relative(y=by, animate=False)
        else:
            self._go(self.list.cursor + by)

    def action_first(self) -> None:
        """The first row."""
        self._go(0)

    def action_last(self) -> None:
        """The last row."""
        self._go(len(self.list.view.lines) - 1)

    def action_page(self, pages: float) -> None:
        """So many screens on."""
        rows = max(1, int(self.list.size.height * abs(pages)))
        self.action_move(rows if pages > 0 else -rows)

    def action_account(self, by: int) -> None:
        """The first row of the group before or after."""
        lines, at = self.list.view.lines, self.list.cursor
        starts = [n for n, line in enumerate(lines) if not line.role]
        if not starts:
            return
        here = max((n for n, start in enumerate(starts) if start <= at), default=0)
        there = starts[max(0, min(len(starts) - 1, here + by))]
        below = there + 1 < len(lines) and bool(lines[there + 1].role)
        self._go(there + 1 if below else there)

    def action_fold(self, fold: bool) -> None:
        """The group under the cursor."""
        line = self.list.line
        if line is None:
            return
        folded = self._wanted.folded | {line.group} if fold else self._wanted.folded - {line.group}
        if folded != self._wanted.folded:
            self._want(folded=folded)
            heads = [n for n, other in enumerate(self.list.view.lines) if other.group == line.group]
            if fold and heads:
                self._go(heads[0])

    def action_fold_all(self, fold: bool) -> None:
        """Every group."""
        line = self.list.line
        groups = frozenset(self.list.view.sizes) if fold else frozenset()
        self._want(folded=groups)
        if fold and line is not None:
            heads = [n for n, other in enumerate(self.list.view.lines) if other.group == line.group]
            self._go(heads[0] if heads else 0)

    def action_live(self, number: int) -> None:
        """The cursor to the live session of that number."""
        live = self._state.live_by_expiry()
        if number <= len(live):
            self.go_to(live[number - 1].role)

    def action_panel(self, by: int) -> None:
        """The next panel; in a narrow window the list or the role."""
        if self.size.width < TWO_COLUMNS:
            self._panel = 0 if self._panel else 2
        else:
            self._panel = (self._panel + by) % 3
        self.set_class(self.size.width < TWO_COLUMNS and self._panel > 0, "-role")
        for n, id in enumerate(("roles", "current", "selected")):
            self.query_one(f"#{id}").set_class(n == self._panel, "-chosen")
        self.call_after_refresh(self.redraw)

    @property
    def _scrolled(self) -> VerticalScroll:
        return self.query_one("#current" if self._panel == 1 else "#selected", VerticalScroll)

    def _go(self, index: int) -> None:
        before = self.list.cursor
        self.list.go(index)
        if self.list.cursor != before:
            self.query_one("#selected", VerticalScroll).scroll_home(animate=False)
            self._around()

    def on_role_list_clicked(self, event: RoleList.Clicked) -> None:
        """A click chooses, a second one uses, the right button opens the menu; headings fold."""
        event.stop()
        if self._panel:
            self.action_panel(-self._panel)
        self._go(event.index)
        line = self.list.line
        if line is not None and not line.role:
            self.action_fold(line.group not in self._wanted.folded)
        elif event.button == 3:
            self.action_actions()
        elif event.times == 2:
            self.action_use()

    # -- what the list shows

    def action_filter(self) -> None:
        """The line to type words in."""
        if self.size.width < TWO_COLUMNS and self._panel:
            self.action_panel(-1)
        self.query_one("#filter").display = True
        self.set_class(True, "-filtering")
        self.set_focus(self.query_one("#words"))
        self.call_after_refresh(self._around)

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list follows every letter."""
        event.stop()
        if event.value != self._wanted.query:
            first = not self._wanted.query.strip()
            self._want(query=event.value)
            if first or not self.list.role:
                self._go(next((n for n, line in enumerate(self.list.view.lines) if line.role), 0))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The filter stays, the keys are the list's again."""
        event.stop()
        if not event.value.strip():
            self.action_clear_filter()
            return
        self.set_focus(self.list)
        self.call_after_refresh(self._around)

    def action_clear_filter(self) -> None:
        """All rows again; the cursor stays on its role."""
        role = self.list.role
        self.query_one("#words", Input).value = ""
        self.query_one("#filter").display = False
        self.set_class(False, "-filtering")
        self.set_focus(self.list)
        self._want(query="")
        if role:
            self.list.go_to(role)
        self.call_after_refresh(self._around)

    def action_view(self) -> None:
        """The next view."""
        self._want(view=_after(VIEWS, self._wanted.view))

    def action_sort(self) -> None:
        """The next order."""
        self._want(sort=_after(SORTS, self._wanted.sort))

    def action_hide_ids(self) -> None:
        """Ids, ARNs and user names as stars."""
        self._state.hide_ids = not self._state.hide_ids
        self.redraw()

    def action_pin(self) -> None:
        """Into the group on top, or out of it."""
        entry = self.selected
        if entry is not None and entry.role is not None:
            self._state.pins[entry.name] = not self._state.pinned(entry.name)
            self.redraw()
            self.list.go_to(entry.name)
            self._around()

    # -- deeds

    def action_use(self) -> None:
        """The step that the row names; a heading folds, a problem says why."""
        line, entry = self.list.line, self.selected
        if line is not None and not line.role:
            self.action_fold(line.group not in self._wanted.folded)
        elif entry is not None and entry.role is None:
            self._deeds.details(entry.name)
        elif entry is not None:
            self._deeds.use(entry.name)

    def action_renew(self) -> None:
        self._deeds.renew(self.list.role)

    def action_auto(self) -> None:
        self._deeds.auto(self.list.role)

    def action_drop(self) -> None:
        self._deeds.drop(self.list.role)

    def action_drop_all(self) -> None:
        self._deeds.drop_all()

    def action_verify(self) -> None:
        self._deeds.verify(self.list.role)

    def action_pause(self) -> None:
        self._deeds.pause()

    def action_copy_command(self) -> None:
        self._deeds.copy_command(self.list.role)

    def action_handoff(self) -> None:
        self._deeds.handoff(self.list.role)

    def action_shell(self) -> None:
        self._deeds.shell(self.list.role)

    def action_actions(self) -> None:
        self._deeds.actions(self.list.role)

    def action_details(self) -> None:
        self._deeds.details(self.list.role)

    def action_help(self) -> None:
        self._deeds.help(self.list.role)

    def action_command_palette(self) -> None:
        self.app.action_command_palette()

    def action_reload(self) -> None:
        self._reload()

    def action_redraw(self) -> None:
        self.app.refresh(layout=True)
        self.redraw()

    def action_suspend_process(self) -> None:
        self.app.action_suspend_process()

    def action_back(self) -> None:
        """One step back: the second enter, a call that is waited for, the panel, the filter."""
        state = self._state
        if state.again[0]:
            state.again = ("", 0.0)
            self.redraw()
        elif self._deeds.cancel(self.list.role):
            self.redraw()
        elif self._panel:
            self.action_panel(-self._panel)
        elif self._wanted.query or self.has_class("-filtering"):
            self.action_clear_filter()

    def action_quit(self) -> None:
        self._quit()

    def action_interrupt(self) -> None:
        self.app.action_help_quit()


def _after(names: tuple[str, ...], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)]
