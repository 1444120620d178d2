"""Processes of this computer as the system shows them: who asks, and for whom a slot was made.

On Linux from /proc, for processes of one's own; elsewhere only whether a pid is alive.
"""

import os
import sys
from collections.abc import Iterable

from stsui.handover.slots import Process
from stsui.model.text import clean
from stsui.sessions.clock import boot_id

PROC = "/proc"
_RUNNERS = ("python", "node", "ruby", "perl")
_STARTED, _TTY = 19, 4
"""Places in /proc/PID/stat behind the command's name. Source: proc(5)."""


def process(pid: int) -> Process:
    """What is known of a process; only its pid where the system does not tell more."""
    stat = _stat(pid)
    if not stat:
        return Process(pid)
    return Process(
        pid,
        int(stat[_STARTED]),
        _name(pid),
        _terminal(int(stat[_TTY])),
        clean(_link(pid, "cwd"), 200),
        boot_id(),
    )


def runs(known: Process) -> bool:
    """Whether that very process is still there; another one with its pid is not."""
    if not known.pid or is_of_another_boot(known):
        return False
    if known.started:
        stat = _stat(known.pid)
        return bool(stat) and int(stat[_STARTED]) == known.started and stat[0] != "Z"
    if sys.platform == "win32":
        return True
    try:
        os.kill(known.pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def is_of_another_boot(known: Process) -> bool:
    """Whether the computer was started since: nothing of then is left."""
    return bool(known.boot) and known.boot != boot_id()


def shell() -> Process:
    """The shell that we were started from: the leader of the terminal's session, else our parent."""
    if sys.platform == "win32":
        return Process(os.getppid())
    leader = process(os.getsid(0))
    return leader if leader.started and leader.pid != os.getpid() else process(os.getppid())


def holders(inodes: Iterable[int]) -> dict[int, int]:
    """The pid of a process that has each of these sockets open; of ours alone, and newer ones first."""
    wanted = {f"socket:[{inode}]": inode for inode in inodes}
    found: dict[int, int] = {}
    for pid in sorted(_pids(), reverse=True):
        if not wanted:
            break
        directory = f"{PROC}/{pid}/fd"
        try:
            handles = os.listdir(directory)
        except OSError:
            continue
        for handle in handles:
            try:
                inode = wanted.pop(os.readlink(f"{directory}/{handle}"), None)
            except OSError:
                continue
            if inode is not None:
                found[inode] = pid
    return found


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir(PROC) if name.isdigit()]
    except OSError:
        return []


def _stat(pid: int) -> list[str]:
    """The fields behind the command's name, which may hold anything; empty where there is no such process."""
    fields = _read(pid, "stat").rpartition(b")")[2].decode("ascii", "replace").split()
    return fields if len(fields) > _STARTED else []


def _name(pid: int) -> str:
    """The program's name; a script's instead of its interpreter's."""
    words = [word.decode("utf-8", "replace") for word in _read(pid, "cmdline").split(b"\0")[:8]]
    own = _read(pid, "comm").decode("utf-8", "replace").strip()
    first = os.path.basename(words[0]) if words else ""
    if first.startswith(_RUNNERS) and len(words) > 1:
        if words[1] == "-m" and len(words) > 2:
            return clean(words[2], 40)
        if words[1] and not words[1].startswith("-"):
            return clean(os.path.basename(words[1]), 40)
    return clean(own or first.lstrip("-"), 40)


def _terminal(number: int) -> str:
    """`/dev/pts/3` of a device number. Source: Documentation/admin-guide/devices.txt of Linux."""
    major, minor = number >> 8 & 0xFFF, number & 0xFF | number >> 12 & 0xFFF00
    if 136 <= major <= 143:
        return f"/dev/pts/{minor + (major - 136) * 256}"
    return f"/dev/tty{minor}" if major == 4 and minor < 64 else ""


def _read(pid: int, name: str) -> bytes:
    try:
        with open(f"{PROC}/{pid}/{name}", "rb") as file:
            return file.read(8_192)
    except OSError:
        return b""


def _link(pid: int, name: str) -> str:
    try:
        return os.readlink(f"{PROC}/{pid}/{name}")
    except OSError:
        return ""
