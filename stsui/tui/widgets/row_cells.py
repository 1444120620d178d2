"""What stands in a line of the list: left who it is, right how it is and what comes next. Pure.

Left and right are drawn apart, so that a second that goes by costs the right side alone.
"""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from stsui.tui.listed import Line
from stsui.tui.rows import BAR, Row, bar
from stsui.tui.state import PINNED, Entry, State, is_prod
from stsui.tui.view import heading_of

Cells = tuple[tuple[str, str], ...]
"""Pieces of a line: the text and the name of its look."""
NARROW = 50
"""Cells under which a row has only its name and a word."""
SHORT_BAR = 4
"""Cells of the bar where what comes next stands beside it and there is little room."""
WORD, TIME, NEXT, TIGHT = 10, 8, 15, 13
"""Cells of the state's word, of the time and of what comes next, each with a space; the last where a line has
no room for a bar."""
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


class Columns(NamedTuple):
    """How many cells each part of a line has."""

    left: int
    name: int = 0
    detail: int = 0
    bar: int = 0
    next: int = 0
    right: int = 8

    @property
    def narrow(self) -> bool:
        """Only a name and a word."""
        return not self.name


def columns(width: int, longest: int, detail: int = 0, *, says_next: bool) -> Columns:
    """The parts of a line of that many cells.

    Args:
        longest: Cells of the longest name.
        detail: Cells of the longest of what tells names from each other; a bar gives way to it.
    """
    if width < NARROW:
        return Columns(width - 8)
    if says_next:
        others = WORD + TIME + NEXT + 5 + longest + 1 + detail
        if width >= 82:
            cells = BAR if width > others + BAR else SHORT_BAR
        else:
            cells = SHORT_BAR if width >= max(66, others + SHORT_BAR) else 0
        coming = NEXT if width >= 82 else NEXT - 1 if width >= 66 else TIGHT
        right = WORD + TIME + (cells + 1 if cells else 0) + coming
    else:
        coming = 0
        cells = BAR if width >= 60 else BAR // 2
        right = WORD + TIME + cells + 3
    left = width - right
    room = left - 5
    name = min(longest, room if room < 22 else max(12, room * 3 // 5))
    detail = room - name - 1
    return Columns(
        left,
        name if detail >= 6 else room,
        detail if detail >= 6 else 0,
        cells,
        coming,
        right,
    )


def heading_cells(line: Line, state: State, members: Sequence[str], size: int, width: int) -> Cells:
    """A group: its sign, its name, its word and its id."""
    heading = heading_of(line.group, state)
    sign = state.glyphs.open if members or not size else state.glyphs.folded
    badge = heading.environment
    word: Cells = ()
    if badge:
        prod = is_prod(badge)
        word = (("  ", ""), (f" {badge} " if prod else badge, "prod" if prod else "accent"))
    room = width - 2 - length(word)
    title = fit(heading.title, min(cell_len(heading.title), max(4, room)))
    cells: Cells = ((f"{sign} ", "heading"), (title, "heading"), *word)
    if heading.account_id and length(cells) + 2 + len(heading.account_id) <= width:
        cells = (*cells, (f"  {heading.account_id}", "muted"))
    return cells


def count_cells(state: State, members: Sequence[str], size: int, width: int) -> Cells:
    """How many of a group live; of a folded one how many there are."""
    if members:
        live = sum(1 for role in members if state.live(role))
        text = f"{live} live" if live else ""
    else:
        text = f"{size} role{'' if size == 1 else 's'}"
    return ((f"{fit(text, min(cell_len(text), width)):>{width}}", "muted"),)


def name_cells(line: Line, row: Row, entry: Entry, state: State, parts: Columns, label: str) -> Cells:
    """Mark, sign, name, and what tells it from others of that name; the word PROD is always whole.

    Args:
        label: The name as it stands here.
    """
    mark = state.glyphs.current if line.role == state.current else " "
    head = (f"{mark} {row.glyph} ", _TONES[row.kind])
    badge, away = entry.environment, is_away(line)
    word: Cells = ()
    if badge and (away or is_prod(badge)):
        word = ((" ", ""), (badge, "prod" if is_prod(badge) else "accent"))
    if row.kind == "again" and parts.narrow:
        return (head, (fit(row.short, parts.left - 4), "error"))
    if not parts.detail:
        room = parts.left - 5 - length(word)
        return (head, (fit(label, min(cell_len(label), max(4, room))), ""), *word)
    detail = (entry.account.name or state.masked(entry.account.account_id)) if away else entry.detail
    session = state.sessions.get(line.role)
    if entry.limited and session is not None and not away:
        detail = session.reason
    room = max(0, parts.detail - length(word))
    # In its group the words stand below each other, elsewhere beside the account that they are of.
    shown = fit(detail, min(cell_len(detail), room) if away else room)
    return (head, (f"{fit(label, parts.name)} ", ""), (shown, "muted"), *word)


def detail_length(line: Line, entry: Entry) -> int:
    """Cells that what stands right of the name needs, with the word PROD."""
    badge = entry.environment
    if is_away(line):
        return cell_len(entry.account.name or entry.account.account_id) + (len(badge) + 1 if badge else 0)
    return cell_len(entry.detail) + (len(badge) + 1 if is_prod(badge) else 0)


def is_away(line: Line) -> bool:
    """Whether the row stands somewhere else than under its account."""
    return line.group == PINNED or line.group.startswith("\0by")


def state_cells(line: Line, row: Row, state: State, parts: Columns) -> Cells:
    """The state's word, the time, the bar, and what comes next."""
    tone = _TONES[row.kind]
    if parts.narrow:
        return ((f"{'' if row.kind == 'again' else row.short:>{parts.right}}", tone),)
    room = parts.right - WORD
    if row.kind == "again":
        return ((fit(row.word, parts.right), tone),)
    if row.kind == "renewing" or not row.live:
        return ((f"{row.word:{WORD}}", tone), (fit(row.text, room), tone if row.live else "muted"))
    cells: Cells = (time_cell(row.kind, row.word, row.time),)
    drawn = bar(row.fraction, parts.bar, state.glyphs.full, state.glyphs.empty) if row.fraction >= 0 else ""
    if parts.next:
        tail = ((f"{drawn:{parts.bar}} ", tone),) if parts.bar else ()
        text = row.text or _short(row.next, parts.next - 1)
        return (*cells, *tail, (fit(text, parts.next - 1), "error" if row.text else "muted"))
    end = state.glyphs.auto if state.renews(line.role) else " "
    return (*cells, (fit(row.text or drawn, parts.bar), "error" if row.text else tone), (f"  {end}", "muted"))


def time_cell(kind: str, word: str, time: str) -> tuple[str, str]:
    """The first of a live row's: the state's word and the time that is left."""
    return f"{word:{WORD}}{time:>{TIME - 1}} ", _TONES[kind]


def _short(text: str, width: int) -> str:
    """`browser ~22:02`; `browser~22:02` or `web ~22:02` where that is too long."""
    joined = text.replace(" ~", "~")
    fitting = (one for one in (text, joined) if len(one) <= width)
    return next(fitting, text.replace("browser", "web", 1))


def fit(text: str, width: int) -> str:
    """Exactly `width` cells; what is cut ends in `…`."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"


def joined(left: Cells, right: Cells, room: int) -> Cells:
    """A line of both, of which the left one has so many cells."""
    used = length(left)
    if used > room:
        left = cut(left, 0, room)
    return (*left, (" " * (room - used), ""), *right)


def cut(cells: Cells, begin: int, end: int) -> Cells:
    """What stands between two cells of a line; of a wide sign that is cut in two a space is left."""
    found: list[tuple[str, str]] = []
    at = 0
    for text, tone in cells:
        size = cell_len(text)
        first, last = max(begin - at, 0), min(end - at, size)
        if first < last:
            part = text[first:last] if size == len(text) else _cut_wide(text, first, last)
            found.append((part, tone))
        at += size
    return tuple(found)


def _cut_wide(text: str, first: int, last: int) -> str:
    return Segment(text).split_cells(last)[0].split_cells(first)[1].text


def length(cells: Cells) -> int:
    """Cells of a line."""
    return sum(length_of(text) for text, _ in cells)


def length_of(text: str) -> int:
    """Cells of a text. Most are plain and new every second, which need not be counted and remembered."""
    return len(text) if text.isascii() else cell_len(text)
