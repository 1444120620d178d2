"""The part of YAML in which other tools keep their configuration: mappings, lists of texts, texts.

Every value is a text: an account's id keeps its zero in front. A text of many lines (`|`, `>`) is passed over
and counts as empty. What goes beyond is an error with its line.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#\[\]{},&*!|>%@`-].*?|-\S.*?)\s*:(?:\s+|$)""")
_MANY_LINES = re.compile(r"(?:^|[:-]\s+)[|>][-+\d]{0,2}$")
_BEYOND = ("&", "*", "!", "|", ">", "%", "@", "`")
DEEPEST = 20


class _Line(NamedTuple):
    number: int
    indent: int
    text: str


def parse(text: str) -> dict[str, Value]:
    """The mapping that the text is; empty for an empty text.

    Raises:
        ValueError: It is none, or goes beyond this part of YAML; names the line.
    """
    lines = list(_lines(text))
    if not lines:
        return {}
    value, rest = _block(lines, 0, lines[0].indent, 0)
    if rest < len(lines):
        raise ValueError(f"line {lines[rest].number}: it is indented like nothing above it")
    if not isinstance(value, dict):
        raise ValueError(f"line {lines[0].number}: a list, where keys are expected")
    return value


def _lines(text: str) -> Iterator[_Line]:
    """What says something; the key of a text of many lines stands without a value."""
    passed = -1
    for number, line in enumerate(text.splitlines(), 1):
        content, indent = _without_comment(line).strip(), len(line) - len(line.lstrip(" "))
        if not content or content in ("---", "..."):
            continue
        if 0 <= passed < indent:
            continue
        if line[indent] == "\t":
            raise ValueError(f"line {number}: it is indented with a tab, which YAML forbids")
        begins = _MANY_LINES.search(content)
        passed = indent if begins else -1
        yield _Line(number, indent, content[: begins.start() + 1].rstrip() if begins else content)


def _block(lines: list[_Line], at: int, indent: int, depth: int) -> tuple[Value, int]:
    """What stands at this indent from line `at` on, and the line behind it."""
    if depth > DEEPEST:
        raise ValueError(f"line {lines[at].number}: it is nested too deeply")
    if lines[at].text == "-" or lines[at].text.startswith("- "):
        return _list(lines, at, indent, depth)
    found: dict[str, Value] = {}
    while at < len(lines) and lines[at].indent == indent:
        line = lines[at]
        key = _KEY.match(line.text)
        if key is None:
            raise ValueError(f"line {line.number}: no key with a colon behind it")
        name, given = _text(key[1], line), line.text[key.end() :].strip()
        at += 1
        if given:
            found[name] = _value(given, line)
            continue
        below = at < len(lines) and (
            lines[at].indent > indent or (lines[at].indent == indent and lines[at].text.startswith("- "))
        )
        found[name], at = _block(lines, at, lines[at].indent, depth + 1) if below else ("", at)
    return found, at


def _list(lines: list[_Line], at: int, indent: int, depth: int) -> tuple[Value, int]:
    found: list[Value] = []
    while at < len(lines) and lines[at].indent == indent and lines[at].text[:2] in ("-", "- "):
        line = lines[at]
        item = line.text[1:].strip()
        if _KEY.match(item):
            # A mapping whose first key stands behind the dash: its other keys are indented like that one.
            inner = indent + len(line.text) - len(item)
            lines[at] = _Line(line.number, inner, item)
            made, at = _block(lines, at, inner, depth + 1)
            found.append(made)
        else:
            found.append(_value(item, line) if item else "")
            at += 1
    return found, at


def _value(text: str, line: _Line) -> Value:
    if text.startswith("[") and text.endswith("]"):
        return [_text(part.strip(), line) for part in text[1:-1].split(",") if part.strip()]
    if text == "{}":
        return {}
    return _text(text, line)


def _text(text: str, line: _Line) -> str:
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        try:
            return str(json.loads(text))
        except ValueError:
            raise ValueError(f"line {line.number}: a text in quotes that cannot be read") from None
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    if text.startswith(("'", '"')):
        raise ValueError(f"line {line.number}: a quote that is not closed behind the text")
    if text.startswith((*_BEYOND, "{", "[")):
        raise ValueError(f"line {line.number}: {text[:1]} is a part of YAML that is not read here")
    return "" if text in ("~", "null") else text


_QUOTED = re.compile(r"""(?<![^ :\-\[,])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")


def _without_comment(line: str) -> str:
    """A # begins one at the start or behind a space, but not within quotes."""
    place = 0
    while (sign := line.find("#", place)) >= 0:
        quoted = next((q for q in _QUOTED.finditer(line) if q.start() < sign < q.end()), None)
        if quoted is None and (sign == 0 or line[sign - 1].isspace()):
            return line[:sign]
        place = quoted.end() if quoted else sign + 1
    return line
