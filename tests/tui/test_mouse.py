"""The mouse does what the keys do, and nothing that they do not."""

from textual.geometry import Offset

from stsui.tui.screens.actions import ActionsScreen
from stsui.tui.screens.confirm import ConfirmScreen
from tests.tui.boards import Board, board
from tests.worlds import Demo


def place(it: Board, text: str, line: int | None = None) -> Offset:
    """Where a text stands on the screen."""
    for y, shown in enumerate(it.text.splitlines()):
        if text in shown and (line is None or y == line):
            return Offset(shown.index(text), y)
    raise AssertionError(f"{text!r} is not there\n{it.text}")


async def click(it: Board, text: str, *, line: int | None = None, **options: int) -> None:
    await it.pilot.click(offset=place(it, text, line), **options)
    await it.pilot.pause()


async def test_a_click_chooses_and_two_use(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await click(it, "dev-ro")
        assert it.app.board.list.role == "dev-ro" and not demo.aws.calls
        await click(it, "dev-ci", times=2)
        await it.until(lambda: it.app.state.live("dev-ci") is not None)


async def test_a_heading_folds_and_the_right_button_opens_the_menu(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await click(it, "▾ acme-prod")
        assert "prod-admin" not in it.text
        await click(it, "▸ acme-prod")
        await it.sees("prod-admin")
        await click(it, "stg-ro", button=3)
        assert isinstance(it.app.screen, ActionsScreen)
        await it.sees("stg-ro", "use in new shells")
        await it.pilot.click(offset=Offset(1, 1))
        await it.pilot.pause()
        assert it.app.screen is it.app.board, "a click beside a menu closes it"


async def test_counters_sessions_and_keys_are_buttons(demo: Demo) -> None:
    for role in ("dev-ro", "stg-ro"):
        demo.services().store.assume(role)
    async with board(demo, (100, 24)) as it:
        await click(it, "2 live", line=0)
        await it.sees("Roles: live")
        await click(it, "2 live", line=0)
        await it.sees("prod-admin")
        await click(it, "stg-ro", line=22)
        assert it.app.board.list.role == "stg-ro"
        await click(it, "filter", line=23)
        await it.sees("esc clear")
        await it.press("escape")
        await click(it, "help", line=23)
        await it.sees("find a key or a word")
        await it.press("escape")
        await it.press("P")
        await click(it, "renewing paused", line=0)
        assert not it.app.state.paused


async def test_what_needs_the_person_is_one_click_away(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.go_to("prod-deploy")
        await it.press("enter", "enter")
        await it.sees("1 needs you")
        await click(it, "1 needs you", line=0)
        rows = [line.role for line in it.app.board.list.view.lines if line.role]
        assert rows == ["prod-deploy"]


async def test_a_click_beside_a_question_answers_nothing(demo: Demo) -> None:
    demo.services().store.assume("dev-ro")
    async with board(demo, (80, 24)) as it:
        await it.press("X")
        assert isinstance(it.app.screen, ConfirmScreen)
        await it.pilot.click(offset=Offset(1, 1))
        await it.pilot.pause()
        assert isinstance(it.app.screen, ConfirmScreen)
        await click(it, "Keep them")
        assert it.app.screen is it.app.board and it.app.state.live("dev-ro") is not None


async def test_the_wheel_scrolls_both_sides_of_the_list(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.press("g")
        names, states = it.app.board.query_one("#names"), it.app.board.query_one("#states")
        for _ in range(3):
            it.app.board.list.on_mouse_scroll_down()
        await it.pilot.pause()
        assert names.scroll_offset.y == states.scroll_offset.y > 0
