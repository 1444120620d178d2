"""Text to the clipboard by the way that works here, and an honest word on which one it was.

The text goes over stdin, never on a command line. Source: tmux(1), screen(1), xterm ("OSC 52"), as measured.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import NamedTuple

from stsui.handover import beside
from stsui.handover.environ import SCRUB

TIME_LIMIT = 2.0
OSC_LIMIT = 74_000
"""Bytes of base64 that common terminals take in one OSC 52."""
SCREEN_LIMIT = 250
"""Bytes of one string sequence that every GNU screen passes on."""


class CopyResult(NamedTuple):
    """What became of the text."""

    way: str
    """`native`, `tmux`, `terminal`, or empty when there is none."""
    sentence: str
    clearable: bool = False
    """Whether it can be taken back once it is not wanted any more."""
    remains: str = ""
    """Where it stays all the same."""


class _Tool(NamedTuple):
    copy: tuple[str, ...]
    paste: tuple[str, ...]
    variable: str = ""
    """What has to be set for the tool to have a clipboard at all."""


_TOOLS = (
    _Tool(("pbcopy",), ("pbpaste",)),
    _Tool(("wl-copy",), ("wl-paste", "--no-newline"), "WAYLAND_DISPLAY"),
    _Tool(("xclip", "-selection", "clipboard"), ("xclip", "-selection", "clipboard", "-o"), "DISPLAY"),
    _Tool(("xsel", "--clipboard", "--input"), ("xsel", "--clipboard", "--output"), "DISPLAY"),
    _Tool(("clip.exe",), (), "WSL_DISTRO_NAME"),
)
NONE = CopyResult(
    "",
    "Could not copy: there is no clipboard tool, and this terminal takes none from us. "
    "Y then w writes a file.",
)


def copy(text: str, environ: Mapping[str, str], write_osc52: Callable[[str], None]) -> CopyResult:
    """Copies, and says how far that can be known. Blocks for some seconds at most: call it in a thread.

    Args:
        write_osc52: Writes a sequence to the terminal that the person looks at.
    """
    tool = _native(environ)
    if tool is not None and _feed(tool.copy, text, environ):
        return CopyResult("native", "Copied.", bool(tool.paste))
    if environ.get("TMUX"):
        # -w sends it on to the terminal; tmux before 3.2 does not know it.
        if _feed(("tmux", "load-buffer", "-w", "-"), text, environ):
            return CopyResult(
                "tmux",
                "Copied to the tmux buffer (prefix ] pastes it) and sent on to the terminal.",
                True,
                "the terminal's own clipboard, if it took it,",
            )
        if _feed(("tmux", "load-buffer", "-"), text, environ):
            return CopyResult("tmux", "Copied to the tmux buffer. Paste with prefix ].", True)
    sequence = _osc52(text, environ)
    if sequence and environ.get("TERM", "dumb") not in ("dumb", "linux"):
        write_osc52(sequence)
        return CopyResult("terminal", "Sent to the terminal (OSC 52); it does not say whether it took it.")
    return NONE


def way(environ: Mapping[str, str]) -> str:
    """How a copy would go, for a dialog to say beforehand."""
    tool = _native(environ)
    if tool is not None:
        return tool.copy[0]
    if environ.get("TMUX") and shutil.which("tmux", path=environ.get("PATH")):
        return "tmux buffer, then the terminal"
    if environ.get("TERM", "dumb") in ("dumb", "linux"):
        return "none here: w writes a file, mode 600"
    return "through the terminal (OSC 52), which does not confirm"


def leaves_this_computer(environ: Mapping[str, str]) -> bool:
    """Whether the clipboard would be another computer's, or nobody can say whose."""
    return _native(environ) is None


def digest(text: str) -> str:
    """What stands for a text that is waited for: enough to know it again, not to have it."""
    return hashlib.sha256(text.encode()).hexdigest()


def clear_if_unchanged(wanted: str, environ: Mapping[str, str]) -> bool:
    """Takes the text of that `digest` out of every clipboard of this computer that still holds it.

    Where something else was copied since, nothing is touched. Whether anything was cleared.
    """
    cleared = False
    tool = _native(environ)
    if tool is not None and tool.paste and digest(_read(tool.paste, environ)) == wanted:
        cleared = _feed(tool.copy, "", environ)
    if environ.get("TMUX"):
        for name in _read(("tmux", "list-buffers", "-F", "#{buffer_name}"), environ).split():
            if digest(_read(("tmux", "save-buffer", "-b", name, "-"), environ)) == wanted:
                cleared = _feed(("tmux", "delete-buffer", "-b", name), "", environ) or cleared
    return cleared


def clear_later(wanted: str, environ: Mapping[str, str], seconds: float) -> bool:
    """Has another process do that after so many seconds, also when this one has ended; whether it will.

    It is given the digest, on its stdin, and not the text.
    """
    argv = [sys.executable, "-m", "stsui", "sweep", "--clipboard", f"{seconds:g}"]
    ours = {name: value for name, value in environ.items() if name not in SCRUB}
    try:
        beside.start(argv, ours, wanted)
    except OSError:
        return False
    return True


def _native(environ: Mapping[str, str]) -> _Tool | None:
    """The tool of the desktop in front of the person; over SSH that is another computer's."""
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return None
    for tool in _TOOLS:
        wanted = not tool.variable or environ.get(tool.variable)
        if tool.copy[0] == "pbcopy" and sys.platform != "darwin":
            continue
        if wanted and shutil.which(tool.copy[0], path=environ.get("PATH")):
            return tool
    return None


def _feed(argv: tuple[str, ...], text: str, environ: Mapping[str, str]) -> bool:
    try:
        done = subprocess.run(
            argv,
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            timeout=TIME_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _read(argv: tuple[str, ...], environ: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            argv,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=dict(environ),
            timeout=TIME_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")


def _osc52(text: str, environ: Mapping[str, str]) -> str:
    """The sequence, wrapped for what stands between us and the terminal; empty when it would be cut."""
    payload = base64.b64encode(text.encode()).decode()
    if len(payload) > OSC_LIMIT:
        return ""
    sequence = f"\x1b]52;c;{payload}\x07"
    if environ.get("TMUX"):
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    if environ.get("STY"):
        # screen cuts a long string, so it gets many short ones, which the terminal reads as one.
        parts = [sequence[at : at + SCREEN_LIMIT] for at in range(0, len(sequence), SCREEN_LIMIT)]
        return "".join(f"\x1bP{part}\x1b\\" for part in parts)
    return sequence


def write_private(path: str, text: str) -> str:
    """Writes a new file of mode 600 and gives its full path; raises OSError, also when it is there."""
    full = os.path.abspath(os.path.expanduser(path))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(full, flags, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return full
