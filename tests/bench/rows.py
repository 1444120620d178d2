"""A row of the table, and the clock that its figures come from."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """One thing that was measured beside another in the same run."""

    what: str
    ours: str
    floor: str
    """What it is measured against, with its figure."""
    ratio: str
    budget: str
    kept: bool
    peer: str = ""
    """Another program on the same work, where it can be installed."""


def against(
    what: str, ours: float, floor: float, floor_name: str, budget: float, peer: str = "", unit: str = "ms"
) -> Row:
    """A row of two figures of one run, times in milliseconds."""
    ratio = ours / floor
    return Row(
        what,
        f"{ours:.1f} {unit}",
        f"{floor_name} {floor:.1f} {unit}",
        f"{ratio:.2f}x",
        f"<= {budget:g}x",
        ratio <= budget,
        peer,
    )


def interleaved(
    commands: Mapping[str, Sequence[str]], environ: Mapping[str, str], rounds: int
) -> dict[str, float]:
    """Milliseconds from start to end of whole processes: the median of each, run in turns."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    with open(os.devnull, "wb") as nowhere:
        for turn in range(rounds + 1):
            for name, command in commands.items():
                begun = time.perf_counter()
                done = subprocess.run(
                    command,
                    env=environ,
                    stdin=subprocess.DEVNULL,
                    stdout=nowhere,
                    stderr=nowhere,
                    check=False,
                )
                passed = time.perf_counter() - begun
                if done.returncode:
                    raise RuntimeError(f"{name}: {' '.join(command)} ended with {done.returncode}")
                if turn:
                    times[name].append(passed * 1_000)
    return {name: statistics.median(some) for name, some in times.items()}


def bare_cpu(python: str, rounds: int) -> float:
    """Milliseconds of CPU of an interpreter that does nothing: what budgets in CPU are multiples of."""
    some = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([python, "-c", "pass"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        some.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(some) * 1_000


def cpu(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds of this process's CPU for one call: the median."""
    some = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        some.append((time.process_time() - begun) * 1_000)
    return statistics.median(some)
