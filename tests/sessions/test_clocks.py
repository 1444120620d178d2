"""Clocks that are wrong, jump, or stop: nothing expired is ever given, nothing is asked for more than once."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.model import errors
from stsui.model.durations import countdown
from tests.worlds import Demo, demo_world

HOURS = range(-24, 25)


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


class Apart:
    """The computer's wall clock, some seconds away from AWS's; the boot clock goes as it should."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.away = demo, 0.0

    def now(self) -> float:
        return self.demo.clock.wall + self.away

    def boot(self) -> float:
        return self.demo.clock.boot()


def store_of(demo: Demo, apart: Apart):  # type: ignore[no-untyped-def]
    from stsui.wiring import open_services

    return open_services(demo.environ, apart).store


@pytest.mark.skipif(not os.path.exists("/proc/sys/kernel/random/boot_id"), reason="needs Linux's boot id")
def test_a_wall_clock_set_anywhere_never_gives_an_expired_session_r10(demo: Demo) -> None:
    apart = Apart(demo)
    store = store_of(demo, apart)
    for later in (0, 3_000, 3_599, 3_601, 90_000):
        apart.away = 0.0
        made = store.assume("dev-ro", refresh=True)
        demo.clock.pass_(later)
        for hours in HOURS:
            apart.away = hours * 3_600.0
            if store.peek("dev-ro") is not None:
                assert made.expiration > demo.clock.wall, f"{hours} h off, {later} s later"
            for session in store.held().values():
                assert "-" not in countdown(session.left(apart.now()))


@pytest.mark.skipif(not os.path.exists("/proc/sys/kernel/random/boot_id"), reason="needs Linux's boot id")
def test_a_clock_that_is_ahead_counts_by_awss_too(demo: Demo) -> None:
    with demo.config.open("a") as file:
        file.write(
            '[roles.short]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\nsource_profile = "ana"\n'
            'duration = "15m"\n'
        )
    apart = Apart(demo)
    apart.away = 600.0
    for _ in range(9):
        session = store_of(demo, apart).assume("short")
        assert session.left(apart.now()) == pytest.approx(session.expiration - demo.clock.now(), abs=2)
        demo.clock.pass_(60)
    assert demo.aws.count("AssumeRole") == 1
    apart.away = 0.0
    assert store_of(demo, apart).assume("short") is not None, "and set right, it is no longer than it is"
    assert session.expiration > demo.clock.now()


def test_a_clock_that_was_behind_from_the_start_counts_by_awss(demo: Demo) -> None:
    apart = Apart(demo)
    apart.away = -300.0
    store = store_of(demo, apart)
    session = store.assume("dev-ro")
    assert session.left(apart.now()) == pytest.approx(3_600, abs=2)
    assert store.clock_offset() == pytest.approx(300, abs=2)


ZONES = (
    "UTC",
    "Asia/Kathmandu",
    "America/New_York",
    "Pacific/Kiritimati",
    "Europe/Berlin",
    "Australia/Lord_Howe",
)
SUMMER_ENDS = 1_792_890_000.0
"""2026-10-25 01:00 UTC, when Berlin's clocks go back an hour; New York's follow a week later."""


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", [SUMMER_ENDS - 1_800, SUMMER_ENDS + 604_800 + 18_000 - 1_800])
def test_zones_and_summer_time_do_not_matter(
    demo: Demo, zone: str, at: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo.clock.wall = at
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        store = demo.services().store
        session = store.assume("dev-ro")
        for passed in range(0, 2_500, 300):
            assert session.left(demo.clock.now()) == 3_600 - passed
            assert store.assume("dev-ro") == session
            demo.clock.pass_(300)
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


@pytest.mark.parametrize("asleep", [1, 1_800, 3_599, 3_600, 7_200, 108_000])
def test_after_a_sleep_one_renewal_is_enough(demo: Demo, asleep: int) -> None:
    store = demo.services().store
    first = store.assume("dev-ro")
    demo.clock.pass_(asleep)
    second = store.assume("dev-ro")
    assert second.left(demo.clock.now()) > 60
    assert demo.aws.count("AssumeRole") == (1 if second == first else 2)


def test_an_outage_from_the_moment_a_renewal_is_due_fails_nobody_r8(demo: Demo) -> None:
    """STS down from minute 46 for ten minutes, asked a hundred times a minute."""
    store = demo.services().store
    first = store.assume("dev-ro")
    demo.clock.pass_(46 * 60)
    demo.aws.calls.clear()
    demo.aws.fail_next("ServiceUnavailable", n=10_000, status=503, operation="AssumeRole")
    for _ in range(1_000):
        assert store.assume("dev-ro") == first
        demo.clock.pass_(0.6)
    assert 8 <= demo.aws.count() <= 20
    demo.aws.mend()
    demo.clock.pass_(60)
    assert store.assume("dev-ro").left(demo.clock.now()) > 3_590, "nobody has to press a key"


def test_a_quarter_hour_role_is_asked_for_once_in_ten_minutes_r9(demo: Demo) -> None:
    with demo.config.open("a") as file:
        file.write(
            '[roles.short]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\nsource_profile = "ana"\nduration = "15m"\n'
        )
    for _ in range(100):
        assert demo.services().store.assume("short").left(demo.clock.now()) > 290
        demo.clock.pass_(6)
    assert demo.aws.count("AssumeRole") == 1


@pytest.mark.parametrize(
    ("ahead", "words"), [(-32_400, "9 h behind"), (-1_020, "17 min behind"), (1_020, "17 min ahead of")]
)
def test_a_clock_too_far_off_is_named_in_hours_s99(demo: Demo, ahead: int, words: str) -> None:
    demo.aws.date_offset = -ahead
    with pytest.raises(errors.ClockOff, match=f"clock is {words} AWS's .* Set the clock") as told:
        demo.services().store.assume("dev-ro")
    assert told.value.seconds == pytest.approx(ahead, abs=5)
