"""A live row is not made anew every second: what is drawn is the same as if it were."""

from typing import Literal

import pytest

from stsui.model.errors import Throttled
from stsui.tui.listed import Line
from stsui.tui.rows import row_of
from stsui.tui.state import Flight, State, Trouble
from stsui.tui.widgets.row_cells import Cells, columns, state_cells
from stsui.tui.widgets.steady import Steady, steady
from tests.worlds import Demo

ROLE = "dev-admin"


def known_state(demo: Demo) -> State:
    services = demo.services()
    services.store.assume(ROLE)
    state = State(services.catalog, demo.clock.now())
    state.take_catalog(services.catalog)
    state.take_sessions(services.store.held(), "")
    return state


@pytest.mark.parametrize("width", [60, 72, 90])
@pytest.mark.parametrize("time", ["left", "ends", "minutes"])
def test_every_second_of_its_life_it_looks_as_if_it_were_made_anew(
    demo: Demo, width: int, time: Literal["left", "ends", "minutes"]
) -> None:
    state = known_state(demo)
    state.settings = state.settings._replace(time=time)
    session = state.sessions[ROLE]
    state.outlook = {ROLE: ("renews", session.issued_at + 1_000.5)}
    entry = state.entries[ROLE]
    parts = columns(width, 12, 12, says_next=width == 90)
    line = Line(entry.group, ROLE)
    kept: Steady | None = None
    made = 0
    for second in range(session.lifetime + 5):
        state.now = session.issued_at + second
        row = row_of(entry, state)
        anew: Cells = state_cells(line, row, state, parts)
        if kept is not None and kept.holds(entry, state, parts):
            assert kept.cells(state) == anew, second
        else:
            made += 1
            kept = steady(entry, row, anew, state, parts)
    assert made < 30, "mostly only the time was another one"


def test_what_happens_to_it_is_seen_in_the_same_second(demo: Demo) -> None:
    state = known_state(demo)
    entry, parts = state.entries[ROLE], columns(72, 12, 12, says_next=False)

    def kept() -> Steady:
        row = row_of(entry, state)
        found = steady(entry, row, state_cells(Line(entry.group, ROLE), row, state, parts), state, parts)
        assert found is not None and found.holds(entry, state, parts)
        return found

    before = kept()
    state.auto[ROLE] = False
    assert not before.holds(entry, state, parts)
    before = kept()
    state.flights[ROLE] = Flight(state.now, True, True, True)
    assert not before.holds(entry, state, parts)
    state.flights.clear()
    state.troubles[ROLE] = Trouble(Throttled("slower"), state.now)
    assert not before.holds(entry, state, parts)
    state.troubles.clear()
    state.again = (ROLE, state.now + 3)
    assert not before.holds(entry, state, parts)
    state.again = ("", 0.0)
    state.sessions[ROLE] = state.sessions[ROLE]._replace(reason="another one")
    assert not before.holds(entry, state, parts)
    before = kept()
    assert not before.holds(entry, state, parts._replace(bar=4))
    state.now -= 60
    assert not before.holds(entry, state, parts), "a clock that was set back"
