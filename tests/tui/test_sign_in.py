"""Signing in on the board: link, code and picture, what the person answers, and what waited for it."""

import re
from typing import Any

import pytest

from stsui.demo.sign_in import browse
from stsui.demo.world import SANDBOX
from stsui.handover import browser
from stsui.model.token import Invitation
from stsui.tui.screens.sign_in import SignInScreen, Ways
from tests.tui.boards import Board, board
from tests.tui.dialogs import Clock, shown, words
from tests.worlds import Demo

BLOCKS = re.compile("█▀▀▀▀▀█.*█▀▀▀▀▀█")
LINK = "https://acme-sso-portal.eu-west-1.amazonaws.com/device?user_code=ABCD-EFGH"


def signed_out_twice(demo: Demo) -> None:
    with open(demo.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as config:
        config.write(
            f"\n[profile team-look]\nsso_session = acme-sso\nsso_account_id = {SANDBOX}\n"
            "sso_role_name = AdministratorAccess\nregion = eu-west-1\n"
        )


def waiting(demo: Demo) -> list[str]:
    """The codes that nobody has answered yet."""
    now, devices = demo.clock.now(), list(demo.aws.sign_in.devices.values())
    return [device.user_code for device in devices if not device.said and device.ends > now]


async def ask(it: Board, role: str = "team-play") -> str:
    """Enter on a role that wants a sign-in, until its code is there."""
    before = waiting(it.demo)
    await it.go_to(role)
    await it.press("enter")
    await it.sees("Sign in to acme-sso")
    await it.until(lambda: len(waiting(it.demo)) > len(before))
    code = waiting(it.demo)[-1]
    await it.sees("  ".join(code))
    return code


async def begin_anew(it: Board) -> None:
    """Enter after a failure, and the person says yes."""
    await it.press("enter")
    await it.until(lambda: waiting(it.demo))
    assert it.demo.aws.sign_in.allow()
    await it.until(lambda: it.app.state.current == "team-play")


async def test_enter_asks_and_what_waited_is_current_afterwards(demo: Demo) -> None:
    async with board(demo) as it:
        code = await ask(it)
        await it.sees("/device?user_code=", "The page must show this code too", "left")
        assert demo.aws.sign_in.say(code, "allow")
        await it.sees("Signed in to acme-sso.")
        await it.until(lambda: it.app.state.current == "team-play")
        assert it.app.screen is it.app.board
        await it.sees("team-play")
        assert demo.aws.count("CreateToken") and demo.aws.count("GetRoleCredentials") == 1
        assert "DEMOTOKEN" not in it.text + repr(it.app.state.__dict__) + repr(vars(it.app))


async def test_every_call_that_waits_is_made_after_one_sign_in(demo: Demo) -> None:
    signed_out_twice(demo)
    async with board(demo) as it:
        it.app.frame.do("role.use", "team-look")
        it.app.frame.do("role.use", "team-play")
        await it.until(lambda: waiting(demo))
        (code,) = waiting(demo)
        await it.until(lambda: len(it.app.state.troubles) == 2)
        assert len(it.app.screen_stack) == 2, "one dialog serves both"
        demo.aws.sign_in.say(code, "allow")
        await it.until(lambda: {"team-play", "team-look"} <= it.app.state.sessions.keys())
        assert it.app.state.current in ("team-play", "team-look") and not it.app.state.troubles
        assert demo.aws.count("StartDeviceAuthorization") == 1


async def test_denied_says_so_and_enter_begins_anew(demo: Demo) -> None:
    async with board(demo) as it:
        code = await ask(it)
        demo.aws.sign_in.say(code, "deny")
        await it.sees("The sign-in at acme-sso was denied in the browser.", "enter begins anew.")
        assert "  ".join(code) not in it.text
        await begin_anew(it)


async def test_a_code_that_nobody_answers_ends_and_enter_begins_anew(demo: Demo) -> None:
    async with board(demo) as it:
        await ask(it)
        await it.tick(demo.aws.sign_in.code_seconds + 1)
        await it.sees("was not finished in 10 min", "enter begins anew.")
        await begin_anew(it)


async def test_esc_leaves_the_row_where_it_was_and_asks_no_more(demo: Demo) -> None:
    async with board(demo) as it:
        code = await ask(it)
        await it.press("escape")
        assert it.app.screen is it.app.board
        assert "sign in" in it.row("team-play")
        asked = demo.aws.count("CreateToken")
        await it.pilot.pause(2.2)
        assert demo.aws.count("CreateToken") <= asked + 1
        assert demo.aws.sign_in.say(code, "allow")
        assert "team-play" not in it.app.state.sessions
        assert await ask(it) != code


async def test_a_sign_in_elsewhere_is_named(demo: Demo) -> None:
    services = demo.services()
    async with board(demo) as it:
        with services.sign_ins.files.lock(services.catalog.sso["acme-sso"], 1.0, "sign-in") as ours:
            assert ours
            await it.go_to("team-play")
            await it.press("enter")
            await it.sees("Another stsui is signing in to acme-sso. Answer there.")
        await it.press("enter")
        await it.until(lambda: demo.aws.sign_in.devices)


@pytest.mark.parametrize(("size", "seen"), [((120, 35), True), ((80, 30), True), ((44, 14), False)])
async def test_the_picture_is_there_where_it_fits(demo: Demo, size: tuple[int, int], seen: bool) -> None:
    async with board(demo, size) as it:
        code = await ask(it)
        assert bool(BLOCKS.search(it.text)) == seen
        demo.aws.sign_in.say(code, "allow")
        await it.until(lambda: it.app.state.current == "team-play")


async def test_ascii_has_no_picture(demo: Demo) -> None:
    async with board(demo, (120, 35), ascii_only=True) as it:
        await ask(it)
        assert it.text.isascii()


async def test_in_the_browser_of_this_computer(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(browser, "available", lambda environ: True)
    monkeypatch.setattr(browser, "open_link", lambda url: not opened.append(url))
    async with board(demo) as it:
        await it.go_to("team-play")
        await it.press("enter")
        await it.sees("Your browser asks you now.")
        await it.until(lambda: opened)
        assert "code_challenge" in opened[0] and "code_challenge" not in it.text
        await it.press("c")
        await it.sees("The page must show this code too", "in the browser here")
        await it.press("o")
        await it.until(lambda: len(opened) == 2)
        assert "user_code" in opened[1]
        await it.press("c")
        await it.until(lambda: len(opened) == 3)
        browse(opened[2])
        await it.until(lambda: it.app.state.current == "team-play")
        assert demo.aws.count("StartDeviceAuthorization") == 1


async def test_a_browser_that_will_not_open_is_said(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "available", lambda environ: True)
    monkeypatch.setattr(browser, "open_link", lambda url: False)
    async with board(demo) as it:
        await it.go_to("team-play")
        await it.press("enter")
        await it.sees("No browser could be opened. y copies the link.")


@pytest.mark.parametrize("size", [(44, 14), (44, 40), (80, 24), (120, 35)])
async def test_link_code_and_keys_fit(size: tuple[int, int]) -> None:
    def nothing(*given: Any) -> None: ...

    clock = Clock()
    ways = Ways(nothing, nothing, nothing, clock)
    screen = SignInScreen("acme-sso-of-the-whole-group", ways, browser=False, can_open=False)
    async with shown(screen, size) as pilot:
        screen.show_invitation(Invitation(LINK, "ABCD-EFGH", LINK, clock.at + 600))
        await pilot.pause()
        await pilot.pause()
        text = words(pilot)
        assert "A B C D - E F G H" in text and "esc cancel" in text and "y copy the link" in text
        assert "acme-sso-of" in text and "of the browser" not in text
        if size[0] == 44:
            assert text.replace(" ", "").count(LINK) == 1
        else:
            assert BLOCKS.search(text) and "https://acme-sso-portal" in text
        if size == (44, 40):
            assert "Q QR code" in text
            await pilot.press("Q")
            await pilot.pause()
            assert "A B C D" not in words(pilot)


async def test_in_and_out_by_name_from_the_palette(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        await it.press("colon")
        await it.type("sign out of")
        await it.sees("No matches")
        await it.press("escape", "colon")
        await it.type("sign in to acme")
        await it.sees("Sign in to acme-sso")
        await it.pilot.pause(0.3)
        await it.press("enter")
        await it.sees("Waiting for the browser")
        await it.until(lambda: demo.aws.sign_in.allow())
        await it.sees("Signed in to acme-sso.")
        await it.press("colon")
        await it.type("sign out of acme")
        await it.sees("Sign out of acme-sso")
        await it.pilot.pause(0.3)
        await it.press("enter")
        await it.sees("ends here and at AWS")
        await it.press("y")
        await it.sees("Signed out of acme-sso.")
        assert demo.aws.count("Logout") == 1


async def test_dropping_all_signs_out_only_where_that_was_chosen(demo: Demo) -> None:
    demo.sign_in()
    demo.services().store.assume("team-play")
    async with board(demo) as it:
        await it.press("X")
        await it.sees("Drop every session", "[ ] o  sign out of acme-sso too, here and at AWS")
        await it.press("o", "o")
        await it.sees("[ ] o")
        await it.press("y")
        await it.until(lambda: not demo.services().store.held())
        assert demo.aws.count("Logout") == 0 and demo.services().signed_in()
        demo.services().store.assume("dev-ro")
        await it.tick()
        await it.until(lambda: it.app.state.live("dev-ro"))
        await it.press("X")
        await it.sees("[ ] o")
        await it.press("o")
        await it.sees("[x] o")
        await it.press("y")
        await it.sees("signed out of acme-sso.")
        assert demo.aws.count("Logout") == 1 and not demo.services().signed_in()
