"""A secret shows nowhere but where `reveal` is called."""

import copy
import json
import logging
import pickle
import traceback

import pytest

from stsui.model.credentials import Credentials, Secret
from stsui.model.session import Session

SECRET, TOKEN = "wJalrXUtnFEMIsecretEXAMPLEKEY", "FwoGZXIvYXdztokenEXAMPLE"
CREDENTIALS = Credentials("ASIAIOSFODNN7EXAMPLE", Secret(SECRET), Secret(TOKEN), 2_000_000_000)
SESSION = Session("dev", "0" * 32, CREDENTIALS, 1_999_996_400, "111122223333", "", "")


@pytest.mark.parametrize(
    "value", [CREDENTIALS, SESSION, CREDENTIALS.secret_access_key, [CREDENTIALS], {"a": SESSION}]
)
def test_no_text_made_of_it_holds_a_secret(value: object) -> None:
    texts = [repr(value), str(value), f"{value}", f"{value!r:>9}" if isinstance(value, dict) else ""]
    record = logging.LogRecord("x", 10, "", 1, "%s", (value,), None).getMessage()
    for text in (*texts, record):
        assert SECRET not in text and TOKEN not in text and "IOSFODNN7" not in text


def test_unpacking_and_json_do_not_leak() -> None:
    assert SECRET not in str([*CREDENTIALS]) + str(CREDENTIALS._asdict())
    with pytest.raises(TypeError):
        json.dumps(CREDENTIALS)
    for copier in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError):
            copier(CREDENTIALS.secret_access_key)


def test_a_traceback_shows_stars() -> None:
    try:
        raise ValueError(CREDENTIALS)
    except ValueError as error:
        text = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    # The module's own source lines name the constant, not its value.
    assert SECRET not in text and TOKEN not in text.replace(f'TOKEN = "{TOKEN}"', "")


def test_secrets_compare_by_value() -> None:
    assert Secret("a") == Secret("a") and Secret("a") != Secret("b") and Secret("a") != "a"
    assert not Secret("") and Secret("x")


@pytest.mark.parametrize(
    ("left", "state"),
    [(3_000, "active"), (600, "active"), (599, "expiring"), (1, "expiring"), (0, "expired"), (-9, "expired")],
)
def test_the_state_follows_from_the_time(left: int, state: str) -> None:
    assert SESSION.state(2_000_000_000 - left) == state


def test_a_short_session_expires_by_a_fifth_of_its_life() -> None:
    short = SESSION._replace(issued_at=2_000_000_000 - 900)
    assert short.state(2_000_000_000 - 181) == "active"
    assert short.state(2_000_000_000 - 179) == "expiring"


def test_a_clock_behind_aws_shortens_what_is_left_and_one_ahead_never_lengthens_it() -> None:
    assert SESSION._replace(clock_offset=600).left(2_000_000_000 - 700) == 100
    assert SESSION.left(2_000_000_001) == 0
