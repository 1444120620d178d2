"""Moving about: cursor, folds, filter, views, palette, the user's own keys, files that are broken."""

import re
from pathlib import Path

import pytest

from tests.tui.boards import board
from tests.worlds import Demo


async def test_the_cursor_goes_where_the_keys_say(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        roles = [line.role for line in it.app.board.list.view.lines if line.role]
        await it.press("g")
        assert it.app.board.list.cursor == 0
        await it.press("j")
        assert it.app.board.list.role == roles[0]
        await it.press("G")
        assert it.app.board.list.role == roles[-1]
        await it.press("k")
        assert it.app.board.list.role == roles[-2]
        await it.press("home", "pagedown", "ctrl+u")
        assert it.app.board.list.cursor > 3
        await it.press("g", "right_square_bracket")
        assert it.app.board.list.role == roles[1]
        await it.press("left_square_bracket")
        assert it.app.board.list.role == roles[0]


async def test_folding(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.go_to("dev-admin")
        await it.press("h")
        assert not it.app.board.list.role and "dev-ro" not in it.text
        assert "roles" in it.text.splitlines()[it.app.board.list.cursor + 2]
        await it.press("enter")
        await it.sees("dev-ro")
        await it.press("minus")
        assert "prod-ro" not in it.text
        await it.press("equals_sign")
        await it.sees("prod-ro")


async def test_filtering(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.press("slash", *"prod adm")
        await it.sees("/prod adm", "1 of ")
        await it.press("enter")
        assert it.app.board.list.role == "prod-admin"
        await it.press("escape")
        await it.sees("dev-admin")
        assert it.app.board.list.role == "prod-admin"
        await it.press("slash", *"zzz")
        await it.sees('Nothing matches "zzz" in')
        await it.press("escape", "slash", *"dev")
        before = it.app.board.list.cursor
        await it.press("down")
        assert it.app.board.list.cursor == before + 1


async def test_views(demo: Demo) -> None:
    demo.services().store.assume("dev-ro")
    async with board(demo, (80, 24)) as it:
        await it.press("v")
        assert "dev-ro" in it.text and "prod-ro" not in it.text
        await it.press("v")
        await it.sees("Nothing needs you.")
        await it.press("v")
        await it.sees("Pinned")
        await it.press("v", "comma")
        await it.sees("By name")
        await it.press("comma")
        await it.sees("By expiry")


async def test_pins_and_digits(demo: Demo) -> None:
    demo.services().store.assume("dev-ro")
    async with board(demo, (80, 24)) as it:
        await it.press("1")
        assert it.app.board.list.role == "dev-ro"
        await it.press("p")
        lines = it.app.board.list.view.lines
        assert any(line.role == "dev-ro" and line.group == "\0pinned" for line in lines)


async def test_hidden_ids(demo: Demo) -> None:
    demo.services().store.assume("dev-ro")
    async with board(demo) as it:
        await it.go_to("dev-ro")
        assert "333344445555" in it.text
        await it.press("H")
        assert "333344445555" not in it.text and "************" in it.text and "ids hidden" in it.text
        await it.press("i")
        assert "333344445555" not in it.text


async def test_hidden_ids_stand_in_no_sentence_either(demo: Demo) -> None:
    ids = re.compile(r"arn:aws|\d{12}")
    async with board(demo, (200, 50)) as it:
        for role in ("prod-deploy", "mixed", "far-away", "partner-forgotten"):
            await it.go_to(role)
            await it.press(*["enter"] * (2 if role == "prod-deploy" else 1))
            await it.until(lambda role=role: role in it.app.state.troubles)
        assert ids.search(it.text)
        await it.press("H")
        for role in (*it.app.state.troubles, "prod-admin", "prod-breakglass", "dev-ro", "team-play"):
            await it.go_to(role)
            assert not ids.search(it.text), it.text
            await it.press("i")
            await it.sees("esc close")
            assert not ids.search(it.text), it.text
            await it.press("escape")
        await it.press("L")
        await it.sees("failed")
        for _ in range(4):
            assert not ids.search(it.text), it.text
            await it.press("j")
        await it.press("escape")
        await it.go_to("prod-ro")
        await it.press("enter", "enter")
        await it.sees("MFA code for prod-ro")
        assert not ids.search(it.text), it.text


async def test_the_palette_finds_a_role_and_uses_it(demo: Demo) -> None:
    async with board(demo) as it:
        await it.press("colon", *"use dev-ro")
        await it.sees("Use acme-dev DEV / dev-ro")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-ro") is not None)


async def test_help_runs_what_it_shows(demo: Demo) -> None:
    async with board(demo) as it:
        await it.press("question_mark", *"hide ids", "enter")
        await it.sees("ids hidden")


async def test_a_broken_entry_is_a_row_and_the_rest_works(demo: Demo) -> None:
    demo.config.write_text(
        demo.config.read_text() + '\n[roles.broken]\nroll_arn = "x"\nsource_profile = "ana"\n'
    )
    async with board(demo) as it:
        name = next(name for name in it.app.state.entries if "broken" in name)
        await it.go_to(name)
        await it.sees("problem", "config.toml")
        await it.press("r")
        await it.sees("cannot be used")
        await it.press("enter")
        await it.sees("roll_arn")
        await it.press("escape")
        await it.go_to("dev-admin")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-admin") is not None)


async def test_no_config_at_all_is_welcomed(demo: Demo) -> None:
    demo.config.unlink()
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        demo.environ[name] = str(demo.config.parent / "gone")
    async with board(demo, (80, 24)) as it:
        await it.sees("Welcome to stsui", "No roles yet.")
        await it.press("escape")
        await it.sees("The config has no roles.")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('"role.renewal" = "ctrl+e"', 'there is no command "role.renewal"'),
        ('"role.renew" = "x"', "x is the key of role.drop already"),
        ('"role.renew" = "hyper+q"', '"hyper+q" is not the name of a key'),
    ],
)
async def test_keys_that_cannot_be_are_named(demo: Demo, line: str, sentence: str) -> None:
    demo.config.write_text(demo.config.read_text() + f'\n[keys]\n{line}\n"list.view" = "ctrl+e"\n')
    async with board(demo, (200, 30)) as it:
        await it.tick()
        await it.sees(sentence)
        await it.press("ctrl+e")
        await it.sees("No live session.")
        await it.press("question_mark")
        assert it.app.screen is not it.app.board


async def test_typing_ahead_reaches_the_filter(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        from textual import events

        for key, character in (("slash", "/"), ("v", "v"), ("x", "x")):
            it.app.post_message(events.Key(key, character))
        await it.sees("/vx")


async def test_the_panel_of_a_narrow_window(demo: Demo) -> None:
    async with board(demo, (44, 14)) as it:
        await it.go_to("dev-admin")
        await it.press("tab")
        await it.sees("Chain")
        await it.press("tab")
        await it.sees("Pinned") if "Pinned" in it.text else None
        assert "Chain" not in it.text


async def test_copying_the_command(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = tmp_path / "bin"
    directory.mkdir()
    tool = directory / "xclip"
    tool.write_text(
        f'#!/bin/sh\ncase "$*" in *-o*) cat {directory}/board;; *) cat > {directory}/board;; esac\n'
    )
    tool.chmod(0o755)
    demo.environ["PATH"] = f"{directory}:{demo.environ['PATH']}"
    monkeypatch.setenv("PATH", demo.environ["PATH"])
    async with board(demo, (80, 24)) as it:
        demo.environ["DISPLAY"] = ":99"
        await it.go_to("dev-admin")
        await it.press("y")
        await it.sees("Copied.")
        assert (directory / "board").read_text() == 'eval "$(stsui export dev-admin)"'


async def test_the_console_needs_a_live_session(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("dev-admin")
        await it.press("o")
        await it.sees("has no live session")
