"""A tiny app around one dialog, and what stands on its screen."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

HOSTILE = "[/x]\\x1b]0;t\\x07[@click=app.quit]q"
"""A name as it comes out of `model.text.clean`: nothing a terminal acts on, but markup all the same."""
SIZES = [(44, 14), (80, 24), (120, 35)]
UNANSWERED = object()


class Host(App[None]):
    """Shows the dialog at once and keeps its answer."""

    def __init__(self, dialog: Screen[object], *, ascii_only: bool = False) -> None:
        super().__init__()
        self.dialog = dialog
        self.answer: object = UNANSWERED
        self.set_class(ascii_only, "-ascii")

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.take)

    def take(self, answer: object) -> None:
        self.answer = answer


class Clock:
    """A time that is set."""

    def __init__(self, at: float = 1_790_000_032.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


@asynccontextmanager
async def shown(
    dialog: Screen, size: tuple[int, int] = (80, 24), *, ascii_only: bool = False
) -> AsyncIterator[Pilot]:
    app = Host(dialog, ascii_only=ascii_only)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.pause()
        yield pilot


def screen_text(pilot: Pilot) -> str:
    """Every cell of the screen."""
    return "\n".join(strip.text.rstrip() for strip in pilot.app.screen._compositor.render_strips())


def words(pilot: Pilot) -> str:
    """The screen's text without frame and line ends, so that a wrapped sentence can be looked for."""
    return " ".join("".join(" " if c in "│|┃╭╮╰╯─" else c for c in screen_text(pilot)).split())


async def answer_to(make: Callable[[], Screen], *keys: str, size: tuple[int, int] = (80, 24)) -> object:
    """What a dialog dismisses with after those keys."""
    async with shown(make(), size) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        return pilot.app.answer  # type: ignore[attr-defined]
