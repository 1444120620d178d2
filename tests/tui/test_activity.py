"""The activity screen reads the ledger: of this board, and of every other stsui here; and denials are decoded."""

import base64
import json

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
        other.store.drop("dev-admin@read-only")
        await b.press("f")
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
