"""The signs on the screen, and what stands for them where only ASCII may be shown."""

from typing import NamedTuple

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter


class Glyphs(NamedTuple):
    """One sign per state; every one is a single cell in every locale."""

    idle: str = "◦"
    assuming: str = "⠋"
    mfa: str = "?"
    sign_in: str = "!"
    confirm: str = "?"
    active: str = "◉"
    expiring: str = "▴"
    renewing: str = "↻"
    expired: str = "◌"
    failed: str = "✗"
    problem: str = "✗"
    current: str = "»"
    auto: str = "↻"
    open: str = "▾"
    folded: str = "▸"
    full: str = "▰"
    empty: str = "▱"
    separator: str = "│"
    dot: str = "·"
    enter: str = "⏎"
    spinner: str = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


UNICODE = Glyphs()
ASCII = Glyphs(
    idle=".",
    assuming="~",
    active="*",
    expiring="^",
    renewing="~",
    expired="-",
    failed="x",
    problem="x",
    current=">",
    auto="@",
    open="v",
    folded=">",
    full="#",
    empty="-",
    separator="|",
    dot="-",
    enter="enter",
    spinner="-\\|/",
)

_PLAIN = str.maketrans(
    {
        "─": "-",
        "━": "-",
        "═": "=",
        "│": "|",
        "┃": "|",
        "║": "|",
        "▏": "|",
        "▕": "|",
        "▎": "|",
        "▊": "|",
        "▌": "|",
        **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛", "+"),
        "›": ">",
        "»": ">",
        "▸": ">",
        "▾": "v",
        "…": "~",
        "·": "-",
        "•": "*",
        "×": "x",
        "–": "-",
        "—": "-",
        "◉": "*",
        "▴": "^",
        "◦": ".",
        "⠋": "~",
        "↻": "~",
        "◌": "-",
        "✗": "x",
        "▰": "#",
        "▱": "-",
        "✓": "+",
        "↓": "v",
        "↑": "^",
        "←": "<",
        "→": ">",
        "⏎": "<",
        "‹": "<",
        "▔": "-",
        "▁": "_",
        "▂": "_",
        "█": "#",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "\N{NO-BREAK SPACE}": " ",
    }
)


def plain(text: str) -> str:
    """`text` in ASCII, of the same width for every sign of ours; foreign letters become `?`."""
    if text.isascii():
        return text
    from rich.cells import cell_len

    shown = text.translate(_PLAIN)
    return "".join(c if c.isascii() else "?" * cell_len(c) for c in shown)


class AsciiFilter(LineFilter):
    """Makes everything on the screen ASCII, borders and dialogs included."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with ASCII text."""
        return [
            segment
            if segment.text.isascii()
            else Segment(plain(segment.text), segment.style, segment.control)
            for segment in segments
        ]
