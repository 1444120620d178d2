"""This process's memory, which holds secrets, is nobody else's to read."""

import sys

_PR_SET_DUMPABLE = 4


def keep_memory_private() -> bool:
    """No core file, no debugger and no `/proc/PID/environ` for other processes of the same user, on Linux.

    A program that is started with `exec` is dumpable again, as its author expects. Whether it worked.
    Source: prctl(2), PR_SET_DUMPABLE.
    """
    if sys.platform != "linux":
        return False
    try:
        import ctypes

        return bool(ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
    except (ImportError, OSError, AttributeError):
        return False
