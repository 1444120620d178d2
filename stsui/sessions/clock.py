"""The time, handed in. Nothing below the command line and the screen asks the operating system for it."""

import functools
import time
from typing import Protocol


class Clock(Protocol):
    """Two clocks: the one on the wall, which somebody may set, and one that only goes forward."""

    def now(self) -> float:
        """Unix time in seconds."""

    def boot(self) -> float:
        """Seconds since some fixed moment, sleep included; never set back."""


class SystemClock:
    """The computer's own."""

    def now(self) -> float:
        return time.time()

    def boot(self) -> float:
        # CLOCK_BOOTTIME is Linux's; macOS's monotonic clock stops during sleep, which then reads as "woke".
        which = getattr(time, "CLOCK_BOOTTIME", None)
        return time.monotonic() if which is None else time.clock_gettime(which)


@functools.cache
def boot_id() -> str:
    """Names this start of the computer, so that boot clocks can be compared; empty where nothing tells."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except (OSError, UnicodeDecodeError):
        return ""
