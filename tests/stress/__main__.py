"""`python -m tests.stress [--count 1000]`: the numbers that are promised, measured here and now, as a table."""

import argparse
import contextlib
import json
import os
import random
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from stsui.wiring import open_services
from tests.stress.crowd import Outcome, Place, crowd, place, start

ROUND = 5
"""Seconds for which a refusal is remembered."""


class Line(NamedTuple):
    """One promise and what came of it."""

    test: str
    asked: str
    got: str
    kept: bool


def cold(there: Place, count: int, role: str, delay: float, hops: int, what: str) -> Line:
    """Everybody wants the same session, and nobody has it."""
    there.forget()
    there.aws.delay = delay
    outcomes = crowd(there, [("credential-process", role)] * count)
    there.aws.delay = 0.0
    failed = sum(outcome.code != 0 for outcome in outcomes)
    keys = {json.loads(outcome.stdout)["AccessKeyId"] for outcome in outcomes if outcome.code == 0}
    calls = there.aws.count()
    for outcome in [outcome for outcome in outcomes if outcome.code][:3]:
        print(f"  exit {outcome.code} after {outcome.seconds:.1f} s: {outcome.stderr.strip()}", flush=True)
    return Line(
        f"{count:,} cold callers of {what}, STS answers in {delay:g} s",
        f"{hops} call{'s' if hops > 1 else ''}, 0 failures, 1 set of credentials",
        f"{calls} call{'s' if calls > 1 else ''}, {failed} failures, {len(keys)} set of credentials",
        calls == hops and not failed and len(keys) == 1,
    )


def different(there: Place, count: int) -> Line:
    """Every caller wants another session."""
    there.forget()
    listed = json.loads(there.stsui("list", "--json").stdout)["roles"]
    roles = [role["role"] for role in listed if role["role"].startswith("team-") and not role["mfa_serial"]]
    roles = [name for name in roles if name != "team-play"][:count]
    outcomes = crowd(there, [("credential-process", role) for role in roles])
    failed = sum(outcome.code != 0 for outcome in outcomes)
    held = json.loads(there.stsui("list", "--live", "--json").stdout)["roles"]
    stored = {role["role"] for role in held}
    return Line(
        f"{count} different roles at once",
        f"{count} sessions stored, 0 failures",
        f"{len(stored & set(roles))} sessions stored, {failed} failures",
        len(stored & set(roles)) == count and not failed,
    )


def threads(there: Place, count: int) -> Line:
    """The same within one process."""
    there.forget()
    there.aws.delay = 0.2
    keys: list[str] = []
    with _environment(there):
        store = open_services(there.environ).store
        some = [
            threading.Thread(
                target=lambda: keys.append(store.assume("dev-ro").credentials.access_key_id), daemon=True
            )
            for _ in range(count)
        ]
        for thread in some:
            thread.start()
        for thread in some:
            thread.join(60)
    there.aws.delay = 0.0
    calls = there.aws.count()
    return Line(
        f"{count} threads of one process",
        f"1 call, {count} answers, 1 set of credentials",
        f"{calls} call, {len(keys)} answers, {len(set(keys))} set of credentials",
        calls == 1 and len(keys) == count and len(set(keys)) == 1,
    )


def refused(there: Place, count: int, role: str, word: str, attempts: int) -> Line:
    """AWS says no to everybody."""
    there.forget()
    outcomes = crowd(there, [("credential-process", role)] * count)
    seconds = max(outcome.seconds for outcome in outcomes)
    most = attempts * (1 + int(seconds // ROUND))
    calls = sum(bool(call.error_code) for call in there.aws.calls)
    served = sum(outcome.code == 0 or bool(outcome.stdout) for outcome in outcomes)
    return Line(
        f"{count:,} callers refused with {word}",
        f"at most {most} refused call{'s' if most > 1 else ''} in {seconds:.0f} s, stdout empty",
        f"{calls} refused, {served} wrote to stdout",
        calls <= most and not served,
    )


def needs_code(there: Place, count: int) -> Line:
    """Programs that nobody sits at."""
    there.forget()
    outcomes: list[Outcome] = []
    for _ in range(count // 2):
        outcomes += crowd(there, [("credential-process", "ana")] * 2)
    told = sum(outcome.code == 3 and "stsui assume ana" in outcome.stderr for outcome in outcomes)
    slowest = max(outcome.seconds for outcome in outcomes)
    return Line(
        f"{count} programs that need a code, two at a time",
        "0 calls, all told what to run, each under 1 s",
        f"{there.aws.count()} calls, {told} told, slowest {slowest:.2f} s",
        there.aws.count() == 0 and told == len(outcomes) and slowest < 1,
    )


def killed(there: Place, count: int) -> Line:
    """kill -9 at any moment of a first assume."""
    directory = Path(there.environ["XDG_RUNTIME_DIR"], "stsui", "sessions")
    torn = 0
    chance = random.Random(7)
    for n in range(count):
        if n % 10 == 0:
            there.forget()
        process = start(there, ("credential-process", "dev-ro", "--refresh"))
        with contextlib.suppress(Exception):
            process.wait(chance.uniform(0.02, 0.45))
        os.kill(process.pid, signal.SIGKILL) if process.poll() is None else None
        process.communicate()
        for file in directory.glob("*.json"):
            try:
                json.loads(file.read_text())
            except ValueError:
                torn += 1
    outcome = there.stsui("credential-process", "dev-ro")
    return Line(
        f"kill -9 at {count} random moments",
        "0 torn files, no lock left, the next caller is served",
        f"{torn} torn files, the next caller {'is served' if outcome.code == 0 else 'failed'} "
        f"in {outcome.seconds:.1f} s",
        not torn and outcome.code == 0 and outcome.seconds < 5,
    )


@contextlib.contextmanager
def _environment(there: Place) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(there.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def main() -> int:
    """Prints the table; 1 where a promise was not kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.stress", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000, help="callers at once (1000)")
    count: int = parser.parse_args().count
    few = min(count, 100)
    with tempfile.TemporaryDirectory(prefix="sts-") as directory:
        with place(Path(directory, "a")) as there:
            tests: list[Callable[[], Line]] = [
                lambda: cold(there, count, "dev-ro", 0.2, 1, "one role"),
                lambda: cold(there, count, "stg-ro", 2.0, 1, "one role"),
                lambda: cold(there, count, "partner-audit", 0.2, 2, "a role behind a role"),
                lambda: threads(there, 8),
                lambda: refused(there, count, "partner-forgotten", "AccessDenied", 1),
                lambda: refused(there, count, "stg-busy", "Throttling", 3),
                lambda: needs_code(there, few),
                lambda: killed(there, few),
            ]
            lines = [_say(test) for test in tests]
        with place(Path(directory, "b"), roles=200) as there:
            lines.append(_say(lambda: different(there, 90)))
    print("\n| test | asked | got | |\n|---|---|---|---|")
    for line in lines:
        print(f"| {line.test} | {line.asked} | {line.got} | {'kept' if line.kept else 'NOT KEPT'} |")
    return 0 if all(line.kept for line in lines) else 1


def _say(test: Callable[[], Line]) -> Line:
    begun = time.monotonic()
    line = test()
    print(f"{line.test}: {line.got} ({time.monotonic() - begun:.0f} s)", flush=True)
    return line


if __name__ == "__main__":
    raise SystemExit(main())
