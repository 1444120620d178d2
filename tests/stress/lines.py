"""A promise, and what came of it."""

from collections.abc import Sequence
from typing import NamedTuple

from tests.stress.crowd import Outcome


class Line(NamedTuple):
    """A row of the table."""

    test: str
    asked: str
    got: str
    kept: bool


def plural(count: int, word: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def show_failures(outcomes: Sequence[Outcome]) -> int:
    """How many failed; the sentences of the first three are printed, so that a failure can be understood."""
    failed = [outcome for outcome in outcomes if outcome.code]
    for outcome in failed[:3]:
        print(f"  exit {outcome.code} after {outcome.seconds:.1f} s: {outcome.stderr.strip()}", flush=True)
    return len(failed)
