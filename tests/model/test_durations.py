"""Lengths of time are read as written and shown so that a glance is enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsui.model.durations import ago, countdown, parse_duration, rough_duration, short_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15m", 900),
        ("1h", 3_600),
        ("1h30m", 5_400),
        ("12H", 43_200),
        ("3600", 3_600),
        ("45s", 45),
        ("1d", 86_400),
    ],
)
def test_what_people_write_is_understood(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "1.5h", "-1h", "0", "0m", "an hour", "1h 30x", "١h", "9999999h"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_duration(text)


@given(st.integers(1, 359_999))
def test_a_length_of_time_survives_being_written(seconds: int) -> None:
    assert parse_duration(short_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (3_130, "52:10"),
        (42, "0:42"),
        (11_520, "3h12m"),
        (39_600, "11h"),
        (0, "0:00"),
        (-5, "0:00"),
        (3_599.9, "59:59"),
    ],
)
def test_time_left_is_drawn_as_designed(left: float, text: str) -> None:
    assert countdown(left) == text


@given(st.floats(-1e6, 129_600))
def test_time_left_fits_its_seven_cells_and_is_never_negative(left: float) -> None:
    assert len(countdown(left)) <= 7 and "-" not in countdown(left)


@pytest.mark.parametrize(
    ("past", "text"), [(12, "12s ago"), (720, "12m ago"), (25_200, "7h ago"), (259_200, "3d ago")]
)
def test_what_is_over_says_how_long(past: float, text: str) -> None:
    assert ago(past) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(40, "40 s"), (1_020, "17 min"), (3_600, "1 h"), (32_400, "9 h"), (90_000, "25 h"), (259_200, "3 days")],
)
def test_a_length_of_time_in_a_sentence(seconds: int, text: str) -> None:
    assert rough_duration(seconds) == text
