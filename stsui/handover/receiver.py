"""Who receives what this process gives out: the program that started it, as far as the system tells."""

import os
import sys

from stsui.model.text import clean

_BETWEEN = frozenset({"sh", "dash", "env", "stsui", "python", "python3"})
"""Programs that only start us for another one: some SDKs run their credential_process through a shell."""
_HIGHEST = 4


def receiver() -> str:
    """`terraform 41822`: name and pid of the nearest program above us that is not only in between.

    Only Linux tells the names of other processes without another program; elsewhere the pid has to do.
    """
    pid = os.getppid()
    if not sys.platform.startswith("linux"):
        return f"pid {pid}"
    nearest = ""
    for _ in range(_HIGHEST):
        name, parent = _facts(pid)
        if not name:
            break
        nearest = nearest or f"{name} {pid}"
        if name not in _BETWEEN:
            return f"{name} {pid}"
        pid = parent
    return nearest or f"pid {os.getppid()}"


def _facts(pid: int) -> tuple[str, int]:
    """A process's name and its parent; an empty name where there is none to see."""
    if pid <= 1:
        return "", 0
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return "", 0
    # The name stands in brackets and may itself hold brackets and spaces.
    name, _, rest = text.partition("(")[2].rpartition(")")
    fields = rest.split()
    return clean(name, 40), int(fields[1]) if len(fields) > 1 and fields[1].isdigit() else 0
