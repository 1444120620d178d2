"""Our own sections in `~/.aws/credentials`: put in, replaced, taken out; not a byte of anybody else's.

A section is ours when it says so in a key, which unlike a comment survives programs that write the file.
"""

import calendar
import os
import re
import time
from collections.abc import Callable
from typing import NamedTuple

from stsui.config.aws_config_edit import newline_of, read
from stsui.config.profiles import MANAGER
from stsui.model.errors import ConfigError, StoreError
from stsui.model.text import clean

EXPIRES = "x_security_token_expires"
"""As other tools that write temporary keys name it too; `2026-11-24T14:24:10Z`."""
ROLE = "x_stsui_role"
JOINT = "the line end before this section is ours"
"""Stands in the section's comment where the file did not end in one."""
COMMENT = "# written by stsui"
_KEYS = frozenset(
    {"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "region", MANAGER[0], EXPIRES, ROLE}
)
_HEADER = re.compile(rb"^\[([^\r\n]*?)\]", re.MULTILINE)
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_TRIES = 5


class Section(NamedTuple):
    """A section of the file."""

    name: str
    lines: tuple[tuple[int, int], ...]
    """Where the lines are that stsui would have written; the header too where nothing else is below it."""
    marks: dict[str, str]
    """Values of the keys that say whose it is; no others are kept."""

    @property
    def ours(self) -> bool:
        """Whether stsui wrote it."""
        return self.marks.get(MANAGER[0]) == MANAGER[1]

    @property
    def role(self) -> str:
        """The role it was written for."""
        return self.marks.get(ROLE, "")

    @property
    def expires(self) -> float:
        """Unix time; 0 where it does not say."""
        try:
            return calendar.timegm(time.strptime(self.marks.get(EXPIRES, ""), "%Y-%m-%dT%H:%M:%SZ"))
        except ValueError:
            return 0


def sections(text: bytes) -> list[Section]:
    """Every section, in the order of the file."""
    heads = list(_HEADER.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return [_section(text, head, end) for head, end in zip(heads, ends, strict=False)]


def _section(text: bytes, head: re.Match[bytes], end: int) -> Section:
    (start, stop), *below = [line.span() for line in _LINE.finditer(text, head.start(), end)]
    header, kept, marks, foreign = (start, stop), [], {}, False
    for start, stop in below:
        line = text[start:stop]
        said = line.strip()
        key, _, value = re.sub(rb"[=:]", b"=", said, count=1).partition(b"=")
        name = key.decode("utf-8", "replace").strip().lower()
        if line[:1].isspace() and said:
            foreign = True
        elif name in _KEYS or said.startswith(COMMENT.encode()):
            kept.append((start, stop))
            if JOINT.encode() in line:
                header = (header[0] - (2 if text[: header[0]].endswith(b"\r\n") else 1), header[1])
            if name in (MANAGER[0], EXPIRES, ROLE):
                marks[name] = value.decode("utf-8", "replace").strip()
        elif said and not said.startswith((b"#", b";")):
            foreign = True
    named = head[1].decode("utf-8", "replace").strip()
    return Section(named, tuple(kept if foreign else (header, *kept)), marks)


def with_section(text: bytes, name: str, section: str, path: str) -> bytes:
    """`text` with our section of that name replaced or put at its end.

    Raises:
        ConfigError: Somebody else's section has that name.
    """
    same = [one for one in sections(text) if one.name == name]
    if any(not one.ours for one in same):
        raise ConfigError(
            f"{path} has a section [{clean(name)}] that is not stsui's; it stays as it is.",
            hint="another name with --profile NAME",
        )
    for one in reversed(same):
        text = _cut(text, one)
    newline = newline_of(text)
    if text and not text.endswith(b"\n"):
        head, rest = section.split("\n", 1)
        text, section = text + newline, f"{head}\n{COMMENT}: {JOINT}\n{rest}"
    return text + section.encode().replace(b"\n", newline)


def without(text: bytes, unwanted: Callable[[Section], bool]) -> bytes:
    """`text` without those sections of ours that are `unwanted`."""
    for one in reversed(sections(text)):
        if one.ours and unwanted(one):
            text = _cut(text, one)
    return text


def _cut(text: bytes, section: Section) -> bytes:
    for start, end in reversed(section.lines):
        text = text[:start] + text[end:]
    return text


def change(path: str, edit: Callable[[bytes], bytes]) -> bool:
    """Replaces the file, mode 600, by what `edit` makes of it; whether anything changed.

    Where another program wrote it meanwhile, `edit` gets the new text. A link is written through.

    Raises:
        ConfigError: From `edit`, or the file cannot be read.
        StoreError: It cannot be written; it is as it was.
    """
    target = os.path.realpath(path)
    for _ in range(_TRIES):
        old = read(target)
        new = edit(old)
        if new == old:
            return False
        if _replaced(path, target, old, new):
            return True
    raise StoreError(f"{path} is being written by another program. Nothing was changed.")


def _replaced(path: str, target: str, old: bytes, new: bytes) -> bool:
    """False when the file was another one by then."""
    temporary = f"{target}.stsui-{os.getpid()}-{os.urandom(4).hex()}"
    try:
        os.makedirs(os.path.dirname(target), 0o700, exist_ok=True)
        if os.path.exists(target) and not os.access(target, os.W_OK):
            raise PermissionError(0, "it is read-only")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with open(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        if read(target) != old:
            return False
        os.replace(temporary, target)
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror}). Nothing was changed.") from error
    finally:
        if os.path.lexists(temporary):
            os.unlink(temporary)
    return True
