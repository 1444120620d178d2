"""Reading, mounting, filtering and ticking any number of roles, by CPU, beside a bare interpreter's."""

import asyncio
import gc
import statistics
import subprocess
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from stsui.tui.app import StsuiApp
from stsui.wiring import Services
from tests.bench.installed import installed
from tests.bench.rows import Row, against, bare_cpu, interleaved
from tests.bench.startup import SETTLED
from tests.bench.terminal import Pty
from tests.stress.crowd import Place, environment, place
from tests.tui.boards import board
from tests.worlds import Demo, demo_world

WORD = "team-004-ro"
TURNS = 6
FRAME = 1.6
"""A frame of 16 ms, in bare interpreters of the machine that the budgets were made on."""
KEPT = """
import os, time
from stsui.sessions.catalogs import load
began = time.process_time()
load(os.environ)
print((time.process_time() - began) * 1_000)
"""
CHANGED = KEPT.replace("stsui.sessions.catalogs", "stsui.config.catalog")
BOTOCORE = """
import os, time
from botocore.configloader import load_config
began = time.process_time()
load_config(os.environ["AWS_CONFIG_FILE"])
print((time.process_time() - began) * 1_000)
"""


def rows(directory: Path, rounds: int) -> Iterator[Row]:
    """With 10 to 10,000 roles."""
    programs = installed(directory / "programs")
    bare = bare_cpu(programs.python, rounds)
    yield from _reading(directory, programs.python, rounds)
    yield from _sizes(directory / "sizes", programs.python, programs.stsui, rounds)
    yield from _mount(directory / "mount", rounds)
    yield _tick(directory / "tick", rounds, bare)
    for count, budget in ((10_000, 0.8), (50_000, FRAME)):
        with place(directory / str(count), roles=count) as there:
            there.environ.pop("PYTHONPATH")
            spent, seen = _key(programs.stsui, there)
            what = f"a key in the filter, {count:,} roles"
            yield against(what, spent, bare, "bare", budget, unit="ms CPU")
            yield against("the same: to the last byte", seen, bare, "bare", FRAME)


def _reading(directory: Path, python: str, rounds: int) -> Iterator[Row]:
    """10,000 profiles of an AWS config: as every process finds them, and the first after a change."""
    config = directory / "aws-config"
    profiles = (
        f"[profile team-{n}]\nrole_arn = arn:aws:iam::{n:012d}:role/Admin\nsource_profile = keys\n"
        for n in range(10_000)
    )
    config.write_text("".join(profiles) + "[profile keys]\nregion = eu-west-1\n")
    environ = {"HOME": str(directory), "AWS_CONFIG_FILE": str(config), "USER": "ana"}
    time.sleep(SETTLED)
    times: dict[str, list[float]] = {KEPT: [], CHANGED: [], BOTOCORE: []}
    for turn in range(max(3, rounds // 3) + 1):
        for code, some in times.items():
            argv = [python, "-c", code]
            done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=True)
            if turn:
                some.append(float(done.stdout))
    kept, changed, theirs = (statistics.median(some) for some in times.values())
    floor = "botocore's loader"
    yield against("reading 10,000 roles", kept, theirs, floor, 0.1, unit="ms CPU")
    row = against("the same, for the first time since a change", changed, theirs, floor, 0.1, unit="ms CPU")
    yield row._replace(budget="", kept=True)


def _sizes(directory: Path, python: str, stsui: str, rounds: int) -> Iterator[Row]:
    """What a whole `list` costs, the more there is to print."""
    for count in (10, 100, 1_000, 10_000):
        with place(directory / str(count), roles=count) as there:
            there.environ.pop("PYTHONPATH")
            there.stsui("list")
            time.sleep(SETTLED)
            there.stsui("list")
            commands = {"bare": [python, "-c", "pass"], "list": [stsui, "list"]}
            times = interleaved(commands, there.environ, max(3, rounds // 2))
            row = against(f"`list` of {count:,} roles", times["list"], times["bare"], "bare", 6)
            # Beyond a thousand it is the printing that takes the time.
            yield row if count <= 1_000 else row._replace(budget="", kept=True)


def _mount(directory: Path, rounds: int) -> Iterator[Row]:
    """As the program does it, which collects no garbage until its first picture stands."""
    times: dict[int, list[float]] = {100: [], 10_000: []}
    held: dict[int, float] = {}
    for count, some in times.items():
        with demo_world(directory / str(count), roles=count) as demo, environment(demo.environ):
            services = demo.services()
            _ = services.catalog
            for turn in range(max(4, rounds // 3)):
                gc.collect()
                gc.freeze()
                gc.disable()
                passed = asyncio.run(_mounted(services))
                gc.enable()
                if turn:
                    some.append(passed)
            held[count] = asyncio.run(_held(services))
    few, many = (statistics.median(some) for some in times.values())
    yield against("mount of 10,000 roles", many, few, "of 100", 1.5, unit="ms CPU")
    more = held[10_000] - held[100]
    beside = f"of 100 {held[100]:.1f} MB"
    yield Row("the same: memory", f"{held[10_000]:.1f} MB", beside, "", "<= 2 MB more", more <= 2)


async def _mounted(services: Services) -> float:
    begun = time.process_time()
    async with StsuiApp(services).run_test(size=(120, 35)) as pilot:
        await pilot.pause()
        return (time.process_time() - begun) * 1_000


async def _held(services: Services) -> float:
    """Megabytes that a mounted board has of its own, beside the catalog."""
    tracemalloc.start()
    try:
        async with StsuiApp(services).run_test(size=(120, 35)) as pilot:
            await pilot.pause()
            gc.collect()
            return tracemalloc.get_traced_memory()[0] / 1e6
    finally:
        tracemalloc.stop()


def _tick(directory: Path, rounds: int, bare: float) -> Row:
    """A second with 40 live sessions, of which 25 are on the screen: everything until it would be written."""
    with demo_world(directory, roles=400) as demo, environment(demo.environ):
        store = demo.services().store
        names = [name for name in store.catalog.roles if name.startswith("team-") and name != "team-play"]
        for name in names[:40]:
            store.assume(name)
        tick, visible = asyncio.run(_ticks(demo, names[20], rounds))
    what = f"a tick, {visible} visible rows, panels, head and strip"
    return against(what, tick, bare, "bare", 0.3, unit="ms CPU")


async def _ticks(demo: Demo, role: str, rounds: int) -> tuple[float, int]:
    async with board(demo, size=(120, 35)) as it:
        await it.go_to(role)
        await it.until(lambda: not it.app.state.verifying)
        some = []
        for _ in range(max(20, rounds)):
            begun = time.process_time()
            await it.tick()
            ticked = time.process_time()
            await it.pilot.pause()
            # The second pause is what waiting for the picture costs by itself.
            some.append((ticked - begun) - (time.process_time() - ticked))
        return statistics.median(some) * 1_000, it.app.board.list.size.height


def _key(stsui: str, there: Place) -> tuple[float, float]:
    """Of the real program for a letter: milliseconds of CPU, and those until the last byte was drawn."""
    program = Pty([stsui], there.environ, 120, 35)
    try:
        program.sees("dev-admin")
        program.press("/")
        program.press(WORD)
        program.press("\x15")
        program.read_for(4)
        begun, at = program.cpu(), time.monotonic()
        program.read_for(4)
        idle = (program.cpu() - begun) / (time.monotonic() - at)
        begun, at = program.cpu(), time.monotonic()
        seen = []
        for _ in range(TURNS):
            for letter in (*WORD, *("\x7f" for _ in WORD)):
                program.press(letter)
                seen.append(program.drawn_within(0.06))
        spent = program.cpu() - begun - idle * (time.monotonic() - at)
        return spent / len(seen) * 1_000, statistics.median(seen)
    finally:
        program.press("\x1b")
        program.read_for(0.5)  # else it is alt
        program.end("q")
