"""Every command by its name: what the palette offers does what it says."""

from pathlib import Path

import pytest

from tests.tui.boards import Board, board
from tests.worlds import Demo


async def run(it: Board, words: str) -> None:
    await it.press("colon")
    await it.type(words)
    await it.sees(words)
    await it.pilot.pause(0.3)
    await it.press("enter")
    await it.until(lambda: it.app.screen is it.app.board or len(it.app.screen_stack) == 2)


async def test_views_and_orders_by_name(demo: Demo) -> None:
    demo.services().store.assume("dev-ro")
    async with board(demo, (120, 35)) as it:
        await run(it, "Show live")
        await it.sees("Roles: live")
        await run(it, "Show live")
        await it.sees("Roles: live")
        await run(it, "Show all")
        await it.sees("prod-ro")
        await run(it, "Sort by name")
        await it.sees("By name")


async def test_what_the_config_has_wrong(demo: Demo) -> None:
    demo.config.write_text(demo.config.read_text() + '\n[roles.broken]\nroll_arn = "x"\n')
    async with board(demo, (120, 35)) as it:
        await run(it, "Show config problems")
        rows = [line.role for line in it.app.board.list.view.lines if line.role]
        assert "old-laptop" in rows and any("broken" in row for row in rows) and "dev-ro" not in rows


async def test_a_row_of_a_broken_file_says_where_and_what(demo: Demo) -> None:
    text = '[settings]\nduration = "99h"\n' + demo.config.read_text()
    demo.config.write_text(text)
    line = text[: text.index("99h")].count("\n") + 1
    async with board(demo, (120, 35)) as it:
        await run(it, "Show config problems")
        await it.sees(f"config.toml:{line} ")
        await it.sees("duration is 99h")


async def test_everything_is_renewed_and_verified(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        await run(it, "Renew everything")
        await it.sees("There is no live session.")
        demo.services().store.assume("dev-ro")
        await it.tick()
        await it.until(lambda: "dev-ro" in it.app.state.sessions)
        first = demo.clock.now() + it.app.state.sessions["dev-ro"].left(demo.clock.now())
        demo.clock.pass_(60)
        it.app.tick()
        await run(it, "Renew everything")
        await it.until(lambda: it.app.state.sessions["dev-ro"].expiration > first)
        await run(it, "Verify every live")
        await it.until(lambda: it.app.state.sessions["dev-ro"].verified_at > 0)


async def test_a_theme_is_looked_at_and_left_as_it_was(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        before = it.app.theme
        await run(it, "Theme")
        await it.press("j")
        assert it.app.theme != before
        await it.press("escape")
        assert it.app.theme == before and not (demo.config.parent / "conf.d").exists()
        await run(it, "Theme")
        await it.press("j", "enter")
        chosen = it.app.theme
        await it.until(lambda: it.app.services.catalog.settings.theme == chosen != before)


async def test_contrast_and_ascii_go_on_and_off(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        await run(it, "High contrast")
        await it.until(lambda: it.app.services.catalog.settings.theme == "stsui-contrast")
        await it.press("u")
        await it.until(lambda: it.app.theme == "stsui-dark")
        await run(it, "ASCII glyphs")
        await it.until(lambda: it.app.services.catalog.settings.ascii)
        await it.tick()
        assert it.text.isascii()


async def test_diagnostics_tell_where_things_are_and_no_secret(demo: Demo) -> None:
    demo.services().store.assume("dev-ro")
    async with board(demo, (120, 60)) as it:
        await run(it, "Diagnostics")
        await it.sees(
            "stsui 0.", "Python 3.", "textual 8.", "sessions dir", "~/.config/stsui/config.toml", "120 x 60"
        )
        assert "DEMO" not in it.text


async def test_a_picture_hides_ids(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", demo.environ["HOME"])
    async with board(demo, (120, 35)) as it:
        await run(it, "Take a picture")
        await it.sees("ids hidden.")
        assert "333344445555" in it.text
        (picture,) = pictures(demo)
        assert picture.startswith("<svg") and "333344445555" not in picture


def pictures(demo: Demo) -> list[str]:
    return [path.read_text() for path in Path(demo.environ["HOME"]).glob("stsui-*.svg")]


async def test_about(demo: Demo) -> None:
    async with board(demo, (44, 14)) as it:
        await run(it, "About")
        await it.sees("AWS STS sessions in a terminal.")


@pytest.mark.parametrize("size", [(80, 24), (44, 14)])
async def test_a_topic_of_help_is_read_on_the_board(demo: Demo, size: tuple[int, int]) -> None:
    async with board(demo, size) as it:
        await run(it, "Help: forecast")
        await it.sees("stsui help forecast")
        before = it.text
        await it.press("G")
        await it.until(lambda: it.text != before)
        await it.press("escape")
        assert it.app.screen is it.app.board
