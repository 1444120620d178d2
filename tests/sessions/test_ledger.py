"""The ledger loses no line, says nothing secret, and never stands in the way."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stsui.sessions import ledger as ledgers
from stsui.sessions.ledger import Event, Ledger
from tests.worlds import SetClock

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from stsui.sessions.clock import SystemClock
from stsui.sessions import ledger
from stsui.sessions.ledger import Event, Ledger
ledger.FULL = int(sys.argv[3])
book = Ledger(sys.argv[1], SystemClock())
for n in range(100):
    book.record(Event("hand-over", "dev-admin", way="process", to=f"{sys.argv[2]}/{n}"))
assert not book.warning, book.warning
"""


def lines(book: Ledger, since: float = 0.0) -> list[Event]:
    return list(book.read(since))


@pytest.mark.parametrize("full", [ledgers.FULL, 100_000], ids=["one file", "while files are set aside"])
def test_a_hundred_processes_lose_none_of_their_hundred_lines(tmp_path: Path, full: int) -> None:
    directory = tmp_path / "state"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(directory), str(n), str(full)], cwd=ROOT)
        for n in range(100)
    ]
    assert [writer.wait(120) for writer in writers] == [0] * 100
    found = lines(Ledger(str(directory), SetClock()))
    kept = {(n, m) for n in range(100) for m in range(100)}
    if full < ledgers.FULL:
        assert len(list(directory.glob("ledger-*.jsonl"))) > 5
    assert {tuple(map(int, event.to.split("/"))) for event in found} == kept
    assert len(found) == 10_000


def test_files_that_one_process_sets_aside_within_a_second_are_all_kept_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "FULL", 300)
    clock = SetClock()
    book = Ledger(str(tmp_path / "s"), clock)
    for n in range(40):
        clock.pass_(0.01)
        book.record(Event("renew", f"r{n}"))
    assert len(list((tmp_path / "s").glob("ledger-*.jsonl"))) > 5
    assert [event.role for event in lines(book)] == [f"r{n}" for n in range(40)]


def test_who_reads_while_files_are_set_aside_sees_each_line_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "FULL", 3_000)
    monkeypatch.setattr(ledgers, "KEPT", 10_000)
    book, clock = Ledger(str(tmp_path / "s"), SetClock()), SetClock()

    def write() -> None:
        for n in range(400):
            clock.pass_(1)
            Ledger(str(tmp_path / "s"), clock).record(Event("renew", f"r{n}"))

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        seen = [event.role for event in book.read()]
        assert len(seen) == len(set(seen))
        assert set(seen) == {f"r{n}" for n in range(len(seen))}, "none is missing in between"
    writer.join()
    assert [event.role for event in book.read()] == [f"r{n}" for n in range(400)]


def test_an_event_comes_back_as_it_was_and_only_with_what_it_has(tmp_path: Path) -> None:
    clock = SetClock()
    book = Ledger(str(tmp_path / "s"), clock, by="stsui 1")
    event = Event(
        "hand-over",
        "prod-admin@read-only",
        account_id="111122223333",
        access_key_id="ASIAEXAMPLE",
        session_arn="arn:aws:sts::111122223333:assumed-role/Admin/ana",
        until=int(clock.now()) + 900,
        way="variables",
        to="bash for zsh 4711",
        reason="INC-4711 ünïcode",
        text='a "quoted" {"at": thing',
    )
    book.record(event)
    book.record(Event("drop", "dev"))
    first, second = lines(book)
    assert first == event._replace(at=clock.now(), by="stsui 1")
    assert second == Event("drop", "dev", at=clock.now(), by="stsui 1")
    raw = Path(book.path).read_text().splitlines()
    assert raw[1] == '{"at": "2026-11-24T06:00:00.000Z", "kind": "drop", "role": "dev", "by": "stsui 1"}'


def test_text_from_outside_stays_one_harmless_line(tmp_path: Path) -> None:
    book = Ledger(str(tmp_path / "s"), SetClock())
    book.record(Event("failure", "x\n{}", text="\x1b]0;t\x07\u202e" + "y" * 5_000))
    raw = Path(book.path).read_bytes()
    assert raw.count(b"\n") == 1 and b"\x1b" not in raw and len(raw) < 1_000
    assert lines(book)[0].role == "x\\x0a{}"


def test_a_line_that_a_full_disk_cut_takes_only_itself_along(tmp_path: Path) -> None:
    book = Ledger(str(tmp_path / "s"), SetClock())
    book.record(Event("assume", "a"))
    with open(book.path, "ab") as file:
        file.write(b'{"at": "2026-11-24T06:00:00.000Z", "kind": "assu')
    book.record(Event("assume", "b"))
    with open(book.path, "ab") as file:
        file.write(b"\n\xff\xfe\n[]\n{}\nnull\n" + b"[" * 10_000 + b"\n")
    book.record(Event("assume", "c"))
    assert [event.role for event in lines(book)] == ["a", "b", "c"]


def test_it_is_private_from_the_first_byte(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        book = Ledger(str(tmp_path / "s"), SetClock())
        book.record(Event("assume", "a"))
    finally:
        os.umask(before)
    assert os.stat(book.path).st_mode & 0o777 == 0o600
    assert os.stat(tmp_path / "s").st_mode & 0o777 == 0o700


def test_what_cannot_be_written_is_said_and_stops_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "s"
    directory.write_text("in the way")
    book = Ledger(str(directory), SetClock())
    book.record(Event("assume", "a"))
    assert "not a directory" in book.warning and lines(book) == []
    directory.unlink()
    book.record(Event("assume", "a"))
    assert not book.warning and len(lines(book)) == 1


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    book = Ledger(str(tmp_path / "s"), SetClock())
    book.record(Event("assume", "a"))
    Path(book.path).unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("")
    Path(book.path).symlink_to(elsewhere)
    book.record(Event("assume", "b"))
    assert book.warning and elsewhere.read_text() == ""


def test_only_what_happened_since_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "FULL", 500)
    monkeypatch.setattr(ledgers, "KEPT", 5)
    clock = SetClock()
    book = Ledger(str(tmp_path / "s"), clock)
    for n in range(60):
        clock.pass_(60)
        book.record(Event("renew", f"r{n}"))
    assert len(list((tmp_path / "s").glob("ledger-*.jsonl"))) == 5, "older ones go"
    assert [event.role for event in book.read(clock.now() - 120)] == ["r57", "r58", "r59"]
