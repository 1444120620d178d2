"""Roots on the board: what has to be renewed by a person, when they are needed next, and doing it early."""

import pytest

from stsui.sessions.forecast import Forecast, Outlook
from stsui.sessions.roots import Root
from stsui.tui.rows import short_clock
from stsui.tui.screens.roots import RootsScreen, View
from tests.tui.boards import Board, board
from tests.tui.dialogs import HOSTILE, SIZES, Clock, screen_text, shown, words
from tests.worlds import Demo

HOUR = 3_600


def begun(demo: Demo) -> None:
    """Signed in, a code typed, and a session below each and below keys."""
    services = demo.services()
    demo.sign_in(services=services)
    for role, code in (("team-play", None), ("prod-ro", demo.code()), ("dev-ro", None)):
        services.store.assume(role, code=code)


async def open_roots(it: Board) -> None:
    await it.press("b")
    await it.sees("good until", "IAM user + MFA")


async def cursor_to(it: Board, root: str) -> None:
    for _ in range(9):
        if f"▸ {root}" in it.text:
            return
        await it.press("j")
    raise AssertionError(f"{root} is not there\n{it.text}")


async def test_every_root_with_its_end_and_what_hangs_on_it(demo: Demo) -> None:
    begun(demo)
    start = demo.clock.now()
    async with board(demo) as it:
        await it.tick(0)
        await open_roots(it)
        await it.sees(
            f"~{short_clock(start + 8 * HOUR)} 8h00m a browser 1 team-play",
            f"{short_clock(start + 12 * HOUR)} 12h a code 2 ana, prod-ro",
            "IAM user's keys no end nothing 1 dev-ro",
            "next: a sign-in at acme-sso at about",
            "team-play will want a sign-in",
        )
        await cursor_to(it, "ana")
        await it.sees("ana is good for", "It will want your code at", "Device", "ana-phone")
        assert "DEMO" not in it.text
        await it.press("q")
        await it.press("H", "b")
        await it.sees("good until")
        await cursor_to(it, "ana")
        await it.sees("Device")
        assert "999900001111" not in it.text


async def test_a_code_is_typed_early(demo: Demo) -> None:
    begun(demo)
    async with board(demo) as it:
        await it.tick(6 * HOUR)
        until = short_clock(demo.clock.now() + 12 * HOUR)
        await open_roots(it)
        await cursor_to(it, "ana")
        await it.sees(f"it is good until {until}: one code.")
        await it.press("enter")
        await it.sees("MFA code for", "One code also serves")
        await it.type(demo.code())
        await it.sees(f"is good until {until}.")
        await it.press("b")
        await it.sees(f"{until} 12h a code")
        services = demo.services()
        assert services.store.held()["ana"].left(demo.clock.now()) > 11.9 * HOUR


async def test_a_wrong_code_is_asked_for_again(demo: Demo) -> None:
    begun(demo)
    async with board(demo) as it:
        await it.tick(HOUR)
        await open_roots(it)
        await cursor_to(it, "ana")
        await it.press("enter")
        await it.sees("MFA code for")
        await it.type("000000")
        await it.sees("AWS refused that code.")
        await it.press("escape")
        assert it.app.screen is it.app.board


async def test_signing_in_early_and_out(demo: Demo) -> None:
    begun(demo)
    async with board(demo) as it:
        await it.tick(3 * HOUR)
        await open_roots(it)
        await cursor_to(it, "acme-sso")
        await it.press("enter")
        await it.sees("Sign in to acme-sso")
        await it.until(lambda: demo.aws.sign_in.allow())
        await it.sees("Signed in to acme-sso.")
        await it.press("b")
        await it.sees(f"~{short_clock(demo.clock.now() + 8 * HOUR)}")
        await cursor_to(it, "acme-sso")
        await it.press("o")
        await it.sees("Sign out of acme-sso", "ends here and at AWS")
        assert demo.aws.count("Logout") == 0
        await it.press("y")
        await it.sees("Signed out of acme-sso.")
        await it.until(lambda: "team-play" not in it.app.state.sessions)
        assert demo.aws.count("Logout") == 1 and "prod-ro" in it.app.state.sessions
        await it.press("b")
        await it.sees("signed out")
        await cursor_to(it, "acme-sso")
        await it.sees("enter sign in")
        assert "sign out" not in it.words.split("enter sign in")[1]


async def test_the_cursor_goes_to_a_session_below(demo: Demo) -> None:
    begun(demo)
    async with board(demo) as it:
        await it.tick(0)
        await open_roots(it)
        await cursor_to(it, "acme-sso")
        await it.press("i")
        await it.sees("Below acme-sso: team-play.")
        assert it.app.board.list.role == "team-play"


async def test_the_row_and_the_head_say_what_comes(demo: Demo) -> None:
    """A session that is renewed says when, one that wants a person says whom, and the head says the first."""
    begun(demo)
    start = demo.clock.now()
    async with board(demo) as it:
        await it.sees("sign-in at acme-sso ~")
        due = [f"renews {short_clock(start + minutes * 60)}" for minutes in (43, 44)]
        await it.until(lambda: any(text in it.row("dev-ro") for text in due))
        await it.press("P")
        await it.until(lambda: f"ends {short_clock(start + HOUR)}" in it.row("dev-ro"))
        await it.press("P")
    services = demo.services()
    services.sign_out(services.catalog.sso["acme-sso"])
    async with board(demo) as it:
        await it.sees("code for ana ")
        assert "acme-sso ~" not in it.text.splitlines()[0]
        demo.clock.pass_(11.5 * HOUR)
        services.store.assume("prod-ro", refresh=True)
        await it.tick(1)
        await it.until(lambda: "code" in it.row("prod-ro"))


@pytest.mark.parametrize(("width", "word"), [(100, "web ~"), (120, "browser~"), (200, "browser ~")])
async def test_what_comes_is_never_cut(demo: Demo, width: int, word: str) -> None:
    demo.config.write_text(f'{demo.config.read_text()}\n[guards."dev-ro"]\nidle_limit = "30m"\n')
    begun(demo)
    end = demo.clock.now() + 8 * HOUR
    demo.clock.pass_(7 * HOUR + 10 * 60)
    services = demo.services()
    services.store.assume("team-play")
    services.gate.touch(services.store.assume("dev-ro"))
    async with board(demo, (width, 30)) as it:
        await it.until(lambda: word in it.row("team-play"))
        ahead = it.app.state.outlook["team-play"]
        assert ahead[0] == "browser ~" and abs(ahead[1] - end) < 4 * HOUR
        assert f"{word}{short_clock(ahead[1])}" in it.row("team-play"), "not a letter is cut"
        await it.until(lambda: f"idle {short_clock(demo.clock.now() + HOUR / 2)}" in it.row("dev-ro"))
        assert "prod-admin" in it.text


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits_and_takes_any_name(size: tuple[int, int]) -> None:
    clock = Clock()
    late = int(clock.at) + 5 * HOUR
    root = Root("k1", "mfa", HOSTILE, ("a", "b"), ("a", "b"), late, lasts=43_200, serial="arn:x")
    other = Root("k2", "sso", "acme", ("c",), (), int(clock.at) - 5, exact=False)
    forecast = Forecast({}, {"k1": Outlook("code", late, "k1", HOSTILE, "a")})
    view = View([root, other], forecast)
    screen = RootsScreen(lambda: screen.show_view(view), clock, lambda text: text)
    async with shown(screen, size) as pilot:
        await pilot.pause()
        text = words(pilot)
        assert HOSTILE[:8] in text and "signed out" in text and "esc back" in text, screen_text(pilot)
        await pilot.press("j", "j")
        await pilot.pause()
        assert "enter sign in" in words(pilot)


async def test_the_line_into_the_demo_stands_whole_beside_whatever_else_the_head_says(demo: Demo) -> None:
    """Nothing else on the screen says it; when a code is due stands in the panels too."""
    begun(demo)
    banner = "code 123456  shell . /tmp/sts-abcdefgh/env"
    for size in ((80, 24), (120, 35)):
        async with board(demo, size) as it:
            it.app.services.banner = lambda: banner
            await it.tick(1)
            await it.sees("4 live", banner)
            assert ("sign-in at acme-sso" in it.text.splitlines()[0]) == (size[0] == 120)
