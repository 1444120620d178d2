"""The picker: a few lines below the prompt, in which a role is chosen; what was on the screen stays there."""

import time
from collections.abc import Iterator
from typing import ClassVar

from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from stsui.config.search import subsequence
from stsui.tui.glyphs import ASCII, UNICODE
from stsui.tui.listed import flat
from stsui.tui.manners import MannerlyApp
from stsui.tui.services import Services
from stsui.tui.state import State
from stsui.tui.view import Texts
from stsui.tui.widgets.role_list import RoleList

MOST = 12
"""Rows that are seen at once."""
FLAT = "\0by use"
"""The one group of the list; a row says its account."""


class Picker(MannerlyApp[str]):
    """Gives the name of the role that was chosen, or nothing."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen:inline { border: none; height: auto; max-height: 80vh; }
    Screen { overflow: hidden; }
    #line { height: 1; }
    #sign, #count { width: auto; color: $text-muted; }
    Input, Input:focus { height: 1; border: none; padding: 0; background: $background; width: 1fr; }
    RoleList { scrollbar-size-vertical: 1; }
    #hints { height: 1; dock: bottom; color: $text-muted; }
    """
    BINDINGS: ClassVar = [
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
        Binding("pagedown", "move(10)", show=False, priority=True),
        Binding("pageup", "move(-10)", show=False, priority=True),
        Binding("escape,ctrl+c,ctrl+g", "leave", show=False, priority=True),
    ]

    def __init__(self, services: Services, query: str = "", *, ascii_only: bool = False) -> None:
        settings = services.catalog.settings
        super().__init__(settings, ascii_only=ascii_only)
        self._now = services.store.clock.now
        self.state = State(services.catalog, self._now(), ASCII if self.ascii_only else UNICODE)
        self.state.hide_ids = settings.hide_ids
        self.state.take_catalog(services.catalog)
        self.state.take_sessions(services.store.held(), services.store.current())
        self._names = _by_use(self.state)
        self._texts = Texts()
        self._query = query
        self.list = RoleList(self.state)

    def compose(self) -> Iterator[Widget]:
        """What is typed, the roles that fit, the keys."""
        field = Input(self._query, select_on_focus=False)
        field.cursor_blink = False
        with Horizontal(id="line"):
            yield Static("role: ", id="sign")
            yield field
            yield Static(id="count")
        self.list.can_focus = False
        self.list.styles.height = max(1, min(MOST, len(self._names)))
        self.list.styles.margin = (0, 0, 1, 0)
        yield self.list
        arrows = "up down" if self.ascii_only else "↑↓"
        yield Static(f"enter take   {arrows} move   esc leave", id="hints", markup=False)

    def on_mount(self) -> None:
        """The first list, and the clock."""
        self.catch_signals()
        self._fit(self._query)
        self.set_timer(1.0 - time.time() % 1, self._second)

    def _second(self) -> None:
        self.state.now = self._now()
        self.list.news()
        self.set_timer(1.0 - time.time() % 1, self._second)

    def _fit(self, query: str) -> None:
        names = fitting(query, self._names, self.state, self._texts)
        self.list.show(flat(names, len(self._names), FLAT))
        self.list.go(0)
        self.list.empty_text = "" if names else "No role fits."
        self.query_one("#count", Static).update(Content(f" {len(names)} of {len(self._names)}"))

    def on_input_changed(self, event: Input.Changed) -> None:
        """The list follows every letter."""
        event.stop()
        self._fit(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes what the cursor stands on."""
        event.stop()
        if self.list.role:
            self.exit(self.list.role)

    def on_role_list_clicked(self, event: RoleList.Clicked) -> None:
        """A click takes."""
        event.stop()
        self.list.go(event.index)
        if self.list.role:
            self.exit(self.list.role)

    def action_move(self, by: int) -> None:
        """So many rows on."""
        self.list.go(self.list.cursor + by)

    def action_leave(self) -> None:
        """Nothing is chosen."""
        self.exit(None)


def _by_use(state: State) -> list[str]:
    """The current role, then what is live, then the others as the files have them."""
    names = [entry.name for entry in state.entries.values() if entry.role is not None]
    return sorted(names, key=lambda name: (name != state.current, state.live(name) is None))


def fitting(query: str, names: list[str], state: State, texts: Texts) -> list[str]:
    """Names that a filter keeps, those that begin with it first; where none does, those with its letters."""
    if not query.strip():
        return names
    hits = set(texts.hits(state, query))
    found = [name for name in names if name in hits]
    start = query.strip().casefold()
    if not found:
        letters = start.replace(" ", "")
        found = [name for name in names if subsequence(letters, name.casefold())]
    return sorted(found, key=lambda name: not name.casefold().startswith(start))
