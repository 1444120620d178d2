"""The list: headings and roles, drawn line by line, so that its cost is that of the lines on the screen."""

from collections import deque
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from stsui.tui.rows import BAR, Row, bar, row_of
from stsui.tui.state import PINNED, State, is_prod
from stsui.tui.view import Line, View, heading_of

NARROW = 50
"""Cells under which a row has only its name and a word."""
ROOMY = 60
"""Cells from which a row has the whole bar and the role's name at AWS."""
Cells = tuple[tuple[str, str], ...]
"""Pieces of a line: the text and the name of its look."""
_TONES = {
    "active": "success",
    "expiring": "warning",
    "mfa": "warning",
    "sign_in": "warning",
    "confirm": "warning",
    "again": "error",
    "failed": "error",
    "problem": "error",
    "assuming": "accent",
    "renewing": "accent",
    "idle": "muted",
    "expired": "muted",
}


class RoleList(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws what it is given and says what was clicked."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "role-list--cursor",
        "role-list--heading",
        "role-list--prod",
        *(f"role-list--{tone}" for tone in ("success", "warning", "error", "accent", "muted")),
    }
    DEFAULT_CSS = """
    RoleList { height: 1fr; overflow-y: scroll; overflow-x: hidden; scrollbar-size-vertical: 1; }
    RoleList > .role-list--heading { text-style: bold; }
    RoleList > .role-list--prod { background: $error; color: auto; text-style: bold; }
    RoleList > .role-list--success { color: $text-success; }
    RoleList > .role-list--warning { color: $text-warning; text-style: bold; }
    RoleList > .role-list--error { color: $text-error; }
    RoleList > .role-list--accent { color: $text-accent; }
    RoleList > .role-list--muted { color: $foreground 66%; }
    RoleList > .role-list--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
    """

    class Clicked(Message):
        """A line was clicked; `times` is 2 for a double click."""

        def __init__(self, index: int, times: int, button: int) -> None:
            super().__init__()
            self.index, self.times, self.button = index, times, button

    def __init__(self, state: State) -> None:
        super().__init__(id="roles")
        self._state = state
        self.view = View((), 0, 0, {})
        self.cursor = 0
        self.empty_text = ""
        self._shown: dict[int, Cells] = {}
        self._members: dict[str, list[str]] = {}
        """Roles of each unfolded group."""
        self._name_width = 14
        self._keys: deque[events.Key] = deque(maxlen=32)

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
        self._members = {}
        for line in view.lines:
            if line.role:
                self._members.setdefault(line.group, []).append(line.role)
        self._name_width = max((cell_len(line.role) for line in view.lines[:400] if line.role), default=10)
        if before is not None and before in view.lines:
            self.cursor = view.lines.index(before)
        elif before is not None and any(line.role == before.role != "" for line in view.lines):
            self.cursor = next(n for n, line in enumerate(view.lines) if line.role == before.role)
        else:
            self.cursor = next((n for n, line in enumerate(view.lines) if line.role), 0)
        size = Size(1, max(1, len(view.lines)))
        if size != self.virtual_size:
            self.virtual_size = size
        self._shown.clear()
        self.refresh()
        self._keep_in_sight()

    def go(self, index: int) -> None:
        """Puts the cursor on a line."""
        if not self.view.lines:
            return
        before, self.cursor = self.cursor, max(0, min(len(self.view.lines) - 1, index))
        for n in {before, self.cursor}:
            self.refresh_line(n)
        self._keep_in_sight()

    def go_to(self, role: str) -> bool:
        """Puts the cursor on a role's first line; whether it has one."""
        for n, line in enumerate(self.view.lines):
            if line.role == role:
                self.go(n)
                return True
        return False

    def tick(self) -> None:
        """Draws anew the lines on the screen whose text became another."""
        top, width = self.scroll_offset.y, self._width
        for y in range(min(self.size.height, len(self.view.lines) - top)):
            if self._shown.get(top + y) != self._cells(top + y, width):
                self.refresh_line(top + y)

    def redraw(self) -> None:
        """Everything, because colours or texts changed at once."""
        self._shown.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, base = self._width, self.rich_style
        index = y + self.scroll_offset.y
        if not self.view.lines and y == 1 and self.empty_text:
            cells: Cells = ((f"  {self.empty_text}", "muted"),)
        elif index >= len(self.view.lines):
            return Strip.blank(width, base)
        else:
            cells = self._shown[index] = self._cells(index, width)
        chosen = index == self.cursor and bool(self.view.lines)
        styles = self._styles(chosen)
        segments = [Segment(text, styles.get(tone, styles[""])) for text, tone in cells]
        return Strip(segments).adjust_cell_length(width, styles[""])

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _styles(self, chosen: bool) -> dict[str, Style]:
        base = self.rich_style
        if chosen:
            # Nothing but the cursor's two colours: every other one may be unreadable on them.
            cursor = (
                base + Style(reverse=True)
                if self.app.no_color
                else base + self.get_component_rich_style("role-list--cursor", partial=True)
            )
            return {"": cursor, "prod": cursor + Style(bold=True, reverse=True)}
        tones = ("success", "warning", "error", "accent", "muted", "heading", "prod")
        found = {t: self.get_component_rich_style(f"role-list--{t}") for t in tones}
        if self.app.no_color:
            found["prod"] = base + Style(bold=True, reverse=True)
        return {"": base, **found}

    def _keep_in_sight(self) -> None:
        height, top = self.size.height, self.scroll_offset.y
        if self.cursor < top:
            above = (
                self.cursor - 1 if self.cursor and not self.view.lines[self.cursor - 1].role else self.cursor
            )
            self.scroll_to(y=above, animate=False)
        elif height and self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def _cells(self, index: int, width: int) -> Cells:
        line = self.view.lines[index]
        if not line.role:
            return self._heading(line, width)
        row = row_of(self._state.entries[line.role], self._state)
        return self._narrow(line, row, width) if width < NARROW else self._wide(line, row, width)

    def _heading(self, line: Line, width: int) -> Cells:
        state = self._state
        heading = heading_of(line.group, state)
        members = self._members.get(line.group, ())
        sign = state.glyphs.open if members else state.glyphs.folded
        live = sum(1 for role in members if state.live(role))
        count = f"{live} live" if live else ""
        if not members:
            roles = self.view.sizes.get(line.group, 0)
            count = f"{roles} role{'' if roles == 1 else 's'}"
        left: list[tuple[str, str]] = [(f"{sign} ", "heading"), (heading.title, "heading")]
        if heading.environment:
            tone = "prod" if is_prod(heading.environment) else "accent"
            left += [
                ("  ", ""),
                (f" {heading.environment} " if tone == "prod" else heading.environment, tone),
            ]
        if heading.account_id and width >= NARROW:
            left.append((f"  {heading.account_id}", "muted"))
        used = sum(cell_len(text) for text, _ in left)
        gap = max(1, width - used - cell_len(count))
        return (*left, (" " * gap, ""), (count, "muted"))

    def _mark(self, line: Line) -> str:
        return self._state.glyphs.current if line.role == self._state.current else " "

    def _narrow(self, line: Line, row: Row, width: int) -> Cells:
        entry = self._state.entries[line.role]
        tone = _TONES[row.kind]
        badge = entry.environment if line.group == PINNED or is_prod(entry.environment) else ""
        if row.kind == "again":
            return ((f"{self._mark(line)} {row.glyph} ", tone), (row.short, tone))
        right = row.short
        room = width - 4 - cell_len(right) - 1 - (len(badge) + 2 if badge else 0)
        name = _fit(line.role, min(cell_len(line.role), max(4, room)))
        left: Cells = ((f"{self._mark(line)} {row.glyph} ", tone), (name, ""))
        if badge:
            prod = is_prod(badge)
            left = (*left, (" ", ""), (f"{badge}", "prod" if prod else "accent"))
        used = sum(cell_len(text) for text, _ in left)
        return (*left, (" " * max(1, width - used - cell_len(right)), ""), (right, tone))

    def _wide(self, line: Line, row: Row, width: int) -> Cells:
        state, tone = self._state, _TONES[row.kind]
        head = (f"{self._mark(line)} {row.glyph} ", tone)
        end = state.glyphs.auto if row.live and state.renews(line.role) else " "
        bar_width = BAR if width >= ROOMY else BAR // 2
        room = width - 4 - (9 + 1 + 7 + 1 + bar_width + 2) - 2
        name_width = max(8, min(self._name_width, room * 11 // 20)) if width >= ROOMY else room
        name = (_fit(line.role, name_width) + " ", "")
        if row.kind == "again":
            return (head, name, (_fit(row.word, width - 5 - name_width), tone))
        if width < ROOMY and self._says_account(line):
            # Nothing but the word fits beside the name, and that has to.
            name_width -= cell_len(self._state.entries[line.role].environment) + 1
            name = (_fit(line.role, name_width) + " ", "")
        detail = self._detail(line, room - name_width)
        if row.live:
            drawn = (
                bar(row.fraction, bar_width, state.glyphs.full, state.glyphs.empty)
                if row.fraction >= 0
                else ""
            )
            tail = row.text or drawn
            state_cells = (
                (f"{row.word:9} ", tone),
                (f"{row.time:>7} ", tone),
                (_fit(tail, bar_width), "error" if row.text else tone),
            )
            if row.kind == "renewing":
                state_cells = ((f"{row.word:9} ", tone), (_fit(row.text, 8 + bar_width), tone), ("", ""))
        else:
            state_cells = ((f"{row.word:9} ", tone), (_fit(row.text, 8 + bar_width), "muted"), ("", ""))
        return (head, name, *detail, (" ", ""), *state_cells, (f" {end}", "muted"))

    def _says_account(self, line: Line) -> bool:
        return line.group == PINNED or line.group.startswith("\0by")

    def _detail(self, line: Line, width: int) -> Cells:
        """The role's name at AWS; out of its group also the account and its word."""
        entry = self._state.entries[line.role]
        if self._says_account(line):
            badge = entry.environment
            room = width - (cell_len(badge) + 1 if badge else 0)
            account = entry.account.name or self._state.masked(entry.account.account_id)
            name = _fit(account, min(cell_len(account), max(0, room)))
            cells: Cells = ((name, "muted"),)
            if badge:
                cells = (*cells, (" ", ""), (badge, "prod" if is_prod(badge) else "accent"))
            used = sum(cell_len(text) for text, _ in cells)
            return (*cells, (" " * max(0, width - used), ""))
        return ((_fit(entry.detail, width), "muted"),)

    def on_key(self, event: events.Key) -> None:
        """Remembers what came while this was in focus."""
        self._keys.append(event)

    def has_passed(self, event: events.Key) -> bool:
        """Whether a key that reached the app came through here; asked once for each key."""
        if self._keys and self._keys[0] is event:
            self._keys.popleft()
            return True
        return False

    def on_click(self, event: events.Click) -> None:
        """A line by the mouse."""
        index = event.y - self.gutter.top + self.scroll_offset.y
        if 0 <= index < len(self.view.lines):
            self.post_message(self.Clicked(index, event.chain, event.button))


def _fit(text: str, width: int) -> str:
    """Exactly `width` cells; what is cut ends in `…`."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"
