"""The hand-off dialog: what can leave, that it is not seen, and what production asks first."""

import subprocess
import time
from pathlib import Path

import pytest

from stsui.config import aws_config_edit
from stsui.handover import credentials_file
from stsui.model.credentials import Credentials, Secret
from stsui.model.roles import Account, Origin, Role
from stsui.model.session import Session
from stsui.tui import handing_over
from stsui.tui.handed import Around, HandoffChoice, choices_of, command_text, handed_text
from stsui.tui.screens.handoff import HandoffScreen
from tests.tui.boards import Board, board
from tests.tui.dialogs import HOSTILE, Clock, answer_to, screen_text, shown, words
from tests.worlds import Demo

SECRET, TOKEN = "DEMOSECRETabcdef", "DEMOTOKENabcdef=="
SIZES = [(44, 14), (80, 24), (120, 35), (200, 50)]
VARIABLES = {
    "AWS_ACCESS_KEY_ID": "ASIADEMO0000EXMP",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_SESSION_TOKEN": TOKEN,
    "AWS_REGION": "eu-west-1",
    "AWS_CREDENTIAL_EXPIRATION": "2026-11-24T14:24:10Z",
    "STSUI_ROLE": "dev-admin",
}


def made(
    name: str = "dev-admin", environment: str = "DEV", hide_ids: bool = False, **around: object
) -> HandoffScreen:
    clock = Clock()
    credentials = Credentials("ASIADEMO0000EXMP", Secret(SECRET), Secret(TOKEN), int(clock.at) + 3_000)
    session = Session(name, "0" * 32, credentials, int(clock.at) - 600, "333344445555", "", "eu-west-1")
    role = Role(
        name,
        "assume_role",
        Origin("c", 1),
        role_arn="arn:aws:iam::333344445555:role/X",
        account_id="333344445555",
    )
    account = Account("333344445555", "acme-dev", environment)
    places = Around(**around)  # type: ignore[arg-type]
    return HandoffScreen(session, role, account, VARIABLES, clock, "xclip", places, hide_ids)


@pytest.mark.parametrize("size", SIZES)
async def test_it_opens_on_the_command_and_says_what_it_is(size: tuple[int, int]) -> None:
    async with shown(made(environment="PROD"), size) as pilot:
        text = words(pilot)
        assert "Hand off dev-admin" in text and "PROD" in text and "50:00" in text
        assert 'eval "$(stsui export dev-admin)"' in text and "enter copy" in text


@pytest.mark.parametrize("size", SIZES)
async def test_every_choice_is_reached_and_no_secret_shows(size: tuple[int, int]) -> None:
    async with shown(made(profile="p", tmux=True), size) as pilot:
        seen = set()
        for _ in range(25):
            text = screen_text(pilot)
            assert SECRET not in text and TOKEN not in text and "ASIADEMO0000EXMP" not in text
            seen.add(pilot.app.screen._choice)
            await pilot.press("down")
            await pilot.pause()
        assert {choice.kind for choice in seen} == {
            "command", "profile", "account_id", "role_arn", "pane", "format", "section", "console",
        }  # fmt: skip


async def test_what_cannot_be_chosen_says_why() -> None:
    async with shown(made(), (120, 35)) as pilot:
        assert "tmux pane … no tmux" in words(pilot) and "AWS profile none yet" in words(pilot)
        await pilot.press("2", "enter")
        assert pilot.app.answer == HandoffChoice("command")  # type: ignore[attr-defined]


async def test_secrets_show_for_ten_seconds_and_never_to_an_audience() -> None:
    screen = made()
    async with shown(screen, (120, 35)) as pilot:
        await pilot.press("6", "v")
        await pilot.pause()
        assert SECRET in screen_text(pilot) and "Revealed, 10 s more" in words(pilot)
        screen._now.at += 11  # type: ignore[attr-defined]
        screen.tick()
        await pilot.pause()
        assert SECRET not in screen_text(pilot)
    async with shown(made(hide_ids=True), (120, 35)) as pilot:
        await pilot.press("6", "v")
        await pilot.pause()
        assert SECRET not in screen_text(pilot) and "secrets stay hidden" in words(pilot)
        assert "ASIA" not in screen_text(pilot)


async def test_a_hostile_name_is_shown() -> None:
    async with shown(made(name=HOSTILE), (120, 35)) as pilot:
        assert "[/x]" in screen_text(pilot)


@pytest.mark.parametrize(
    ("keys", "kind"), [(("end", "enter"), "console"), (("end", "up", "enter"), "section")]
)
async def test_the_last_two(keys: tuple[str, ...], kind: str) -> None:
    assert await answer_to(made, *keys, size=(120, 35)) == HandoffChoice(kind)  # type: ignore[arg-type]


def test_the_texts() -> None:
    assert command_text("dev ro") == "eval \"$(stsui export 'dev ro')\""
    assert command_text("dev", "fish") == "stsui export dev --format fish | source"
    assert command_text("dev", "nushell") == "stsui export dev --format nushell | from json | load-env"
    screen = made()
    given = (screen._session, screen._role, VARIABLES)
    assert handed_text(HandoffChoice("profile"), *given, Around(profile="p")) == "export AWS_PROFILE='p'"
    assert handed_text(HandoffChoice("profile"), *given, Around("fish", "p")) == "set -gx AWS_PROFILE 'p'"
    assert handed_text(HandoffChoice("section"), *given).startswith("[stsui-dev-admin]\n")
    titles = [row.title for row in choices_of(screen._session, screen._role, Around())]
    assert titles.index("With secrets") < titles.index("bash, zsh, sh") < titles.index("console link")


def test_the_profile_that_asks_for_a_role() -> None:
    profiles = [
        aws_config_edit.Profile("stsui-current", "--current", ""),
        aws_config_edit.Profile("two words", "dev ro", ""),
        aws_config_edit.Profile("dev", "dev", ""),
    ]
    text = b"[profile x]\n" + aws_config_edit.block(profiles, "/o p/stsui")
    assert aws_config_edit.profile_of(text, "dev ro") == "two words"
    assert aws_config_edit.profile_of(text, "dev") == "dev" and not aws_config_edit.profile_of(text, "x")
    assert not aws_config_edit.profile_of(b"", "dev")


# On the board


@pytest.fixture
def desktop(real_demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clipboard tool that keeps the text in a file; where the demo's board copies to."""
    directory = tmp_path / "exported"
    directory.mkdir()
    tool = directory / "xclip"
    tool.write_text(
        f'#!/bin/sh\ncase "$*" in *-o*) cat {directory}/board;; *) cat > {directory}/board;; esac\n'
    )
    tool.chmod(0o755)
    real_demo.environ["PATH"] = f"{directory}:{real_demo.environ['PATH']}"
    monkeypatch.setattr(handing_over, "CLEAR_AFTER", 1)
    return directory / "board"


async def hand_off(it: Board, role: str, *keys: str) -> None:
    it.demo.environ["DISPLAY"] = ":99"
    await it.go_to(role)
    await it.press("Y")
    await it.sees(f"Hand off {role}")
    await it.press(*keys)


def taken(path: Path, until: object) -> None:
    end = time.monotonic() + 30
    assert callable(until)
    while not (path.exists() and until(path.read_text())):
        assert time.monotonic() < end
        time.sleep(0.05)


async def test_a_copy_works_in_a_shell_and_is_cleared(real_demo: Demo, desktop: Path) -> None:
    real_demo.services().store.assume("dev-ro")
    async with board(real_demo) as it:
        await hand_off(it, "dev-ro", "6", "enter")
        await it.sees("Copied. Cleared in 1 s, unless something else was copied.")
        taken(desktop, lambda text: not text)
        assert [e for e in it.app.services.store.ledger.read() if e.way == "clipboard"]


def in_a_shell(path: Path) -> str:
    """What a shell has that takes the text in; the text is taken away."""
    script = f'. {path}; echo "$STSUI_ROLE ${{#AWS_SESSION_TOKEN}}"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    path.write_text("")
    return done.stdout


def content(path: Path) -> str:
    return path.read_text() if path.exists() else ""


async def test_what_is_copied_is_what_a_shell_takes(
    real_demo: Demo, desktop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "CLEAR_AFTER", 60)
    real_demo.services().store.assume("dev-ro")
    async with board(real_demo) as it:
        await hand_off(it, "dev-ro", "6", "enter")
        await it.sees("Copied.")
        assert in_a_shell(desktop).startswith("dev-ro 5")


async def test_production_asks_before_its_secrets_are_copied(real_demo: Demo, desktop: Path) -> None:
    real_demo.services().store.assume("prod-ro", code=real_demo.code(), passed="again")
    async with board(real_demo) as it:
        await hand_off(it, "prod-ro", "6", "enter")
        await it.sees("Copy secrets", "Secrets of prod-ro go to the clipboard.")
        await it.press("escape")
        assert not content(desktop)
        await hand_off(it, "prod-ro", "1", "enter")
        await it.sees("Copied.")
        assert "export prod-ro" in content(desktop)
        real_demo.environ["SSH_TTY"] = "/dev/pts/9"
        await it.go_to("prod-ro")
        await it.press("Y", "6", "enter")
        await it.sees("on whichever computer that is", "Type the account name to go on: acme-prod")


async def test_a_section_of_the_credentials_file_comes_and_goes(real_demo: Demo, desktop: Path) -> None:
    real_demo.services().store.assume("dev-ro")
    path = Path(real_demo.environ["AWS_SHARED_CREDENTIALS_FILE"])
    before = content(path)
    async with board(real_demo) as it:
        await hand_off(it, "dev-ro", "end", "up")
        await it.sees("[stsui-dev-ro]", "aws_secret_access_key = ********", "Goes into", "write it there")
        await it.press("enter")
        await it.sees("[stsui-dev-ro] is in")
        assert content(path).startswith(before) and "x_stsui_role = dev-ro" in content(path)
        await it.press("x")
        await it.until(lambda: content(path) == before)


async def test_a_link_to_the_console_is_made_when_it_is_copied(real_demo: Demo, desktop: Path) -> None:
    async with board(real_demo) as it:
        real_demo.services().store.assume("dev-ro")
        await it.tick(2)
        await it.sees("1 live")
        await hand_off(it, "dev-ro", "end")
        await it.sees("SigninToken=********", "for 15 minutes")
        assert not real_demo.aws.count("getSigninToken")
        await it.press("enter")
        await it.sees("The link signs anyone in for 15 minutes. Copied.")
        assert real_demo.aws.count("getSigninToken") == 1
        taken(desktop, lambda text: not text)


def test_the_section_is_named_like_the_dialog_says() -> None:
    assert credentials_file.default_name("dev-ro") == "stsui-dev-ro"
