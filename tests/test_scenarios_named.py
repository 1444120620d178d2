"""What went wrong in other tools has a test here that bears its number."""

import re
from pathlib import Path

import pytest

ENGINE = (
    *(1, 2, 4, 5, 10),  # expiry
    *(12, 13, 14, 16, 17, 18, 19, 21),  # many at once
    *(22, 23, 25, 26, 27, 29, 30, 32),  # codes
    *(33, 34, 35, 37, 38, 40, 41),  # what is kept
    *(45, 46, 48, 49, 51, 52, 53, 54, 56, 57, 58, 59, 61, 63, 64, 65, 66),  # files
    *(87, 89, 90, 91, 92, 94, 99, 106, 107),  # durations, Regions, clocks, platform
)
NAMES = " ".join(
    name
    for path in Path(__file__).parent.rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("number", ENGINE)
def test_a_scenario_has_its_test(number: int) -> None:
    assert re.search(rf"_s{number:02d}(?:_|\b)", NAMES), f"no test is called …_s{number:02d}"
