"""Made files are what they would be made today, and are what they are for: a schema, a man page, completion."""

import argparse
import json
import shutil
import subprocess
import tomllib
from pathlib import Path

import jsonschema
import pytest

from shipped.files import ROOT, made
from stsui.cli import main
from stsui.config import keys
from stsui.tui.commands import COMMANDS

SCHEMA = json.loads((ROOT / "stsui" / "config" / "schema.json").read_text(encoding="utf-8"))


def test_made_files_are_current() -> None:
    old = [
        str(path.relative_to(ROOT))
        for path, text in made().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert not old, f"run: python -m shipped   ({', '.join(old)})"


def test_the_schema_takes_the_example() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.validate(tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8")), SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        "[settings]\nregoin = 'eu-west-1'",
        "[settings]\ntime = 'sometimes'",
        "[settings]\nmouse = 'yes'",
        "[accounts.acme]\nname = 'acme'",
        "[roles.a]\naccount_id = '12'",
        "[roles.a]\nguard = 'maybe'",
        "[keys]\n'role.fly' = 'f'",
        "[nothing]\n",
    ],
)
def test_the_schema_refuses_what_the_program_refuses(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), SCHEMA)


def test_the_schema_explains_every_setting_and_rule() -> None:
    settings = SCHEMA["properties"]["settings"]["properties"]
    rules = SCHEMA["properties"]["guards"]["additionalProperties"]["properties"]
    assert set(settings) == set(keys.SETTINGS) and set(rules) == set(keys.RULES)
    silent = [name for name, key in {**settings, **rules}.items() if "description" not in key]
    assert silent == ["mouse"], "its name says it"
    assert all("default" in key for key in settings.values())


def test_every_key_of_the_board_is_in_its_topic() -> None:
    topic = (ROOT / "stsui" / "help" / "keys.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"`{command.id}`" in topic or command.id.startswith("live."), command.id


def test_the_man_page_has_every_command_and_every_flag() -> None:
    page = (ROOT / "shipped" / "stsui.1").read_text(encoding="utf-8").replace("\\-", "-")
    for name in main.COMMANDS:
        if name in main.HIDDEN:
            continue
        assert f'"stsui {name}' in page
        for action in main.loaded(name)[0]._actions:
            shown = action.help != argparse.SUPPRESS and "-h" not in action.option_strings
            assert not shown or all(flag in page for flag in action.option_strings)


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")
def test_the_man_page_is_read_without_a_warning() -> None:
    done = subprocess.run(
        ["man", "--warnings", "-l", str(ROOT / "shipped" / "stsui.1")],
        env={"PATH": "/usr/bin:/bin", "MANWIDTH": "80", "LANG": "C.UTF-8", "PAGER": "cat"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "EXIT STATUS" in done.stdout and not done.stderr


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh_finds_its_completion_in_a_directory(tmp_path: Path) -> None:
    shutil.copy(ROOT / "shipped" / "_stsui", tmp_path / "_stsui")
    line = (
        f"fpath=({tmp_path} $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[stsui] $_comps[sts]"
    )
    done = subprocess.run(["zsh", "-f", "-c", line], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["_stsui", "_stsui"]
