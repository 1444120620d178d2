"""The list of roles in this process: filter, tick, mount, by CPU."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.rows import Row, against
from tests.stress.crowd import environment
from tests.tui.boards import Board, board
from tests.worlds import Demo, demo_world

WORD = "team-04 role7"


def rows(directory: Path, rounds: int) -> Iterator[Row]:
    """With 100 and 10,000 roles."""
    mounted: dict[int, float] = {}
    for count in (100, 10_000):
        with demo_world(directory / str(count), roles=count) as demo, environment(demo.environ):
            mounted[count], key, tick, changed = asyncio.run(_measure(demo, count, rounds))
    yield against("mount of 10,000 roles", mounted[10_000], mounted[100], "100 roles", 1.5)
    yield Row("a key in the filter, 10,000 roles", f"{key:.1f} ms CPU", "", "", "<= 8 ms", key <= 8)
    what = f"a tick, {changed} visible live rows"
    yield Row(what, f"{tick:.1f} ms CPU", "", "", "<= 3 ms", tick <= 3)


async def _measure(demo: Demo, count: int, rounds: int) -> tuple[float, float, float, int]:
    store = demo.services().store
    names = [name for name in store.catalog.roles if name.startswith("team-") and name != "team-play"]
    for name in names[:40]:
        store.assume(name)
    begun = time.process_time()
    async with board(demo, size=(120, 35)) as it:
        mounted = (time.process_time() - begun) * 1_000
        await it.go_to(names[20])
        ticks = []
        for _ in range(rounds):
            ticks.append(await _cpu(it, 1))
        height = it.app.board.list.size.height
        key = await _filter(it, rounds) if count > 100 else 0.0
    return mounted, key, statistics.median(ticks), min(height, 20)


async def _cpu(it: Board, seconds: int) -> float:
    begun = time.process_time()
    await it.tick(seconds)
    return (time.process_time() - begun) * 1_000


async def _filter(it: Board, rounds: int) -> float:
    some = []
    await it.press("slash")
    for _ in range(max(2, rounds // 5)):
        for letter in WORD:
            begun = time.process_time()
            await it.pilot.press("space" if letter == " " else "minus" if letter == "-" else letter)
            some.append((time.process_time() - begun) * 1_000)
        await it.press(*["backspace"] * len(WORD))
    return statistics.median(some)
