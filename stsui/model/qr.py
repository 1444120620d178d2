"""A QR code of a short text, such as a link to sign in: byte mode, error correction L, versions 1 to 10.

Source: ISO/IEC 18004:2015. Names are the standard's: modules are the squares, a mask flips some of them.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple


class Version(NamedTuple):
    """How a size is filled: table 9 of the standard, level L."""

    correction: int
    """Codewords of error correction in each block."""
    blocks: tuple[int, ...]
    """Codewords of data in each block."""
    alignment: tuple[int, ...]
    """Rows and columns of the alignment patterns' middles: annex E."""


VERSIONS = (
    Version(7, (19,), ()),
    Version(10, (34,), (6, 18)),
    Version(15, (55,), (6, 22)),
    Version(20, (80,), (6, 26)),
    Version(26, (108,), (6, 30)),
    Version(18, (68, 68), (6, 34)),
    Version(20, (78, 78), (6, 22, 38)),
    Version(24, (97, 97), (6, 24, 42)),
    Version(30, (116, 116), (6, 26, 46)),
    Version(18, (68, 68, 69, 69), (6, 28, 50)),
)
LONGEST = 271
"""Bytes of a text that can be drawn."""
QUIET = 2
"""Empty modules around it on a screen; the standard wants four, and cameras are content with two."""
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)
Rows = list[list[bool]]


def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The rows of a QR code, True for dark, without the empty border.

    Raises:
        ValueError: The text is longer than `LONGEST` bytes.
    """
    data = text.encode()
    number = _smallest(len(data))
    codewords = _codewords(data, number)
    fixed = _Frame(number)
    best: Rows = []
    least = -1
    for mask in range(len(_MASKS)):
        rows = fixed.filled(codewords, mask)
        penalty = _penalty(rows)
        if least < 0 or penalty < least:
            best, least = rows, penalty
    return tuple(tuple(row) for row in best)


def blocks(text: str, *, inverted: bool = False) -> list[str]:
    """The code as lines of half blocks, two rows of modules in each; none for a text that is too long.

    Args:
        inverted: Draw what is light, for a dark background whose colours cannot be set.
    """
    try:
        rows = modules(text)
    except ValueError:
        return []
    width = len(rows) + 2 * QUIET
    empty = [False] * width
    whole = [empty] * QUIET + [[*[False] * QUIET, *row, *[False] * QUIET] for row in rows] + [empty] * QUIET
    if len(whole) % 2:
        whole.append(empty)
    signs = "█▄▀ " if inverted else " ▀▄█"
    return [
        "".join(signs[top + 2 * bottom] for top, bottom in zip(upper, lower, strict=True))
        for upper, lower in zip(whole[::2], whole[1::2], strict=True)
    ]


def _smallest(length: int) -> int:
    for number, version in enumerate(VERSIONS, 1):
        if length + (2 if number < 10 else 3) <= sum(version.blocks):
            return number
    raise ValueError(f"a QR code here holds {LONGEST} bytes, the text has {length}")


def _codewords(data: bytes, number: int) -> list[int]:
    """Data and error correction, the blocks interleaved: 7.4 to 7.6."""
    version = VERSIONS[number - 1]
    counted = f"{len(data):0{8 if number < 10 else 16}b}"
    bits = "0100" + counted + "".join(f"{byte:08b}" for byte in data)
    capacity = 8 * sum(version.blocks)
    bits += "0" * min(4, capacity - len(bits))
    bits += "0" * (-len(bits) % 8)
    filled = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    filled += [(0xEC, 0x11)[n % 2] for n in range(capacity // 8 - len(filled))]
    parts, begin = [], 0
    for size in version.blocks:
        parts.append(filled[begin : begin + size])
        begin += size
    corrections = [_correction(part, version.correction) for part in parts]
    longest = max(map(len, parts))
    mixed = [part[n] for n in range(longest) for part in parts if n < len(part)]
    return mixed + [part[n] for n in range(version.correction) for part in corrections]


def _field() -> tuple[list[int], list[int]]:
    """Powers and logarithms of GF(256) with the polynomial 0x11D."""
    powers, logarithms, value = [0] * 512, [0] * 256, 1
    for n in range(255):
        powers[n] = powers[n + 255] = value
        logarithms[value] = n
        value <<= 1
        if value & 0x100:
            value ^= 0x11D
    return powers, logarithms


_POWERS, _LOGARITHMS = _field()


def _times(a: int, b: int) -> int:
    return _POWERS[_LOGARITHMS[a] + _LOGARITHMS[b]] if a and b else 0


def _correction(data: list[int], count: int) -> list[int]:
    """Reed-Solomon: the remainder of the data by the generator polynomial of that degree."""
    generator = [1]
    for n in range(count):
        generator = [
            (generator[k] if k < len(generator) else 0) ^ (_times(generator[k - 1], _POWERS[n]) if k else 0)
            for k in range(len(generator) + 1)
        ]
    rest = [*data, *[0] * count]
    for n in range(len(data)):
        factor = rest[n]
        for k, coefficient in enumerate(generator):
            rest[n + k] ^= _times(coefficient, factor)
    return rest[len(data) :]


class _Frame:
    """What every code of a version has: finders, timing, alignment, and the places of its own facts."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.size = 17 + 4 * number
        self.rows: Rows = [[False] * self.size for _ in range(self.size)]
        self.taken: Rows = [[False] * self.size for _ in range(self.size)]
        last = self.size - 1
        for y, x in ((3, 3), (3, last - 3), (last - 3, 3)):
            self._square(y, x, 4)
        for n in range(8, self.size - 8):
            self._set(6, n, n % 2 == 0)
            self._set(n, 6, n % 2 == 0)
        middles = VERSIONS[number - 1].alignment
        for y in middles:
            for x in middles:
                if not self.taken[y][x] or (6 in (y, x) and not self._in_corner(y, x)):
                    self._square(y, x, 2)
        for y, x in self._format_places():
            self._set(y, x, False)
        self._set(self.size - 8, 8, True)
        if number >= 7:
            self._version_facts()

    def filled(self, codewords: list[int], mask: int) -> Rows:
        """The whole code with that mask."""
        rows = [row[:] for row in self.rows]
        bits = (codeword >> shift & 1 for codeword in codewords for shift in range(7, -1, -1))
        flips = _MASKS[mask]
        for y, x in self._way():
            rows[y][x] = bool(next(bits, 0)) != flips(y, x)
        facts = _bch(0b01 << 3 | mask, 0x537, 10) ^ 0x5412
        for n, (y, x) in enumerate(self._format_places()):
            rows[y][x] = bool(facts >> n % 15 & 1)
        return rows

    def _set(self, y: int, x: int, dark: bool) -> None:
        self.rows[y][x] = dark
        self.taken[y][x] = True

    def _square(self, y: int, x: int, radius: int) -> None:
        """A finder (radius 4, its separator too) or an alignment pattern (2)."""
        for dy in range(-radius, radius + 1):
            for dx in range(-radius, radius + 1):
                if 0 <= y + dy < self.size and 0 <= x + dx < self.size:
                    ring = max(abs(dy), abs(dx))
                    self._set(y + dy, x + dx, ring not in ((2, 4) if radius == 4 else (1,)))

    def _in_corner(self, y: int, x: int) -> bool:
        last = self.size - 7
        return (y, x) in ((6, 6), (6, last), (last, 6))

    def _format_places(self) -> list[tuple[int, int]]:
        """Of the fifteen bits, the lowest first, twice: figure 25."""
        last = self.size - 1
        around = [(n, 8) for n in (0, 1, 2, 3, 4, 5, 7, 8)] + [(8, n) for n in (7, 5, 4, 3, 2, 1, 0)]
        apart = [(8, last - n) for n in range(8)] + [(last - n, 8) for n in range(6, -1, -1)]
        return around + apart

    def _version_facts(self) -> None:
        facts = _bch(self.number, 0x1F25, 12)
        for n in range(18):
            y, x = n // 3, self.size - 11 + n % 3
            self._set(y, x, bool(facts >> n & 1))
            self._set(x, y, bool(facts >> n & 1))

    def _way(self) -> Iterator[tuple[int, int]]:
        """The free places in the order in which bits are laid: two columns up, two down."""
        upwards = True
        for right in range(self.size - 1, 0, -2):
            columns = (right, right - 1) if right > 6 else (right - 1, right - 2)
            if columns[1] < 0:
                return
            for n in range(self.size):
                y = self.size - 1 - n if upwards else n
                yield from ((y, x) for x in columns if not self.taken[y][x])
            upwards = not upwards


def _bch(value: int, generator: int, degree: int) -> int:
    """The value with its check bits behind it: annexes C and D."""
    rest = value << degree
    for shift in range(rest.bit_length() - 1, degree - 1, -1):
        if rest >> shift & 1:
            rest ^= generator << shift - degree
    return value << degree | rest


def _penalty(rows: Rows) -> int:
    """How hard a code would be to read: table 11."""
    size = len(rows)
    columns = [list(column) for column in zip(*rows, strict=True)]
    points = 0
    for line in (*rows, *columns):
        run = 1
        for n in range(1, size + 1):
            if n < size and line[n] == line[n - 1]:
                run += 1
                continue
            points += run - 2 if run >= 5 else 0
            run = 1
        text = "".join("#" if dark else "." for dark in line)
        points += 40 * (_count(text, "#.###.#....") + _count(text, "....#.###.#"))
    for y in range(size - 1):
        for x in range(size - 1):
            points += 3 * (rows[y][x] == rows[y][x + 1] == rows[y + 1][x] == rows[y + 1][x + 1])
    dark = sum(map(sum, rows))
    return points + 10 * (abs(20 * dark - 10 * size * size) // (size * size))


def _count(text: str, pattern: str) -> int:
    return sum(text.startswith(pattern, at) for at in range(len(text) - len(pattern) + 1))
