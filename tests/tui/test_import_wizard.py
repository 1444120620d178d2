"""The import wizard: where from, which, the very lines; nothing is written before its last step."""

import tomllib
from pathlib import Path

import pytest

from stsui.config.import_sources import Candidate
from stsui.config.importing import Change, Review
from stsui.demo.identity_center import START_URL, many
from stsui.tui.choosing import Choosing, Named, Ways, Written
from stsui.tui.screens.choices import Choice
from stsui.tui.screens.import_roles import ImportScreen
from tests.tui.boards import Board, board
from tests.tui.dialogs import HOSTILE, SIZES, answer_to, screen_text, shown, words
from tests.worlds import Demo

PROD, DEV = "111122223333", "333344445555"
NAMED = Named(
    lambda account_id: "acme-prod" if account_id == PROD else "",
    lambda account_id: "STAGE" if account_id == DEV else "",
    lambda text: text,
)


def conf(demo: Demo) -> Path:
    return demo.config.parent / "conf.d"


def written(demo: Demo) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = {}
    for path in sorted(conf(demo).glob("*.toml")):
        found[path.name] = tomllib.loads(path.read_text())
    return found


def candidate(name: str, account: str = PROD, **more: str) -> Candidate:
    identity = "" if more.get("problem") else f"identity of {name}"
    detail = more.pop("detail", "ReadOnly")
    return Candidate("roles", identity, name, "assume", account, detail, {"role_arn": "x"}, **more)


def change(state: str, name: str, account: str = PROD, before: str = "", **more: str) -> Change:
    return Change(state, candidate(name, account, **more), name, before)  # type: ignore[arg-type]


def review(*changes: Change) -> Review:
    return Review("acme", "import-acme", changes, {DEV: "acme-dev"}, {PROD: "PROD"})


async def begin(it: Board, source: int) -> None:
    await it.press("I")
    await it.sees("1 of 3: where from", "A TOML file that a team shares")
    await it.press(*["j"] * (source - 1), "enter")


async def test_from_the_aws_files_and_back(demo: Demo) -> None:
    async with board(demo) as it:
        await begin(it, 1)
        await it.sees("2 of 3: choose", "0 chosen", "no role or profile")
        await it.press("enter")
        await it.sees("Nothing is chosen")
        await it.press("slash", *"prod-ro", "enter", "a")
        await it.sees("1 of", "1 chosen", "[x] ReadOnly")
        await it.press("enter")
        await it.sees("3 of 3: look and write", "[roles.prod-ro]", "written to conf.d/import-aws.toml")
        assert not written(demo)
        await it.press("h", "n", "slash", "ctrl+u", *"prod-deploy", "enter", "space", "enter")
        await it.sees("[roles.prod-deploy]")
        assert "[roles.prod-ro]" not in it.text
        await it.press("enter")
        await it.sees("Wrote conf.d/import-aws.toml. u takes it back.")
        assert set(written(demo)["import-aws.toml"]["roles"]) == {"prod-deploy"}
        await it.until(lambda: not it.app.state.entries["prod-deploy"].role.from_aws_files)
        await it.press("I", "enter")
        await it.sees("as it is here")
        await it.press("escape", "u")
        await it.until(lambda: not written(demo).get("import-aws.toml"))
        await it.until(lambda: it.app.state.entries["prod-deploy"].role.from_aws_files)


async def test_the_lines_begin_with_the_first_one_in_a_small_window(demo: Demo) -> None:
    async with board(demo, (44, 14)) as it:
        await begin(it, 1)
        await it.sees("2 of 3: choose")
        await it.press("a", "j", "j", "j", "j", "j", "j", "j", "j", "j", "enter")
        await it.sees("3 of 3: look and write")
        first = it.app.screen._choosing.lines()[0]  # type: ignore[attr-defined]
        await it.sees(first)


async def test_esc_writes_nothing_at_any_step(demo: Demo) -> None:
    async with board(demo) as it:
        for keys in ((), ("a",), ("a", "enter")):
            await begin(it, 1)
            await it.sees("2 of 3: choose")
            await it.press(*keys, "escape")
            await it.until(lambda: it.app.screen is it.app.board)
        assert not written(demo)


async def test_an_identity_center_asks_to_sign_in_first(demo: Demo) -> None:
    async with board(demo) as it:
        await begin(it, 2)
        await it.sees("Sign in to acme-sso")
        await it.until(lambda: demo.aws.sign_in.allow())
        await it.sees("2 of 3: choose", "From acme-sso", "acme-dev", "PowerUser")
        await it.press("slash", *"acme-dev poweruser", "enter", "a", "enter")
        await it.sees('sso_role_name = "PowerUser"', f'sso_account_id = "{DEV}"')
        await it.press("enter")
        await it.until(lambda: "acme-dev/PowerUser" in it.app.state.entries)
        await it.go_to("acme-dev/PowerUser")
        await it.press("enter")
        await it.until(lambda: it.app.state.current == "acme-dev/PowerUser")
        assert demo.aws.count("CreateToken") and "DEMOTOKEN" not in it.text


async def test_a_sign_in_that_is_left_leaves_the_wizard_at_its_first_step(demo: Demo) -> None:
    async with board(demo) as it:
        await begin(it, 2)
        await it.sees("Sign in to acme-sso")
        await it.press("escape")
        await it.sees("1 of 3: where from", "acme-sso is signed out")


async def test_a_team_file_by_its_path(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path(demo.environ["HOME"])
    monkeypatch.setenv("HOME", str(home))
    (home / "team.toml").write_text(
        f'[roles.ours]\nrole_arn = "arn:aws:iam::{DEV}:role/Ours"\nsource_profile = "ana"\n'
        "[roles.wrong]\nrole_arn = 7\n"
    )
    (home / "broken.toml").write_text("[roles")
    async with board(demo) as it:
        await begin(it, 3)
        await it.sees("The path of a TOML file")
        await it.press(*"~/nowhere.toml", "enter")
        await it.sees("nowhere.toml")
        await it.press("enter", "ctrl+u", *"~/broken.toml", "enter")
        await it.sees("not TOML")
        await it.press("enter", "ctrl+u", *"~/team.toml", "enter")
        await it.sees("2 of 3: choose", "From ~/team.toml", "[!]")
        await it.press("a", "enter")
        await it.sees("[roles.ours]")
        assert "[roles.wrong]" not in it.text
        await it.press("enter")
        await it.until(lambda: "ours" in it.app.state.entries)


async def test_from_another_tool(demo: Demo) -> None:
    home = Path(demo.environ["HOME"])
    async with board(demo) as it:
        await begin(it, 4)
        await it.sees("aws-vault", "leapp")
        await it.press("escape")
        await it.sees("A TOML file that a team shares")
        await it.press(*"jjj", "enter", *"jjjj", "enter")
        await it.sees("no such file")
        (home / ".aws-sso").mkdir()
        (home / ".aws-sso" / "config.yaml").write_text(
            "SSOConfig:\n  Acme:\n    SSORegion: eu-west-1\n    StartUrl: https://acme.awsapps.com/start\n"
            f"    Accounts:\n      '{DEV}':\n        Roles:\n          Look:\n            Profile: look\n"
        )
        await it.press("enter")
        await it.sees("2 of 3: choose", "as look")
        await it.press("a", "enter", "enter")
        await it.until(lambda: "look" in it.app.state.entries)


async def test_five_thousand_roles_come_while_the_board_is_used(demo: Demo) -> None:
    demo.aws.center.assigned = {START_URL: many(500, 10)}
    demo.aws.center.per_second = 150
    demo.config.write_text(
        f'{demo.config.read_text()}\n[sso.acme]\nstart_url = "{START_URL}"\nregion = "eu-west-1"\n'
    )
    services = demo.services()
    demo.sign_in("acme", services=services)
    async with board(demo) as it:
        it.app.frame.do("app.discover")
        answered = 0
        while len(it.app.state.entries) < 5_000:
            await it.press("j")
            answered += 1
            assert answered < 3_000, it.text
        assert answered > 3, "the board was not asked while roles were looked for"
        await it.sees("5000 roles in 500 accounts")
        await it.press("slash", *"unit-444 Role07")
        await it.sees("unit-444-prod/Role07")


# -- the dialog by itself


def screen(found: Review, *, width: str = "") -> ImportScreen:
    def load(source: str) -> None:
        dialog.show_review(found)

    sources = [Choice("aws", "~/.aws/config   9 profiles", "1"), Choice("file", "A TOML file", "2")]
    dialog = ImportScreen(sources, Ways(load, NAMED, lambda title: title))
    return dialog


def test_what_is_open_and_what_all_takes() -> None:
    found = review(
        change("new", "a"),
        change("renamed", "b", before="old-b"),
        change("vanished", "c", before="c"),
        change("same", "d", before="d"),
        change("problem", "e", DEV, problem="no way to it"),
    )
    choosing = Choosing(found, NAMED)
    assert choosing.chosen == {found.changes[1].key}, "a rename is followed unless somebody says no"
    choosing.all(True)
    assert choosing.chosen == {c.key for c in found.changes[:2]}, "nothing is removed by the dozen"
    choosing.toggle(found.changes[2].key)
    choosing.all(False)
    assert not choosing.chosen
    choosing.show = "acme-dev"
    assert [c.name for c in choosing.shown()] == ["e"]
    text = "\n".join(choice.text for choice in choosing.choices())
    assert "[!]" in text and "no way to it" in text and f"{DEV}  STAGE" in text


def test_the_word_of_an_account_goes_round_and_a_guess_is_not_written() -> None:
    found = review(change("new", "a"))
    choosing = Choosing(found, NAMED)
    choosing.all(True)
    assert "environment" not in str(choosing.table()) and choosing.guessed() == 1
    for word in ("STAGE", "DEV", "", "PROD"):
        choosing.next_word(found.changes[0].key)
        assert choosing.table().get("accounts", {}).get(PROD, {}).get("environment", "") == word  # type: ignore[attr-defined]


def test_only_some_are_drawn_and_words_find_the_rest() -> None:
    found = review(*(change("new", f"role-{n:04d}") for n in range(2_000)))
    choosing = Choosing(found, NAMED)
    assert len(choosing.choices()) == 302 and "1700 more" in choosing.choices()[-1].text
    choosing.show = "role-1999"
    assert len(choosing.choices()) == 2
    choosing.show = ""
    choosing.all(True)
    assert len(choosing.chosen) == 2_000
    choosing.show = "nothing like it"
    assert choosing.choices()[0].text == "Nothing matches."


@pytest.mark.parametrize("size", SIZES)
async def test_it_fits_and_takes_any_name(size: tuple[int, int]) -> None:
    found = review(change("new", HOSTILE, detail=HOSTILE), change("new", "b" * 60, DEV))
    async with shown(screen(found), size) as pilot:
        assert "1 of 3" in screen_text(pilot) and "esc cancel" in words(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert "choose" in words(pilot) and HOSTILE[:6] in screen_text(pilot)
        await pilot.press("a", "enter")
        await pilot.pause()
        assert "enter write" in words(pilot), screen_text(pilot)


async def test_what_it_answers() -> None:
    found = review(change("new", "a"), change("new", "b"))
    answer = await answer_to(lambda: screen(found), "enter", "space", "j", "enter", "enter")
    assert isinstance(answer, Written) and answer.chosen == {found.changes[0].key}
    assert await answer_to(lambda: screen(found), "enter", "a", "enter", "escape") is None


async def test_ascii() -> None:
    async with shown(screen(review(change("new", "a"))), ascii_only=True) as pilot:
        await pilot.press("enter", "a", "m", "enter")
        await pilot.pause()
        assert screen_text(pilot).isascii()
