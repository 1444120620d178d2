"""kill -9 at any moment: old or new, never half, and the next one is served."""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

from tests.stress.crowd import Place, start
from tests.stress.lines import Line

AT_ONCE = 4
LIFE = 0.6
"""Seconds in which a first assume has begun and ended on a slow machine."""


def at_random(there: Place, count: int) -> Line:
    """Some at once, each killed after another while."""
    chance = random.Random(7)
    directory = _directory(there)
    torn = 0
    for n in range(0, count, AT_ONCE):
        if n % 20 == 0:
            there.forget()
        begun = time.monotonic()
        processes = [_start(there) for _ in range(AT_ONCE)]
        for moment, process in sorted(
            ((chance.uniform(0.02, LIFE), p) for p in processes), key=lambda m: m[0]
        ):
            time.sleep(max(0.0, begun + moment - time.monotonic()))
            _kill(process)
        torn += _torn(directory)
    return _line(there, f"kill -9 at {count:,} random moments", torn)


def at_first_sight(there: Place, count: int) -> Line:
    """The moment a temporary file is seen."""
    directory = _directory(there)
    torn = seen = 0
    for _ in range(count):
        there.forget()
        process = _start(there)
        end = time.monotonic() + 10
        while process.poll() is None and time.monotonic() < end:
            if any(name.endswith(".tmp") for name in os.listdir(directory)):
                seen += 1
                break
        _kill(process)
        torn += _torn(directory)
    line = _line(there, f"kill -9 at the first sight of the temporary file, {count} times", torn)
    return line._replace(got=f"{line.got} ({seen} were seen)")


def _line(there: Place, test: str, torn: int) -> Line:
    directory = _directory(there)
    for path in directory.glob(".*.tmp"):
        os.utime(path, (time.time() - 61, time.time() - 61))
    for path in directory.glob("*.json"):
        path.unlink()
    outcome = there.stsui("credential-process", "dev-ro")
    left = len(list(directory.glob(".*.tmp")))
    return Line(
        test,
        "0 torn files, no lock left, the next caller is served, 0 temporary files over a minute old after it",
        f"{torn} torn, the next caller {'is served' if outcome.code == 0 else 'failed'} "
        f"in {outcome.seconds:.1f} s, {left} left",
        not torn and outcome.code == 0 and outcome.seconds < 5 and not left,
    )


def _directory(there: Place) -> Path:
    return Path(there.environ["XDG_RUNTIME_DIR"], "stsui", "sessions")


def _start(there: Place) -> subprocess.Popen[str]:
    return start(there, ("credential-process", "dev-ro", "--refresh"))


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def _torn(directory: Path) -> int:
    torn = 0
    for path in directory.glob("*.json"):
        try:
            json.loads(path.read_text())
        except ValueError:
            torn += 1
    return torn
