"""The lines of `~/.aws/config` and `credentials` as sections, read as configparser would, but tolerantly.

configparser, and with it every tool on botocore, refuses a whole file for one bad line. Here a bad line costs
its own section. Secrets are dropped where they are met: no value of a secret key stands in a section.
"""

import re
from typing import NamedTuple

from stsui.model.roles import Origin, Problem
from stsui.model.text import clean

SECRET_KEYS = frozenset({"aws_secret_access_key", "aws_session_token", "aws_security_token"})
HELD = "********"
"""Stands for a secret that is there."""
REFUSED = "AWS's own tools refuse the whole file."
_MOST_PROBLEMS = 20
_STRAY = re.compile(
    r"(aws_(?:secret_access_key|session_token|security_token)\s*[=:]).*", re.IGNORECASE | re.DOTALL
)
"""A secret inside another line, such as where a line end was lost."""


class Section:
    """One `[header]`: its keys in lower case, with the line of each."""

    __slots__ = ("error", "file", "header", "line", "lines", "notes", "twice", "values")

    def __init__(self, header: str, line: int, file: str) -> None:
        self.header = header
        self.file = file
        self.line = line
        self.values: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.error: Problem | None = None
        """Why the section cannot be used."""
        self.notes: list[str] = []
        self.twice = False
        """Its header stands in the file more than once."""

    def at(self, key: str = "") -> Origin:
        """Where a key stands, or the section's header."""
        return Origin(self.file, self.lines.get(key, self.line))


class Sections(NamedTuple):
    """A file's sections by header, in the order of their first line."""

    by_header: dict[str, Section]
    problems: tuple[Problem, ...]
    """Of lines that belong to no section, and of what is usable here but refused by AWS's own tools."""


def parse(text: str, file: str) -> Sections:
    """The sections of `text`; `file` is its name for people.

    Source: configparser.RawConfigParser as botocore's configloader uses it.
    """
    sections: dict[str, Section] = {}
    problems: list[Problem] = []
    blocks: dict[tuple[Section, str], list[str]] = {}
    section: Section | None = None
    option, blanks, indent = "", 0, 0
    secrets = "ws_se" in text.lower()
    seen: dict[str, str] = {}
    """What stands before the = of plain lines, and the key that it is: most lines begin as one before did."""
    for number, line in enumerate(text.split("\n"), 1):
        before, equals, value = line.partition("=")
        known = seen.get(before) if equals and section is not None else None
        if known and section is not None and known not in section.lines and not secrets:
            option, blanks, indent = known, 0, 0
            section.lines[known] = number
            section.values[known] = value.strip()
            continue
        stripped = line.strip()
        if not stripped:
            blanks += 1
            continue
        first = stripped[0]
        if first == "#" or first == ";":
            continue
        level = 0 if line[0] == first else len(line) - len(line.lstrip())
        if option and level > indent and section is not None:
            if _STRAY.match(stripped):
                _stray(section, number)
            elif option not in SECRET_KEYS:
                block = blocks.setdefault((section, option), [section.values[option]])
                block.append("\n" * blanks + stripped)
            blanks = 0
            continue
        indent, blanks = level, 0
        if first == "[":
            if secrets:
                stripped = _STRAY.sub(rf"\1 {HELD}", stripped)
            section, option = _opened(stripped, number, sections, problems, file), ""
            continue
        if section is None:
            problems.append(_at(file, number, f"It stands before the first [section]: {REFUSED}"))
            section = Section("", number, file)
        option, delimiter, value = _split(stripped)
        option = option.rstrip().lower()
        if not delimiter or not option:
            _broken(section, number)
            option = ""
            continue
        if option in section.lines:
            _duplicate_key(section, option, number, problems, file)
            blocks.pop((section, option), None)
        section.lines[option] = number
        value = value.strip()
        if "ws_se" in value.lower() and _STRAY.search(value):
            _stray(section, number)
            value = HELD
        section.values[option] = HELD if value and option in SECRET_KEYS else value
        if level == 0 and ":" not in before:
            seen[before] = option
    _close(blocks, problems, file)
    return Sections(sections, _capped(problems, file))


def value_of(line: str) -> str:
    """The value of a line that `parse` took for `key = value`, whatever it is."""
    return _split(line.strip())[2].strip()


def _split(stripped: str) -> tuple[str, str, str]:
    option, delimiter, value = stripped.partition("=")
    if not delimiter or ":" in option:
        option, delimiter, value = stripped.partition(":")
    return option, delimiter, value


def _opened(
    stripped: str, number: int, sections: dict[str, Section], problems: list[Problem], file: str
) -> Section:
    end = stripped.rfind("]")
    if end < 2:
        # Taken as the start of a section all the same: its keys must not fall to the section above.
        section = Section(stripped[1:].strip(" \t[]"), number, file)
        section.error = _at(file, number, f"The section's name does not end in ]: {REFUSED}")
        sections.setdefault(section.header + "]", section)
        return section
    header = stripped[1:end]
    known = sections.get(header)
    if known is None:
        known = sections[header] = Section(header, number, file)
        return known
    reason = f"[{clean(header)}] stands twice, here and in line {known.line}"
    problems.append(_at(file, number, f"{reason}: {REFUSED} Keep one of them."))
    if not known.twice:
        known.notes.append(f"{reason}; the last value of each key is used")
    known.twice = True
    return known


def _broken(section: Section, number: int) -> None:
    """The line itself is not quoted: it may hold a secret."""
    if section.error is None:
        section.error = _at(section.file, number, f"The line is neither [section] nor key = value: {REFUSED}")


def _stray(section: Section, number: int) -> None:
    if section.error is None:
        reason = "A secret stands inside the value of another key: is the end of a line missing?"
        section.error = _at(section.file, number, reason)


def _duplicate_key(section: Section, option: str, number: int, problems: list[Problem], file: str) -> None:
    if section.twice or not section.header:
        return
    reason = f"{clean(option)} stands twice, here and in line {section.lines[option]}"
    problems.append(_at(file, number, f"{reason}: {REFUSED} Keep one of them."))
    if len(section.notes) < 3:
        section.notes.append(f"{reason}; the last one is used")


def _close(blocks: dict[tuple[Section, str], list[str]], problems: list[Problem], file: str) -> None:
    """Puts indented blocks together; botocore wants `key = value` in a block that begins on its own line."""
    for (section, option), block in blocks.items():
        value = "\n".join(block).rstrip()
        section.values[option] = value
        if value.startswith("\n") and any("=" not in line for line in value.splitlines() if line.strip()):
            number = section.lines[option]
            problems.append(
                _at(file, number, f"The block under {clean(option)} has a line without =: {REFUSED}")
            )


def _capped(problems: list[Problem], file: str) -> tuple[Problem, ...]:
    if len(problems) > _MOST_PROBLEMS:
        rest = len(problems) - _MOST_PROBLEMS
        problems[_MOST_PROBLEMS:] = [_at(file, 0, f"{rest} more problems of this kind.")]
    return tuple(problems)


def _at(file: str, line: int, reason: str) -> Problem:
    return Problem(Origin(file, line), reason)
