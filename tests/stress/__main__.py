"""`python -m tests.stress [--count 1000]`: the numbers that are promised, measured here and now, as a table.

It installs boto3, the AWS CLI and two releases of botocore into directories of its own.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.stress import boards, crowds, day, kills, outside, people, suite
from tests.stress.crowd import Place, place
from tests.stress.lines import Line

Row = tuple[str, Callable[[], Line]]
OLDEST_BOTOCORE = "1.40.0"
"""As `pyproject.toml` has it."""


def engine(there: Place, count: int) -> Iterator[Row]:
    """Many processes, one session."""
    few = min(count, 100)
    yield "one-flight", lambda: crowds.cold(there, count, "dev-ro", 0.2, 1, "one role")
    yield "one-flight", lambda: crowds.cold(there, count, "stg-ro", 2.0, 1, "one role")
    yield "one-flight", lambda: crowds.cold(there, count, "release", 0.2, 3, "a chain of three roles")
    yield "one-flight", lambda: crowds.threads(there, 8)
    yield "sign-in", lambda: crowds.new_token(there, few)
    yield "refused", lambda: crowds.refused(there, count, "partner-forgotten", "AccessDenied", 1)
    yield "refused", lambda: crowds.refused(there, count, "stg-busy", "Throttling", 3)
    yield "refused", lambda: crowds.refused(there, count, "dev-admin", "503", 3)
    yield "mfa", lambda: people.one_prompt(there, few)
    yield "kill", lambda: kills.at_first_sight(there, few)
    yield "kill", lambda: kills.at_random(there, count)
    yield "boards", lambda: boards.two_boards(there, 60 if count > few else 20, 50)


def properties(directory: Path, count: int) -> Iterator[Row]:
    """Parts of the suite at full size."""
    examples = 10 * count
    fuzz, config = suite.fuzz, "tests/config/test_fuzz.py"
    yield "fuzz", lambda: fuzz("fuzzed `~/.aws/config` and `credentials`", config, "f1", examples)
    yield "fuzz", lambda: fuzz("fuzzed `config.toml`", config, "f2", examples)
    yield "fuzz", lambda: fuzz("fuzzed answers of STS", "tests/aws/test_hostile.py", "f3", examples)
    yield "contract", lambda: suite.contract(directory, OLDEST_BOTOCORE)
    yield "contract", lambda: suite.contract(directory, "")
    yield "day", lambda: day.soak(directory / "day", 50, 24)


def takers(directory: Path, there: Place) -> Iterator[Row]:
    """boto3 and the AWS CLI with our command, and without it."""
    theirs = outside.install(directory / "outside")
    started = directory / "started"
    outside.profiles(there, theirs, started)
    yield "clients", lambda: outside.many_calls(there, theirs, started, 50)
    yield "clients", lambda: outside.many_commands(there, theirs, started, 10)
    yield "clients", lambda: outside.quarter(there, theirs, 10)
    for name in ("boto3", "aws"):
        yield "peers", lambda name=name: outside.cold_peer(there, theirs, name, 100)  # type: ignore[misc]


def main() -> int:
    """Prints the table; 1 where a promise was not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.stress", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000, help="callers at once (1000)")
    parser.add_argument("--only", default="", help="one part: one-flight, refused, mfa, kill, …")
    arguments = parser.parse_args()
    count: int = arguments.count
    lines: list[Line] = []

    def run(rows: Iterator[Row]) -> None:
        lines.extend(_say(test) for name, test in rows if arguments.only in ("", name))

    with tempfile.TemporaryDirectory(prefix="sts-") as name:
        directory = Path(name)
        with place(directory / "a") as there:
            run(engine(there, count))
            if arguments.only in ("", "clients", "peers"):
                run(takers(directory, there))
        if arguments.only in ("", "one-flight"):
            with place(directory / "b", roles=200) as there:
                lines.append(_say(lambda: crowds.different(there, 90)))
        run(properties(directory, count))
    print("\n| test | asked | got | |\n|---|---|---|---|")
    for line in lines:
        kept = "" if line.asked == "(peer)" else "kept" if line.kept else "NOT KEPT"
        print(f"| {line.test} | {line.asked} | {line.got} | {kept} |")
    return 0 if all(line.kept for line in lines) else 1


def _say(test: Callable[[], Line]) -> Line:
    begun = time.monotonic()
    line = test()
    print(f"{line.test}: {line.got} ({time.monotonic() - begun:.0f} s)", flush=True)
    return line


if __name__ == "__main__":
    raise SystemExit(main())
