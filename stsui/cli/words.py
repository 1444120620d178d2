"""What can stand next on a command line: commands, flags, roles; answered from an index by some stat calls.

The index is a text that lists the files it was made of. While none of them changed it is read as it is, so
that a press of TAB costs neither the AWS files nor argparse.
"""

import contextlib
import os
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from stsui.model.errors import StoreError
from stsui.sessions.private import PrivateDirectory

LINE, NEXT = "--line", "--next"
"""Of `stsui completion`: a command line follows, whose last word, or the one after it, is to be completed."""
SCHEMA = "stsui-words-1"
ENVIRON = (
    "HOME",
    "USERPROFILE",
    "STSUI_CONFIG",
    "XDG_CONFIG_HOME",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "XDG_STATE_HOME",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_STS",
)
"""What leads to the config files and to the slots; each value of these has an index of its own."""
LARGEST = 4_000_000
ROLE, FORMAT, SHELL, SERVICE, TOPIC = "ROLE", "FORMAT", "SHELL", "SERVICE", "TOPIC"
ROOT, CENTER, SLOT, REGION, VARIANT = "ROOT", "CENTER", "SLOT", "REGION", "VARIANT"
"""Kinds of words that are not listed with the argument itself. A variant stands behind a role's `@`, the
directory of the slots stands for their names."""


class Index(NamedTuple):
    """Lines that are ready to be printed: a word, or a word, a tab and what it is."""

    commands: list[str]
    flags: dict[str, list[tuple[str, str, str]]]
    """By command: flag, kind of its value (empty: takes none), help."""
    places: dict[str, list[str]]
    """By command: kinds of what stands without a flag; one that ends in `*` may come again."""
    lists: dict[str, list[str]]
    """By kind: the words."""


def answer(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """What can stand next on the line that follows --line or --next, one a line."""
    line = [*argv[1:], ""] if argv[0] == NEXT else argv[1:]
    return "".join(f"{word}\n" for word in candidates(line, environ))


def candidates(words: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """What can stand for the last of `words`, which begin with the program's name (`stsui` or `sts`)."""
    if len(words) < 2:
        return []
    index = _kept(environ) or _made(environ)
    program, *given = words
    typed = given.pop()
    ours = os.path.basename(program) == "sts"
    if ours:
        given.insert(0, "export")
    elif given and given[0] == "--debug":
        del given[0]
    if not given:
        return _starting(typed, [*index.commands, "--help", "--version", "--debug"])
    return _starting(typed, _next(index, given, typed, ours))


def _next(index: Index, given: list[str], typed: str, ours: bool) -> list[str]:
    command, *rest = given
    flags = {flag: kind for flag, kind, _ in index.flags.get(command, ())}
    if "--" in rest:
        return []
    if rest and flags.get(rest[-1]):
        return _of_kind(index, flags[rest[-1]], typed)
    flag, equals, _ = typed.partition("=")
    if equals and flags.get(flag):
        return [f"{flag}={word}" for word in _of_kind(index, flags[flag], typed.partition("=")[2])]
    if typed.startswith("-") and not (ours and typed == "-"):
        return [f"{name}\t{about}" for name, _, about in index.flags.get(command, ())]
    count = 0
    for n, word in enumerate(rest):
        takes_value = n > 0 and flags.get(rest[n - 1]) and "=" not in rest[n - 1]
        count += not word.startswith("-") and not takes_value
    places = index.places.get(command, [])
    if count < len(places):
        found = _of_kind(index, places[count], typed)
    else:
        found = _of_kind(index, places[-1], typed) if places and places[-1].endswith("*") else []
    return [*found, "-\tthe role before this one"] if ours and not count else found


def _of_kind(index: Index, kind: str, typed: str) -> list[str]:
    kind = kind.removesuffix("*")
    if kind == SLOT:
        return _slots(index.lists.get(SLOT, [""])[0])
    words = index.lists.get(kind) or (kind.split("|") if "|" in kind else [])
    role, at, _ = typed.rpartition("@")
    if kind == ROLE and at and any(word.partition("\t")[0] == role for word in words):
        return [f"{role}@{variant}" for variant in index.lists.get(VARIANT, ())] + words
    return words


def _slots(directory: str) -> list[str]:
    """Names of slots, each with the role that it leads to."""
    try:
        names = sorted(name[:-5] for name in os.listdir(directory) if name.endswith(".slot"))
    except OSError:
        return []
    found = []
    for name in names:
        role = ""
        with contextlib.suppress(OSError), open(os.path.join(directory, f"{name}.info"), "rb") as file:
            role = file.readline(300).decode("utf-8", "replace").strip()
        found.append(f"{name}\t{role}" if role else name)
    return [".\tthe slot of this shell", *found]


def _starting(typed: str, words: Iterable[str]) -> list[str]:
    return [word for word in words if word.startswith(typed)]


def _directory(environ: Mapping[str, str]) -> PrivateDirectory:
    base = environ.get("XDG_RUNTIME_DIR", "")
    if not (os.path.isabs(base) and os.path.isdir(base)):
        base = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA") or ""
    if not os.path.isabs(base):
        below = ("Library", "Caches") if sys.platform == "darwin" else (".cache",)
        base = os.path.join(environ.get("HOME") or os.path.expanduser("~"), *below)
    return PrivateDirectory(os.path.join(base, "stsui", "words"), LARGEST)


def _name(environ: Mapping[str, str]) -> str:
    values = "\0".join(environ.get(name, "") for name in ENVIRON)
    return f"{zlib.crc32(values.encode('utf-8', 'surrogateescape')):08x}.txt"


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return f"0 -1 {path}"
    return f"{status.st_mtime_ns} {status.st_size} {path}"


def _head(environ: Mapping[str, str]) -> str:
    """One line: what is different in another environment, or when stsui itself is another one."""
    values = [environ.get(name, "") for name in ENVIRON]
    return repr((SCHEMA, _stamp(os.path.dirname(__file__)), values))


def _kept(environ: Mapping[str, str]) -> Index | None:
    """The index, if it is as good as new."""
    raw = _directory(environ).read(_name(environ))
    if not raw:
        return None
    lines = raw.decode("utf-8", "replace").split("\n")
    if lines[0] != _head(environ):
        return None
    for line in lines:
        if line.startswith("file ") and _stamp(line.split(" ", 3)[3]) != line[5:]:
            return None
    return _read(lines)


def _read(lines: Iterable[str]) -> Index:
    index = Index([], {}, {}, {})
    for line in lines:
        sort, _, rest = line.partition(" ")
        if sort == "role":
            index.lists.setdefault(ROLE, []).append(rest)
        elif sort == "command":
            index.commands.append(rest)
        elif sort == "flag":
            command, flag, kind, about = rest.split("\t", 3)
            index.flags.setdefault(command, []).append((flag, kind, about))
        elif sort == "place":
            command, _, kinds = rest.partition("\t")
            index.places[command] = kinds.split("\t")
        elif sort == "list":
            kind, _, words = rest.partition("\t")
            index.lists[kind] = words.split("\t")
    return index


def _made(environ: Mapping[str, str]) -> Index:
    """Reads every config file and every command's arguments, and keeps what came of it."""
    from stsui.cli.word_sources import command_lines, role_lines

    files, roles = role_lines(environ)
    lines = [_head(environ), *(f"file {_stamp(path)}" for path in files), *command_lines(), *roles]
    # Where it cannot be kept, the next TAB reads the files again.
    with contextlib.suppress(StoreError, OSError):
        _directory(environ).write(_name(environ), "\n".join(lines).encode("utf-8", "replace"))
    return _read(lines)
