"""The right side of a live row between two changes: of it, a second changes the time that is left alone."""

import math
from typing import NamedTuple

from stsui.model.session import Session
from stsui.tui.rows import Row, time_text
from stsui.tui.state import Entry, State
from stsui.tui.widgets.row_cells import Cells, Columns, time_cell


class Steady(NamedTuple):
    """What is drawn of it, and for what and how long that holds."""

    row: Row
    """As it was at the beginning; of its times nothing is used."""
    session: Session
    rest: Cells
    """What stands right of the time."""
    made_of: tuple[object, ...]
    begin: float
    until: float
    """Unix time from which a bar, a word or a colour is another one."""

    def holds(self, entry: Entry, state: State, parts: Columns) -> bool:
        """Whether nothing but the time is other."""
        if not self.begin <= state.now < self.until or self.session is not state.sessions.get(entry.name):
            return False
        return self.made_of == _made_of(entry, state, parts)

    def cells(self, state: State) -> Cells:
        """As they are now."""
        return (time_cell(self.row.kind, self.row.word, time_text(self.session, state)), *self.rest)


def steady(entry: Entry, row: Row, cells: Cells, state: State, parts: Columns) -> Steady | None:
    """The row, whose cells these are now, for the seconds to come; None where it is not that quiet."""
    name, now = entry.name, state.now
    session = state.sessions.get(name)
    busy = parts.narrow or name in state.flights or name in state.troubles
    if session is None or not session.expiration or busy or row.kind not in ("active", "expiring"):
        return None
    end = session.expiration - session.clock_offset
    changes = [end, session.expiring_at, state.outlook.get(name, ("", 0.0))[1]]
    if parts.bar:
        part = session.lifetime / parts.bar
        changes.append(end - part * (math.ceil(row.fraction * parts.bar) - 1))
    until = min(at for at in changes if at >= now)
    return Steady(row, session, cells[1:], _made_of(entry, state, parts), now, until)


def _made_of(entry: Entry, state: State, parts: Columns) -> tuple[object, ...]:
    name = entry.name
    return (
        entry,
        state.flights.get(name),
        state.troubles.get(name),
        state.outlook.get(name),
        state.auto.get(name),
        state.again[0] == name,
        state.unsure,
        state.settings,
        state.glyphs,
        parts,
    )
