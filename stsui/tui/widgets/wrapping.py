"""Texts in lines, broken where ARNs and paths can be read on."""

from rich.cells import cell_len
from textual.content import Content

LEAST = 8
"""Cells that a part of a long word has to have, or it begins on the next line."""


def wrapped(text: str, width: int) -> list[str]:
    """Broken at spaces, and inside a word where it is longer than the line, such as an ARN."""
    lines, line = [], ""
    for word in text.split(" "):
        while cell_len(word) > width:
            room = width - cell_len(line) - (1 if line else 0)
            if room < LEAST and line:
                lines.append(line)
                line = ""
                continue
            most = max(
                1, next(n for n in range(min(len(word), room), 0, -1) if n == 1 or cell_len(word[:n]) <= room)
            )
            colon = word.rfind(":", 0, most) + 1
            if word.startswith("//", colon):
                colon = 0
            cut = colon or word.rfind("/", 0, most) + 1 or most
            lines.append(f"{line} {word[:cut]}" if line else word[:cut])
            line, word = "", word[cut:]
        joined = f"{line} {word}" if line else word
        if cell_len(joined) > width:
            lines.append(line)
            line = word
        else:
            line = joined
    return [*lines, line]


def hung(lead: Content, text: str, width: int) -> list[Content]:
    """`lead` and `text` in lines of `width`; the second line begins where the text does."""
    empty = Content(" " * lead.cell_length)
    lines = wrapped(text, max(LEAST, width - lead.cell_length))
    return [Content.assemble(empty if n else lead, line) for n, line in enumerate(lines)]
