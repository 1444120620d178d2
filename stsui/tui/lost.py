"""Ends the program when its terminal is gone, even while Textual waits for it to take what was written.

Textual hands what it draws to a thread through a short queue; that thread ends with the terminal, and then
the next writer waits for ever.
"""

import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import NoReturn

LOOK = 1.0
PATIENCE = 2.0
"""Seconds for the program to end by itself, and once more after it was told to."""


def watch() -> None:
    """Looks after the terminal from now on, in a thread of its own."""
    if sys.platform == "win32":
        return
    signal.signal(signal.SIGUSR2, _end)
    threading.Thread(target=_watch, args=(threading.main_thread().ident,), name="lost", daemon=True).start()


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(1)


def _watch(main: int) -> None:
    while os.isatty(0):
        time.sleep(LOOK)
    time.sleep(PATIENCE)
    # Whatever it waits for is left, and what it holds is put away on the way out.
    signal.pthread_kill(main, signal.SIGUSR2)
    time.sleep(PATIENCE)
    os._exit(1)
