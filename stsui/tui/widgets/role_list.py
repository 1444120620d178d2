"""The list: headings and roles, left who they are and right how they are."""

from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.widget import Widget

from stsui.tui.listed import Line, View
from stsui.tui.rows import Row, row_of
from stsui.tui.state import Entry, State
from stsui.tui.widgets.cell_lines import CellLines, ColoredCellLines
from stsui.tui.widgets.kept import KeptHorizontal
from stsui.tui.widgets.row_cells import (
    Cells,
    Columns,
    columns,
    count_cells,
    cut,
    detail_length,
    heading_cells,
    is_away,
    joined,
    name_cells,
    state_cells,
)
from stsui.tui.widgets.steady import Steady, steady
from stsui.tui.widgets.wrapping import wrapped

EMPTY = 6
"""Lines for the sentence of a list without lines, broken where the window is narrow."""
LOOKED_AT = 400
"""Lines that the width of the names is taken from."""


class RoleList(KeptHorizontal, can_focus=True, inherit_bindings=False):
    """Draws what it is given and says what was clicked."""

    DEFAULT_CSS = """
    RoleList { height: 1fr; }
    RoleList #names { width: 1fr; }
    RoleList #states { width: 8; overflow-y: scroll; }
    """

    class Clicked(Message):
        """A line was clicked; `times` is 2 for a double click."""

        def __init__(self, index: int, times: int, button: int) -> None:
            super().__init__()
            self.index, self.times, self.button = index, times, button

    def __init__(self, state: State) -> None:
        super().__init__(id="roles")
        self.state = state
        self.view = View()
        self.cursor = 0
        self.empty_text = ""
        self.says_next = False
        """A live row says what comes next, in place of the sign of auto-renew."""
        self._longest, self._detail = 14, 0
        self._parts = columns(80, 14, says_next=False)
        self._names = ColoredCellLines("names", self._left, self._stands_on)
        self._states = CellLines("states", self._right, self._stands_on, self._names)
        self._right_side = -1
        """Cells of the right side as it is laid out."""
        self.keeps_sides = False
        """Both sides stay as wide as they are, for another width lays out the whole screen; where that is not
        what the lines need, each shows its part of them."""
        self._lengths: tuple[object, dict[str, tuple[int, int]]] = (None, {})
        """Of each role, what the widths of the columns are taken from."""
        self._keys: deque[events.Key] = deque(maxlen=32)
        self._rows: dict[str, Row] | None = None
        """During a tick: each row once, for both sides."""
        self._signs: dict[str, tuple[str, str, str]] = {}
        """What the left side had of each row at the last tick."""
        self._steady: dict[str, Steady | None] = {}
        """Rows whose right side was made, those that need not be made again every second."""
        self._counts: tuple[object, dict[tuple[int, int], Cells]] = (None, {})
        """The right side of headings, and the living sessions that were counted."""

    def compose(self) -> Iterator[Widget]:
        """Left and right."""
        yield self._names
        yield self._states

    def on_mount(self) -> None:
        """Both sides scroll as one."""
        self.watch(self._states, "scroll_y", self._follow, init=False)

    def _follow(self, y: float) -> None:
        self._names.scroll_to(y=y, animate=False, force=True)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.view.lines[self.cursor] if self.cursor < len(self.view.lines) else None

    @property
    def role(self) -> str:
        """The role under the cursor; empty on a heading."""
        line = self.line
        return line.role if line else ""

    def show(self, view: View) -> None:
        """Takes other lines; the cursor stays on its role where that is still there."""
        before = self.line
        self.view = view
        self._steady.clear()
        self._counts = (None, {})
        lengths = [self._length(n) for n, role in enumerate(view.roles[:LOOKED_AT]) if role]
        self._longest = max((length for length, _ in lengths), default=10)
        self._detail = max((length for _, length in lengths), default=0)
        self.cursor = self._cursor_after(before)
        self._measure(keep=self.keeps_sides)
        for side in (self._names, self._states):
            side.show(max(len(view.lines), EMPTY if self.empty_text and not view.lines else 0))
        self._keep_in_sight()
        self.news()

    def _length(self, index: int) -> tuple[int, int]:
        """Cells of the name and of what tells it from others; asked for many lines at every letter."""
        role = self.view.roles[index]
        entries = self.state.entries
        if self._lengths[0] is not entries:
            self._lengths = (entries, {})
        entry, known = entries.get(role), self._lengths[1]
        if entry is None:
            return cell_len(role), 0
        line = self.view.lines[index]
        if entry.limited or is_away(line):
            return cell_len(self._label(index)), detail_length(line, entry)
        if role not in known:
            known[role] = (cell_len(role), detail_length(line, entry))
        return known[role]

    def _cursor_after(self, before: Line | None) -> int:
        lines, same = self.view.lines, before.role if before is not None else ""
        there = self.view.place(same)
        if there < 0 and before is not None and not same and before in lines:
            there = lines.index(before)
        return there if there >= 0 else next((n for n, line in enumerate(lines) if line.role), 0)

    def on_resize(self) -> None:
        """Other widths."""
        self._measure()
        self.redraw()
        self.call_after_refresh(self._keep_in_sight)

    def _measure(self, *, keep: bool = False) -> None:
        width = self.size.width - 1
        self._parts = columns(width, self._longest, self._detail, says_next=self.says_next)
        if not self.view.lines:
            # Nothing but a sentence, which has the whole line.
            self._parts = Columns(width, right=0)
        if self.is_mounted and self._right_side != self._parts.right and not keep:
            self._right_side = self._parts.right
            self._states.styles.width = self._right_side + 1

    def go(self, index: int) -> None:
        """Puts the cursor on a line."""
        if not self.view.lines:
            return
        before, self.cursor = self.cursor, max(0, min(len(self.view.lines) - 1, index))
        for n in {before, self.cursor}:
            self._names.draw_line(n)
            self._states.draw_line(n)
        self._keep_in_sight()

    def go_to(self, role: str) -> bool:
        """Puts the cursor on a role's first line; whether it has one."""
        there = self.view.place(role)
        if there >= 0:
            self.go(there)
        return there >= 0

    def news(self) -> None:
        """Draws anew the cells on the screen that became others."""
        self._rows = {}
        self._states.draw_changed()
        self._names.draw_changed()
        self._rows = None

    def tick(self) -> None:
        """The same after a second, which on the left changes at most the signs."""
        self._rows = {}
        self._states.draw_changed()
        signs = {name: _sign(row) for name, row in self._rows.items()}
        if signs != self._signs or not self._fits:
            self._signs = signs
            self._names.draw_changed()
        self._rows = None

    def redraw(self) -> None:
        """Everything, because colours or texts changed at once."""
        self._steady.clear()
        self._names.redraw()
        self._states.redraw()

    def text_of(self, index: int) -> str:
        """A line as it is drawn, whether or not it is on the screen."""
        left = self._left_cells(index, self._parts.left)
        right = self._right_cells(index, self._parts.right)
        return f"{''.join(text for text, _ in left):{self._parts.left}}{''.join(text for text, _ in right)}"

    def _stands_on(self, index: int) -> bool:
        return index == self.cursor and bool(self.view.lines)

    def _keep_in_sight(self) -> None:
        height, top = self._states.size.height, self._states.scroll_offset.y
        move = partial(self._states.scroll_to, animate=False)
        if self.cursor < top:
            heading = self.cursor and not self.view.lines[self.cursor - 1].role
            move(y=self.cursor - 1 if heading else self.cursor)
        elif height and self.cursor >= top + height:
            move(y=self.cursor - height + 1)

    @property
    def _fits(self) -> bool:
        """Whether both sides are as wide as the lines need them."""
        return self._right_side == self._parts.right

    def _whole(self, index: int) -> Cells:
        parts = self._parts
        left, right = self._left_cells(index, parts.left), self._right_cells(index, parts.right)
        return joined(left, right, parts.left)

    def _left(self, index: int, width: int) -> Cells:
        return self._left_cells(index, width) if self._fits else cut(self._whole(index), 0, width)

    def _right(self, index: int, width: int) -> Cells:
        if self._fits:
            return self._right_cells(index, width)
        end = self._parts.left + self._parts.right
        return cut(self._whole(index), end - self._right_side, end)

    def _left_cells(self, index: int, width: int) -> Cells:
        if not self.view.lines:
            said = ["", *self._empty_lines(max(20, width - 2))]
            return ((f"  {said[index]}", "muted"),) if index < len(said) else (("", ""),)
        line, state = self.view.lines[index], self.state
        if not line.role:
            return heading_cells(line, state, *self._group(index), width)
        entry = state.entries.get(line.role)
        if entry is None:
            # It has just gone; the lines follow in a moment.
            return (("", ""),)
        return name_cells(line, self._row(entry), entry, state, self._fitted(width), self._label(index))

    def _empty_lines(self, width: int) -> list[str]:
        """In one line where there is room; else each key below the sentence."""
        if cell_len(self.empty_text) <= width:
            return [self.empty_text]
        return [line for part in self.empty_text.split("   ") for line in wrapped(part, width)]

    def _right_cells(self, index: int, width: int) -> Cells:
        if not self.view.lines:
            return (("", ""),)
        line, state = self.view.lines[index], self.state
        if not line.role:
            return self._count_cells(index, width)
        entry = state.entries.get(line.role)
        return self._state_cells(line, entry) if entry else (("", ""),)

    def _count_cells(self, heading: int, width: int) -> Cells:
        """An account may have thousands of roles, and a second ends few sessions."""
        living = self.state.live_by_expiry()
        if self._counts[0] is not living:
            self._counts = (living, {})
        known = self._counts[1]
        if (heading, width) not in known:
            known[heading, width] = count_cells(self.state, *self._group(heading), width)
        return known[heading, width]

    def _state_cells(self, line: Line, entry: Entry) -> Cells:
        known = self._steady.get(entry.name)
        if known is not None and known.holds(entry, self.state, self._parts):
            if self._rows is not None:
                self._rows[entry.name] = known.row
            return known.cells(self.state)
        row = self._row(entry)
        cells = state_cells(line, row, self.state, self._parts)
        self._steady[entry.name] = steady(entry, row, cells, self.state, self._parts)
        return cells

    def _row(self, entry: Entry) -> Row:
        if self._rows is None:
            return row_of(entry, self.state)
        if entry.name not in self._rows:
            self._rows[entry.name] = row_of(entry, self.state)
        return self._rows[entry.name]

    def _label(self, index: int) -> str:
        """The session's name; what limits it is enough right below its role or other sessions of it."""
        role, entries = self.view.lines[index].role, self.state.entries
        entry = entries.get(role)
        if entry is None or not entry.limited:
            return role
        roles = self.view.roles
        for above in range(index - 1, -1, -1):
            other = entries.get(roles[above])
            if other is None or not other.limited or other.owner != entry.owner:
                return f"  @{entry.variant}" if roles[above] == entry.owner else role
        return role

    def _fitted(self, width: int) -> Columns:
        return self._parts if width == self._parts.left else self._parts._replace(left=width)

    def _group(self, heading: int) -> tuple[Sequence[str], int]:
        """Roles that are shown below a heading, and how many there are."""
        return self.view.lines.of(heading), self.view.sizes.get(self.view.lines[heading].group, 0)

    # -- keys and mouse

    def on_key(self, event: events.Key) -> None:
        """Remembers what came while this was in focus, or nothing was."""
        if not any(known is event for known in self._keys):
            self._keys.append(event)

    def has_passed(self, event: events.Key) -> bool:
        """Whether a key that reached the app came through here; asked once for each key."""
        if self._keys and self._keys[0] is event:
            self._keys.popleft()
            return True
        return False

    def on_mouse_scroll_down(self) -> None:
        """Over the left side."""
        self._states.scroll_relative(y=3, animate=False)

    def on_mouse_scroll_up(self) -> None:
        """Over the left side."""
        self._states.scroll_relative(y=-3, animate=False)

    def on_click(self, event: events.Click) -> None:
        """A line by the mouse."""
        index = event.screen_y - self._states.region.y + self._states.scroll_offset.y
        if 0 <= index < len(self.view.lines):
            self.post_message(self.Clicked(int(index), event.chain, event.button))


def _sign(row: Row) -> tuple[str, str, str]:
    """What the left side shows of a row, beside who it is."""
    return row.kind, row.glyph, row.short if row.kind == "again" else ""
