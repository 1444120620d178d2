"""The board's cursor: rows, accounts, folds, panels, by key and by mouse."""

from collections.abc import Mapping

from textual.screen import Screen
from textual.widgets import Input

from stsui.tui.frame import Frame
from stsui.tui.place import Place
from stsui.tui.state import Entry
from stsui.tui.view import Wanted, places_of
from stsui.tui.widgets.quiet import Quiet
from stsui.tui.widgets.role_list import RoleList

TWO_COLUMNS = 100
"""Cells from which the panels stand beside the list."""
PANELS: Mapping[int, str] = {0: "roles", 1: "current", 2: "selected"}


class BoardMoves(Screen[None]):
    """Moves about; `Board` draws it."""

    def __init__(self, frame: Frame, place: Place = Place()) -> None:  # noqa: B008 - a value
        super().__init__()
        self._frame, self._state = frame, frame.state
        places = places_of(frame.state, place.sort)
        self._wanted = Wanted(place.view, place.sort, "", place.folded, places)
        self._panel = 0
        """Of `PANELS`, the one that has the keys."""
        self._begin_at = place
        self.list = RoleList(frame.state)

    def redraw(self) -> None:
        """Lines and panels, after something changed."""
        raise NotImplementedError

    def _lines(self) -> None:
        """What the list shows."""
        raise NotImplementedError

    def _around(self) -> None:
        """Everything but the list."""
        raise NotImplementedError

    def _want(self, **changes: object) -> None:
        self._wanted = self._wanted._replace(**changes)  # type: ignore[arg-type]
        self._lines()
        self._around()

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
        wanted = self._wanted
        role = self.list.role or self._begin_at.role
        return Place(role, wanted.view, wanted.sort, wanted.folded, self._panel, dict(self._state.used))

    def _begin(self) -> None:
        """Where the person was the last time."""
        self.list.go_to(self._begin_at.role)
        if self._begin_at.panel:
            self.action_panel(self._begin_at.panel)
        self._around()

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

    def _go(self, index: int) -> None:
        before = self.list.cursor
        self.list.go(index)
        if self.list.cursor != before:
            self.query_one("#selected", Quiet).scroll_home(animate=False)
            self._around()

    # -- rows

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

    def action_live(self, number: int) -> None:
        """The cursor to the live session of that number."""
        live = self._state.live_by_expiry()
        if number <= len(live):
            self.go_to(live[number - 1].role)

    def action_go_to_asked(self) -> None:
        """The cursor to the role that a program waits for."""
        self.go_to(self._state.asked[0])

    def action_go_to_current(self) -> None:
        """Where the current session stands."""
        self.go_to(self._state.current)

    # -- groups

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

    def _fold_here(self) -> bool:
        """Folds or unfolds where the cursor stands on a heading; whether it does."""
        line = self.list.line
        if line is None or line.role:
            return False
        self.action_fold(line.group not in self._wanted.folded)
        return True

    # -- panels

    def action_panel(self, by: int) -> None:
        """The next panel; in a narrow window the list or the role."""
        if self.size.width < TWO_COLUMNS:
            self._panel = 0 if self._panel else 2
        else:
            self._panel = (self._panel + by) % len(PANELS)
        self.set_class(self.size.width < TWO_COLUMNS and self._panel > 0, "-role")
        for n, id in PANELS.items():
            self.query_one(f"#{id}").set_class(n == self._panel, "-chosen")
        self.call_after_refresh(self.redraw)

    @property
    def _scrolled(self) -> Quiet:
        return self.query_one(f"#{PANELS[self._panel or 2]}", Quiet)

    # -- the mouse

    def on_role_list_clicked(self, event: RoleList.Clicked) -> None:
        """A click chooses, a second one uses, the right button opens the menu; headings fold."""
        event.stop()
        if self._panel:
            self.action_panel(-self._panel)
        self._go(event.index)
        if self._fold_here():
            return
        if event.button == 3:
            self._frame.do("role.actions", self.list.role)
        elif event.times == 2:
            self._frame.do("role.use", self.list.role)
