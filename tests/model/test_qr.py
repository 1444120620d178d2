"""A QR code that every camera reads: module for module the one of a well-kept library."""

import pytest
import qrcode
from qrcode.constants import ERROR_CORRECT_L
from qrcode.util import MODE_8BIT_BYTE, QRData

from stsui.model import qr

LINK = "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH"
FULL = [17, 32, 53, 78, 106, 134, 154, 192, 230, 271]
"""Bytes that each version holds."""


def library(text: str) -> list[tuple[tuple[bool, ...], ...]]:
    """What the library draws, for each of the eight masks: either choice of mask is right."""
    drawn = []
    for mask in range(8):
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_L, border=0, mask_pattern=mask)
        code.add_data(QRData(text.encode(), mode=MODE_8BIT_BYTE))
        code.make(fit=True)
        drawn.append(tuple(tuple(bool(module) for module in row) for row in code.modules))
    return drawn


@pytest.mark.parametrize("length", sorted({1, 2, *FULL, *(n + 1 for n in FULL[:-1]), 60, 100, 150}))
def test_it_is_the_librarys(length: int) -> None:
    text = (LINK * 5)[:length]
    modules = qr.modules(text)
    assert modules in library(text)
    assert len(modules) == 21 + 4 * sum(length > most for most in FULL)


def test_letters_outside_ascii_are_utf_8() -> None:
    assert qr.modules("https://例え.example/ü") in library("https://例え.example/ü")


def test_the_lines_on_the_screen_are_the_modules() -> None:
    modules, lines = qr.modules(LINK), qr.blocks(LINK)
    inverted = qr.blocks(LINK, inverted=True)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            line, cell = (y + qr.QUIET) // 2, x + qr.QUIET
            halves = "▀█" if (y + qr.QUIET) % 2 == 0 else "▄█"
            assert (lines[line][cell] in halves) is dark
            assert (inverted[line][cell] in halves) is not dark
    assert {len(line) for line in lines} == {len(modules) + 2 * qr.QUIET}


def test_what_is_too_long_is_not_drawn() -> None:
    with pytest.raises(ValueError, match="271"):
        qr.modules("x" * 272)
    assert qr.blocks("x" * 272) == []
