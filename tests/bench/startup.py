"""From the start of a process to its end: what the cache answers, and what only reads files."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.rows import Row, against, interleaved
from tests.stress.crowd import place

STSUI = str(Path(sys.executable).with_name("stsui"))


def rows(directory: Path, rounds: int) -> Iterator[Row]:
    """Each command beside a bare interpreter."""
    with place(directory / "small") as there, place(directory / "large", roles=1_000) as many:
        for one in (there, many):
            one.stsui("assume", "dev-ro")
        commands = {
            "bare": [sys.executable, "-c", "pass"],
            "credential-process": [STSUI, "credential-process", "dev-ro"],
            "export": [STSUI, "export", "dev-ro", "--format", "bash"],
            "status": [STSUI, "status"],
            "prompt": [STSUI, "status", "--prompt"],
        }
        small = interleaved(commands, there.environ, rounds)
        yield against("cached `credential-process`", small["credential-process"], small["bare"], "bare", 1.5)
        yield against("cached `export`", small["export"], small["bare"], "bare", 1.5)
        yield against("`status`", small["status"], small["bare"], "bare", 2.5)
        yield against("`status --prompt`", small["prompt"], small["bare"], "bare", 2.5)
        commands = {
            "bare": [sys.executable, "-c", "pass"],
            "completion": [STSUI, "completion", "--names"],
            "list": [STSUI, "list"],
        }
        large = interleaved(commands, many.environ, rounds)
        yield against("completion of 1,000 role names", large["completion"], large["bare"], "bare", 2.5)
        yield against("`list` of 1,000 roles", large["list"], large["bare"], "bare", 6)
