"""When a session is given, renewed and by whom: numbers, no clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsui.model.credentials import Credentials, Secret
from stsui.model.session import Session
from stsui.sessions import refresh

END = 2_000_000_000


def session(lifetime: int, key: str = "00000000") -> Session:
    credentials = Credentials("ASIAIOSFODNN7EXAMPLE", Secret("s"), Secret("t"), END)
    return Session("dev", key.ljust(32, "0"), credentials, END - lifetime, "", "", "")


@pytest.mark.parametrize(
    ("lifetime", "left", "fresh", "usable"),
    [
        (3_600, 961, True, True),
        (3_600, 960, False, True),  # sixteen minutes: before botocore asks again at every call
        (3_600, 61, False, True),
        (3_600, 60, False, False),
        (43_200, 961, True, True),
        (900, 301, True, True),  # a quarter of an hour is used for two thirds
        (900, 300, False, True),
        (900, 60, False, False),
        (20, 7, True, True),
        (20, 3, False, True),
        (20, 2, False, False),
    ],
)
def test_a_session_is_used_for_most_of_its_life_and_never_to_the_last_second(
    lifetime: int, left: int, fresh: bool, usable: bool
) -> None:
    held = session(lifetime)
    assert refresh.is_fresh(held, END - left) is fresh
    assert refresh.is_usable(held, END - left) is usable


@given(st.integers(1, 129_600), st.text("0123456789abcdef", min_size=8, max_size=8))
def test_renewal_falls_due_while_the_session_still_lives(lifetime: int, key: str) -> None:
    held = session(lifetime, key)
    due = refresh.renew_at(held)
    assert held.issued_at < due < held.expiration
    assert not refresh.is_fresh(held, due) and refresh.is_usable(held, due)
    assert 0 <= refresh.jitter(held.key) <= 60


def test_many_sessions_of_one_moment_fall_due_spread_over_a_minute() -> None:
    due = {refresh.renew_at(session(3_600, f"{n * 7919:08x}")) for n in range(200)}
    assert len(due) > 40 and max(due) - min(due) <= 60


@given(st.integers(1, 10_000), st.text("0123456789abcdef", min_size=8, max_size=8))
def test_tries_get_rarer_and_never_rarer_than_a_minute(failed: int, key: str) -> None:
    wait = refresh.back_off(failed, key)
    assert 0.75 <= wait <= 60 and wait <= refresh.back_off(failed + 1, key)
