"""Markdown as lines for a terminal: headings, paragraphs, lists, tables and code, and nothing else of it."""

import re
from collections.abc import Iterator, Sequence

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"
WIDEST = 96
NARROWEST_COLUMN = 12
LONGEST_CODE = 40
"""Code in a sentence that is longer may be broken at its spaces."""
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_PICTURE = re.compile(r"!\[[^]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^]]+)\]\(([^)]+)\)")
_SPAN = re.compile(r"(`[^`]+`|\*\*[^*]+\*\*)")
_ITEM = re.compile(r"( *)([-*]|\d+\.) +")
_RULE = re.compile(r"[\s|:-]+")
_FENCE = "```"

Word = tuple[str, bool]
"""A text that stays on one line, and whether it is bold."""


def lines(markdown: str, width: int, *, bold: bool = False) -> list[str]:
    """The text in lines of at most `width` cells, but for blocks of code, which are never broken.

    Args:
        bold: Headings, code and what is marked are written with the terminal's bold, else as they are.
    """
    page = _Page(min(width, WIDEST), bold)
    shown: list[str] = []
    for block in _blocks(_COMMENT.sub("", markdown)):
        made = page.block(block)
        if made:
            shown += ["", *made] if shown else made
    return shown


def _blocks(markdown: str) -> Iterator[list[str]]:
    """Lines that belong together: up to a free line, a heading, or the end of a fence."""
    block: list[str] = []
    fenced = False
    for line in markdown.splitlines():
        fence = line.startswith(_FENCE)
        heading = not fenced and line.startswith("#")
        if block and not fenced and (not line.strip() or heading or fence):
            yield block
            block = []
        if line.strip() or fenced:
            block.append(line)
        fenced = fenced != fence
        if block and (heading or (fence and not fenced)):
            yield block
            block = []
    if block:
        yield block


class _Page:
    """A width, and whether there is bold."""

    def __init__(self, width: int, bold: bool) -> None:
        self.width, self.bold = width, bold

    def block(self, block: Sequence[str]) -> list[str]:
        first = block[0]
        if first.startswith(_FENCE):
            return [f"    {line}".rstrip() for line in block[1:] if not line.startswith(_FENCE)]
        if first.startswith("#"):
            return self._heading(first)
        return self._table(block) if first.startswith("|") else list(self._items(block))

    def _heading(self, line: str) -> list[str]:
        title = line.lstrip("# ")
        if self.bold:
            return [f"{BOLD}{title}{PLAIN}"]
        return [title, ("=" if line.startswith("# ") else "-") * len(title)]

    def _items(self, block: Sequence[str]) -> Iterator[str]:
        """A paragraph, or the items of a list, each with its further lines hanging below its text."""
        items: list[tuple[str, str]] = []
        for line in block:
            item = _ITEM.match(line)
            if item:
                items.append((f"{item[1]}{item[2]} ", line[item.end() :]))
            elif items:
                items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
            else:
                items.append(("", line.strip()))
        for lead, text in items:
            for number, words in enumerate(_wrapped(self._words(text), self.width - len(lead))):
                yield (" " * len(lead) if number else lead) + self._painted(words)

    def _table(self, block: Sequence[str]) -> list[str]:
        rows = [[self._words(cell) for cell in _cells(line)] for line in block if not _RULE.fullmatch(line)]
        rows = [row for row in rows if any(row)]
        count = max(map(len, rows), default=0)
        rows = [row + [[]] * (count - len(row)) for row in rows]
        widths = _widths(rows, self.width - 2 * (count - 1))
        headed = len(block) > 2 and any(_cells(block[0]))
        made: list[str] = []
        for number, row in enumerate(rows):
            cells = [_wrapped(words, room) for words, room in zip(row, widths, strict=True)]
            for at in range(max(map(len, cells))):
                parts = [
                    self._painted(cell[at] if at < len(cell) else [], room)
                    for cell, room in zip(cells, widths, strict=True)
                ]
                made.append("  ".join(parts).rstrip())
            if headed and not number:
                made.append("  ".join("-" * room for room in widths))
        return made

    def _words(self, text: str) -> list[Word]:
        text = _LINK.sub(_address, _PICTURE.sub("", text))
        words: list[Word] = []
        glued = False
        for part in _SPAN.split(text):
            marked = _SPAN.fullmatch(part) is not None
            for number, piece in enumerate(self._pieces(part, marked)):
                if not number and glued and words and not part[:1].isspace():
                    # `code`, and a comma behind it, stay together.
                    words[-1] = (words[-1][0] + piece, words[-1][1] or marked)
                else:
                    words.append((piece, marked))
            glued = not part[-1:].isspace() if part else glued
        return words

    def _pieces(self, part: str, marked: bool) -> list[str]:
        if not marked or part.startswith("*"):
            return (part[2:-2] if marked else part).split()
        code = part[1:-1] if self.bold else part
        return code.split() if len(code) > LONGEST_CODE else [code]

    def _painted(self, words: Sequence[Word], room: int = 0) -> str:
        painted = [f"{BOLD}{word}{PLAIN}" if marked and self.bold else word for word, marked in words]
        return " ".join(painted) + " " * max(0, room - _length(words))


def _cells(line: str) -> list[str]:
    r"""The cells of a row; `\|` is no border."""
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def _widths(rows: Sequence[Sequence[Sequence[Word]]], room: int) -> list[int]:
    """A width for each column: what it needs, the widest giving way where that is too much."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(_length, column)) for column in columns]
    longest = [max((len(word) for cell in column for word, _ in cell), default=0) for column in columns]
    while sum(widths) > room:
        loose = [n for n, width in enumerate(widths) if width > max(longest[n], NARROWEST_COLUMN)]
        if not loose:
            break
        widths[max(loose, key=widths.__getitem__)] -= 1
    return widths


def _address(found: re.Match[str]) -> str:
    text, target = found[1], found[2]
    return f"{text} ({target})" if target.startswith("http") and target != text else text


def _wrapped(words: Sequence[Word], width: int) -> list[list[Word]]:
    made: list[list[Word]] = [[]]
    for word in words:
        if made[-1] and _length([*made[-1], word]) > width:
            made.append([])
        made[-1].append(word)
    return made


def _length(words: Sequence[Word]) -> int:
    return sum(len(word) for word, _ in words) + max(0, len(words) - 1)
