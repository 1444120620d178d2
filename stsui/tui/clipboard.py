"""Text to the clipboard by the way that works here, and an honest word on which one it was.

The text goes over stdin, never on a command line. Source: tmux(1) and xterm, "OSC 52", as measured.
"""

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import NamedTuple

TIME_LIMIT = 2.0
OSC_LIMIT = 74_000
"""Bytes of base64 that common terminals take in one OSC 52."""


class CopyResult(NamedTuple):
    """What became of the text."""

    way: str
    """`native`, `tmux`, `terminal`, or empty when there is none."""
    sentence: str
    clearable: bool = False
    """Whether it can be taken back once it is not wanted any more."""


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


def copy(text: str, environ: Mapping[str, str], write_osc52: Callable[[str], None]) -> CopyResult:
    """Copies, and says how far that can be known. Blocks for two seconds at most: call it in a thread.

    Args:
        write_osc52: Writes a sequence to the terminal that the person looks at.
    """
    tool = _native(environ)
    if tool is not None and _feed(tool.copy, text):
        return CopyResult("native", "Copied.", bool(tool.paste))
    if environ.get("TMUX") and _feed(("tmux", "load-buffer", "-w", "-"), text):
        return CopyResult("tmux", "Copied to the tmux buffer. Paste with prefix ].", True)
    sequence = _osc52(text, environ)
    if sequence and environ.get("TERM", "dumb") not in ("dumb", "linux"):
        write_osc52(sequence)
        return CopyResult("terminal", "Sent to the terminal (OSC 52); it does not say whether it took it.")
    return CopyResult("", "Could not copy: there is no clipboard tool, and this terminal takes none from us.")


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


def clear_if_unchanged(text: str, result: CopyResult, environ: Mapping[str, str]) -> bool:
    """Empties the clipboard while it still holds our text; whether it did."""
    if result.way == "native":
        tool = _native(environ)
        if tool is not None and tool.paste and _read(tool.paste) == text:
            return _feed(tool.copy, "")
    if result.way == "tmux" and _read(("tmux", "save-buffer", "-")) == text:
        return _feed(("tmux", "delete-buffer"), "")
    return False


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


def _feed(argv: tuple[str, ...], text: str) -> bool:
    try:
        done = subprocess.run(
            argv,
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=TIME_LIMIT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _read(argv: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIME_LIMIT, check=False
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
    if environ.get("TERM", "").startswith("screen") and environ.get("STY"):
        return f"\x1bP{sequence}\x1b\\"
    return sequence


def write_private(path: str, text: str) -> str:
    """Writes a new file of mode 600 and gives its full path; raises OSError, also when it is there."""
    full = os.path.abspath(os.path.expanduser(path))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(full, flags, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return full
