"""This process's memory, which holds secrets, is nobody else's to read."""

from stsui.sessions import libc

_PR_SET_DUMPABLE = 4


def keep_memory_private() -> bool:
    """No core file, no debugger and no `/proc/PID/environ` for other processes of the same user, on Linux.

    A program that is started with `exec` is dumpable again, as its author expects. Whether it worked.
    Source: prctl(2), PR_SET_DUMPABLE.
    """
    return libc.answer("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0) == 0
