"""A text file of the user's, read so that no file can stop or stall the program, and replaced whole."""

import os
import stat
from typing import NamedTuple

from stsui.model.roles import Origin, Problem
from stsui.model.text import clean

LIMIT = 8 * 1024 * 1024
"""Bytes; 10,000 profiles are about 2 MB."""


class Text(NamedTuple):
    """What a file held, with line ends as `\\n` and without a byte order mark."""

    text: str
    problems: tuple[Problem, ...] = ()
    found: bool = True
    """False where there is no such file, which is no problem."""


def read(path: str | os.PathLike[str]) -> Text:
    """The file's text, or a problem that says why there is none.

    What is not a regular file is never opened for waiting: a FIFO without a writer would block for ever.
    """
    shown = clean(os.fspath(path))
    try:
        data = _bytes(os.fspath(path))
    except FileNotFoundError:
        return Text("", found=False)
    except _NotReadable as error:
        return Text("", (Problem(Origin(shown, 0), str(error)),))
    except (OSError, ValueError) as error:
        reason = clean(getattr(error, "strerror", None) or str(error))
        return Text("", (Problem(Origin(shown, 0), f"It cannot be read: {reason}."),))
    return _decoded(data, shown)


class _NotReadable(Exception):
    """Why a file is not read."""


def _bytes(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    try:
        status = os.fstat(descriptor)
        if stat.S_ISCHR(status.st_mode) and os.path.samefile(path, os.devnull):
            return b""
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise _NotReadable(f"It is {kind} and is not read.")
        if status.st_size > LIMIT:
            raise _NotReadable(f"It is larger than {LIMIT // 1024 // 1024} MB and is not read.")
        return _whole(descriptor, status.st_size)
    finally:
        os.close(descriptor)


def _whole(descriptor: int, size: int) -> bytes:
    """All there is, up to the limit; at once where the file is as long as it says."""
    data = os.read(descriptor, size + 1)
    while data and len(data) != size and len(data) < LIMIT:
        more = os.read(descriptor, LIMIT - len(data))
        if not more:
            break
        data += more
    return data


def _decoded(data: bytes, shown: str) -> Text:
    problems = []
    whole, zero, _ = data.partition(b"\0")
    if zero:
        line = whole.count(b"\n") + 1
        problems.append(
            Problem(Origin(shown, line), "A zero byte: nothing from there on is read. Restore the file.")
        )
    try:
        text = whole.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = whole.count(b"\n", 0, error.start) + 1
        problems.append(
            Problem(
                Origin(shown, line),
                "A byte that is not UTF-8: AWS's own tools refuse the whole file. Save it as UTF-8.",
            )
        )
        text = whole.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Text(text, tuple(problems))


def replace(path: str, data: bytes) -> None:
    """Replaces the file that `path` is, not a link to it: a link into a dotfiles repository stays one."""
    temporary = f"{path}.{os.getpid()}.{os.urandom(4).hex()}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(temporary, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
