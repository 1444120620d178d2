"""Roles are made, changed and taken away on the screen; the files of the user stay as they are."""

import tomllib
from pathlib import Path

import pytest

from stsui.config.user_config_edit import write_entry
from stsui.tui.screens.edit import EditScreen
from stsui.tui.screens.form import Form
from tests.tui.boards import Board, board
from tests.worlds import Demo

ARN = "arn:aws:iam::333344445555:role/ReadOnly"


def saved(demo: Demo, name: str) -> dict[str, dict[str, dict[str, object]]]:
    path = demo.config.parent / "conf.d" / f"{name}.toml"
    return tomllib.loads(path.read_text()) if path.exists() else {}


def aws_config(demo: Demo) -> str:
    return Path(demo.environ["AWS_CONFIG_FILE"]).read_text()


async def fill(it: Board, **texts: str) -> None:
    form = it.app.screen.query_one(Form)
    for field, text in texts.items():
        form.focus_on(field)
        await it.press("end", "ctrl+u")
        await it.type(text)


async def test_a_new_role_is_judged_while_typed_and_used_at_once(demo: Demo) -> None:
    config = demo.config.read_text()
    async with board(demo, (80, 24)) as it:
        await it.go_to("dev-admin")
        await it.press("n")
        await it.sees("New role", "a role needs a name")
        await fill(it, name="dev-ro")
        await it.sees("is taken")
        await fill(it, name="mine", role_arn=ARN[:-14])
        await it.sees("✗ Role ARN:")
        await fill(it, role_arn=ARN)
        await it.sees("account 333344445555 = acme", "DEV", "Writes 3 lines; your own files are not touched.")
        await it.press("f2")
        await it.until(lambda: it.app.board.list.role == "mine")
        await it.press("enter")
        await it.until(lambda: it.app.state.live("mine") is not None)
        await it.press("u")
        await it.until(lambda: "mine" not in it.app.state.entries)
    assert demo.config.read_text() == config and not saved(demo, "roles")


async def test_what_stands_in_the_way_is_named_and_has_the_focus(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.press("n")
        await fill(it, name="x", source="ana")
        await it.press("f2")
        await it.sees("✗ Role ARN: arn:aws:iam::ACCOUNT:role/NAME")
        assert it.app.screen.query_one(Form).chosen == "role_arn"
        await fill(it, role_arn=ARN, source="nobody")
        await it.sees("✗ From: no role or profile has that name")
        await fill(it, source="x")
        await it.sees("✗ From:")
        await fill(it, source="hub", duration="12h")
        await it.sees("chain: ana › hub › this", "chained role: at most 1h")
        await fill(it, duration="5m")
        await it.sees("STS wants 15m to 12h")
        await it.press("escape")
        assert not (demo.config.parent / "conf.d").exists()


async def test_a_test_call_keeps_nothing(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        await it.press("n")
        await fill(it, name="mine", role_arn=ARN, source="ana")
        await it.press("f3")
        await it.sees("AWS says: arn:aws:sts::333344445555:assumed-role/ReadOnly/ana, for 1h.")
        assert demo.aws.count("AssumeRole") == 1
        await fill(it, source="hub")
        await it.press("f3")
        await it.sees("hub may not assume ReadOnly (AccessDenied).")
        await it.press("escape")
        await it.tick()
    assert not (demo.config.parent / "conf.d").exists()
    assert "mine" not in demo.services().store.held()
    assert len(demo.services().store.cache.entries()) == 1, "hub's, which the next one needs"


async def test_a_test_call_asks_for_its_code(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        await it.press("n")
        prod = "arn:aws:iam::111122223333:role/ReadOnly"
        device = "arn:aws:iam::999900001111:mfa/ana-phone"
        await fill(it, name="mine", role_arn=prod, source="ana", mfa_serial=device)
        await it.sees("PROD")
        await it.press("f3")
        await it.sees("MFA code for mine", "PROD")
        await it.type(demo.code())
        await it.sees("AWS says: arn:aws:sts::111122223333:assumed-role/ReadOnly/ana")


async def test_a_profile_is_changed_by_what_is_laid_over_it(demo: Demo) -> None:
    before = aws_config(demo)
    async with board(demo, (120, 35)) as it:
        await it.go_to("dev-ro")
        await it.press("e")
        await it.sees("Edit dev-ro", "DEV")
        await fill(it, region="eu-north-1")
        await it.sees("Lays 1 line over")
        await it.press("f2")
        await it.until(lambda: it.app.state.entries["dev-ro"].role.region == "eu-north-1")
    assert saved(demo, "zz-board") == {"roles": {"dev-ro": {"region": "eu-north-1"}}}
    assert aws_config(demo) == before


async def test_what_cannot_be_laid_over_stands_for_it(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        await it.go_to("partner-support")
        await it.press("e")
        await fill(it, external_id="")
        await it.sees("that stand for", "config.toml")
        await it.press("f2")
        await it.until(lambda: not it.app.state.entries["partner-support"].role.external_id)
    entry = saved(demo, "roles")["roles"]["partner-support"]
    assert entry["source_profile"] == "hub" and "external_id" not in entry


async def test_word_and_guard_are_the_accounts(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        await it.go_to("play")
        await it.press("e")
        await fill(it, environment="PLAY")
        it.app.screen.query_one(Form).focus_on("guard")
        await it.press("right")
        await it.sees("environment and guard of the whole account")
        await it.press("f2")
        await it.until(lambda: it.app.state.entries["mixed"].account.guard == "again")
        assert it.app.state.entries["mixed"].environment == "PLAY"


async def test_a_role_of_ours_can_be_renamed_and_deleted(demo: Demo) -> None:
    async with board(demo, (120, 35)) as it:
        await it.press("n")
        await fill(it, name="mine", role_arn=ARN, source="ana")
        await it.press("f2")
        await it.until(lambda: it.app.board.list.role == "mine")
        await it.press("e")
        await fill(it, name="yours")
        await it.press("f2")
        await it.until(lambda: it.app.board.list.role == "yours" and "mine" not in it.app.state.entries)
        await it.press("D")
        await it.sees("Delete yours", "Its entry in conf.d/roles.toml is removed.", "Keep it")
        await it.press("enter")
        assert "yours" in it.app.state.entries
        await it.press("D", "y")
        await it.until(lambda: "yours" not in it.app.state.entries)
    assert not (demo.config.parent / "conf.d" / "roles.toml").exists()


async def test_a_role_of_the_users_is_hidden_and_stays_where_it_is(demo: Demo) -> None:
    before = demo.config.read_text()
    async with board(demo) as it:
        await it.go_to("play")
        await it.press("D")
        await it.sees("config.toml line", "stays there; stsui lists it no more.")
        await it.press("y")
        await it.until(lambda: "play" not in it.app.state.entries)
        await it.press("u")
        await it.until(lambda: "play" in it.app.state.entries)
    assert demo.config.read_text() == before


async def test_what_others_chain_from_takes_its_name(demo: Demo) -> None:
    conf = demo.config.parent / "conf.d"
    base = {"role_arn": "arn:aws:iam::999900001111:role/Hub", "source_profile": "ana"}
    write_entry(conf, "roles", {"roles": {"base": base, "top": {"role_arn": ARN, "source_profile": "base"}}})
    async with board(demo) as it:
        await it.go_to("base")
        await it.press("D")
        await it.sees("top cannot be assumed without it.", "Type the role's name")
        await it.press("y", "enter")
        await it.sees("waits for the")
        assert "base" in it.app.state.entries
        await it.press("ctrl+u", *"base", "enter")
        await it.until(lambda: "base" not in it.app.state.entries)


async def test_a_hidden_role_still_serves_those_above_it(demo: Demo) -> None:
    async with board(demo) as it:
        await it.go_to("hub")
        await it.press("D")
        await it.sees("can still be assumed from it.")
        await it.press("y")
        await it.until(lambda: "hub" not in it.app.state.entries)
        assert it.app.services.store.plan("dev-deploy").chain.hops[0].name == "hub"


async def test_an_identity_center_role_keeps_what_it_is(demo: Demo) -> None:
    async with board(demo, (80, 24)) as it:
        await it.go_to("team-play")
        await it.press("e")
        await it.sees("Edit team-play")
        assert "Role ARN" not in it.text and "External" not in it.text
        await fill(it, group="Fun")
        await it.press("f2")
        await it.until(lambda: it.app.state.entries["team-play"].group == "Fun")


@pytest.mark.parametrize("size", [(44, 14), (80, 24), (200, 50)])
async def test_the_form_shows_its_keys_at_every_size(demo: Demo, size: tuple[int, int]) -> None:
    async with board(demo, size) as it:
        await it.go_to("dev-admin")
        await it.press("e")
        for _ in range(6):
            await it.press("tab")
            await it.sees("F2 save", "esc cancel", "▸")
        assert isinstance(it.app.screen, EditScreen)


async def test_the_editor_of_the_person_is_theirs(demo: Demo) -> None:
    async with board(demo) as it:
        it.app.run_command("app.editor")
        await it.sees("$EDITOR is not set.")
