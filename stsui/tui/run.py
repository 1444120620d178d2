"""Starts the screen, or says in a sentence why it cannot; also draws it without a terminal, for pictures."""

import contextlib
import gc
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from stsui import first_frame
from stsui.model.errors import UsageError

if TYPE_CHECKING:
    from stsui.tui.app import StsuiApp
    from stsui.tui.services import Services

NO_TERMINAL = 'the board needs a terminal. Try "stsui list" or "stsui export NAME".'
NO_TERMINAL_TO_PICK = 'picking needs a terminal. Name the role; "stsui list" shows them.'


def run(
    services: "Services",
    *,
    screenshot: str | None = None,
    keys: str = "",
    size: tuple[int, int] | None = None,
    ascii_only: bool = False,
    mouse: bool = True,
) -> int:
    """Runs until it is left; the exit code.

    Args:
        mouse: False: not even where the settings want it.
        screenshot: A file for an SVG of the screen after `keys`; no terminal is needed.
        size: Columns and rows of the picture.

    Raises:
        UsageError: There is no terminal to draw on.
        Exception: A mistake of ours ended it.
    """
    prepare(os.environ)
    if screenshot is None:
        _refuse_without_terminal()
    # Nothing that is made until the first picture is garbage; the app lets it be collected from then on.
    gc.disable()
    from stsui.tui import lost
    from stsui.tui.app import StsuiApp

    app = StsuiApp(services, ascii_only=ascii_only or bool(os.environ.get("STSUI_ASCII")))
    if screenshot is not None:
        from stsui.tui.picture import take

        code = services.demo_code
        take(app, screenshot, keys, size or (120, 35), code or (lambda: ""))
        return 0
    lost.watch()
    first_frame.hand_over()
    app.run(mouse=mouse and services.catalog.settings.mouse)
    if app.mistake is not None:
        raise app.mistake
    _say_what_stays(app)
    return app.return_code or 0


def pick(services: "Services", query: str) -> str:
    """The name of a role that the person chose in a few lines below the prompt; empty when none was.

    Raises:
        UsageError: There is no terminal to draw on.
    """
    prepare(os.environ)
    _refuse_without_terminal(NO_TERMINAL_TO_PICK)
    if sys.platform == "win32":
        raise UsageError("stsui pick cannot draw below the prompt on Windows.", hint="stsui list")
    from stsui.tui import lost
    from stsui.tui.pick import Picker

    lost.watch()
    app = Picker(services, query, ascii_only=bool(os.environ.get("STSUI_ASCII")))
    with _terminal_as_stdout():
        return app.run(inline=True, mouse=services.catalog.settings.mouse) or ""


@contextlib.contextmanager
def _terminal_as_stdout() -> Iterator[None]:
    """Textual draws on stderr but asks stdout how large the terminal is; in `$(…)` that is a pipe."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def prepare(environ: "os._Environ[str]") -> None:
    """Before Textual is imported: its logs would record every key, and an empty NO_COLOR means no wish."""
    for name in ("TEXTUAL_LOG", "TEXTUAL"):
        environ.pop(name, None)
    if environ.get("NO_COLOR") == "":
        del environ["NO_COLOR"]


def _refuse_without_terminal(sentence: str = NO_TERMINAL) -> None:
    if os.environ.get("TEXTUAL_DRIVER"):
        raise UsageError(
            "stsui does not run in a browser: it would show your sessions to anyone with the address."
        )
    if not (sys.stdin.isatty() and sys.__stderr__ and sys.__stderr__.isatty()):
        raise UsageError(sentence)
    if os.environ.get("TERM", "dumb") == "dumb":
        raise UsageError(f"TERM is {os.environ.get('TERM') or 'not set'}, and {sentence}")


def _say_what_stays(app: "StsuiApp") -> None:
    from stsui.tui.rows import short_clock

    app.state.now = time.time()
    live = app.state.live_by_expiry()
    if live:
        names = [f"{s.role} until {short_clock(s.expiration - s.clock_offset)}" for s in live[:3]]
        more = f" and {len(live) - 3} more" if len(live) > 3 else ""
        # The terminal may be what ended us.
        with contextlib.suppress(OSError):
            sys.stderr.write(f"stsui: still valid: {', '.join(names)}{more}.\n")
