"""Settings are tried at once, saved in conf.d, hold at the next start, and are taken back by u."""

import time
import tomllib

import pytest

from stsui.tui.screens import settings
from stsui.tui.screens.form import Form
from stsui.tui.screens.settings import SettingsScreen
from tests.tui.boards import Board, board
from tests.worlds import Demo


def saved(demo: Demo) -> dict[str, object]:
    path = demo.config.parent / "conf.d" / "zz-settings.toml"
    return tomllib.loads(path.read_text())["settings"] if path.exists() else {}


async def turn(it: Board, key: str, *keys: str) -> None:
    it.app.screen.query_one(Form).focus_on(key)
    await it.press(*keys)


async def settle(it: Board) -> None:
    assert isinstance(it.app.screen, SettingsScreen)
    it.app.screen.flush()
    await it.until(lambda: it.app.services.catalog.settings == it.app.state.settings)


async def test_a_theme_shows_at_once_and_is_there_at_the_next_start(demo: Demo) -> None:
    config = demo.config.read_text()
    async with board(demo) as it:
        await it.press("S")
        await turn(it, "theme", "right")
        assert it.app.theme == "stsui-16" or it.app.theme.startswith("stsui-")
        chosen = it.app.theme
        assert chosen != "stsui-dark"
        await it.press("escape")
        await it.until(lambda: saved(demo) == {"theme": chosen})
    async with board(demo) as it:
        assert it.app.theme == chosen
    assert demo.config.read_text() == config


async def test_several_turns_are_one_change(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PEACE", 600)
    async with board(demo) as it:
        await it.press("S")
        await turn(it, "time", "right", "right")
        await it.sees("15:24")
        await settle(it)
        assert saved(demo) == {"time": "ends"} and len(it.app.state.changes) == 1
        await it.press("u")
        await it.sees("Undone: setting time.", "52:10")
        assert it.app.state.settings.time == "left" and not saved(demo)


async def test_ascii_changes_the_whole_screen_while_it_runs(demo: Demo) -> None:
    async with board(demo) as it:
        await it.press("S")
        assert not it.text.isascii()
        await turn(it, "ascii", "space")
        await it.sees("> ASCII only")
        await it.press("escape")
        await it.tick()
        assert it.text.isascii(), [line for line in it.text.splitlines() if not line.isascii()]
        await it.press("u")
        await it.sees("▾ acme-dev")


async def test_a_value_that_cannot_be_says_why_and_is_not_saved(demo: Demo) -> None:
    async with board(demo) as it:
        await it.press("S")
        await turn(it, "duration", "end", "ctrl+u", *"5m")
        await it.sees("✗ duration is 5m; STS wants 15m to 12h")
        await it.press("ctrl+u", *"2h")
        await settle(it)
        assert saved(demo) == {"duration": "2h"}


async def test_letters_are_text_where_something_is_typed(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.press("S")
        await turn(it, "region", "end", "ctrl+u", *"eu-west-1")
        await settle(it)
        assert saved(demo) == {"region": "eu-west-1"}
        assert "undo" not in it.text.splitlines()[-2]


async def test_what_is_written_meanwhile_is_shown(demo: Demo) -> None:
    async with board(demo) as it:
        await it.press("S")
        demo.config.write_text("[settings]\nbell = false\n" + demo.config.read_text())
        await it.tick()
        await it.until(lambda: it.app.screen.query_one(Form).value("bell") is False)


@pytest.mark.parametrize(("style", "text"), [("left", "  59:00 "), ("minutes", " 59 min "), ("ends", None)])
async def test_times_as_the_settings_want_them(demo: Demo, style: str, text: str | None) -> None:
    session = demo.services().store.assume("dev-ro")
    demo.clock.pass_(60)
    demo.config.write_text(f'[settings]\ntime = "{style}"\n{demo.config.read_text()}')
    async with board(demo, (80, 24)) as it:
        await it.go_to("dev-ro")
        assert (text or time.strftime(" %H:%M ", time.localtime(session.expiration))) in it.row("dev-ro")


@pytest.mark.parametrize("size", [(44, 14), (80, 24), (200, 50)])
async def test_it_can_be_walked_through_at_every_size(demo: Demo, size: tuple[int, int]) -> None:
    async with board(demo, size) as it:
        await it.press("S")
        seen = set()
        for _ in range(30):
            seen.add(it.app.screen.query_one(Form).chosen)
            await it.sees("▸", "esc back")
            await it.press("down")
        assert {"theme", "duration", "store"} <= seen


async def test_a_see_through_background_is_the_terminals(demo: Demo) -> None:
    demo.config.write_text("[settings]\ntransparent = true\n" + demo.config.read_text())
    async with board(demo) as it:
        line = it.app.screen._compositor.render_strips()[10]
        colours = {segment.style.bgcolor.name for segment in line if segment.style and segment.style.bgcolor}
        assert "default" in colours
