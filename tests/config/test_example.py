"""config.example.toml shows every key there is, and loads without a problem."""

import tomllib
from pathlib import Path

from stsui.config import catalog, keys, user_config
from stsui.model.roles import Settings

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def test_it_loads(tmp_path: Path) -> None:
    loaded = catalog.load({"HOME": str(tmp_path), "STSUI_CONFIG": str(EXAMPLE)})
    assert loaded.problems == ()
    assert len(loaded.roles) >= 7


def test_it_shows_every_key_and_no_other() -> None:
    table = tomllib.loads(EXAMPLE.read_text())
    assert set(table) == set(keys.SECTIONS)
    assert set(table["settings"]) == set(keys.SETTINGS) == set(Settings._fields)
    for section in ("accounts", "roles", "policies", "sso"):
        shown = {key for entry in table[section].values() for key in entry}
        # The rules stand once, at an account; a role and a pattern may have the same.
        elsewhere = set(keys.RULES) if section == "roles" else set()
        assert shown | elsewhere == set(keys.SECTIONS[section])


def test_its_settings_are_the_defaults_but_for_the_region() -> None:
    text = EXAMPLE.read_text()
    assert user_config.check(text, "example") == ()
    table = tomllib.loads(text)["settings"]
    taken = {key: keys.take(key, keys.SETTINGS[key], value) for key, value in table.items()}
    assert Settings(**taken) == Settings(region="eu-west-1")
