"""The code goes out once, whole, when AWS would take it, and stays nowhere."""

import gc

import pytest
from textual import events

from stsui.tui.screens.mfa import CodeField, MfaFacts, MfaScreen, code_in, device_text, shared_sentence
from tests.tui.dialogs import HOSTILE, SIZES, UNANSWERED, Clock, answer_to, screen_text, shown, words

FACTS = MfaFacts(
    "prod-admin",
    "PROD",
    "acme-prod  111122223333",
    "AdministratorAccess",
    "arn:aws:iam::111122223333:mfa/ana-phone",
    error="AWS refused that code. Codes work once: wait for the next.",
    shared_with=("prod-ro", "prod-billing"),
    position="1 of 3",
)


@pytest.mark.parametrize(
    ("pasted", "code"),
    [
        ("418293", "418293"),
        ("418 293\n", "418293"),
        ("code: 418293", "418293"),
        ("Your AWS code is 418-293. It ends in 30 seconds.", "418293"),
        ("４１８２９３", "418293"),
        ("418", "418"),
        ("418293 or 555111", ""),
        ("111122223333", ""),
        ("no digits", ""),
        ("", ""),
    ],
)
def test_the_code_in_a_paste(pasted: str, code: str) -> None:
    assert code_in(pasted) == code


def test_sentences() -> None:
    assert device_text(FACTS.device) == "ana-phone  (…:mfa/ana-phone)"
    assert device_text("GAHT12345678") == "GAHT12345678"
    assert shared_sentence(()) == ""
    assert shared_sentence(("a",)) == "One code also serves a."
    assert shared_sentence(("a", "b", "c")) == "One code also serves a, b and c."
    assert shared_sentence(tuple("abcdef")) == "One code also serves a, b and 4 more."


@pytest.mark.parametrize("size", SIZES)
async def test_it_says_what_for_and_fits(size: tuple[int, int]) -> None:
    async with shown(MfaScreen(FACTS, Clock()), size) as pilot:
        await pilot.press("4", "1", "8", "x", "space")
        text = words(pilot)
        for part in (
            "prod-admin",
            "PROD",
            "1 of 3",
            "acme-prod 111122223333",
            "AdministratorAccess",
            "ana-phone",
            "4 1 8 _ _ _",
            "AWS refused that code. Codes work once: wait for the next.",
            "One code also serves prod-ro and prod-billing.",
            "enter send",
            "esc cancel",
            "next code in 0:08",
        ):
            assert part in text, f"{part} is missing at {size}\n{screen_text(pilot)}"


@pytest.mark.parametrize("size", SIZES)
async def test_it_sends_itself_at_six_digits(size: tuple[int, int]) -> None:
    assert await answer_to(lambda: MfaScreen(FACTS, Clock()), *"418293", size=size) == "418293"


async def test_digits_can_be_taken_back() -> None:
    keys = ("1", "2", "backspace", "3", "ctrl+u", *"418293")
    assert await answer_to(lambda: MfaScreen(FACTS, Clock()), *keys) == "418293"


async def test_esc_leaves_without_a_code() -> None:
    assert await answer_to(lambda: MfaScreen(FACTS, Clock()), "1", "2", "escape") == ""


async def test_enter_before_the_sixth_digit_says_what_is_missing() -> None:
    async with shown(MfaScreen(FACTS, Clock())) as pilot:
        await pilot.press("4", "1", "8", "2", "9", "enter")
        assert "1 more digit: a code has 6." in words(pilot)
        assert pilot.app.answer is UNANSWERED


@pytest.mark.parametrize("pasted", ["418 293", "code: 418293"])
async def test_a_pasted_code_sends_itself(pasted: str) -> None:
    async with shown(MfaScreen(FACTS, Clock())) as pilot:
        pilot.app.post_message(events.Paste(pasted))
        await pilot.pause()
        await pilot.pause()
        assert pilot.app.answer == "418293"


async def test_a_paste_without_a_code_says_so() -> None:
    async with shown(MfaScreen(FACTS, Clock()), (44, 14)) as pilot:
        pilot.app.post_message(events.Paste("aws sts get-caller-identity"))
        await pilot.pause()
        await pilot.pause()
        assert "That text holds no code of six digits." in words(pilot)


async def test_a_used_code_is_held_until_the_next_one_shows() -> None:
    clock = Clock()
    screen = MfaScreen(FACTS._replace(not_before=clock.at + 12), clock)
    async with shown(screen) as pilot:
        assert "used, next in 12 s" in words(pilot)
        await pilot.press(*"418293")
        assert "sends itself in 12 s" in words(pilot)
        clock.at += 11.5
        screen.tick()
        await pilot.pause()
        assert "sends itself in 1 s" in words(pilot)
        assert pilot.app.answer is UNANSWERED
        clock.at += 0.5
        screen.tick()
        await pilot.pause()
        assert pilot.app.answer == "418293"


async def test_the_clock_counts() -> None:
    clock = Clock()
    screen = MfaScreen(FACTS, clock)
    async with shown(screen) as pilot:
        clock.at += 8
        screen.tick()
        await pilot.pause()
        assert "next code in 0:30" in words(pilot)


async def test_the_code_stays_in_no_widget() -> None:
    screen = MfaScreen(FACTS, Clock())
    async with shown(screen) as pilot:
        field = screen.query_one(CodeField)
        await pilot.press(*"418293")
        await pilot.pause()
        gc.collect()
        assert field.digits == ""
        assert "418293" not in repr(vars(field)) + repr(vars(screen))


async def test_a_tick_after_the_end_is_harmless() -> None:
    screen = MfaScreen(FACTS, Clock())
    async with shown(screen) as pilot:
        await pilot.press("escape")
        await pilot.pause()
        screen.tick()


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_words_are_only_shown(size: tuple[int, int]) -> None:
    facts = MfaFacts(HOSTILE, "[b]", HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE,))
    async with shown(MfaScreen(facts, Clock()), size) as pilot:
        assert "[/x]" in screen_text(pilot)
        assert "[@click=app.quit]q" in words(pilot)
        assert "\x1b" not in screen_text(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_ascii(size: tuple[int, int]) -> None:
    async with shown(MfaScreen(FACTS, Clock()), size, ascii_only=True) as pilot:
        assert screen_text(pilot).isascii()
        assert "x AWS refused" in words(pilot)
