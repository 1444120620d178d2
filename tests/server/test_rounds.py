"""What happens each second: renewed in time and not too often, let go when it is old, told to the prompts."""

import time
from pathlib import Path

import pytest

from stsui.handover.slots import Process, Slot
from stsui.server import processes, rounds
from stsui.server.holdings import RENEWING, Aim
from tests.server.serving import Serving


def test_a_slot_is_renewed_although_nobody_fetches(server: Serving) -> None:
    server.slot("dev-admin")
    first = server.given().key
    server.later(2_500)
    assert server.demo.aws.count("AssumeRole") == 1, "not before its window"
    server.later(200)
    server.until(lambda: server.demo.aws.count("AssumeRole") == 2)
    assert server.until(lambda: server.given().key != first)


def test_a_role_that_is_to_end_is_not_renewed_unasked(server: Serving) -> None:
    server.slot("dev-nightly")
    server.given()
    server.pass_(36)
    for _ in range(5):
        server.round()
    assert server.demo.aws.count("AssumeRole") == 1
    server.pass_(10)
    server.given()
    assert server.demo.aws.count("AssumeRole") == 2


def test_nobody_fetched_for_the_idle_limit_so_it_is_dropped(server: Serving) -> None:
    server.config('name = "acme-dev"', 'name = "acme-dev"\nidle_limit = "30m"')
    server.slot("dev-admin")
    server.given()
    for _ in range(4):
        server.later(1_200)
        ticks(server)
        server.given()
    server.demo.services().store.assume("dev-admin", refresh=True)
    server.given()
    server.pass_(1_900)
    ticks(server)
    answer = server.fetch()
    assert answer.status == 403 and "was dropped. Press enter on dev-admin" in answer.sentence
    server.demo.services().store.assume("dev-admin")
    server.given()


def test_no_background_renewal_means_only_who_fetches(server: Serving) -> None:
    server.config('name = "acme-dev"', 'name = "acme-dev"\nno_background_renewal = true')
    server.slot("dev-admin")
    key = server.given().key
    server.later(2_800)
    for _ in range(5):
        server.round()
    assert server.demo.aws.count("AssumeRole") == 1
    server.pass_(1_000)
    assert server.until(lambda: server.given().key != key)


def test_renewals_go_a_few_at_a_time(server: Serving) -> None:
    names = ("dev-admin", "dev-ro", "stg-ro", "dev-deploy", "stg-deploy", "partner-audit")
    for name in names:
        server.slot(name, name)
        server.given(name)
    before = server.demo.aws.count("AssumeRole")
    server.demo.aws.delay = 0.1
    server.stop()
    server.pass_(2_700)
    server.start()
    most = 0
    while server.demo.aws.count("AssumeRole") < before + len(names):
        server.round()
        most = max(most, server.in_server(lambda: server.worker._container._holdings._renewing))
        time.sleep(0.01)
    assert most == RENEWING


def test_what_ended_while_nobody_looked_waits_for_who_fetches(server: Serving) -> None:
    server.slot("dev-admin")
    server.given()
    server.stop()
    server.pass_(30_000)
    server.start()
    for _ in range(5):
        server.round()
    assert server.demo.aws.count("AssumeRole") == 1
    server.given()
    assert server.demo.aws.count("AssumeRole") == 2


def test_a_renewal_that_needs_a_person_is_said_before_the_end(server: Serving) -> None:
    server.config('guard = "again"', "")
    other = server.demo.services().store
    other.assume("prod-ro", code=server.demo.code())
    server.slot("prod-ro")
    key = server.given().key
    ana = other.plan("prod-ro").steps[0].key
    other.cache.remove(ana)
    server.later(2_800)
    answer = server.fetch()
    assert answer.key == key, "what is held is given on"
    assert server.demo.aws.count("GetSessionToken") == 1


def test_after_a_sleep_the_renewals_are_spread(server: Serving) -> None:
    for name in ("dev-admin", "dev-ro", "stg-ro", "play"):
        server.slot(name, name)
        server.given(name)
    server.demo.aws.calls.clear()
    server.pass_(2_900)
    server.round()
    waits = server.in_server(
        lambda: sorted(
            h.not_before - h.store.clock.boot() for h in server.worker._container._holdings._held.values()
        )
    )
    assert 0 <= waits[0] < waits[-1] <= 10


def test_prompts_are_told(server: Serving) -> None:
    server.slot("dev-admin")
    server.given()
    server.round()
    info = Path(server.slots.info_file("term-1"))
    role, environment, account, ends, region, note, _ = info.read_text().split("\n")
    assert (role, environment, account, region, note) == ("dev-admin", "DEV", "333344445555", "eu-west-1", "")
    assert ends == "2026-11-24T07:00:00Z"
    server.live.point("term-1", "stg-ro")
    assert info.read_text().split("\n")[:2] == ["stg-ro", "STAGE"]
    server.given()
    server.round()
    assert info.read_text().split("\n")[3].endswith("Z")
    server.live.cut("term-1")
    assert info.read_text().split("\n")[5] == "cut"
    server.slot("prod-ro", "term-2")
    server.fetch("term-2")
    server.round()
    assert Path(server.slots.info_file("term-2")).read_text().split("\n")[5] == "waits"


def gone() -> Process:
    """A process that was, of this boot."""
    here = processes.process(1)
    return here._replace(pid=2**22 + 5, started=1)


def ticks(server: Serving) -> None:
    for _ in range(rounds.RETIRE_EVERY + 1):
        server.round()


def test_slots_of_shells_that_are_gone_go_after_half_a_day(server: Serving) -> None:
    import os

    mine = processes.process(os.getpid())
    server.slot("dev-ro", "gone", owner=gone())
    server.slot("dev-ro", "here", owner=mine)
    server.slot("dev-ro", "left", owner=mine, left_at=int(server.demo.clock.now()))
    server.slot("dev-ro", "named")
    server.slot("dev-ro", "rebooted", owner=gone()._replace(boot="another"))
    ticks(server)
    assert server.slots.names() == ["gone", "here", "left", "named"]
    server.pass_(rounds.UNUSED - 60)
    server.given("left")
    server.pass_(120)
    ticks(server)
    assert server.slots.names() == ["here", "left", "named"]
    server.pass_(rounds.UNUSED)
    ticks(server)
    assert server.slots.names() == ["here", "named"]


def test_a_cut_slot_can_say_so_for_an_hour(server: Serving) -> None:
    server.slot("dev-ro")
    server.live.cut("term-1")
    server.pass_(rounds.CUT_KEPT - 10)
    ticks(server)
    assert "was cut off" in server.fetch().sentence
    server.pass_(20)
    ticks(server)
    assert server.slots.names() == []


def test_it_ends_some_minutes_after_its_last_slot(server: Serving) -> None:
    server.slot("dev-ro")
    assert server.round()
    server.pass_(rounds.ALONE * 2)
    assert server.round()
    server.live.cut("term-1")
    server.pass_(rounds.ALONE - 1)
    assert server.round()
    server.pass_(2)
    assert not server.round()


def test_counts_survive_a_new_worker(server: Serving) -> None:
    server.slot("dev-ro")
    for _ in range(3):
        server.given()
    server.stop()
    server.start()
    server.given()
    server.round()
    assert server.live.shown.rows()[0].fetched.times == 4


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"\xff", b'{"version": 1, "slots": {"a": {}}, "dropped": []}', b"[1]"]
)
def test_a_torn_count_is_no_count(server: Serving, content: bytes) -> None:
    server.slot("dev-ro")
    server.given()
    server.stop()
    (Path(server.place.files.path) / "fetches.json").write_bytes(content)
    server.start()
    assert server.given().status == 200


def test_two_regions_are_two_sessions(server: Serving) -> None:
    """A role without a Region is asked for where the shell's AWS_REGION says, so that its code serves it too."""
    server.demo.config.write_text(server.demo.config.read_text() + NOWHERE)
    asked = []
    services = server.demo.services

    def opened(region: str) -> object:
        asked.append(region)
        return services()

    server.stop()
    server.start(opened)
    server.slot("nowhere", "a", region="us-west-2")
    server.slot("nowhere", "b")
    server.round()
    assert sorted(set(asked)) == ["", "us-west-2"]
    held = server.in_server(lambda: set(server.worker._container._holdings._held))
    assert held == {Aim("nowhere", "us-west-2"), Aim("nowhere", "")}


NOWHERE = """
[roles.nowhere]
role_arn = "arn:aws:iam::333344445555:role/ReadOnly"
source_profile = "bob"
"""


def test_a_slot_without_a_file_is_nothing(server: Serving) -> None:
    assert server.in_server(server.worker._container.slots) == []
    server.slots.keep(Slot("a", "dev-ro"))
    (Path(server.place.slots.path) / "a.slot").write_text("{")
    assert server.in_server(server.worker._container.slots) == []
