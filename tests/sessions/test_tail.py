"""Whoever looks every second reads each line of other processes once, and none of its own."""

from pathlib import Path

import pytest

from stsui.sessions import ledger as ledgers
from stsui.sessions import tail
from stsui.sessions.ledger import Event, Ledger
from stsui.sessions.tail import Tail
from tests.worlds import SetClock


@pytest.fixture
def both(tmp_path: Path) -> tuple[Ledger, Ledger]:
    return Ledger(str(tmp_path), SetClock(), "this"), Ledger(str(tmp_path), SetClock(), "another")


def roles(events: list[Event]) -> list[str]:
    return [event.role for event in events]


def test_each_line_of_others_once(both: tuple[Ledger, Ledger]) -> None:
    mine, other = both
    follower = Tail(mine)
    assert follower.news() == [], "there is no file yet"
    other.record(Event("assume", "before"))
    mine.record(Event("assume", "mine"))
    assert roles(follower.news()) == ["before"]
    assert follower.news() == []
    other.record(Event("drop", "a"))
    other.record(Event("drop", "b"))
    assert roles(follower.news()) == ["a", "b"]


def test_half_a_line_is_read_when_it_is_whole(both: tuple[Ledger, Ledger]) -> None:
    mine, other = both
    other.record(Event("drop", "a"))
    follower = Tail(mine)
    assert roles(follower.news()) == ["a"]
    other.record(Event("drop", "b"))
    path = Path(mine.path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert follower.news() == []
    path.write_bytes(whole)
    assert roles(follower.news()) == ["b"]


def test_another_file_is_read_from_its_begin(
    both: tuple[Ledger, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = both
    follower = Tail(mine)
    monkeypatch.setattr(ledgers, "FULL", 10)
    other.record(Event("drop", "a"))
    monkeypatch.setattr(ledgers, "FULL", 2_000_000)
    other.record(Event("drop", "b"))
    assert roles(follower.news()) == ["b"], "the first was set aside before anybody looked"
    assert follower.news() == []


def test_of_a_long_file_the_end_is_read(both: tuple[Ledger, Ledger], monkeypatch: pytest.MonkeyPatch) -> None:
    mine, other = both
    monkeypatch.setattr(tail, "RECENT", 200)
    for n in range(20):
        other.record(Event("drop", f"role-{n}"))
    assert roles(Tail(mine).news())[-1] == "role-19"
    assert len(Tail(mine).news()) < 4
