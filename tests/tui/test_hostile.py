"""Whatever a role, an account or AWS is called: it is shown, it is harmless, on every screen there is."""

import pytest

from stsui.tui.commands import COMMANDS
from tests.tui.boards import Board, board
from tests.worlds import Demo

NAME = "[/x]\\u001b]0;t\\u0007[@click=app.quit]q\\u202e"
LEAVES = {"app.quit", "app.interrupt", "app.suspend", "role.shell", "role.console", "app.editor", "app.demo"}
"""What ends the board or gives the terminal to another program."""


def hostile(demo: Demo) -> None:
    text = demo.config.read_text().replace('name = "acme-dev"', f'name = "{NAME}"')
    text += (
        f'\n[roles."{NAME}"]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\nsource_profile = "ana"\n'
        f'group = "{NAME}"\ntags = {{ team = "x" }}\n'
        f'\n[roles."{NAME} broken"]\nroll_arn = "{NAME}"\n'
        f'\n[roles."{NAME} denied"]\nrole_arn = "arn:aws:iam::111122223333:role/Deploy"\nsource_profile = "hub"\n'
    )
    demo.config.write_text(text)


def harmless(it: Board) -> bool:
    return it.app.is_running and not any(c in it.text for c in "\x1b\x07\u202e\x9b")


async def leave(it: Board) -> None:
    for _ in range(6):
        if it.app.screen is it.app.board:
            return
        await it.press("escape")
    raise AssertionError(f"it cannot be left\n{it.text}")


@pytest.mark.parametrize("size", [(44, 14), (120, 35)])
async def test_every_command_on_a_hostile_row(demo: Demo, size: tuple[int, int]) -> None:
    hostile(demo)
    async with board(demo, size) as it:
        rows = [name for name in it.app.state.entries if name.startswith("[/x]")]
        assert len(rows) == 3
        await it.go_to(rows[0])
        await it.press("enter")
        await it.until(lambda: it.app.state.live(rows[0]) is not None)
        for command in COMMANDS:
            if command.id in LEAVES or command.id.startswith("live."):
                continue
            it.app.run_command(command.id, rows[0] if command.needs else "")
            await it.pilot.pause()
            await it.pilot.pause()
            assert harmless(it), command.id
            await leave(it)
            await it.press("escape")
        for row in rows[1:]:
            await it.go_to(row)
            for keys in (("i",), ("space",), ("enter", "enter")):
                await it.press(*keys)
                assert harmless(it), keys
                await leave(it)


async def test_clicks_on_hostile_text_do_nothing(demo: Demo) -> None:
    hostile(demo)
    async with board(demo, (120, 35)) as it:
        row = next(name for name in it.app.state.entries if name.startswith("[/x]"))
        await it.go_to(row)
        for y, line in enumerate(it.text.splitlines()):
            at = line.find("click")
            if at >= 0:
                await it.pilot.click(offset=(at, y))
                await it.pilot.pause()
                assert harmless(it)
                await leave(it)
