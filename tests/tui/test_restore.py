"""The next start begins where the last one ended; nothing happens by itself for what ended overnight."""

import json

import pytest

from tests.tui.boards import board
from tests.worlds import Demo


async def test_cursor_view_order_and_folds_are_as_they_were_left(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.go_to("dev-admin")
        await it.press("h", "comma", "comma")
        await it.go_to("stg-ro")
        await it.press("slash", *"stg-r", "enter")
    async with board(demo, (80, 24)) as it:
        assert it.app.board.list.role == "stg-ro" and it.app.board.place.sort == "expiry"
        assert "/stg-r" not in it.text, "a filter is not kept"
        await it.press("comma", "comma")
        await it.go_to("stg-ro")
        await it.sees("acme-dev")
        assert "dev-admin" not in it.text


async def test_the_panel_of_a_narrow_window_is_kept(demo: Demo) -> None:
    async with board(demo, (44, 14)) as it:
        await it.go_to("dev-admin")
        await it.press("tab")
        await it.sees("Chain")
    async with board(demo, (44, 14)) as it:
        await it.sees("Chain")


@pytest.mark.parametrize(
    "kept", ["", "null", "[]", '{"role": 7, "view": "x", "folded": 3, "panel": 9, "used": []}', "{" * 5000]
)
async def test_whatever_lies_there_it_begins(demo: Demo, kept: str) -> None:
    demo.services().store.set_current("dev-ro")
    state = demo.services().catalog.paths.state_dir
    with open(f"{state}/board.json", "w") as file:  # noqa: ASYNC230
        file.write(kept)
    async with board(demo, (80, 24)) as it:
        await it.sees("dev-data")
        await it.press("j", "v")


async def test_no_secret_and_no_filter_is_kept(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.go_to("dev-admin")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-admin") is not None)
        await it.tick(25)
        await it.tick()
    with open(f"{demo.services().catalog.paths.state_dir}/board.json") as file:  # noqa: ASYNC230
        text = file.read()
    assert "DEMO" not in text
    assert set(json.loads(text)) == {"role", "view", "sort", "folded", "panel", "used"}
    assert "dev-admin" in json.loads(text)["used"]


async def test_what_ended_overnight_says_so_and_waits_to_be_touched(demo: Demo) -> None:
    demo.services().store.assume("dev-admin")
    calls = len(demo.aws.calls)
    demo.clock.pass_(8 * 3_600)
    async with board(demo) as it:
        await it.go_to("dev-admin")
        await it.sees("expired", "7h ago")
        for _ in range(30):
            await it.tick(1)
        assert len(demo.aws.calls) == calls
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-admin") is not None)


async def test_the_order_by_last_use_is_of_all_boards_before(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        for role in ("stg-ro", "dev-ro"):
            await it.go_to(role)
            await it.press("enter")
            await it.until(lambda role=role: it.app.state.current == role)
            await it.tick()
    async with board(demo, (80, 24)) as it:
        await it.press("comma", "comma", "comma")
        rows = [line.role for line in it.app.board.list.view.lines if line.group.startswith("\0by")]
        assert [role for role in rows if role][:2] == ["dev-ro", "stg-ro"]
        before = it.app.board.list.view.lines
        await it.go_to("play")
        await it.press("enter")
        await it.until(lambda: it.app.state.current == "play")
        assert it.app.board.list.view.lines == before, "rows never change places by themselves"
