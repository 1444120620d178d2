"""Foreign text cannot act on a terminal, and still tells what it was."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsui.model.text import clean, masked_key_id, nearest

HOSTILE = "[/x]\x1b]0;t\x07[@click=app.quit]q"


def test_a_hostile_role_name_is_shown_with_its_escapes() -> None:
    assert clean(HOSTILE) == "[/x]\\x1b]0;t\\x07[@click=app.quit]q"


@pytest.mark.parametrize("text", ["dev-admin", "Müller GmbH & Co", "漢字", "acme prod", "😀"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "code", [*range(0x20), 0x7F, *range(0x80, 0xA0), 0x200B, 0x202E, 0x2028, 0xFEFF, 0xD800]
)
def test_every_control_and_direction_mark_is_escaped(code: int) -> None:
    shown = clean(f"a{chr(code)}b")
    assert shown.isprintable() and shown.startswith("a\\") and shown.endswith("b")


@given(st.text(max_size=800))
def test_whatever_comes_in_goes_out_printable_and_short(text: str) -> None:
    shown = clean(text)
    assert shown.isprintable() and len(shown) <= 500
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in shown)


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_a_key_id_is_recognised_and_not_usable() -> None:
    assert masked_key_id("ASIAIOSFODNN7EXAMPLE") == "ASIA…MPLE"
    assert masked_key_id("short") == "…"


def test_a_typing_error_finds_its_name() -> None:
    assert nearest("roll_arn", ["role_arn", "region", "mfa_serial"])[0] == "role_arn"
    assert nearest("PROD-admin", ["prod-admin", "dev"]) == ("prod-admin",)
    assert nearest("zzz", ["role_arn"]) == ()
