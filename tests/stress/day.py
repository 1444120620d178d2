"""R13 by a set clock: a day of fifty sessions on a board that nobody touches, while calls fail now and then."""

import asyncio
import random
from pathlib import Path

from tests.stress.crowd import environment
from tests.stress.lines import Line
from tests.tui.boards import Board, board
from tests.worlds import Demo, demo_world

STEP = 20
"""Seconds between two looks; under thirty, so that none counts as a sleep."""
FAULTS = 0.05


def soak(directory: Path, sessions: int, hours: int) -> Line:
    """The real app, its own scheduler, real calls to the demo's STS."""
    with demo_world(directory, roles=24 + sessions) as demo, environment(demo.environ):
        missed, renewed, grown = asyncio.run(_live(demo, sessions, hours))
    return Line(
        f"a board with {sessions} sessions for {hours} hours, {FAULTS:.0%} of the renewals fail at first",
        "0 sessions end, memory grows by less than 10 MB",
        f"{missed} ended, {renewed:,} renewals, {grown:.1f} MB",
        not missed and renewed > sessions * (hours - 1) and grown < 10,
    )


async def _live(demo: Demo, sessions: int, hours: int) -> tuple[int, int, float]:
    store = demo.services().store
    roles = [name for name in store.catalog.roles if name.startswith("team-") and name != "team-play"][
        :sessions
    ]
    for role in roles:
        store.assume(role)
        demo.clock.pass_(7)
    chance = random.Random(7)
    missed: set[tuple[str, int]] = set()
    begun = demo.aws.count("AssumeRole")
    size = 0.0
    async with board(demo) as it:
        for step in range(hours * 3_600 // STEP):
            if chance.random() < FAULTS:
                demo.aws.fail_next("ServiceUnavailable", n=3, status=503, operation="AssumeRole")
            await it.tick(STEP)
            await _landed(it)
            now = demo.clock.now()
            held = it.app.state.sessions
            missed |= {
                (role, held[role].expiration if role in held else 0)
                for role in roles
                if role not in held or held[role].left(now) <= 0
            }
            if step == 3_600 // STEP:
                size = _resident()
        grown = _resident() - size
    for role, expiration in sorted(missed)[:3]:
        print(f"  {role} ended at {expiration}", flush=True)
    return len(missed), demo.aws.count("AssumeRole") - begun, grown


async def _landed(it: Board) -> None:
    """Every call has come back, and the board knows."""
    while it.app.state.flights:
        await asyncio.sleep(0.005)
        await it.pilot.pause()


def _resident() -> float:
    """Megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4_096 / 1e6
