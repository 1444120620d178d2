"""The board's keys: moving about, what the list shows, and which deed each key is."""

from collections.abc import Callable
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Input

from stsui.tui.commands import bindings
from stsui.tui.deeds import Deeds
from stsui.tui.state import Entry, State
from stsui.tui.view import SORTS, VIEWS, Wanted
from stsui.tui.widgets.role_list import RoleList

TWO_COLUMNS = 100
"""Cells from which the panels stand beside the list."""


class Place(NamedTuple):
    """Where the person was, to be restored."""

    role: str
    wanted: Wanted


class BoardKeys(Screen[None]):
    """What a key does; `Board` draws it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]

    def __init__(
        self, state: State, deeds: Deeds, quit_app: Callable[[], None], reload: Callable[[], None]
    ) -> None:
        super().__init__()
        self._state, self._deeds = state, deeds
        self._quit, self._reload = quit_app, reload
        self._wanted = Wanted()
        self._panel = 0
        """0: the list, 1: Current, 2: Selected."""
        self.list = RoleList(state)

    def redraw(self) -> None:
        """Lines and panels, after something changed."""
        raise NotImplementedError

    def _lines(self) -> None:
        """What the list shows."""
        raise NotImplementedError

    def _around(self) -> None:
        """Everything but the list."""
        raise NotImplementedError

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
        self._deeds.out.copy_command(self.list.role)

    def action_handoff(self) -> None:
        self._deeds.out.handoff(self.list.role)

    def action_shell(self) -> None:
        self._deeds.out.shell(self.list.role)

    def action_console(self) -> None:
        self._deeds.out.console(self.list.role)

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
