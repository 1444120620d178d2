"""The activity screen reads the ledger: of this board, and of every other stsui here; and denials are decoded."""

import base64
import json
from pathlib import Path

from stsui.sessions.ledger import Event, Ledger
from tests.model.test_denial import DECODED
from tests.tui.boards import board
from tests.worlds import Demo


async def test_it_shows_what_every_process_did(demo: Demo) -> None:
    async with board(demo, (120, 40)) as b:
        await b.press("L")
        await b.sees("Activity today", "Nothing yet today.")
        other = demo.services()
        session = other.store.assume("dev-admin@read-only")
        other.gate.handed(session, "process", "terraform 41822")
        b.app.tick()
        await b.sees("dev-admin@read-only hand-over process → terraform 41822", "2 events")
        key_id = session.credentials.access_key_id
        assert key_id not in b.text.split("CloudTrail")[0], "cut to a few letters but for the link"
        await b.sees("AccessKeyId=")
        await b.press("f")
        other.store.drop("dev-admin@read-only")
        b.app.tick()
        await b.sees("follow: off", "2 events")
        await b.press("f")
        b.app.tick()
        await b.sees("3 events")
        await b.press("slash")
        await b.type("terraform")
        await b.until(lambda: "drop" not in b.words.split("today")[1].split("What")[0])
        await b.press("escape")
        await b.sees("dev-admin@read-only drop")
        await b.press("escape")
        await b.until(lambda: b.app.screen is b.app.board)


async def test_ids_are_hidden_where_they_are_hidden(demo: Demo) -> None:
    demo.services().store.assume("dev-admin")
    async with board(demo) as b:
        await b.press("H", "L")
        await b.sees("dev-admin assume")
        assert "333344445555" not in b.text and "AccessKeyId" not in b.text


async def test_a_pasted_denial_is_read(demo: Demo) -> None:
    encoded = base64.b64encode(json.dumps(DECODED).encode()).decode()
    demo.services().store.assume("dev-admin")
    async with board(demo) as b:
        b.app.run_command("app.decode")
        await b.sees("Decode an authorization message", "dev-admin asks AWS")
        await b.type("hello")
        await b.sees("There is no encoded authorization message in that text.")
        b.app.screen.query_one("TextArea").text = f"Encoded authorization failure message: {encoded}"  # type: ignore[attr-defined]
        await b.sees(
            "Denied: a statement says so", "ec2:StopInstances", "NoStops of arn:aws:iam::111122223333"
        )
        b.app.screen.query_one("TextArea").text = encoded[:-9]  # type: ignore[attr-defined]
        await b.sees("AWS cannot decode this message")


async def test_without_a_session_nobody_can_decode(demo: Demo) -> None:
    async with board(demo) as b:
        b.app.run_command("app.decode")
        await b.sees("There is no live session to ask AWS with.")


async def test_what_other_processes_did_stands_on_the_board(demo: Demo) -> None:
    other = Ledger(str(Path(demo.services().store.ledger.path).parent), demo.clock, "stsui 41822")
    other.record(Event("assume", "dev-ci", until=int(demo.clock.now()) + 3_600))
    async with board(demo, (200, 50)) as b:
        await b.go_to("dev-ci")
        b.app.tick()
        await b.sees("dev-ci assumed until", "History")
        other.record(Event("hand-over", "dev-ci", way="process", to="terraform 41822"))
        other.record(Event("failure", "prod-deploy", text="AccessDenied while assuming prod-deploy: no."))
        b.app.tick()
        await b.sees("dev-ci hand off process → terraform 41822", "prod-deploy failed AccessDenied")
        before = b.words.count("hand off process")
        await b.tick(5)
        assert b.words.count("hand off process") == before
        other.record(Event("drop", "dev-ro", at=demo.clock.now() - 2 * 86_400))
        other.record(Event("drop", "dev-ci"))
        b.app.tick()
        await b.sees("dev-ci dropped")
        assert "dev-ro dropped" not in b.words, "the panel is today's"
