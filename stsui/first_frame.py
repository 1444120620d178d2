"""The board's last picture, on the screen before anything that draws is loaded: rows, and no state of any.

The board leaves it when it ends. A start without arguments shows it where terminal, config and environment
are what they were, and the board then draws over it. Keys that are typed meanwhile wait for the board.

Only what the interpreter has loaded anyway is imported before the picture is written.
"""

import os
import sys

from stsui import __version__, answer

SCHEMA = "stsui frame 1"
LOOKS = (
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "FORCE_COLOR",
    "TEXTUAL_COLOR_SYSTEM",
    "TEXTUAL_ANIMATIONS",
    "TEXTUAL_THEME",
    "STSUI_ASCII",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
)
"""Variables that decide how a picture is drawn, beside those of an answer."""
OPENED, CLOSED = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J", "\x1b[?1049l\x1b[?25h"

_before: list[object] = []
"""How the terminal was set, while the picture is all there is."""


def show() -> None:
    """Shows it, or nothing: whatever is missing or different is no error."""
    try:
        frame = _found(os.environ)
        if frame:
            _open(frame)
    except (OSError, ValueError, ImportError):
        pass


def hand_over() -> None:
    """The board draws from now on, and sets the terminal itself."""
    if _before:
        _set(_before.pop())


def leave() -> None:
    """The board will not come: the terminal is as it was, for whatever is said instead."""
    if _before:
        hand_over()
        os.write(2, CLOSED.encode())


def place(environ: "os._Environ[str] | dict[str, str]", columns: int, rows: int) -> tuple[str, str, str]:
    """Directory and name of the picture, and the line it has to begin with; empty where none can be kept."""
    given = answer.conditions(environ)
    looks = "\x1f".join(f"{name}={environ[name]}" for name in LOOKS if name in environ)
    name = answer.ticket_name(["board"], given)
    if not name or "\n" in looks:
        return "", "", ""
    head = "\x1f".join((SCHEMA, __version__, f"{columns}x{rows}", looks, given))
    return answer.answers_directory(environ), name, head


def _found(environ: "os._Environ[str]") -> bytes:
    if "COLUMNS" in environ or "LINES" in environ or not (os.isatty(0) and os.isatty(2)):
        return b""
    columns, rows = os.get_terminal_size(2)
    directory, name, head = place(environ, columns, rows)
    if not directory:
        return b""
    about, _, frame = answer.read_private(f"{directory}/{name}").partition(b"\n\n")
    first, *needs, end = about.decode("utf-8", "surrogateescape").split("\n")
    same = first == head and end == answer.END and all(answer.holds(need) for need in needs)
    return frame if same else b""


def _open(frame: bytes) -> None:
    import atexit
    import signal
    import termios

    _before.append(termios.tcgetattr(0))
    # What is typed now is the board's: it is neither shown nor put together to lines.
    mode = termios.tcgetattr(0)
    mode[0] &= ~(termios.ICRNL | termios.IXON)
    mode[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(0, termios.TCSANOW, mode)
    atexit.register(leave)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    data = OPENED.encode() + frame
    while data:
        data = data[os.write(2, data) :]


def _end(number: int, frame: object) -> None:
    sys.exit(128 + number)


def _set(mode: object) -> None:
    import contextlib
    import termios

    with contextlib.suppress(termios.error):
        termios.tcsetattr(0, termios.TCSANOW, mode)  # type: ignore[arg-type]
