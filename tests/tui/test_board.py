"""The board does its job: assume, ask, count down, renew, say what is wrong."""

import pytest

from tests.tui.boards import board
from tests.worlds import Demo

SIZES = [(44, 14), (80, 24), (120, 35), (200, 50)]


@pytest.mark.parametrize("size", SIZES)
async def test_enter_assumes_and_it_counts_down_s41(demo: Demo, size: tuple[int, int]) -> None:
    async with board(demo, size) as it:
        assert "PROD" in it.text and "acme-prod" in it.text
        await it.go_to("dev-admin")
        await it.press("enter")
        await it.until(lambda: it.app.state.current == "dev-admin")
        await it.tick()
        await it.sees("dev-admin", "59:5")
        await it.tick(30)
        await it.sees("59:2")
        await it.tick(60)
        await it.sees("58:2")
        assert demo.services().store.current() == "dev-admin"


async def test_it_shows_who_aws_says_they_are(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("dev-admin")
        await it.press("enter")
        await it.sees("assumed-role/", "User id AROA", "Verified")
        await it.press("w")
        await it.sees("AWS says:")


async def test_production_takes_a_second_enter(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("prod-deploy")
        await it.press("enter")
        await it.sees("PROD: enter again to use (3 s)")
        await it.tick(4)
        assert "enter again" not in it.text and not demo.aws.calls
        await it.press("enter")
        await it.press("escape")
        assert "enter again" not in it.text
        await it.press("enter", "enter")
        await it.sees("failed", "AccessDenied")


async def test_a_refusal_says_why_and_what_next(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("prod-deploy")
        await it.press("enter", "enter")
        await it.sees("1 needs you", "may not assume Deploy (AccessDenied)", "enter retry")
        await it.press("i")
        await it.sees("FAILED", "AWS:", "r renew")
        await it.press("escape")


async def test_a_code_is_asked_for_and_serves_the_others(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("prod-admin")
        await it.press("enter", "enter")
        await it.sees("MFA code for prod-admin", "PROD", "ana-phone", "One code also serves")
        await it.type("000000")
        await it.sees("refused that code")
        await it.type(demo.code())
        await it.until(lambda: it.app.state.live("prod-admin") is not None)
        asked = demo.aws.count("GetSessionToken")
        await it.go_to("prod-breakglass")
        await it.press("enter", "enter")
        await it.until(lambda: it.app.state.live("prod-breakglass") or len(it.app.screen_stack) > 1)
        assert demo.aws.count("GetSessionToken") == asked
        assert demo.code() not in it.text


async def test_leaving_the_prompt_leaves_the_row_waiting(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("prod-admin")
        await it.press("enter", "enter")
        await it.sees("MFA code for")
        await it.press("escape")
        await it.sees("needs MFA", "enter: your code", "1 needs you")
        calls = len(demo.aws.calls)
        await it.press("enter", "enter")
        await it.sees("MFA code for prod-admin")
        assert len(demo.aws.calls) == calls


async def test_it_renews_by_itself(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("dev-data")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-data") is not None)
        first = it.app.state.sessions["dev-data"]
        renew_at = it.app.services.store.renew_at(first)
        await it.later(renew_at - demo.clock.now() + 2)
        await it.until(lambda: it.app.state.sessions["dev-data"].expiration > first.expiration)
        assert any(event.what == "renewed" for event in it.app.state.events)
        await it.press("a")
        second = it.app.state.sessions["dev-data"]
        await it.later(it.app.services.store.renew_at(second) - demo.clock.now() + 2)
        await it.pilot.pause(0.2)
        assert it.app.state.sessions["dev-data"] == second


async def test_an_outage_is_sat_out_while_the_session_lasts(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("dev-data")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-data") is not None)
        first = it.app.state.sessions["dev-data"]
        demo.aws.down = True
        await it.later(it.app.services.store.renew_at(first) - demo.clock.now() + 2)
        await it.until(lambda: "dev-data" in it.app.state.troubles)
        assert it.app.state.live("dev-data") is not None
        trouble = it.app.state.troubles["dev-data"]
        assert trouble.next_try > demo.clock.now()
        await it.sees("next try in", "Renewing failed")
        demo.aws.down = False
        for _ in range(4):
            await it.tick(3)
        await it.until(lambda: it.app.state.sessions["dev-data"].expiration > first.expiration)
        assert "dev-data" not in it.app.state.troubles


async def test_what_ended_in_an_outage_is_there_again_after_it(demo: Demo) -> None:
    demo.environ["AWS_MAX_ATTEMPTS"] = "1"
    async with board(demo) as it:
        await it.go_to("dev-data")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-data") is not None)
        demo.aws.down = True
        for _ in range(20):
            await it.tick(10)
            await it.until(lambda: not it.app.state.flights)
            left = it.app.state.sessions["dev-data"].left(it.app.state.now)
            trouble = it.app.state.troubles.get("dev-data")
            assert trouble is None or left <= 0 or trouble.next_try < it.app.state.now + left
        assert it.app.state.live("dev-data") is None
        await it.sees("offline, retry", "again in 0:")
        assert "need" not in it.text.splitlines()[0]
        assert len([event for event in it.app.state.events if "failed" in event.what]) == 1
        demo.aws.down = False
        await it.later(61)
        await it.until(lambda: it.app.state.live("dev-data") is not None)
        assert not it.app.state.troubles


async def test_a_renewal_that_was_asked_for_in_an_outage_is_made_after_it(demo: Demo) -> None:
    demo.environ["AWS_MAX_ATTEMPTS"] = "1"
    async with board(demo) as it:
        await it.go_to("dev-admin")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-admin") is not None)
        first = it.app.state.sessions["dev-admin"].issued_at
        demo.aws.down = True
        await it.tick(60)
        await it.press("r")
        await it.until(lambda: "dev-admin" in it.app.state.troubles)
        demo.aws.down = False
        await it.tick(5)
        await it.until(lambda: it.app.state.sessions["dev-admin"].issued_at > first)
        await it.until(lambda: "renews" in it.row("dev-admin"))


async def test_what_renews_in_vain_says_how_long_it_is_good(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("dev-data")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-data") is not None)
        demo.aws.down = True
        for times in ("Renewing failed;", "Renewing failed 2 times;"):
            await it.press("r")
            await it.sees(times)
        await it.press("i")
        await it.sees("Renewing failed 2 times; the session is good until")


@pytest.mark.parametrize("size", [(44, 14), (120, 35)])
async def test_an_empty_view_says_what_fills_it(demo: Demo, size: tuple[int, int]) -> None:
    async with board(demo, size) as it:
        await it.go_to("dev-data")
        await it.press("p")
        await it.until(lambda: not it.app.state.pinned("dev-data"))
        for sentence in (
            "No live session. enter on a role starts one.",
            "Nothing needs you.",
            "Nothing pinned. p",
        ):
            await it.press("v")
            await it.sees(sentence)
        await it.press("v", "slash", *"no such role")
        await it.sees('Nothing matches "no such role" in 26 roles. esc clear')
        if size[0] > 100:
            await it.sees('No current session. A plain "stsui', 'export" would fail until you use one.')


async def test_throttling_slows_every_renewal_and_the_head_says_so(demo: Demo) -> None:
    demo.environ["AWS_MAX_ATTEMPTS"] = "1"
    async with board(demo) as it:
        for role in ("dev-ro", "stg-ro", "dev-admin"):
            await it.go_to(role)
            await it.press("enter")
            await it.until(lambda role=role: it.app.state.live(role) is not None)
        demo.aws.calls.clear()
        demo.aws.fail_next("Throttling", n=1_000, operation="AssumeRole")
        await it.later(3_000)
        await it.until(lambda: it.app.state.pace.until > 0 and not it.app.state.flights)
        await it.sees("AWS asked to slow down. Next try in 0:0")
        for _ in range(18):
            await it.tick(5)
            await it.until(lambda: not it.app.state.flights)
        # The three that were under way, then one after 2, 4, 8, 16 and 32 seconds of silence.
        assert 5 <= demo.aws.count("AssumeRole") <= 3 + 5
        demo.aws.mend()
        for _ in range(14):
            await it.tick(5)
            await it.until(lambda: not it.app.state.flights)
        now = demo.clock.now()
        assert all(
            it.app.state.sessions[role].left(now) > 3_000 for role in ("dev-ro", "stg-ro", "dev-admin")
        )
        assert "slow down" not in it.text


async def test_a_renewal_that_needs_a_code_asks_nothing_by_itself(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("prod-admin")
        await it.press("enter", "enter")
        await it.sees("MFA code for")
        await it.type(demo.code())
        await it.until(lambda: it.app.state.live("prod-admin") is not None)
        demo.services().store.drop("ana")
        it.app.state.sessions.pop("ana", None)
        session = it.app.state.sessions["prod-admin"]
        await it.later(it.app.services.store.renew_at(session) - demo.clock.now() + 5)
        await it.until(lambda: "prod-admin" in it.app.state.troubles)
        await it.pilot.pause(0.1)
        assert it.app.screen is it.app.board
        await it.sees("needs MFA", "r: code")


async def test_a_session_is_dropped_by_x_and_all_by_two_keys(demo: Demo) -> None:
    async with board(demo) as it:
        for role in ("dev-admin", "dev-ro"):
            await it.go_to(role)
            await it.press("enter")
            await it.until(lambda role=role: it.app.state.live(role) is not None)
        await it.press("x")
        await it.until(lambda: "dev-ro" not in demo.services().store.held())
        await it.press("X")
        await it.sees("Drop every session", "Keep them")
        await it.press("enter")
        assert it.app.state.live("dev-admin") is not None
        await it.press("X", "y")
        await it.until(lambda: not demo.services().store.held())
        await it.sees("0 live")


async def test_what_another_process_does_appears_by_itself_s10(demo: Demo) -> None:
    async with board(demo) as it:
        other = demo.services()
        other.store.assume("dev-ro")
        other.store.set_current("dev-ro")
        await it.tick()
        await it.until(lambda: it.app.state.live("dev-ro") is not None)
        await it.sees("Current DEV", "dev-ro")
        demo.config.write_text(
            demo.config.read_text()
            + '\n[roles.newcomer]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\n'
            'source_profile = "ana"\n'
        )
        await it.tick()
        await it.until(lambda: "newcomer" in it.app.state.entries)


async def test_after_a_sleep_what_expired_says_so(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("dev-admin")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-admin") is not None)
        await it.press("a")
        await it.tick(8 * 3600)
        await it.sees("expired", "7h ago", "No current session")


async def test_the_current_row_says_what_enter_did(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.go_to("dev-admin")
        await it.press("enter")
        await it.until(lambda: it.app.state.current == "dev-admin")
        await it.go_to("dev-ro")
        await it.press("enter")
        await it.until(lambda: it.app.state.current == "dev-ro")
        await it.go_to("dev-admin")
        await it.press("enter")
        await it.until(lambda: it.app.state.current == "dev-admin")
        assert demo.aws.count("AssumeRole") == 2


async def test_another_account_than_the_configs_is_dropped(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("mixed")
        await it.press("enter")
        await it.sees("AWS says this is", "Session dropped")
        assert it.app.state.live("mixed") is None and "mixed" not in demo.services().store.held()


async def test_a_wait_can_be_left(demo: Demo) -> None:
    demo.aws.delay = 60
    async with board(demo) as it:
        await it.go_to("dev-admin")
        await it.press("enter")
        await it.until(lambda: it.app.state.flights["dev-admin"].visible)
        await it.sees("assuming")
        await it.press("j")
        await it.press("k", "escape")
        assert "dev-admin" not in it.app.state.flights
        await it.sees("idle")
        demo.aws.delay = 0
        await it.until(lambda: it.app.state.live("dev-admin") is not None)
        assert it.app.state.current != "dev-admin"
