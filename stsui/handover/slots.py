"""Slots: named pointers that shells hold instead of credentials, each a few small private files.

`NAME.slot` says which role it points at and whose shell it was made for, `NAME.token` is the text that its
holder shows to the server, `NAME.info` is what a shell's prompt reads. Whoever changes a slot replaces its
file; the server looks at the file before each answer, so that the next fetch gets what was changed.
"""

import json
import os
import re
import secrets
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from stsui.model.credentials import Secret
from stsui.model.errors import SlotNotFound, UsageError
from stsui.model.text import clean, nearest

CURRENT = "current"
"""The slot that follows the current session."""
SCHEMA = 1
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,38}[a-z0-9])?", re.ASCII)
_TOKEN = re.compile(rb"[0-9a-f]{64}")


class Files(Protocol):
    """The private directory that slots lie in; `sessions.private` has it."""

    @property
    def path(self) -> str: ...

    def names(self) -> list[str]: ...

    def read(self, name: str) -> bytes | None: ...

    def write(self, name: str, content: bytes, *, durable: bool = True) -> None: ...

    def remove(self, name: str) -> bool: ...

    def signature(self, name: str) -> tuple[int, int] | None: ...


class Process(NamedTuple):
    """A process of this computer, as far as the system tells."""

    pid: int = 0
    started: int = 0
    """By the system's own count; with the boot it makes the pid unmistakable. 0 where unknown."""
    command: str = ""
    tty: str = ""
    cwd: str = ""
    boot: str = ""

    @property
    def text(self) -> str:
        """`terraform 41822`."""
        return f"{self.command or 'a program'} {self.pid}" if self.pid else "a program"


class Slot(NamedTuple):
    """Where a shell's pointer leads. Replaced, never changed."""

    name: str
    role: str
    """Name in the catalog, `role@variant` for a limited session; empty: whatever is current."""
    region: str = ""
    """AWS_REGION of the shell it was made in: where STS is asked when no file says."""
    made_at: int = 0
    pointed_at: int = 0
    """When somebody last chose where it leads."""
    given_region: str = ""
    """What AWS_REGION was set to when it was handed over; it stays when the slot leads elsewhere."""
    port: int = 0
    """The server's, when the slot was handed over; another one now means that its holder cannot reach it."""
    owner: Process = Process()
    """The shell or program it was made for; empty for one that was given a name."""
    left_at: int = 0
    """Unix time from which its shell holds another one, or none; 0: never."""
    cut_at: int = 0
    """Unix time from which it gives nothing; 0: never."""
    brief: bool = False
    """It was made for one command."""

    @property
    def follows(self) -> bool:
        """Whether it leads to whatever session is current."""
        return not self.role


class Slots:
    """The slots of one user; every method looks at the disk, and reads what changed there."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._read: dict[str, tuple[tuple[int, int], Slot | None]] = {}

    def names(self) -> list[str]:
        """The name of every slot, in order."""
        return sorted(name[:-5] for name in self._files.names() if name.endswith(".slot"))

    def all(self) -> list[Slot]:
        """Every slot, those cut off too, by name."""
        return [slot for slot in map(self.find, self.names()) if slot is not None]

    def find(self, name: str) -> Slot | None:
        """The slot of that name; None when there is no file that can be trusted as one."""
        signature = self.signature(name) if _NAME.fullmatch(name) else None
        if signature is None:
            self._read.pop(name, None)
            return None
        before = self._read.get(name)
        if before is None or before[0] != signature:
            raw = self._files.read(f"{name}.slot")
            slot = _decode(raw) if raw else None
            before = self._read[name] = (signature, slot if slot and slot.name == name else None)
        return before[1]

    def get(self, name: str) -> Slot:
        """The slot of that name.

        Raises:
            SlotNotFound: There is none; names the nearest.
        """
        slot = self.find(name)
        if slot is None:
            raise SlotNotFound(clean(name), nearest(name, [known.name for known in self.all()]))
        return slot

    def signature(self, name: str) -> tuple[int, int] | None:
        """Changes with every change of the slot's file; None when there is none. One system call."""
        return self._files.signature(f"{name}.slot")

    def keep(self, slot: Slot) -> Slot:
        """Writes it, with a token of its own when it has none yet.

        Raises:
            StoreError: It cannot be kept; says why.
            UsageError: Its name cannot be one.
        """
        if not _NAME.fullmatch(slot.name):
            raise UsageError(
                f'"{clean(slot.name)}" cannot be the name of a slot. Use up to 40 of a-z, 0-9 and . _ -'
            )
        if not self.token(slot.name):
            self.new_token(slot.name)
        self._files.write(f"{slot.name}.slot", _encode(slot))
        return slot

    def point(self, name: str, role: str, now: float) -> Slot:
        """Leads the slot to another role from its next fetch on, also when it was cut off."""
        return self.keep(self.get(name)._replace(role=role, pointed_at=int(now), cut_at=0))

    def cut(self, name: str, now: float) -> Slot:
        """It gives nothing from its next fetch on; what was fetched before lives until it expires."""
        slot = self.get(name)
        return slot if slot.cut_at else self.keep(slot._replace(cut_at=int(now)))

    def leave(self, name: str, now: float) -> None:
        """Its shell holds another slot now, or none; programs of before may still use it."""
        slot = self.find(name)
        if slot is not None and not slot.left_at and slot.owner.pid:
            self.keep(slot._replace(left_at=int(now)))

    def remove(self, name: str) -> None:
        """Takes it away with its token; a later one of that name has another token."""
        for kind in ("slot", "token", "info"):
            self._files.remove(f"{name}.{kind}")

    def token(self, name: str) -> Secret:
        """What its holder has to show; empty when there is none."""
        raw = self._files.read(f"{name}.token") or b""
        return Secret(raw.decode("ascii") if _TOKEN.fullmatch(raw) else "")

    def new_token(self, name: str) -> None:
        """Whoever holds the old one is a stranger from now on."""
        # No line end: most SDKs would send it, or refuse the file.
        self._files.write(f"{name}.token", secrets.token_hex(32).encode())

    def token_file(self, name: str) -> str:
        """The path that SDKs read the token from."""
        return os.path.join(self._files.path, f"{name}.token")

    def info_file(self, name: str) -> str:
        """The path that a prompt reads."""
        return os.path.join(self._files.path, f"{name}.info")

    def tell(self, name: str, info: "Info") -> None:
        """Writes what a prompt shows, where it is another than before."""
        text = info.lines().encode()
        if self._files.read(f"{name}.info") != text:
            self._files.write(f"{name}.info", text, durable=False)

    def free_name(self, wanted: str) -> str:
        """`wanted`, or with the first number behind it that no slot has."""
        stem = re.sub(r"[^a-z0-9._-]+", "-", wanted.lower()).strip("-._")[:32] or "slot"
        taken = {slot.name for slot in self.all()} | {CURRENT}
        if stem not in taken:
            return stem
        return next(name for n in range(2, 10_000) if (name := f"{stem}-{n}") not in taken)


class Info(NamedTuple):
    """What a prompt shows of a slot: a line for each field, so that a shell reads it without a process."""

    role: str
    environment: str = ""
    account_id: str = ""
    expiration: str = ""
    """`2026-11-24T14:24:10Z`, or empty."""
    region: str = ""
    note: str = ""
    """`cut`, `dropped`, `waits` where it gives nothing now; else empty."""

    def lines(self) -> str:
        """As the file holds it."""
        return "".join(f"{clean(value)}\n" for value in self)


def _encode(slot: Slot) -> bytes:
    document = {"version": SCHEMA, **slot._asdict(), "owner": slot.owner._asdict()}
    return json.dumps(document, indent=1).encode()


def _decode(raw: bytes) -> Slot | None:
    """The slot in a file; None when a single value is not what it has to be."""
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or document.get("version") != SCHEMA:
        return None
    owner = document.get("owner")
    slot = _filled(Slot("", ""), {**document, "owner": _filled(Process(), owner)})
    return slot if isinstance(slot, Slot) and slot.name else None


def _filled(shape: Process | Slot, values: object) -> Process | Slot | None:
    """The shape with what `values` has for it; None where one of them is of another type."""
    if not isinstance(values, Mapping):
        return None
    known = {name: values[name] for name in shape._fields if name in values}
    if any(type(value) is not type(getattr(shape, name)) for name, value in known.items()):
        return None
    return shape._replace(**known)
