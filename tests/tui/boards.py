"""The real app against the demo world, driven by keys."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from stsui.tui.app import StsuiApp
from stsui.tui.crew import Crew
from stsui.tui.picture import shown
from tests.worlds import Demo

PATIENCE = 15.0


class Board:
    """What a person does and sees."""

    def __init__(self, app: StsuiApp, pilot: Pilot[None], demo: Demo) -> None:
        self.app, self.pilot, self.demo = app, pilot, demo

    @property
    def text(self) -> str:
        return shown(self.app)

    @property
    def words(self) -> str:
        """The screen without frames and line ends, so that a wrapped sentence can be looked for."""
        return " ".join(re.sub(r"[│|╭╮╰╯─▔▁]", " ", self.text).split())

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*text)

    async def go_to(self, role: str) -> None:
        self.app.board.go_to(role)
        await self.pilot.pause()

    async def sees(self, *texts: str) -> None:
        """Waits for what threads bring."""
        end = time.monotonic() + PATIENCE
        while not all(text in self.text or text in self.words for text in texts):
            missing = [text for text in texts if text not in self.text and text not in self.words]
            assert time.monotonic() < end, f"{missing} did not come\n{self.text}"
            await asyncio.sleep(0.02)
            await self.pilot.pause()

    async def until(self, what: object) -> None:
        """Waits for a thing that is not on the screen."""
        end = time.monotonic() + PATIENCE
        assert callable(what)
        while not what():
            assert time.monotonic() < end, f"it did not come\n{self.text}"
            await asyncio.sleep(0.02)
            await self.pilot.pause()
        # What is true is drawn a moment later.
        await self.pilot.pause()

    async def tick(self, seconds: float = 1) -> None:
        """Time goes by, and the board notices."""
        self.demo.clock.pass_(seconds)
        self.app.tick()
        await self.pilot.pause()

    async def settled(self) -> None:
        """Until threads have no more news: what was asked for came, and what that wrote was read."""
        crews = [crew for crew in vars(self.app.frame.calls).values() if isinstance(crew, Crew)]
        for _ in range(3):
            self.app.tick()
            await self.until(lambda: not any(crew.busy for crew in crews) and not self.app.state.verifying)
            await self.pilot.pause()

    async def later(self, seconds: float) -> None:
        """A leap of time, as after a sleep, and then the seconds over which renewals are spread."""
        await self.tick(seconds)
        await self.tick(11)

    def row(self, role: str) -> str:
        """The line of the list that is the role's."""
        listed = self.app.board.list
        index = next(n for n, line in enumerate(listed.view.lines) if line.role == role)
        return listed.text_of(index)


@asynccontextmanager
async def board(demo: Demo, size: tuple[int, int] = (120, 35), **options: bool) -> AsyncIterator[Board]:
    for name in ("TMUX", "DISPLAY", "WAYLAND_DISPLAY"):
        demo.environ.pop(name, None)
    app = StsuiApp(demo.services(), **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield Board(app, pilot, demo)
