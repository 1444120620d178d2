"""Presses keys in the app without a terminal and draws what it shows: for the README, and to look at."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from stsui.model.errors import UsageError
from stsui.tui.app import StsuiApp

PATIENCE = 15.0
"""Seconds to wait for a text."""


def take(app: StsuiApp, path: str, keys: str, size: tuple[int, int], code: Callable[[], str]) -> None:
    """Writes an SVG.

    Args:
        keys: Separated by spaces: Textual's key names; `filter:TEXT` types into the filter; `wait:TEXT` waits
            until that stands on the screen; `code` types what the demo's MFA device shows.

    Raises:
        UsageError: A text did not come, or the file cannot be written.
    """
    picture = asyncio.run(_draw(app, keys.split(), size, code))
    try:
        Path(path).write_text(picture, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} could not be written: {error.strerror}.") from None


async def _draw(app: StsuiApp, steps: list[str], size: tuple[int, int], code: Callable[[], str]) -> str:
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        for step in steps:
            await _press(pilot, step, code)
            await pilot.pause()
        app.tick()
        await pilot.pause()
        return app.export_screenshot(title="stsui")


async def _press(pilot: Pilot[None], step: str, code: Callable[[], str]) -> None:
    word, _, text = step.partition(":")
    if word == "wait" and text:
        await _wait(pilot, text.replace("_", " "))
    elif word == "filter" and text:
        await pilot.press("slash", *text, "enter")
    elif step == "code":
        await pilot.press(*code())
    else:
        await pilot.press(step)


async def _wait(pilot: Pilot[None], text: str) -> None:
    end = time.monotonic() + PATIENCE
    while text not in shown(pilot.app):  # type: ignore[arg-type]
        if time.monotonic() > end:
            raise UsageError(f'"{text}" did not come to the screen.')
        await asyncio.sleep(0.05)
        await pilot.pause()


def shown(app: StsuiApp) -> str:
    """Every cell of the screen as text."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())
