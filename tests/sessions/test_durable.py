"""What is flushed to the disk: whatever a person did something for, and nothing else."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stsui.sessions.store import SessionStore
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with demo_world(tmp_path) as world:
        yield world


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The directory of each file that was waited for."""
    seen: list[str] = []
    real: Callable[[int], None] = os.fsync

    def note(handle: int) -> None:
        seen.append(os.path.basename(os.path.dirname(os.readlink(f"/proc/self/fd/{handle}"))))
        real(handle)

    monkeypatch.setattr(os, "fsync", note)
    return seen


pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="asks Linux which file it was")


def twice(store: SessionStore, role: str, flushed: list[str]) -> list[int]:
    """How many sessions were flushed when it was renewed, and when it was verified."""
    found = []
    for act in (lambda: store.assume(role, refresh=True), lambda: store.verify(role)):
        flushed.clear()
        act()
        found.append(flushed.count("sessions"))
    return found


def test_a_session_that_is_had_again_without_asking_does_not_wait_for_the_disk(
    demo: Demo, flushed: list[str]
) -> None:
    store = demo.services().store
    store.assume("dev-ro")
    assert flushed.count("sessions") == 0
    assert twice(store, "dev-ro", flushed) == [0, 0]


def test_a_code_and_a_sign_in_are_not_asked_for_again_after_a_power_cut(
    demo: Demo, flushed: list[str]
) -> None:
    store = demo.services().store
    store.assume("prod-ro", code=demo.code())
    assert flushed.count("sessions") == 1, "the session that the code was for, not the role below it"
    assert twice(store, "prod-ro", flushed) == [0, 0]
    demo.sign_in()
    flushed.clear()
    store.assume("team-play")
    assert flushed.count("sessions") == 1
    assert twice(store, "team-play", flushed) == [1, 1]
    demo.clock.pass_(60)
    flushed.clear()
    store.assume("prod-breakglass", code=demo.code())
    assert flushed.count("sessions") == 1, "the code went with AssumeRole itself"


def test_a_guard_that_was_passed_stays_passed(demo: Demo, flushed: list[str]) -> None:
    store = demo.services().store
    store.assume("dev-ro", passed="confirm")
    assert flushed.count("sessions") >= 1
    assert twice(store, "dev-ro", flushed) == [1, 1]
