"""One table of commands: every row leads somewhere, and the keys that are shown are the keys that work."""

import inspect
from importlib import import_module

from stsui.tui.commands import COMMANDS, FOOTER, GROUPS
from tests.tui.boards import board
from tests.worlds import Demo


def test_every_deed_is_a_function_of_the_frame_and_a_role() -> None:
    for command in COMMANDS:
        if command.deed:
            module, function = command.deed.split(".")
            found = getattr(import_module(f"stsui.tui.deeds.{module}"), function)
            assert list(inspect.signature(found).parameters) == ["frame", "role"] and found.__doc__, (
                command.id
            )


async def test_every_other_command_is_an_action_of_the_board(demo: Demo) -> None:
    async with board(demo) as it:
        for command in COMMANDS:
            name = command.action.partition("(")[0]
            assert hasattr(it.app.board, f"action_{name}"), command.id


def test_ids_and_keys_are_there_once() -> None:
    ids = [command.id for command in COMMANDS]
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(ids) == len(set(ids)) == sum(len(rows) for _, rows in GROUPS)
    assert len(keys) == len(set(keys))
    assert set(FOOTER) <= set(ids)


async def test_a_moved_key_is_shown_where_it_is_now(demo: Demo) -> None:
    demo.config.write_text(demo.config.read_text() + '\n[keys]\n"role.copy-command" = "ctrl+y"\n')
    async with board(demo, (120, 45)) as it:
        assert "ctrl+y copy" in it.words.splitlines()[-1]
        await it.go_to("dev-admin")
        for key in ("space", "question_mark", "i"):
            await it.press(key)
            await it.sees("ctrl+y")
            await it.press("escape")


async def test_a_command_says_why_it_does_nothing(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("dev-admin")
        await it.press("x")
        await it.sees("dev-admin has no session.")
