"""What a shell's SDK is answered: the slot's role, or one sentence with the next step, always in time."""

import time
from pathlib import Path

import botocore.exceptions
import pytest
from botocore.utils import ContainerMetadataFetcher

from stsui.server import container
from tests.server.serving import Serving

SDK_GIVES_UP = 2.0
"""Seconds; we answer within one, which a busy machine may stretch."""


def test_botocores_own_fetcher_reads_it(server: Serving) -> None:
    server.slot("dev-admin")
    headers = {"Authorization": server.slots.token("term-1").reveal()}
    fetcher = ContainerMetadataFetcher()
    found = fetcher.retrieve_full_uri(f"http://127.0.0.1:{server.port}/slot/term-1", headers=headers)
    assert set(found) == {"AccessKeyId", "SecretAccessKey", "Token", "Expiration", "AccountId"}
    assert found["Expiration"].endswith("Z") and found["AccountId"] == "333344445555"
    with pytest.raises(botocore.exceptions.MetadataRetrievalError, match="no token of a slot"):
        ContainerMetadataFetcher(sleep=lambda seconds: None).retrieve_full_uri(
            f"http://127.0.0.1:{server.port}/slot/term-1", headers={"Authorization": "0" * 64}
        )


def test_a_hundred_fetches_are_one_call_of_sts(server: Serving) -> None:
    server.slot("dev-admin")
    assert {server.given().key for _ in range(100)} == {server.given().key}
    assert server.demo.aws.count("AssumeRole") == 1
    assert server.demo.aws.count("GetCallerIdentity") == 1


def test_the_next_fetch_after_pointing_is_the_other_role(server: Serving) -> None:
    server.slot("dev-admin")
    token = server.slots.token("term-1").reveal()
    for role, name in (("dev-ro", "ReadOnly"), ("dev-admin", "AdministratorAccess"), ("stg-ro", "ReadOnly")):
        server.live.point("term-1", role)
        answer = server.given(token=token)
        assert server.role_of(answer) == name
    assert answer.document["AccountId"] == "222233334444"


def test_cut_off_says_so_and_can_be_pointed_again(server: Serving) -> None:
    server.slot("dev-admin")
    assert server.given().status == 200
    server.live.cut("term-1")
    answer = server.fetch()
    assert answer.status == 403 and "was cut off at" in answer.sentence and "Press t" in answer.sentence
    server.live.point("term-1", "dev-ro")
    assert server.role_of(server.given()) == "ReadOnly"


def test_a_removed_slot_is_a_stranger_and_its_token_dies_with_it(server: Serving) -> None:
    server.slot("dev-admin")
    token = server.slots.token("term-1").reveal()
    assert server.given().status == 200
    server.slots.remove("term-1")
    assert server.fetch(token=token).sentence == container.STRANGER
    server.slot("dev-admin")
    assert server.fetch(token=token).status == 403
    assert server.given().status == 200


def test_wrong_tokens_and_slots_that_do_not_exist_look_alike(server: Serving) -> None:
    server.slot("dev-admin")
    answers = [server.fetch(token="0" * 64), server.fetch(token=""), server.fetch("term-2", token="0" * 64)]
    assert len({(answer.status, answer.sentence) for answer in answers}) == 1
    assert answers[0].status == 403 and server.demo.aws.count() == 0


def test_s07_s82_a_code_is_needed_then_it_works_without_a_restart(server: Serving) -> None:
    server.slot("prod-ro")
    server.config('guard = "again"', "")
    for _ in range(3):
        begun = time.monotonic()
        answer = server.fetch()
        assert answer.status == 403 and time.monotonic() - begun < SDK_GIVES_UP
        assert "Press enter on prod-ro in stsui, or run: stsui assume prod-ro" in answer.sentence
    assert server.demo.aws.count() == 0
    shown = server.until(lambda: server.live.shown.rows()[0].note)
    assert "Press enter on prod-ro" in shown
    other = server.demo.services().store
    other.assume("prod-ro", code=server.demo.code())
    assert server.role_of(server.given()) == "ReadOnly"
    server.round()
    assert not server.live.shown.rows()[0].note


def test_a_guarded_role_is_begun_by_a_person_alone_and_then_renewed(server: Serving) -> None:
    server.slot("prod-ro")
    other = server.demo.services().store
    other.assume("ana", code=server.demo.code())
    answer = server.fetch()
    assert answer.status == 403 and "wants a second look first" in answer.sentence
    other.assume("prod-ro")
    assert "wants a second look first" in server.fetch().sentence, "held on the way to another is not passed"
    first = other.assume("prod-ro", passed="again")
    assert server.given().key == first.credentials.access_key_id
    server.later(3_000)
    server.until(lambda: server.given().key != first.credentials.access_key_id)
    server.demo.clock.pass_(4_000)
    assert "wants a second look first" in server.fetch().sentence


def test_dropped_by_a_person_stays_dropped_until_a_person_has_it_again(server: Serving) -> None:
    server.slot("dev-admin")
    assert server.given().status == 200
    other = server.demo.services().store
    server.until(lambda: (held := other.peek("dev-admin")) and held.identity)
    assert other.drop("dev-admin")
    assert "was dropped" in server.fetch().sentence
    server.round()
    server.stop()
    server.start()
    assert "was dropped" in server.fetch().sentence, "a new worker must not forget it"
    other.assume("dev-admin")
    assert server.given().status == 200


def test_sessions_that_vanish_at_logout_are_not_dropped(server: Serving) -> None:
    server.slot("dev-admin")
    key = server.given().key
    directory = Path(server.services.catalog.paths.sessions_dir)
    directory.parent.rename(directory.parent.with_name("gone"))
    assert server.given().key == key


def test_current_follows_the_current_session(server: Serving) -> None:
    server.slot("", "current")
    assert "No session is current" in server.fetch("current").sentence
    server.store.set_current("dev-admin")
    assert server.role_of(server.given("current")) == "AdministratorAccess"
    server.store.set_current("dev-ro")
    assert server.role_of(server.given("current")) == "ReadOnly"


def test_what_takes_longer_than_a_second_is_found_by_the_next_try(server: Serving) -> None:
    server.slot("dev-admin")
    server.demo.aws.delay = 1.2
    begun = time.monotonic()
    answer = server.fetch()
    assert answer.status == 503 and time.monotonic() - begun < SDK_GIVES_UP
    server.until(lambda: server.fetch().status == 200, rounds=False)
    assert server.demo.aws.count("AssumeRole") == 1


def test_an_outage_is_lived_through_and_nothing_expired_is_ever_given(server: Serving) -> None:
    server.slot("dev-admin")
    key = server.given().key
    server.demo.aws.down = True
    clock = server.demo.clock
    ends = clock.now() + 3_600
    while clock.now() < ends - 6:
        answer = server.fetch()
        assert answer.status == 200 and answer.key == key
        clock.pass_(min(240, ends - 6 - clock.now()))
    clock.pass_(30)
    assert server.until(lambda: server.fetch().status == 503, rounds=False)
    server.demo.aws.down = False
    clock.pass_(10)
    assert server.until(lambda: server.fetch().status == 200, rounds=False)
    assert server.given().key != key


def test_a_role_that_left_the_config_is_named(server: Serving) -> None:
    server.slot("play")
    assert server.given().status == 200
    server.config("[roles.play]", "[roles.playground]")
    answer = server.fetch()
    assert answer.status == 403 and 'No role is called "play"' in answer.sentence


@pytest.mark.parametrize(
    ("role", "words"),
    [("prod-deploy", "may not assume"), ("mixed", "AWS says this is"), ("team-play", "sign")],
)
def test_what_aws_refuses_is_said_in_the_program_that_asked(server: Serving, role: str, words: str) -> None:
    server.config('guard = "again"', "")
    server.slot(role)
    answer = server.until(lambda: (a := server.fetch()).status == 403 and a, rounds=False)
    assert words in answer.sentence and "DEMO" not in answer.sentence


def test_fetches_are_counted(server: Serving) -> None:
    server.slot("dev-admin")
    server.given()
    token = server.slots.token("term-1").reveal()
    head = f"GET /slot/term-1 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: {token}\r\n\r\n"
    assert server.raw(head.encode()).startswith(b"HTTP/1.1 200")
    row = server.until(lambda: (r := server.live.shown.rows()[0]).fetched.times == 2 and r)
    assert row.fetched.times == 2 and row.session is not None and not row.note
