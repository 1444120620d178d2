"""An Identity Center that no file knows: its address is typed, somebody signs in, and then it is written."""

import tomllib
from pathlib import Path

import pytest

from stsui.demo.identity_center import START_URL, many
from stsui.tui.screens.center import CenterScreen
from tests.tui.boards import board
from tests.tui.dialogs import SIZES, shown, words
from tests.worlds import Demo


def written(demo: Demo) -> dict[str, object]:
    path = demo.config.parent / "conf.d" / "sso.toml"
    return tomllib.loads(path.read_text()) if path.exists() else {}


def nothing_configured(demo: Demo) -> None:
    demo.config.unlink()
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        demo.environ[name] = str(Path(demo.environ["HOME"], "gone"))


async def test_from_nothing_to_every_role_that_is_mine(demo: Demo) -> None:
    nothing_configured(demo)
    async with board(demo) as it:
        await it.sees("Welcome to stsui", "Sign in to an Identity Center")
        await it.press("1")
        await it.sees("Start URL", "only then it is written")
        await it.press("enter")
        await it.sees("Start URL is needed")
        await it.type("https://acme.awsapps.com/start/#/")
        await it.sees("Region is needed")
        await it.press("tab")
        await it.type("eu-west-1")
        await it.sees("[sso.acme] in eu-west-1")
        await it.press("enter")
        await it.sees("Sign in to acme", "Waiting for the browser")
        assert not written(demo)
        await it.until(lambda: demo.aws.sign_in.allow())
        await it.until(lambda: "acme-dev/PowerUser" in it.app.state.entries)
        assert written(demo) == {
            "sso": {"acme": {"start_url": "https://acme.awsapps.com/start", "region": "eu-west-1"}}
        }
        await it.go_to("acme-dev/PowerUser")
        await it.press("enter")
        await it.until(lambda: it.app.state.current == "acme-dev/PowerUser")
        await it.press("u")
        await it.until(lambda: not written(demo) and not it.app.services.catalog.sso)


async def test_a_wrong_address_writes_nothing(demo: Demo) -> None:
    async with board(demo) as it:
        await it.press("b", "n")
        await it.sees("Start URL")
        await it.type("https://nowhere.awsapps.com/start")
        await it.press("tab")
        await it.type("eu-west-1")
        await it.press("enter")
        await it.sees("Sign in to nowhere", "enter begins anew")
        await it.press("escape")
        assert not written(demo) and it.app.screen is it.app.board


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits(size: tuple[int, int]) -> None:
    screen = CenterScreen(("eu-west-1",), lambda typed: {"start_url": "is needed"}, lambda url: ("", ""))
    async with shown(screen, size) as pilot:
        assert "Start URL" in words(pilot) and "enter sign in" in words(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert "Start URL is needed." in words(pilot)


async def test_new_roles_appear_while_the_board_stands_open(demo: Demo) -> None:
    demo.config.write_text(
        f'{demo.config.read_text()}\n[sso.acme]\nstart_url = "{START_URL}"\nregion = "eu-west-1"\n'
    )
    demo.aws.sign_in.session_seconds = 7 * 86_400
    demo.sign_in("acme")
    services = demo.services()
    services.discover(services.catalog.sso["acme"])
    async with board(demo) as it:
        assert "acme-dev/PowerUser" in it.app.state.entries
        demo.aws.center.assigned[START_URL] = many(2, 1)
        await it.tick(6 * 3_600)
        await it.tick()
        assert demo.aws.count("ListAccounts") == 1, "six hours are not old"
        await it.tick(7 * 3_600)
        await it.until(lambda: "unit-001-staging/Role00" in it.app.state.entries)
        assert "acme-dev/PowerUser" not in it.app.state.entries
        assert "Sign in" not in it.text
