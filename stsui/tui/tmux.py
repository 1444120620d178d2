"""The tmux that stsui runs in: its panes, what runs in them, sending a line to one, opening one for a role.

Source: tmux(1). Names and titles are formats to tmux, which may run commands, so `#` is doubled in them.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from typing import Literal, NamedTuple

from stsui.handover import formats
from stsui.handover.environ import SCRUB
from stsui.model.errors import Unavailable
from stsui.model.text import clean

TIME_LIMIT = 5.0
SEPARATOR = "\x1f"
Where = Literal["right", "below", "window"]
SPLIT: Mapping[Where, tuple[str, ...]] = {
    "right": ("split-window", "-h"),
    "below": ("split-window", "-v"),
    "window": ("new-window",),
}
PASSED_ON = ("HOME", "NO_PROXY", "no_proxy", "HTTPS_PROXY", "https_proxy")
"""Beside AWS's, XDG's and our own: what leads to the same files and the same AWS."""
_HOLD = '"$@" -- true && exec "$@"; printf "\\nenter closes this pane "; read -r _'
"""A pane that closed at once would take the reason with it."""


class Pane(NamedTuple):
    """Another pane of this tmux session."""

    id: str
    """`%7`."""
    place: str
    """`1.0 editor`: window and pane number, and the window's name."""
    command: str
    """What runs in it."""

    @property
    def shell(self) -> str:
        """The format that its shell takes; empty where no shell waits for a line."""
        stem = self.command.lstrip("-")
        found = formats.ALIASES.get(stem, stem)
        return found if found in formats.FORMATS and formats.FORMATS[found].unset_line else ""


def is_inside(environ: Mapping[str, str]) -> bool:
    """Whether stsui runs in tmux and could speak to it."""
    return bool(environ.get("TMUX") and shutil.which("tmux", path=environ.get("PATH")))


def panes(environ: Mapping[str, str]) -> list[Pane]:
    """The other panes of this session.

    Raises:
        Unavailable: tmux does not answer.
    """
    names = ("pane_id", "window_index", "pane_index", "window_name", "pane_current_command")
    form = SEPARATOR.join(f"#{{{name}}}" for name in names)
    found = []
    for line in _tmux(environ, "list-panes", "-s", "-F", form).splitlines():
        # Some versions write what is not printable in octal.
        parts = [clean(part, 80) for part in line.replace("\\037", SEPARATOR).split(SEPARATOR)]
        if len(parts) == len(names) and parts[0] != environ.get("TMUX_PANE"):
            id, window, pane, name, command = parts
            found.append(Pane(id, f"{window}.{pane} {name}", command))
    return found


def send(environ: Mapping[str, str], pane: str, line: str) -> None:
    """Types a line into a pane and enters it; what stands on its line already is taken away first.

    Raises:
        Unavailable: tmux does not answer, or there is no such pane.
    """
    _tmux(environ, "send-keys", "-t", pane, "C-u")
    _tmux(environ, "send-keys", "-t", pane, "-l", line)
    _tmux(environ, "send-keys", "-t", pane, "Enter")


def open_pane(environ: Mapping[str, str], where: Where, role: str, environment: str) -> str:
    """A new pane or window whose shell holds the role, titled with it; its id.

    Raises:
        Unavailable: tmux does not answer, or has no room.
    """
    title = clean(f"{role} {environment}".strip(), 80).replace("#", "##")
    passed = [f"-e{name}={value}" for name, value in environ.items() if _is_passed_on(name)]
    named = ("-n", title) if where == "window" else ()
    command = ("sh", "-c", _HOLD, "sh", sys.executable, "-m", "stsui", "exec", role)
    target = ("-t", environ["TMUX_PANE"]) if environ.get("TMUX_PANE") and where != "window" else ()
    id = _tmux(environ, *SPLIT[where], "-P", "-F", "#{pane_id}", *target, *named, *passed, *command).strip()
    _tmux(environ, "select-pane", "-t", id, "-T", title)
    return id


def _is_passed_on(name: str) -> bool:
    return name not in SCRUB and (name in PASSED_ON or name.startswith(("AWS_", "XDG_", "STSUI_")))


def _tmux(environ: Mapping[str, str], *arguments: str) -> str:
    try:
        done = subprocess.run(
            ("tmux", *arguments),
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"tmux does not answer ({clean(type(error).__name__)}).") from None
    if done.returncode:
        said = clean(done.stderr.decode("utf-8", "replace").strip(), 200)
        raise Unavailable(f"tmux says: {said or 'no'}.")
    return done.stdout.decode("utf-8", "replace")
