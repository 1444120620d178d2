"""Which line of a TOML file a table or key stands in; tomllib does not say."""

import re
import tomllib

_PART = r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)"""
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER = re.compile(rf"[ \t]*\[{{1,2}}[ \t]*({_DOTTED})[ \t]*\]")
_KEY = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")
_ONE = re.compile(_PART)


def lines(text: str) -> dict[tuple[str, ...], int]:
    """Path of each table and key to its line, from 1; the first where a path seems to stand twice.

    A line inside a text of several lines can look like a key; that costs no more than a line number.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        header = _HEADER.match(line)
        if header:
            table = _path(header[1])
            for end in range(1, len(table) + 1):
                found.setdefault(table[:end], number)
            continue
        key = _KEY.match(line)
        if key:
            path = table + _path(key[1])
            for end in range(len(table) + 1, len(path) + 1):
                found.setdefault(path[:end], number)
    return found


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(_plain(part) for part in _ONE.findall(dotted))


def _plain(part: str) -> str:
    if part[0] == '"' and "\\" in part:
        try:
            return str(tomllib.loads(f"part = {part}")["part"])
        except tomllib.TOMLDecodeError:
            return part
    return part[1:-1] if part[0] in "\"'" else part
