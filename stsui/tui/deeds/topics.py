"""The topics of `stsui help` on the board, by their names in the palette."""

from collections.abc import Callable
from functools import partial

from stsui.help import TOPICS, text
from stsui.help.plain import lines
from stsui.tui.frame import Frame
from stsui.tui.screens.details import DetailsScreen

WIDEST, FRAME = 70, 10
"""Cells of a line at most, and those that the dialog has around it."""


def commands(frame: Frame) -> list[tuple[str, str, Callable[[], object]]]:
    """For the palette: title, what it is about, what shows it."""
    return [(f"Help: {name}", about, partial(show, frame, name)) for name, about in TOPICS.items()]


def show(frame: Frame, name: str) -> None:
    """The page; j and k move in it."""
    width = max(20, min(WIDEST, frame.app.size.width - FRAME))
    # A line under a heading is as long as the heading, which the dialog may break.
    rows = [("", line if line.strip("=-") else line[:width]) for line in lines(text(name), width)]
    frame.show(DetailsScreen(f"stsui help {name} ", "", lambda: rows, ""))
