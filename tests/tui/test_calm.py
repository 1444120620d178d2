"""All day beside the work: nothing is drawn that did not change, and nothing grows."""

import gc
import mmap
import os
import struct
import sys
import time
from pathlib import Path
from typing import Any

import pexpect
import pytest
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input

from stsui.tui.widgets.cell_lines import CellLines
from stsui.tui.widgets.quiet import Quiet
from tests.tui.boards import Board, board
from tests.worlds import Demo, SetClock, demo_world

DIALOGS = ("i", "space", "i", "space", "i", "space", "question_mark", "colon", "X", "S")


async def a_while(it: Board, ticks: int, focuses: int, dialogs: int) -> int:
    """So much of a day, and how many objects there are after it."""
    for n in range(ticks):
        it.demo.clock.pass_(1)
        it.app.tick()
        if n % 50 == 0:
            await it.pilot.pause()
    for _ in range(focuses):
        it.app.app_focus = not it.app.app_focus
    it.app.app_focus = True
    await it.pilot.pause()
    for n in range(dialogs):
        await it.press(DIALOGS[n % len(DIALOGS)], "escape")
        if it.app.screen is not it.app.board:
            await it.press("escape")
    await it.pilot.pause()
    gc.collect()
    return len(gc.get_objects())


async def test_a_thousand_seconds_and_focuses_and_two_hundred_dialogs_leave_nothing(demo: Demo) -> None:
    for role in ("dev-admin", "stg-admin"):
        demo.services().store.assume(role)
    async with board(demo, (80, 24)) as it:
        await it.until(lambda: not it.app.state.verifying)
        await it.go_to("dev-admin")
        await a_while(it, 60, 20, len(DIALOGS) * 2)
        before = await a_while(it, 60, 20, len(DIALOGS))
        after = await a_while(it, 1_000, 1_000, 200)
        assert after < before * 1.01, (before, after)


async def test_a_second_that_changes_nothing_draws_nothing(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Region] = []
    original = CellLines.refresh

    def noted(self: CellLines, *regions: Region, **options: bool) -> CellLines:
        drawn.extend(regions or (self.region,))
        return original(self, *regions, **options)

    demo.services().store.assume("stg-admin")
    async with board(demo, (80, 24)) as it:
        await it.settled()
        monkeypatch.setattr(CellLines, "refresh", noted)
        for _ in range(3):
            await it.tick(20)
        assert sum(region.height for region in drawn) <= 1, "above one hour a minute changes once"
        drawn.clear()
        for _ in range(5):
            it.app.tick()
        assert not drawn


async def test_what_did_not_change_is_not_made_again_and_what_did_is(demo: Demo) -> None:
    demo.services().store.assume("dev-admin")
    async with board(demo, (80, 24)) as it:
        await it.settled()
        head, footer = (it.app.board.query_one(f"#{name}", Quiet) for name in ("head", "footer"))
        before = [line.render_lines(line.size.region) for line in (head, footer)]
        await it.tick(61)
        after = [line.render_lines(line.size.region) for line in (head, footer)]
        assert after[0] is not before[0] and "".join(strip.text for strip in after[0]).endswith("06:01 ")
        assert after[1] is before[1]
        it.app.theme = "stsui-light"
        await it.pilot.pause()
        assert footer.render_lines(footer.size.region)[0] != before[1][0], "its colours are others"


async def test_what_a_second_changes_out_of_sight_is_there_when_it_is_scrolled_to(demo: Demo) -> None:
    demo.services().store.assume("dev-admin")
    async with board(demo, (120, 16)) as it:
        await it.settled()
        await it.go_to("dev-admin")
        panel = it.app.board.query_one("#selected", Quiet)
        for down in (0, panel.max_scroll_y, 3):
            panel.scroll_to(y=down, animate=False)
            await it.pilot.pause()
            for _ in range(3):
                await it.tick()
            drawn = [strip.text for strip in panel.render_lines(Region(0, 0, *panel.outer_size))]
            seen = panel._lines[round(panel.scroll_y) :][: panel.size.height]
            assert all(line.plain.rstrip() in text for line, text in zip(seen, drawn[1:-1], strict=True))
        assert panel.max_scroll_y > 3 and any("in 59:" in line.plain for line in panel._lines)


async def test_a_letter_of_the_filter_lays_nothing_out_and_draws_no_line_that_stays(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[str] = []
    drawn: list[int] = []
    lays_out, made = Screen._refresh_layout, CellLines._made

    def noted(self: Screen[object], *sizes: Any, **options: Any) -> None:
        laid_out.append(self.app.board.query_one(Input).value)  # type: ignore[attr-defined]
        lays_out(self, *sizes, **options)

    def counted(self: CellLines, index: int, width: int) -> Strip:
        drawn.append(index)
        return made(self, index, width)

    async with board(demo, (120, 35)) as it:
        await it.settled()
        await it.press("slash")
        await it.pilot.pause()
        monkeypatch.setattr(Screen, "_refresh_layout", noted)
        monkeypatch.setattr(CellLines, "_made", counted)
        # The names that are left are shorter and shorter, and then there is none.
        for letter in "dev-ro":
            await it.press(letter)
        assert it.app.board.list.view.shown == 1
        for letter in "zz":
            drawn.clear()
            await it.press(letter)
        assert not laid_out
        assert len(drawn) <= 2, "the sentence, on both sides"
        await it.press(*["backspace"] * 8)
        assert not laid_out
        listed = [it.row(line.role) for line in it.app.board.list.view.lines if line.role]
        await it.press("escape")
        assert laid_out, "without the filter both sides are as wide as they have to be"
        assert [it.row(line.role) for line in it.app.board.list.view.lines if line.role] == listed


DAY = """
import mmap, struct, sys
from stsui.cli.main import main
from stsui.tui import app
from stsui import wiring

with open(sys.argv[1], "r+b") as file:
    shared = mmap.mmap(file.fileno(), 16)
STEPS, STEP = 1440, 20

class Clock:
    def now(self): return struct.unpack_from("d", shared, 0)[0]
    def boot(self): return self.now() - 1e9

wiring.SystemClock = Clock

class Day(app.StsuiApp):
    steps, measured, begun = 0, False, Clock().now()

    def _wait_for_second(self):
        self.set_timer(0.002, self._second)

    def tick(self):
        self.steps += 1
        struct.pack_into("d", shared, 0, Clock().now() + STEP)
        super().tick()
        # What calls to AWS load is there once every session was renewed.
        settled = self.steps >= STEPS // 8 and not self.state.flights and all(
            session.issued_at > self.begun for session in self.state.sessions.values())
        if (settled and not self.measured) or self.steps == STEPS:
            self.measured = True
            with open("/proc/self/statm") as statm, open(sys.argv[2], "a") as kept:
                print(self.steps, int(statm.read().split()[1]) * 4096, file=kept)
        if self.steps == STEPS:
            self.exit()

app.StsuiApp = Day
sys.exit(main(["tui"]))
"""


class SharedClock(SetClock):
    """What the child's clock says."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        path.write_bytes(struct.pack("d", self.wall) + bytes(8))
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), 16)

    def now(self) -> float:
        return float(struct.unpack_from("d", self._shared, 0)[0])

    def boot(self) -> float:
        return self.now() - 1e9


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="resident memory is read from /proc")
def test_eight_hours_in_a_terminal_take_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SharedClock(tmp_path / "clock")
    with demo_world(tmp_path / "home", clock=clock) as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        store = demo.services().store
        for role in ("dev-admin", "dev-ro", "dev-ci", "stg-ro"):
            store.assume(role)
        script = tmp_path / "day.py"
        script.write_text(DAY)
        environ = {**demo.environ, "TERM": "xterm-256color", "PYTHONPATH": str(Path(__file__).parents[2])}
        begun = clock.now()
        child = pexpect.spawn(
            sys.executable,
            [str(script), str(tmp_path / "clock"), str(tmp_path / "memory")],
            env={**os.environ, **environ},
            dimensions=(24, 80),
            timeout=120,
        )
        end = time.monotonic() + 120
        while child.isalive() and time.monotonic() < end:
            try:
                child.read_nonblocking(65_536, timeout=1)
            except (pexpect.TIMEOUT, pexpect.EOF):
                continue
        child.close(force=True)
        assert child.exitstatus == 0
        assert clock.now() - begun >= 8 * 3_600
        (early, first), (_, last) = (
            map(int, line.split()) for line in (tmp_path / "memory").read_text().splitlines()
        )
        assert early < 1440 / 2
        assert last - first < 5_000_000, f"{(last - first) / 1e6:.1f} MB"
        assert demo.aws.count("AssumeRole") > 4 * 8, "every session was renewed about once an hour"
        assert all(session.left(clock.now()) > 0 for session in demo.services().store.held().values())
