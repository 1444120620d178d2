"""The last picture stands on the screen before anything that draws is loaded, and promises nothing."""

import os
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import RenderableType
from textual.screen import Screen

from stsui.tui.app import StsuiApp
from stsui.tui.picture import shown
from tests.tui.boards import board
from tests.tui.test_terminal import ROOT, Terminal
from tests.worlds import Demo

BOARD = [sys.executable, "-m", "stsui"]
ONLY_THE_PICTURE = "raise ValueError"
Start = Callable[..., Terminal]


@pytest.fixture
def world(real_demo: Demo, tmp_path: Path) -> dict[str, str]:
    """Where the board was once and left, with a session of dev-admin."""
    environ = {**real_demo.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}
    board = Terminal(BOARD, environ, 120, 35)
    board.sees("dev-admin")
    board.press("/dev-admin\r\r")
    board.sees("59:5")
    board.press("\x1b")
    board.sees("prod-ro")
    board.press("q")
    assert board.ends() == 0, board.text
    stub = tmp_path / "stub"
    stub.mkdir()
    (stub / "textual.py").write_text(ONLY_THE_PICTURE)
    return {**environ, "STUB": str(stub)}


def picture(world: dict[str, str], columns: int = 120, rows: int = 35, **more: str) -> Terminal:
    """A start that ends where Textual would be loaded."""
    path = f"{world['STUB']}{os.pathsep}{world['PYTHONPATH']}"
    start = Terminal(BOARD, {**world, "PYTHONPATH": path, **more}, columns, rows)
    start.ends()
    return start


def drawn(start: Terminal) -> str:
    """What was in the other screen before the program left it."""
    return start.raw.partition("\x1b[?1049h")[2].partition("\x1b[?1049l")[0]


def kept(world: dict[str, str]) -> list[Path]:
    return list(Path(world["XDG_RUNTIME_DIR"], "stsui", "answers").glob("board.*"))


def test_rows_are_there_before_textual_is_and_no_state_is_told(world: dict[str, str]) -> None:
    shown = drawn(picture(world))
    assert "dev-admin" in shown and "acme-prod" in shown and "checking" in shown
    for word in ("idle", "live", "59:", "No current session", "renews", "ASIA"):
        assert word not in shown, word


def test_what_is_said_instead_of_the_board_is_not_said_behind_the_picture(world: dict[str, str]) -> None:
    start = picture(world)
    after = start.raw.partition("\x1b[?1049l")[2]
    assert "\x1b[?25h" in after and "mistake" in after


@pytest.mark.parametrize("text", ["AWS_SECRET", "DEMOSECRET", "DEMOTOKEN", "DemoToken"])
def test_the_kept_picture_has_no_secret_and_is_ours_alone(world: dict[str, str], text: str) -> None:
    (file,) = kept(world)
    assert text.encode() not in file.read_bytes() and file.stat().st_mode & 0o077 == 0


def test_keys_typed_meanwhile_arrive(world: dict[str, str]) -> None:
    board = Terminal(BOARD, world, 120, 35)
    board.sees("checking")
    board.process.send("/play\r")
    board.sees("/play")
    board.sees("1 live")
    assert "checking" not in board.text
    board.press("q")
    assert board.ends() == 0


def test_a_signal_before_the_board_is_there_leaves_a_clean_terminal(world: dict[str, str]) -> None:
    Path(world["STUB"], "textual.py").write_text("import time; time.sleep(30)")
    path = f"{world['STUB']}{os.pathsep}{world['PYTHONPATH']}"
    board = Terminal(BOARD, {**world, "PYTHONPATH": path}, 120, 35)
    before = termios.tcgetattr(board.process.fileno())
    board.sees("checking")
    assert termios.tcgetattr(board.process.fileno()) != before
    board.process.kill(15)
    board.ends()
    assert "\x1b[?1049l" in board.raw and "\x1b[?25h" in board.raw


def test_nothing_is_shown_where_terminal_config_or_setting_are_others(world: dict[str, str]) -> None:
    assert drawn(picture(world))
    assert not drawn(picture(world, columns=110))
    assert not drawn(picture(world, NO_COLOR="1"))
    assert not drawn(picture(world, AWS_REGION="us-west-2"))
    config = Path(world["STSUI_CONFIG"])
    before = config.read_text()
    config.write_text(before + "\n# another\n")
    assert not drawn(picture(world))
    config.write_text(f"[settings]\ninstant_start = false\n{before}")
    board = Terminal(BOARD, world, 120, 35)
    board.sees("1 live")
    board.press("q")
    assert board.ends() == 0 and not drawn(picture(world)) and not kept(world)


def test_hidden_ids_are_hidden_in_it_too(world: dict[str, str]) -> None:
    assert "111122223333" in drawn(picture(world))
    board = Terminal(BOARD, world, 120, 35)
    board.sees("1 live")
    board.press("H")
    board.sees("ids hidden")
    board.press("q")
    assert board.ends() == 0
    shown = drawn(picture(world))
    assert "dev-admin" in shown and "111122223333" not in shown


@pytest.mark.parametrize("damage", [b"", b"stsui frame 1", b"\xff" * 400, b"\n\n\x1b]0;evil\x07"])
def test_a_damaged_picture_is_none(world: dict[str, str], damage: bytes) -> None:
    (file,) = kept(world)
    file.write_bytes(damage)
    assert not drawn(picture(world))


@pytest.fixture
def drawn_by_board(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every picture that a board writes, as it comes."""
    pictures: list[str] = []
    original = StsuiApp._display

    def noted(self: StsuiApp, screen: Screen[object], picture: RenderableType | None) -> None:
        pictures.append(shown(self))
        original(self, screen, picture)

    monkeypatch.setattr(StsuiApp, "_display", noted)
    return pictures


async def test_the_first_thing_that_the_board_draws_has_its_rows(
    demo: Demo, drawn_by_board: list[str]
) -> None:
    demo.services().store.assume("dev-admin")
    for size in ((80, 24), (120, 35), (200, 50)):
        drawn_by_board.clear()
        async with board(demo, size) as it:
            assert "dev-admin" in drawn_by_board[0] and "1h00m" in drawn_by_board[0], drawn_by_board[0]
            assert drawn_by_board[0] == shown(it.app)


@pytest.mark.parametrize("size", [(80, 2), (80, 4), (20, 24)])
async def test_where_no_row_has_room_the_board_says_so(
    demo: Demo, drawn_by_board: list[str], size: tuple[int, int]
) -> None:
    async with board(demo, size) as it:
        await it.settled()
        assert f"{size[0]} x {size[1]}" in drawn_by_board[-1]
        assert it.app._batch_count == 0, "later pictures would not be drawn"
