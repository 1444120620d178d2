"""The screen of shells: who holds what, led elsewhere through the guards, cut off; copies; what follows the current."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from stsui.handover.slots import CURRENT, Process, Slot
from stsui.server.fetches import Consumer, Fetched, Status, _encode
from stsui.server.processes import process
from stsui.sessions.ledger import Event
from stsui.wiring import Services
from tests.tui.boards import Board, board
from tests.worlds import Demo


class Shells:
    """Slots as shells would have them; what a server would have counted is written as it writes it."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.services: Services = demo.services()
        self.live = self.services.live
        self.taken = self.live.take()
        self.counted: dict[str, Fetched] = {}

    def slot(self, name: str, role: str, region: str = "eu-west-1", **facts: object) -> None:
        now = int(self.demo.clock.now())
        slot = Slot(name, role, made_at=now, pointed_at=now, port=self.taken.server.port, given_region=region)
        self.live.slots.keep(slot._replace(**facts))  # type: ignore[arg-type]

    def fetched(self, name: str, **facts: object) -> None:
        before = self.counted.get(name, Fetched())
        self.counted[name] = before._replace(**facts)  # type: ignore[arg-type]
        self.live.place.files.write("fetches.json", _encode(Status(self.counted)))

    def role(self, name: str) -> str:
        return self.live.slots.get(name).role


@pytest.fixture
def shells(demo: Demo) -> AsyncIterator[Shells]:
    found = Shells(demo)
    yield found  # type: ignore[misc]
    found.taken.release()


@asynccontextmanager
async def opened(demo: Demo, size: tuple[int, int] = (120, 35)) -> AsyncIterator[Board]:
    async with board(demo, size) as b:
        await b.press("t")
        await b.sees("Shells")
        yield b


async def test_it_says_who_holds_what(demo: Demo, shells: Shells) -> None:
    import os

    shells.services.store.assume("dev-admin")
    me = process(os.getpid())
    now = int(demo.clock.now())
    shells.slot("term-3", "dev-admin", owner=me._replace(command="zsh", tty="/dev/pts/3", cwd="/src/infra"))
    shells.slot("ci-box", "dev-ro")
    shells.slot("old", "dev-ro", owner=Process(2**22 + 9, 1, "bash"))
    consumer = Consumer(me._replace(command="terraform"), now - 3, 14)
    shells.fetched("term-3", times=14, at=now - 3, consumers=(consumer,))
    async with opened(demo) as b:
        await b.sees("3 slots", "server on 127.0.0.1 since", "dev-admin DEV 1h00m 3s ago terraform")
        await b.sees("ci-box dev-ro DEV - never nobody yet", "old dev-ro DEV - never its shell is gone")
        await b.press("j", "j")
        await b.sees("zsh", "on /dev/pts/3 /src/infra opened", "14 times, last 3s ago")
        await b.tick(5)
        await b.sees("59:55 8s ago")
        await b.press("escape")
        await b.until(lambda: b.app.screen is b.app.board)
        await b.tick()
        await b.tick()
        await b.sees("3 shells")


async def test_a_program_that_ended_is_still_the_last_one(demo: Demo, shells: Shells) -> None:
    shells.services.store.assume("dev-admin")
    shells.slot("term-3", "dev-admin")
    ended = Process(2**22 + 9, 1, "aws", cwd="/src/infra")
    shells.fetched("term-3", times=2, at=int(demo.clock.now()), consumers=(Consumer(ended, 1),))
    async with opened(demo) as b:
        await b.sees(f"{ended.text}, ended", f"By {ended.text} /src/infra, ended")


async def test_enter_leads_a_slot_to_another_role(demo: Demo, shells: Shells) -> None:
    shells.services.store.assume("dev-admin")
    shells.slot("term-3", "dev-admin")
    async with opened(demo) as b:
        await b.sees("term-3 dev-admin")
        await b.press("enter")
        await b.sees("Point term-3 at")
        await b.type("dev-ro")
        await b.press("enter")
        await b.sees("term-3 leads to dev-ro from its next fetch on.", "term-3 dev-ro DEV 1h00m never")
        assert shells.role("term-3") == "dev-ro"
        events = [e for e in shells.services.store.ledger.read() if e.kind == "re-point"]
        assert [(e.role, e.to) for e in events] == [("dev-ro", "slot term-3")]


async def test_production_its_region_and_running_programs_are_said_first(demo: Demo, shells: Shells) -> None:
    import os

    other = demo.services().store
    other.assume("ana", code=demo.code())
    shells.slot("term-3", "stg-ro", region="eu-central-1")
    me = process(os.getpid())._replace(command="terraform")
    shells.fetched("term-3", times=1, at=int(demo.clock.now()), consumers=(Consumer(me, 1),))
    async with opened(demo) as b:
        await b.sees("term-3 stg-ro")
        await b.press("enter")
        await b.type("prod-admin")
        await b.press("enter")
        await b.sees("Point term-3 at prod-admin", "PROD", f"Running there: terraform {os.getpid()}")
        await b.sees("AWS_REGION in the shell stays eu-central-1;", "prod-admin has eu-west-1.")
        await b.press("enter")
        await b.until(lambda: "Running there" not in b.text)
        assert shells.role("term-3") == "stg-ro", "the safe answer has the focus"
        await b.press("enter")
        await b.type("prod-admin")
        await b.press("enter")
        await b.sees("Running there")
        await b.press("y")
        await b.until(lambda: shells.role("term-3") == "prod-admin")
        held = demo.services().store.peek("prod-admin")
        assert held is not None and held.passed == "again"


async def test_a_role_that_wants_a_code_is_led_to_once_it_is_there(demo: Demo, shells: Shells) -> None:
    shells.slot("term-3", "dev-ro")
    async with opened(demo) as b:
        await b.sees("term-3 dev-ro")
        for give_up in (True, False):
            await b.press("enter")
            await b.type("prod-ro")
            await b.press("enter")
            await b.sees("prod-ro is PROD.")
            await b.press("y")
            await b.sees("MFA code for prod-ro")
            if give_up:
                await b.press("escape")
                await b.until(lambda: "MFA code" not in b.text)
                assert shells.role("term-3") == "dev-ro"
            else:
                await b.type(demo.code())
                await b.until(lambda: shells.role("term-3") == "prod-ro")


async def test_cut_off_is_seen_on_the_smallest_screen(demo: Demo, shells: Shells) -> None:
    shells.services.store.assume("dev-ro")
    shells.slot("a", "dev-ro", owner=process(1))
    async with opened(demo, (44, 14)) as b:
        await b.sees("a dev-ro DEV 1h00m")
        await b.press("x")
        await b.sees("a dev-ro DEV cut", "The slot a was cut off at")


async def test_cut_off_one_and_all(demo: Demo, shells: Shells) -> None:
    for name in ("a", "b", "c"):
        shells.slot(name, "dev-ro")
    async with opened(demo) as b:
        await b.sees("3 slots")
        await b.press("x")
        await b.sees("a dev-ro DEV - never cut off", "2 slots", "The slot a was cut off at")
        await b.press("x")
        await b.sees("a is cut off already. enter points it at a role again.")
        await b.press("X")
        await b.sees("2 slots will give nothing any more: b, c.")
        await b.press("escape")
        assert not shells.live.slots.get("b").cut_at
        await b.press("X")
        await b.sees("will give nothing")
        await b.press("y")
        await b.sees("0 slots")
        assert all(slot.cut_at for slot in shells.live.slots.all())


async def test_what_runs_there_is_asked_about_before_it_is_cut(demo: Demo, shells: Shells) -> None:
    import os

    shells.slot("a", "dev-ro")
    me = process(os.getpid())._replace(command="terraform")
    shells.fetched("a", times=1, at=int(demo.clock.now()), consumers=(Consumer(me, 1),))
    async with opened(demo) as b:
        await b.sees(f"terraform {os.getpid()}")
        await b.press("x")
        await b.sees("Cut off a", f"Running there: terraform {os.getpid()}.")
        await b.press("y")
        await b.sees("cut off")
        await b.until(lambda: shells.live.slots.get("a").cut_at)


async def test_copies_stand_beside_the_slots(demo: Demo, shells: Shells) -> None:
    until = int(demo.clock.now()) + 3_000
    shells.services.store.ledger.record(
        Event("hand-over", "stg-admin", way="variables", to="bash for zsh 4711", until=until)
    )
    async with opened(demo) as b:
        await b.sees("No shell holds a slot.", "copies: they cannot be renewed or taken back")
        await b.sees("stg-admin variables → bash for zsh 4711 until")


async def test_settings_and_new_ones_are_copied_as_commands(demo: Demo, shells: Shells) -> None:
    shells.slot("term-3", "dev-ro")
    async with opened(demo) as b:
        await b.sees("term-3")
        await b.press("y")
        await b.sees('eval "$(stsui slot env term-3)"') if b.app.clipboard else await b.sees("terminal")
        await b.press("n")
        await b.sees("A live shell for")
        await b.type("dev-admin")
        await b.press("enter")
        await b.until(lambda: "A live shell for" not in b.text)


async def test_what_follows_the_current_session_is_asked_about(demo: Demo, shells: Shells) -> None:
    store = shells.services.store
    for role in ("dev-admin", "dev-ro", "stg-ro"):
        store.assume(role)
    store.set_current("dev-admin")
    shells.slot(CURRENT, "")
    consumer = Consumer(Process(7, 1, "terraform"), 1)
    shells.fetched(CURRENT, times=1, at=int(demo.clock.now()), consumers=(consumer,))
    async with board(demo) as b:
        await b.until(lambda: b.app.state.current == "dev-admin")
        await b.tick()
        await b.tick()
        await b.until(lambda: b.app.state.follower[0])
        await b.go_to("dev-ro")
        await b.press("enter")
        await b.until(lambda: b.app.state.current == "dev-ro")
        await b.go_to("stg-ro")
        await b.press("enter")
        await b.sees("Make stg-ro current", "terraform 7", "in another account")
        await b.press("enter")
        await asyncio.sleep(0)
        assert b.app.state.current == "dev-ro"
        await b.press("enter")
        await b.sees("Make stg-ro current")
        await b.press("y")
        await b.until(lambda: b.app.state.current == "stg-ro")


async def test_s07_the_head_says_who_waits_for_a_person(demo: Demo, shells: Shells) -> None:
    shells.slot("term-3", "prod-ro")
    async with board(demo, (100, 30)) as b:
        now = int(demo.clock.now())
        shells.fetched("term-3", waiting="a code", waiting_at=now, waits_for_person=True)
        await b.tick()
        await b.tick()
        await b.sees("the shell term-3 waits for prod-ro")
        shells.fetched("term-3", waiting="", at=now + 1, waiting_at=0, waits_for_person=False)
        await b.tick()
        await b.tick()
        await b.until(lambda: "waits for prod-ro" not in b.text)


async def test_without_a_server_it_says_so(demo: Demo, shells: Shells) -> None:
    shells.slot("term-3", "dev-ro")
    shells.live.place.rest()
    shells.taken.release()
    async with opened(demo) as b:
        await b.sees("no server runs", "Start it: stsui serve --background")
    shells.taken = shells.live.take()


@pytest.mark.parametrize("size", [(44, 14), (80, 24), (200, 50)])
async def test_every_size_has_the_slot_its_role_and_its_time(
    demo: Demo, shells: Shells, size: tuple[int, int]
) -> None:
    demo.services().store.assume("dev-admin")
    for n in range(30):
        shells.slot(f"term-{n}", "dev-admin")
    async with opened(demo, size) as b:
        await b.sees("term-0", "dev-admin", "DEV", "59:5" if "59:5" in b.text else "1h00m")
        await b.press("G")
        await b.sees("term-9")
        await b.press("enter")
        await b.sees("Point term-9 at")


async def test_ascii_and_hostile_names(demo: Demo, shells: Shells) -> None:
    owner = Process(2**22 + 3, 1, "[/x]\\x1b]0;t", "", "/a/[@click=app.quit]q")
    shells.slot("term-3", "dev-ro", owner=owner)
    async with board(demo, ascii_only=True) as b:
        await b.press("t")
        await b.sees("[/x]\\x1b]0;t", "[@click=app.quit]q")
        assert b.text.isascii()


def test_slots_lie_where_their_server_does(shells: Shells) -> None:
    assert Path(shells.live.place.slots.path).parent == Path(shells.live.place.files.path)
