"""Limited sessions on the board: use with …, read-only, their own rows; by keys, and by what is seen."""

from pathlib import Path

import pytest

from tests.tui.boards import board
from tests.worlds import Demo


def add(demo: Demo, toml: str) -> None:
    with demo.config.open("a") as file:
        file.write(toml)


def _profile(demo: Demo, keys: str) -> None:
    config = Path(demo.environ["AWS_CONFIG_FILE"])
    config.write_text(f"{config.read_text()}\n[profile team-ro]\nregion = eu-west-1\n{keys}")


async def test_one_bucket_for_fifteen_minutes_by_keys(demo: Demo) -> None:
    async with board(demo) as b:
        await b.go_to("dev-admin")
        await b.press("m")
        await b.sees("Use dev-admin with…", "‹ read-only ›", "arn:aws:iam::aws:policy/ReadOnlyAccess")
        await b.press("right")
        await b.sees("✗ one-bucket needs bucket", "one thing, no pattern")
        await b.press("enter")
        assert "Use dev-admin with…" in b.text, "what is missing keeps it open, with the cursor there"
        await b.type("reports")
        await b.press("tab")
        await b.type("15m")
        await b.press("tab")
        await b.type("INC-4711 check")
        await b.sees(
            "CloudTrail will show AdministratorAccess/ana-INC-4711-check",
            "Lasts 15m, then it ends",
            "dev-admin@one-bucket:bucket=reports",
        )
        assert demo.aws.count() == 0, "nothing was asked for yet"
        await b.press("enter")
        name = "dev-admin@one-bucket:bucket=reports"
        await b.until(lambda: b.app.state.current == name)
        row = b.row(name)
        assert row.startswith("» ◉   @one-bucket:bu") and "active" in row and "↻" not in row, row
        assert "idle" in b.row("dev-admin"), "the whole session is another one"
        sent = demo.aws.calls[0].parameters
        assert sent["RoleSessionName"] == "ana-INC-4711-check" and sent["DurationSeconds"] == "900"
        assert "arn:aws:s3:::reports/*" in sent["Policy"]
        await b.press("i")
        await b.sees("no: it ends as it was asked to", "Reason INC-4711 check", "% of what AWS allows")
        await b.press("escape")
        calls = demo.aws.count("AssumeRole")
        await b.later(880)
        await b.tick(10)
        assert "expired" in b.row(name) and demo.aws.count("AssumeRole") == calls, "nothing renewed it"


async def test_read_only_is_one_key_and_a_row_of_its_own(demo: Demo) -> None:
    async with board(demo) as b:
        await b.go_to("dev-admin")
        await b.press("enter")
        await b.until(lambda: b.app.state.current == "dev-admin")
        await b.press("R")
        await b.until(lambda: b.app.state.current == "dev-admin@read-only")
        assert "active" in b.row("dev-admin") and "active" in b.row("dev-admin@read-only")
        assert b.app.board.list.role == "dev-admin@read-only", "the cursor goes there"
        await b.press("x")
        await b.until(lambda: "dev-admin@read-only" not in b.app.state.sessions)
        await b.tick()
        assert "dev-admin" in b.app.state.sessions
        assert demo.aws.calls[-2].parameters.get("PolicyArns.member.1.arn", "").endswith("ReadOnlyAccess")


async def test_what_another_process_limited_appears_under_its_role(demo: Demo) -> None:
    async with board(demo) as b:
        demo.services().store.assume("dev-admin@read-only")
        await b.tick()
        await b.sees("@read-only")
        lines = [line.role for line in b.app.board.list.view.lines]
        assert lines.index("dev-admin@read-only") == lines.index("dev-admin") + 1
        await b.press("slash")
        await b.type("read-only")
        await b.until(
            lambda: [x.role for x in b.app.board.list.view.lines if x.role] == ["dev-admin@read-only"]
        )
        assert "dev-admin@read-o" in b.row("dev-admin@read-only"), "without its role above, its whole name"


async def test_under_a_default_variant_enter_gives_the_limited_session(demo: Demo) -> None:
    add(demo, "[roles.dev-admin]\ndefault_variant = 'read-only'\n")
    async with board(demo) as b:
        await b.go_to("dev-admin")
        await b.sees("means @read-only")
        await b.press("enter")
        await b.until(lambda: b.app.state.current == "dev-admin@read-only")
        await b.go_to("dev-admin")
        await b.press("m")
        await b.press("left")
        await b.sees("‹ all the role allows ›", "dev-admin@full")
        await b.press("enter")
        await b.until(lambda: b.app.state.current == "dev-admin@full")
        assert "PolicyArns.member.1.arn" not in demo.aws.calls[-2].parameters


async def test_for_an_identity_center_other_permission_sets_are_offered(demo: Demo) -> None:
    _profile(demo, "sso_session = acme-sso\nsso_account_id = 444455556666\nsso_role_name = ReadOnly\n")
    async with board(demo) as b:
        await b.go_to("team-play")
        for key in ("R", "m"):
            await b.press(key)
            await b.sees("Instead of team-play", "team-ro ReadOnly")
            await b.press("escape")
        await b.press("m", "1")
        await b.until(lambda: b.app.board.list.role == "team-ro")
        await b.sees("Sign in to acme-sso")
        assert demo.aws.count("AssumeRole") == 0


async def test_with_mfa_the_code_is_for_the_limited_session(demo: Demo) -> None:
    async with board(demo) as b:
        await b.go_to("prod-admin")
        await b.press("R")
        await b.sees("PROD: enter again to use")
        await b.press("R")
        await b.sees("MFA code for prod-admin@read-only")
        await b.type(demo.code())
        await b.until(lambda: b.app.state.current == "prod-admin@read-only")


@pytest.mark.parametrize("size", [(44, 14), (80, 24), (200, 50)])
async def test_the_dialog_is_whole_at_every_size(demo: Demo, size: tuple[int, int]) -> None:
    async with board(demo, size) as b:
        await b.go_to("dev-admin")
        await b.press("m")
        await b.sees("Limit to", "‹ read-only ›", "enter use", "esc cancel")
        await b.press("tab", "tab")
        await b.type("INC-1")
        await b.sees("AdministratorAccess/ana-INC-1")


async def test_in_ascii_nothing_else_is_drawn(demo: Demo) -> None:
    async with board(demo, ascii_only=True) as b:
        await b.go_to("dev-admin")
        await b.press("R")
        await b.until(lambda: b.app.state.current == "dev-admin@read-only")
        await b.press("m")
        await b.sees("< read-only >")
        assert b.text.isascii()
        await b.press("escape", "L")
        await b.sees("Activity today", "assume")
        assert b.text.isascii()


async def test_the_row_of_a_limited_session_goes_when_its_question_is_left(demo: Demo) -> None:
    add(demo, '[roles.dev-admin]\nguard = "confirm"\n')
    async with board(demo) as b:
        await b.go_to("prod-admin")
        await b.press("R")
        await b.sees("PROD: enter again to use")
        await b.tick(4)
        await b.until(lambda: "prod-admin@read-only" not in b.app.state.entries)
        await b.go_to("dev-admin")
        await b.press("R")
        await b.sees("Use dev-admin@read-only", "y use")
        await b.tick()
        assert "dev-admin@read-only" in b.app.state.entries, "it stands while it is asked about"
        await b.press("escape")
        await b.tick()
        assert "dev-admin@read-only" not in b.app.state.entries
        await b.until(lambda: "@read-only" not in b.text)


async def test_a_limited_session_away_from_its_role_has_its_whole_name(demo: Demo) -> None:
    demo.services().store.assume("dev-admin")
    async with board(demo) as b:
        await b.press("comma", "comma", "comma")
        await b.sees("By last used")
        await b.go_to("dev-admin")
        await b.press("R")
        await b.until(lambda: b.app.state.live("dev-admin@read-only") is not None)
        await b.until(lambda: "dev-admin@read-only" in b.row("dev-admin@read-only"))
        lines = [line.role for line in b.app.board.list.view.lines]
        assert lines.index("dev-admin@read-only") != lines.index("dev-admin") + 1
        await b.press("comma")
        await b.until(lambda: "  @read-only" in b.row("dev-admin@read-only"))
