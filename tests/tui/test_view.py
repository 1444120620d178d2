"""The list's lines: whatever is asked for, they are those that going through every role would give."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from rich.cells import cell_len

from stsui.tui.listed import Line
from stsui.tui.state import PINNED, State
from stsui.tui.view import SORTS, VIEWS, Order, Texts, Wanted, left_out, places_of, view_of
from stsui.tui.widgets.cell_lines import _changed
from stsui.tui.widgets.row_cells import cut
from tests.worlds import demo_world

WORDS = (
    "",
    " ",
    "team",
    "team-00",
    "ro",
    "!ro",
    "dev",
    "prod !admin",
    "is:prod",
    "role1 is:live",
    "zzz",
    "1111",
)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    with demo_world(tmp_path_factory.mktemp("world") / "home", roles=60) as demo:
        services = demo.services()
        for role in ("dev-admin", "stg-ro", "team-000-role1"):
            services.store.assume(role)
        found = State(services.catalog, services.store.clock.now())
        found.take_catalog(services.catalog)
        found.take_sessions(services.store.held(), "dev-admin")
        return found


@given(some.data())
@settings(max_examples=300, deadline=None)
def test_the_lines_are_those_of_going_through_every_role(state: State, data: some.DataObject) -> None:
    names = list(state.entries)
    state.pins = dict.fromkeys(data.draw(some.sets(some.sampled_from(names), max_size=4)), True)
    texts, order = Texts(), Order()
    groups = sorted({entry.group for entry in state.entries.values()})
    for _ in range(4):
        sort = data.draw(some.sampled_from(SORTS))
        wanted = Wanted(
            data.draw(some.sampled_from([view for view in VIEWS if view != "needs you"])),
            sort,
            data.draw(some.sampled_from(WORDS) | some.sampled_from(names).map(lambda name: name[:6])),
            frozenset(data.draw(some.sets(some.sampled_from(groups)))),
            places_of(state, sort),
        )
        view = view_of(state, wanted, texts, order)
        assert list(view.lines) == through_all(state, wanted)
        assert view.roles == tuple(line.role for line in view.lines)
        for n, line in enumerate(view.lines):
            if line.role:
                assert view.place(line.role) == n
            else:
                shown = tuple(x.role for x in view.lines if x.group == line.group and x.role)
                assert view.lines.of(n) == shown and view.sizes[line.group] >= len(shown)
        assert view.shown == sum(view.sizes.values()) and view.total == len(names)


def through_all(state: State, wanted: Wanted) -> list[Line]:
    """Role by role."""
    hits = set(Texts().hits(state, wanted.query)) if wanted.query.strip() else set(state.entries)
    everything = everywhere(state, wanted)
    found = []
    for group in dict.fromkeys(line.group for line in everything):
        below = [line for line in everything if line.group == group and line.role in hits]
        if wanted.view == "live":
            below = [line for line in below if state.live(line.role)]
        if wanted.view == "pinned" and group != PINNED:
            below = []
        if below:
            opened = wanted.query.strip() or wanted.view != "all" or group not in wanted.folded
            found += [Line(group), *(below if opened else ())]
    return found


def everywhere(state: State, wanted: Wanted) -> Sequence[Line]:
    """Every role where it stands."""
    whole = view_of(state, wanted._replace(view="all", query="", folded=frozenset()), Texts(), Order())
    return [line for line in whole.lines if line.role]


@given(
    some.integers(0, 300).flatmap(
        lambda n: some.tuples(some.just(n), some.sets(some.integers(0, max(0, n - 1))))
    )
)
def test_what_is_left_out_of_ascending_numbers(pair: tuple[int, set[int]]) -> None:
    total, missing = pair
    kept = [n for n in range(total) if n not in missing]
    assert list(left_out(kept, total)) == sorted(missing & set(range(total)))


CELLS = some.lists(
    some.tuples(some.text("ab▰", max_size=4), some.sampled_from(["", "muted", "error"])), max_size=4
)


@given(CELLS, some.data())
def test_what_lies_outside_of_the_changed_cells_is_the_same(
    cells: list[tuple[str, str]], data: some.DataObject
) -> None:
    tones = some.sampled_from(["", "muted", "error"])
    now = tuple((data.draw(some.sampled_from([text, text[::-1]])), data.draw(tones)) for text, _ in cells)
    start, end = _changed((tuple(cells), False), (now, False), sum(len(text) for text, _ in now))
    old, new = ([(letter, tone) for text, tone in line for letter in text] for line in (cells, now))
    assert 0 <= start <= end <= len(new)
    assert all(old[n] == new[n] for n in range(len(new)) if not start <= n < end)


@given(
    some.lists(some.tuples(some.text("ab▰世界", max_size=6), some.sampled_from(["", "muted"])), max_size=4),
    some.data(),
)
def test_the_two_parts_of_a_line_have_every_cell_of_it(
    cells: list[tuple[str, str]], data: some.DataObject
) -> None:
    whole = tuple(cells)
    width = sum(cell_len(text) for text, _ in whole)
    at = data.draw(some.integers(0, width))
    parts = (cut(whole, 0, at), cut(whole, at, width))
    assert [sum(cell_len(text) for text, _ in part) for part in parts] == [at, width - at]
    letters, again = ("".join(text for line in lines for text, _ in line) for lines in ((whole,), parts))
    assert again == letters or "  " in again, "only a wide sign that is cut in two becomes spaces"
