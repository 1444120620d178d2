"""The lines that give a shell the function `sts`, by their names in the palette."""

from collections.abc import Callable
from functools import partial

from stsui.handover.shells import SHELLS
from stsui.tui.deeds.handing import copy_text
from stsui.tui.frame import Frame
from stsui.tui.screens.details import DetailsScreen

NAMES = {"powershell": "PowerShell"}


def commands(frame: Frame) -> list[tuple[str, str, Callable[[], object]]]:
    """For the palette: title, where the line goes, what shows it."""
    return [
        (f"Shell hook for {NAMES.get(name, name)}", f"a line {shell.place}: sts ROLE in every shell", show)
        for name, shell in SHELLS.items()
        for show in (partial(_show, frame, name),)
    ]


def _show(frame: Frame, name: str) -> None:
    shell = SHELLS[name]
    line = shell.take_in.format(command=f"stsui init {name}")
    rows = [
        ("Line", line),
        ("Goes", shell.place),
        ("", ""),
        ("", "sts          pick a role in that shell"),
        ("", "sts ROLE     its session there"),
        ("", "sts --unset  out again, and back what was there before"),
        ("", ""),
        ("", "With --prompt after init the role and its time stand before your prompt."),
    ]
    screen = DetailsScreen(f"Shell hook for {NAMES.get(name, name)} ", "", lambda: rows, "y copy the line")
    frame.show(screen, lambda key: copy_text(frame, line))
