"""The files of a slot: private, whole, found again, and nothing that is not one."""

import json
import os
import stat
from pathlib import Path

import pytest

from stsui.handover.slots import Info, Process, Slot, Slots
from stsui.model.errors import SlotNotFound, UsageError
from stsui.sessions.private import PrivateDirectory


@pytest.fixture
def slots(tmp_path: Path) -> Slots:
    return Slots(PrivateDirectory(str(tmp_path / "state" / "slots")))


def test_a_slot_is_found_as_it_was_kept(slots: Slots) -> None:
    owner = Process(41, 4_100, "zsh", "/dev/pts/3", "/src", "boot")
    kept = slots.keep(Slot("term-3", "prod-ro@read-only", "eu-west-1", 5, 6, "eu-west-3", 4_711, owner, 7, 8))
    assert slots.get("term-3") == kept
    assert slots.all() == [kept] and slots.names() == ["term-3"]


def test_the_token_is_the_same_for_life_and_has_no_line_end(slots: Slots) -> None:
    slots.keep(Slot("a", "x"))
    token = slots.token("a").reveal()
    slots.point("a", "y", 1)
    slots.cut("a", 2)
    slots.point("a", "z", 3)
    assert slots.token("a").reveal() == token and len(token) == 64
    assert Path(slots.token_file("a")).read_bytes() == token.encode()
    slots.remove("a")
    slots.keep(Slot("a", "x"))
    assert slots.token("a").reveal() != token
    assert token not in repr(slots.token("a"))


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_every_file_is_private_under_any_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        slots = Slots(PrivateDirectory(str(tmp_path / "state" / "live" / "slots")))
        slots.keep(Slot("a", "x"))
        slots.tell("a", Info("x"))
    finally:
        os.umask(before)
    for path in (tmp_path / "state").rglob("*"):
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "name", ["", "A", "../x", "a/b", ".a", "a.", "-a", "a b", "a\n", "é", "a" * 41, "a\0b", "con:"]
)
def test_a_name_is_a_file_name_everywhere(slots: Slots, name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a slot"):
        slots.keep(Slot(name, "x"))
    assert slots.find(name) is None


def test_a_missing_slot_is_told_with_the_nearest(slots: Slots) -> None:
    slots.keep(Slot("term-3", "x"))
    with pytest.raises(SlotNotFound, match=r'"term-4".*Did you mean term-3'):
        slots.get("term-4")


def test_free_names_follow_the_terminal(slots: Slots) -> None:
    assert slots.free_name("term-3") == "term-3"
    slots.keep(Slot("term-3", "x"))
    assert slots.free_name("term-3") == "term-3-2"
    assert slots.free_name("current") == "current-2"
    assert slots.free_name("My Terraform!") == "my-terraform"
    assert slots.free_name("///") == "slot"


GOOD = {"version": 1, "name": "a", "role": "x"}


@pytest.mark.parametrize(
    "document",
    [
        b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000,
        {**GOOD, "version": 2}, {**GOOD, "role": 3}, {**GOOD, "made_at": "now"}, {**GOOD, "cut_at": True},
        {**GOOD, "owner": []}, {**GOOD, "owner": {"pid": "1"}}, {**GOOD, "name": "b"}, {"version": 1},
    ],
)  # fmt: skip
def test_what_is_not_a_slot_is_not_there(slots: Slots, document: object) -> None:
    slots.keep(Slot("a", "x"))
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    path = Path(slots.token_file("a")).with_suffix(".slot")
    path.write_bytes(raw)
    assert slots.find("a") is None and slots.all() == []


def test_a_slot_of_another_version_of_stsui_keeps_what_is_known(slots: Slots) -> None:
    slots.keep(Slot("a", "x"))
    path = Path(slots.token_file("a")).with_suffix(".slot")
    path.write_text(json.dumps({**GOOD, "owner": {"pid": 7, "of_the_future": 1}, "of_the_future": []}))
    assert slots.find("a") == Slot("a", "x", owner=Process(7))


def test_a_prompts_file_has_a_line_for_each_field(slots: Slots) -> None:
    slots.keep(Slot("a", "x"))
    slots.tell("a", Info("x\ny", "PROD", "111122223333", "2026-11-24T14:24:10Z", "eu-west-1", "cut"))
    lines = Path(slots.info_file("a")).read_text().split("\n")
    assert lines == ["x\\x0ay", "PROD", "111122223333", "2026-11-24T14:24:10Z", "eu-west-1", "cut", ""]


def test_only_a_slot_with_a_shell_is_left(slots: Slots) -> None:
    slots.keep(Slot("a", "x", owner=Process(7)))
    slots.keep(Slot("ci", "x"))
    for name in ("a", "ci", "nobody", "../x"):
        slots.leave(name, 5)
    slots.leave("a", 9)
    assert (slots.get("a").left_at, slots.get("ci").left_at) == (5, 0)
