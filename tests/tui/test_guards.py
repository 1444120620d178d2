"""Guards on the board: what is asked, once for a session, on every way out; and what is not given at all."""

from pathlib import Path

import pytest

from tests.tui.boards import Board, board
from tests.worlds import Demo


def add(demo: Demo, toml: str) -> None:
    with demo.config.open("a") as file:
        file.write(toml)


async def held(b: Board, name: str) -> None:
    await b.until(lambda: b.app.state.live(name) is not None and b.app.state.current == name)


async def test_a_yes_is_asked_once_for_a_session(demo: Demo) -> None:
    add(demo, "[roles.dev-admin]\nguard = 'confirm'\n")
    async with board(demo) as b:
        await b.go_to("dev-admin")
        await b.press("enter")
        await b.sees("dev-admin is in acme-dev, which wants a yes first.")
        await b.press("enter")
        assert demo.aws.count() == 0, "enter on the dialog is the safe answer"
        await b.press("enter", "y")
        await held(b, "dev-admin")
        await b.go_to("dev-ro")
        await b.press("enter")
        await held(b, "dev-ro")
        await b.go_to("dev-admin")
        await b.press("enter")
        await b.until(lambda: b.app.state.current == "dev-admin")
        assert "wants a yes" not in b.text, "it was passed for this session"
    session = demo.services().store.peek("dev-admin")
    assert session is not None and session.passed == "confirm"
    assert demo.services().gate.judge("dev-admin", "process", person=False).allowed
    told = [(e.kind, e.text) for e in demo.services().store.ledger.read() if e.role == "dev-admin"]
    assert ("guard", "passed: confirm") in told


async def test_the_name_has_to_be_typed_and_a_reason_given(demo: Demo) -> None:
    add(demo, "[guards.'*/AdministratorAccess']\nguard = 'type'\nreason_required = true\n")
    async with board(demo) as b:
        await b.go_to("dev-admin")
        await b.sees("Guard the account's name and a reason")
        await b.press("enter")
        await b.sees("Reason for dev-admin", "CloudTrail and the ledger will show it")
        await b.press("enter")
        assert "Reason for dev-admin" in b.text, "nothing is no reason"
        await b.type("INC-7")
        await b.press("enter")
        await b.sees("Type the account name to go on: acme-dev")
        await b.type("acme-prod")
        await b.press("enter")
        assert demo.aws.count() == 0
        await b.press("ctrl+u")
        await b.type("acme-dev")
        await b.press("enter")
        await held(b, "dev-admin")
        assert demo.aws.calls[0].parameters["RoleSessionName"] == "ana-INC-7"


async def test_leaving_a_question_leaves_everything(demo: Demo) -> None:
    add(demo, "[roles.dev-admin]\nguard = 'type'\nreason_required = true\n")
    async with board(demo) as b:
        await b.go_to("dev-admin")
        await b.press("enter", "escape")
        await b.press("enter")
        await b.type("x")
        await b.press("enter", "escape")
        await b.tick()
        assert demo.aws.count() == 0 and "idle" in b.row("dev-admin")


async def test_production_takes_a_second_enter_though_nothing_guards_it(demo: Demo) -> None:
    async with board(demo) as b:
        await b.go_to("prod-ro")
        await b.press("enter")
        await b.sees("PROD: enter again to use (3 s)")
        assert demo.aws.count() == 0
        await b.tick(4)
        assert "enter again" not in b.text


async def test_secrets_stay_off_the_clipboard_and_out_of_files(demo: Demo) -> None:
    add(demo, "[roles.dev-admin]\nno_clipboard = true\n[roles.dev-ro]\nno_file = true\n")
    async with board(demo) as b:
        await b.go_to("dev-admin")
        await b.press("enter")
        await held(b, "dev-admin")
        await b.press("Y", "6", "enter")
        await b.sees("is not put on", "(no_clipboard).")
        await b.press("y")
        await b.sees("stsui export dev-admin")
        await b.go_to("dev-ro")
        await b.press("enter")
        await held(b, "dev-ro")
        await b.press("Y", "6", "w", "x", "enter")
        await b.sees("is not written to", "(no_file).")
    assert not [e for e in demo.services().store.ledger.read() if e.kind == "hand-over"]


async def test_what_was_written_is_in_the_ledger(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "exported").mkdir()
    async with board(demo) as b:
        await b.go_to("dev-admin")
        await b.press("enter")
        await held(b, "dev-admin")
        await b.press("Y", "6", "w", *"~/exported/e", "enter")
        await b.until(lambda: any(e.kind == "hand-over" for e in demo.services().store.ledger.read()))
    (given,) = [e for e in demo.services().store.ledger.read() if e.kind == "hand-over"]
    assert (given.role, given.way, given.to) == ("dev-admin", "file", str(tmp_path / "exported" / "e"))


async def test_what_may_not_be_renewed_by_itself_is_not(demo: Demo) -> None:
    add(demo, "[guards.dev-data]\nno_background_renewal = true\n")
    async with board(demo) as b:
        await b.go_to("dev-data")
        await b.press("enter")
        await held(b, "dev-data")
        assert "↻" not in b.row("dev-data")
        calls = demo.aws.count("AssumeRole")
        await b.later(100)
        await b.later(20)
        assert demo.aws.count("AssumeRole") == calls
        await b.press("a")
        await b.sees("dev-data is not renewed by", "r renews it.")
        await b.press("r")
        await b.until(lambda: demo.aws.count("AssumeRole") == calls + 1)


async def test_what_nobody_uses_leaves_the_board(demo: Demo) -> None:
    add(demo, "[roles.dev-admin]\nidle_limit = '10m'\n")
    async with board(demo) as b:
        await b.go_to("dev-admin")
        await b.sees("Idle dropped after 10m without use")
        await b.press("enter")
        await held(b, "dev-admin")
        await b.tick(400)
        assert "active" in b.row("dev-admin")
        await b.tick(400)
        await b.until(lambda: "dev-admin" not in b.app.state.sessions)
        await b.press("L")
        await b.sees("drop nobody used it for 10m (idle_limit)")
