"""What the board's list shows: filter, view, order."""

from textual.widgets import Input

from stsui.tui.screens.board_moves import TWO_COLUMNS, BoardMoves
from stsui.tui.view import SORTS, VIEWS, places_of


class BoardShows(BoardMoves):
    """Chooses which rows there are and in which order."""

    def action_filter(self) -> None:
        """The line to type words in."""
        if self.size.width < TWO_COLUMNS and self._panel:
            self.action_panel(-1)
        self.query_one("#filter").display = self.list.keeps_sides = True
        self.set_class(True, "-filtering")
        self.set_focus(self.query_one("#words"))
        self.call_after_refresh(self._around)

    def filter_by(self, words: str) -> None:
        """The list follows every letter."""
        if words != self._wanted.query:
            first = not self._wanted.query.strip()
            self._want(query=words)
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
        self.query_one("#filter").display = self.list.keeps_sides = False
        self.set_class(False, "-filtering")
        self.set_focus(self.list)
        self._want(query="")
        if role:
            self.list.go_to(role)
        self.call_after_refresh(self._around)

    def action_view(self) -> None:
        """The next view."""
        self._want(view=_after(VIEWS, self._wanted.view))

    def action_view_as(self, view: str) -> None:
        """That view; all again where it is that one already."""
        self._want(view="all" if self._wanted.view == view else view)

    def action_show_view(self, view: str) -> None:
        """That view."""
        self._want(view=view)

    def action_sort(self) -> None:
        """The next order."""
        self.action_sort_by(_after(SORTS, self._wanted.sort))

    def action_sort_by(self, sort: str) -> None:
        """That order."""
        self._want(sort=sort, places=places_of(self._state, sort))

    def action_problems(self) -> None:
        """The filter that keeps what cannot be used."""
        self.action_filter()
        self.query_one("#words", Input).value = "is:problem"
        self.set_focus(self.list)

    def action_hide_ids(self) -> None:
        """Ids, ARNs and user names as stars."""
        self._state.hide_ids = not self._state.hide_ids
        self.redraw()


def _after(names: tuple[str, ...], name: str) -> str:
    return names[(names.index(name) + 1) % len(names)]
