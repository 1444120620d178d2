"""A thousand sessions at once and STS at 50 ms an answer; and what the board's loop feels of five hundred renewals."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.installed import Installed, installed
from tests.bench.rows import Row, against
from tests.stress.crowd import Place, place

ANSWER = 0.06
SESSIONS, RENEWED = 1_000, 500
MEMORY = "/dev/shm"
FAN_OUT = """
import json, os, sys, time
from concurrent.futures import ThreadPoolExecutor
from stsui.wiring import open_services
at_once = int(sys.argv[1])
store = open_services(os.environ).store
names = [name for name in store.catalog.roles if name.startswith("team-") and name != "team-play"]
names = names[:int(sys.argv[2])]
store.assume(names.pop())
began = time.perf_counter()
with ThreadPoolExecutor(at_once) as pool:
    had = sum(1 for _ in pool.map(lambda name: store.assume(name, refresh=True), names))
passed = time.perf_counter() - began
# Not ru_maxrss, which begins with that of the parent.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([passed, had, int(peak.split()[1]) / 1024]))
"""
CLIENT = """
import json, os, sys, time
from concurrent.futures import ThreadPoolExecutor
import boto3
from botocore.config import Config
from stsui.wiring import open_services
at_once = int(sys.argv[1])
catalog = open_services(os.environ).store.catalog
names = [name for name in catalog.roles if name.startswith("team-") and name != "team-play"][:int(sys.argv[2])]
arns = [catalog.roles[name].role_arn for name in names]
session = boto3.Session(profile_name=catalog.roles[names[0]].source_profile)
client = session.client("sts", config=Config(max_pool_connections=at_once))
client.assume_role(RoleArn=arns.pop(), RoleSessionName="bench")
began = time.perf_counter()
with ThreadPoolExecutor(at_once) as pool:
    had = sum(1 for _ in pool.map(lambda arn: client.assume_role(RoleArn=arn, RoleSessionName="bench"), arns))
print(json.dumps([time.perf_counter() - began, had]))
"""
LAG = """
import asyncio, gc, json, os, sys, time
from stsui.tui.app import StsuiApp
from stsui.wiring import open_services
services = open_services(os.environ)
names = [name for name in services.store.catalog.roles if name.startswith("team-") and name != "team-play"]
names = names[:int(sys.argv[1])]
for name in names:
    services.store.assume(name)

gc.disable()  # as tui/run.py, until the first picture

async def main():
    app, lags = StsuiApp(services), []
    async with app.run_test(size=(120, 35)) as pilot:
        await pilot.pause(2)
        before = {name: app.state.sessions[name].issued_at for name in names}
        app.run_command("app.renew-all")
        end = time.monotonic() + 300
        while any(app.state.sessions[name].issued_at == before[name] for name in names):
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            lags.append((time.perf_counter() - began - 0.005) * 1000)
            if time.monotonic() > end:
                raise SystemExit("not all were renewed")
    lags.sort()
    print(json.dumps([lags[len(lags) // 2], lags[int(len(lags) * 0.99)], lags[-1], len(lags)]))

asyncio.run(main())
"""


def rows(directory: Path, rounds: int) -> Iterator[Row]:
    """In programs of their own; STS answers from this one."""
    programs = installed(directory / "programs")
    with place(directory / "many", roles=SESSIONS + 40) as there:
        there.environ.pop("PYTHONPATH")
        there.aws.delay = ANSWER
        with _runtime_directory(there) as kind:
            for at_once, budget in ((10, 1.15), (50, 1.5)):
                yield from _fan_out(programs, there, at_once, budget, kind)
        (on_disk, _) = _fan_out(programs, there, at_once, budget, "files of sessions on this disk")
        yield on_disk._replace(budget="", kept=True)
        there.aws.delay = 0
        yield _lag(programs, there)


@contextmanager
def _runtime_directory(there: Place) -> Iterator[str]:
    """Where a login has it, which is in memory, and what that is to be called; else where it is."""
    before = there.environ["XDG_RUNTIME_DIR"]
    if not os.path.isdir(MEMORY):
        yield "files of sessions on this disk"
        return
    with tempfile.TemporaryDirectory(prefix="sts-", dir=MEMORY) as directory:
        there.environ["XDG_RUNTIME_DIR"] = directory
        yield "files of sessions in memory, as XDG_RUNTIME_DIR is"
    there.environ["XDG_RUNTIME_DIR"] = before


def _fan_out(programs: Installed, there: Place, at_once: int, budget: float, kind: str) -> Iterator[Row]:
    passed, had, megabytes = _run(programs, there, FAN_OUT, str(at_once), str(SESSIONS))
    bare, calls = _run(programs, there, CLIENT, str(at_once), str(SESSIONS))
    floor = SESSIONS * ANSWER / at_once
    what = f"{had:,} sessions, {at_once} at once, {kind}"
    peer = f"{calls:,} calls of one boto3 client, nothing kept: {bare * 1_000:.0f} ms"
    yield against(what, passed * 1_000, floor * 1_000, "answers alone", budget, peer)
    yield Row("the same: memory", f"{megabytes:.0f} MB", "", "", "<= 80 MB", megabytes <= 80)


def _run(programs: Installed, there: Place, *argv: str) -> list[float]:
    done = subprocess.run(
        [programs.python, "-c", *argv], env=there.environ, capture_output=True, text=True, check=True
    )
    figures: list[float] = json.loads(done.stdout)
    return figures


def _lag(programs: Installed, there: Place) -> Row:
    """How late the board's loop wakes while it renews, four at a time, as it does by itself."""
    middle, late, worst, _ = _run(programs, there, LAG, str(RENEWED))
    return Row(
        f"the board while {RENEWED} sessions renew",
        f"p50 {middle:.1f}, p99 {late:.1f}, most {worst:.0f} ms late",
        "",
        "",
        "p99 <= 16 ms",
        late <= 16,
    )
