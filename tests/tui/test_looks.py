"""What the screen looks like: whole words at every size, the same without colour, harmless with any name."""

import gc
from pathlib import Path

import pytest
from textual.geometry import Region

from stsui.tui.commands import COMMANDS
from stsui.tui.widgets.cell_lines import CellLines
from stsui.tui.widgets.quiet import Quiet
from tests.tui.boards import Board, board
from tests.tui.dialogs import HOSTILE as CLEAN
from tests.tui.test_centers import nothing_configured
from tests.worlds import Demo

SIZES = [(44, 14), (80, 24), (100, 30), (120, 35), (200, 50)]
HOSTILE = "[/x]\\u001b]0;t\\u0007[@click=app.quit]q"


async def some_states(it: Board) -> None:
    """A live, a failed and a waiting role."""
    it.demo.services().store.assume("dev-admin")
    it.demo.services().store.set_current("dev-admin")
    await it.tick()
    await it.until(lambda: it.app.state.live("dev-admin") is not None)
    await it.until(lambda: not it.app.state.verifying)
    await it.go_to("prod-deploy")
    await it.press("enter", "enter")
    await it.until(lambda: "prod-deploy" in it.app.state.troubles)
    await it.go_to("prod-admin")
    await it.press("enter", "enter")
    await it.sees("MFA")
    await it.until(lambda: it.app.screen is not it.app.board)
    await it.press("escape")
    await it.tick(5)


@pytest.mark.parametrize("size", SIZES)
async def test_no_word_that_matters_is_cut(demo: Demo, size: tuple[int, int]) -> None:
    async with board(demo, size) as it:
        await some_states(it)
        roomy = size[0] > 60
        for role, word in (
            ("prod-deploy", "failed"),
            ("prod-admin", "needs MFA" if roomy else "MFA"),
            ("dev-admin", "59:5"),
        ):
            await it.go_to(role)
            assert word in it.row(role), it.text
        assert "dev-admin" in it.text.splitlines()[1] or size[0] >= 100
        assert "PROD" in it.text and all(len(line) <= size[0] for line in it.text.splitlines())
        footer = it.text.splitlines()[-1]
        assert "quit" in footer and "help" in footer


async def test_no_colour_loses_nothing(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    async with board(demo) as it:
        await some_states(it)
        coloured = it.text
    demo.clock.pass_(-5)
    monkeypatch.setenv("NO_COLOR", "1")
    async with board(demo) as it:
        assert it.app.no_color
        await it.go_to("prod-admin")
        await it.tick(5)
        await it.until(lambda: not it.app.state.verifying)
        lines = [line for line in it.text.splitlines() if "dev-admin" in line and "active" in line]
        assert lines and lines[0][:70] in coloured
        names = it.app.board.query_one("#names", CellLines)
        cursor = names.render_line(it.app.board.list.cursor - names.scroll_offset.y)
        assert any(segment.style and segment.style.reverse for segment in cursor)


@pytest.mark.parametrize("size", SIZES)
async def test_ascii_is_ascii(demo: Demo, size: tuple[int, int]) -> None:
    async with board(demo, size, ascii_only=True) as it:
        await some_states(it)
        assert it.text.isascii(), [line for line in it.text.splitlines() if not line.isascii()]
        for key in ("question_mark", "i", "space"):
            await it.press(key)
            assert it.text.isascii(), [line for line in it.text.splitlines() if not line.isascii()]
            await it.press("escape")
        await it.go_to("dev-admin")
        await it.press("Y")
        assert it.text.isascii()


async def test_a_hostile_name_is_shown_and_does_nothing(demo: Demo) -> None:
    demo.config.write_text(
        demo.config.read_text()
        + f'\n[roles."{HOSTILE}"]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\nsource_profile = "ana"\n'
    )
    async with board(demo) as it:
        name = next(name for name in it.app.state.entries if name.startswith("[/x]"))
        assert name == CLEAN
        await it.go_to(name)
        await it.press("enter")
        await it.until(lambda: it.app.state.live(name) is not None)
        await it.sees("[/x]")
        for key, leave in (
            ("i", "escape"),
            ("space", "escape"),
            ("Y", "escape"),
            ("question_mark", "escape"),
        ):
            await it.press(key)
            assert it.app.screen is not it.app.board and "\x1b" not in it.text
            await it.press(leave)
        await it.press("colon", *"click")
        await it.pilot.pause(0.3)
        await it.press("escape", "y")
        await it.pilot.pause(0.2)
        assert it.app.is_running and "\x1b" not in it.text and "\x07" not in it.text


async def test_secrets_are_nowhere_on_the_screen_until_asked_for(demo: Demo) -> None:
    async with board(demo, (120, 40)) as it:
        await it.go_to("dev-admin")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("dev-admin") is not None)
        secret = it.app.state.sessions["dev-admin"].credentials.secret_access_key.reveal()
        seen = [it.text]
        for key in ("i", "space", "question_mark"):
            await it.press(key)
            seen.append(it.text)
            await it.press("escape")
        await it.press("Y")
        for _ in range(4):
            await it.press("down")
            seen.append(it.text)
        assert secret not in "".join(seen) and "********" in "".join(seen)
        await it.press("6", "v")
        assert secret[:20] in it.text
        await it.tick(11)
        assert secret[:20] not in it.text


async def test_too_small_says_so_and_keeps_counting(demo: Demo) -> None:
    async with board(demo, (26, 6)) as it:
        await it.sees("stsui needs 32 x 8", "this pane is 26 x 6")
        demo.services().store.assume("dev-admin")
        await it.tick()
        await it.sees("1 live, next")
        await it.pilot.resize_terminal(80, 24)
        await it.pilot.pause()
        await it.sees("stsui  1 live")


async def test_a_tick_draws_only_what_changed(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    original = CellLines.refresh

    def counted(self: CellLines, *regions: Region, **options: bool) -> CellLines:
        drawn.extend(region.height for region in regions or (self.region,))
        return original(self, *regions, **options)

    async with board(demo, (80, 24)) as it:
        await some_states(it)
        await it.settled()
        monkeypatch.setattr(CellLines, "refresh", counted)
        await it.tick()
        assert drawn == [1], "one live row counts down"
        drawn.clear()
        it.app.tick()
        assert not drawn


async def test_it_does_not_grow(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await some_states(it)

        async def a_while() -> int:
            for _ in range(4):
                for key in ("question_mark", "i", "space"):
                    await it.press(key, "escape")
                for _ in range(20):
                    it.app.tick()
                    it.app.app_focus = not it.app.app_focus
                await it.press("slash", "d", "escape")
            it.app.app_focus = True
            await it.pilot.pause()
            gc.collect()
            return len(gc.get_objects())

        await a_while()
        before = await a_while()
        after = await a_while()
        assert after < before * 1.01


async def test_every_command_is_in_the_help(demo: Demo) -> None:
    ids = [command.id for command in COMMANDS]
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(ids) == len(set(ids)) and len(keys) == len(set(keys))
    async with board(demo, (120, 60)) as it:
        await it.press("question_mark")
        for command in COMMANDS:
            wanted = command.help.rstrip("0123456789").strip().split()[0]
            assert wanted in it.words or not command.keys
        await it.type("diagnos")
        await it.sees("versions, paths, terminal, clock")


def test_the_sizes_of_the_readme_are_drawn() -> None:
    pictures = Path(__file__).parents[2] / "screenshots"
    assert {"main-120x35.svg", "main-80x24.svg"} <= {path.name for path in pictures.glob("*.svg")}


@pytest.mark.parametrize("size", [(44, 14), (80, 24)])
async def test_without_a_title_the_head_says_which_roles_are_shown(demo: Demo, size: tuple[int, int]) -> None:
    words = {44: ("v live", "v needs", "v pinned"), 80: ("only live", "only needs you", "only pinned")}
    async with board(demo, size) as it:
        assert "only" not in it.text.splitlines()[0]
        for word in words[size[0]]:
            await it.press("v")
            await it.sees(word)
        await it.press("v")
        assert "pinned" not in it.text.splitlines()[0]


async def test_in_a_narrow_pane_notices_and_headings_break_instead_of_being_cut(demo: Demo) -> None:
    async with board(demo, (44, 14)) as it:
        await it.go_to("dev-ci")
        await it.press("Y")
        await it.sees("dev-ci has no live session.", "starts", "one.")
        await it.press("t")
        await it.sees("n copies the command for one.")


async def test_what_went_wrong_is_seen_at_once_also_in_the_details_of_a_small_pane(demo: Demo) -> None:
    async with board(demo, (44, 14)) as it:
        await it.go_to("prod-deploy")
        await it.press("enter", "enter")
        await it.sees("failed")
        await it.press("i")
        await it.sees("FAILED", "may not assume Deploy (AccessDenied)", "enter retry")


async def test_a_panel_is_as_high_as_its_text_and_what_does_not_fit_is_scrolled_to(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        panel = it.app.board.query_one("#current", Quiet)
        for role in ("", "dev-admin"):
            if role:
                await it.go_to(role)
                await it.press("enter")
                await it.until(lambda: it.app.state.live("dev-admin") is not None)
            assert panel.size.height == str(panel.render()).count("\n") + 1
        await it.pilot.resize_terminal(120, 16)
        await it.press("tab", "tab")
        last = str(it.app.board.query_one("#selected", Quiet).render()).splitlines()[-1].strip()
        assert last and last not in it.text
        await it.press("pagedown", "pagedown", "pagedown")
        await it.sees(last)
        await it.press("pageup", "pageup", "pageup")
        await it.sees("Role     dev-admin")


async def test_beside_the_panels_names_of_roles_come_before_bars(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        for role, detail in (
            ("prod-breakglass", "BreakGlass"),
            ("prod-billing", "Billing"),
            ("dev-ro", "ReadOnly"),
        ):
            assert f" {detail} " in it.row(role)
        assert "222233334444" in it.text, "an account's id stands beside its word"
    for width in (160, 200):
        async with board(demo, (width, 45)) as it:
            assert " AdministratorAccess " in it.row("prod-admin")
            assert ("Live sessions" in it.text) == (width == 200)


async def test_the_word_of_production_stands_free_in_a_title(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.go_to("prod-ro")
        await it.press("i")
        assert "prod-ro ──  PROD  ──" in it.text


async def test_a_dialog_that_gets_room_needs_no_bar_any_more(demo: Demo) -> None:
    nothing_configured(demo)
    async with board(demo, (44, 14)) as it:
        await it.sees("Welcome to stsui")
        body = it.app.screen.query_one("#body")
        await it.until(lambda: body.show_vertical_scrollbar)
        await it.pilot.resize_terminal(120, 35)
        await it.until(lambda: not body.show_vertical_scrollbar)
        assert "your AWS files are never touched unasked." in it.text
        await it.pilot.resize_terminal(44, 14)
        await it.until(lambda: body.show_vertical_scrollbar)
