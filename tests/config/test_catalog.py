"""One namespace of everything, and no text in it that a terminal could act on."""

import os
import time
from pathlib import Path

import pytest

from stsui.config import catalog, paths
from stsui.model.roles import Account
from tests.config import homes

ROLE = f'role_arn = "{homes.ARN}"\n'
PROFILE = f"[profile corp]\n{homes.KEYS}[profile dev]\nrole_arn = {homes.ARN}\nsource_profile = corp\n"


def test_with_no_file_at_all_s51(tmp_path: Path) -> None:
    loaded = catalog.load({"HOME": str(tmp_path)})
    assert (loaded.roles, loaded.accounts, loaded.problems) == ({}, {}, ())


def test_own_roles_stand_first(tmp_path: Path) -> None:
    toml = f'[roles.z]\n{ROLE}source_profile = "corp"\n[roles.a]\n{ROLE}source_profile = "z"\n'
    loaded = catalog.load(homes.make(tmp_path, config=PROFILE, toml=toml))
    assert list(loaded.roles) == ["z", "a", "corp", "dev"]


def test_aws_profiles_that_are_only_sources(tmp_path: Path) -> None:
    toml = f'[settings]\naws_profiles = false\n[roles.z]\n{ROLE}source_profile = "corp"\n'
    loaded = catalog.load(homes.make(tmp_path, config=PROFILE, toml=toml))
    assert list(loaded.roles) == ["z"] and set(loaded.sources) == {"corp", "dev"}


def test_an_entry_laid_over_a_profile(tmp_path: Path) -> None:
    toml = (
        '[roles.dev]\npin = true\nduration = "2h"\n[roles.corp]\nhidden = true\n[roles.gone]\nhidden = true\n'
    )
    loaded = catalog.load(homes.make(tmp_path, config=PROFILE, toml=toml))
    assert list(loaded.roles) == ["dev"] and loaded.problems == ()
    dev = loaded.roles["dev"]
    assert dev.pin and dev.duration_seconds == 7200 and dev.from_aws_files and dev.source_profile == "corp"
    assert "corp" in loaded.sources


def test_an_entry_in_place_of_a_profile(tmp_path: Path) -> None:
    toml = f'[roles.corp]\n{ROLE}source_profile = "corp"\n'
    loaded = catalog.load(homes.make(tmp_path, config=PROFILE, toml=toml))
    assert loaded.roles["corp"].kind == "assume_role"
    assert loaded.sources["corp"].kind == "session"


def test_what_a_profile_begins_with_is_not_laid_over(tmp_path: Path) -> None:
    loaded = catalog.load(
        homes.make(tmp_path, config=PROFILE, toml='[roles.dev]\naccount_id = "444455556666"\n')
    )
    assert "dev" not in loaded.roles and loaded.problems[0].name == "dev"


@pytest.mark.parametrize(
    ("settings", "own", "below", "want"),
    [
        ("", "", "", ""),
        ("", "", "us-east-2", "us-east-2"),
        ("eu-west-1", "", "us-east-2", "eu-west-1"),
        ("eu-west-1", "eu-north-1", "us-east-2", "eu-north-1"),
    ],
)
def test_the_region_of_an_own_role(tmp_path: Path, settings: str, own: str, below: str, want: str) -> None:
    toml = f'[settings]\nregion = "{settings}"\n[roles.x]\n{ROLE}source_profile = "corp"\n'
    toml += f'region = "{own}"\n' if own else ""
    config = f"[profile corp]\nregion = {below}\n{homes.KEYS}[profile p]\n{homes.KEYS}"
    loaded = catalog.load(homes.make(tmp_path, config=config, toml=toml))
    assert loaded.roles["x"].region == want
    assert loaded.roles["p"].region == "", "settings.region is for stsui's own roles"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("acme-prod", "PROD"),
        ("prd_eu", "PROD"),
        ("live.shop", "PROD"),
        ("AcmeProd", "PROD"),
        ("acmePRODeu", ""),
        ("product", ""),
        ("deliver", ""),
        ("x staging", "STAGE"),
        ("stg", "STAGE"),
        ("Dev1", "DEV"),
        ("dev-prod", "PROD"),
    ],
)
def test_the_environment_is_guessed_by_parts_of_the_name(tmp_path: Path, name: str, word: str) -> None:
    toml = f'[accounts.111122223333]\nname = "{name}"\n'
    account = catalog.load(homes.make(tmp_path, toml=toml)).accounts["111122223333"]
    assert (account.environment, account.environment_guessed) == (word, bool(word))


def test_what_is_configured_is_not_guessed(tmp_path: Path) -> None:
    toml = '[accounts.111122223333]\nname = "prod"\nenvironment = "LAB"\n'
    account = catalog.load(homes.make(tmp_path, toml=toml)).accounts["111122223333"]
    assert (account.environment, account.environment_guessed) == ("LAB", False)
    toml = '[settings]\nguess_environment = false\n[accounts.111122223333]\nname = "prod"\n'
    assert catalog.load(homes.make(tmp_path, toml=toml)).accounts["111122223333"].environment == ""


def test_accounts_of_roles_exist(tmp_path: Path) -> None:
    loaded = catalog.load(homes.make(tmp_path, config=PROFILE))
    assert loaded.accounts == {"111122223333": Account("111122223333")}
    assert catalog.account_of(loaded, loaded.roles["dev"]).account_id == "111122223333"
    assert catalog.account_of(loaded, loaded.roles["corp"]) == Account("")


HOSTILE = "[/x]\x1b]0;t\x07[@click=app.quit]q"


def test_a_hostile_name_is_visible_and_harmless_t14(tmp_path: Path) -> None:
    toml_name = HOSTILE.replace("\x1b", "\\u001b").replace("\x07", "\\u0007")
    toml = f'[roles."{toml_name}"]\n{ROLE}source_profile = "a"\n'
    toml += '[accounts.111122223333]\nname = "\\u202eprod\\u200b"\n'
    loaded = catalog.load(homes.make(tmp_path, toml=toml, credentials=f"[{HOSTILE}]\n{homes.KEYS}"))
    assert list(loaded.roles) == ["[/x]\\x1b]0;t\\x07[@click=app.quit]q"]
    assert loaded.accounts["111122223333"].name == "\\u202eprod\\u200b"


EVERYWHERE = [chr(c) for c in (*range(1, 9), *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x202E, 0x200B, 0x2028)]


def texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in texts(part)]
    return [text for part in value for text in texts(part)] if isinstance(value, tuple | list) else []


@pytest.mark.parametrize("bad", EVERYWHERE, ids=lambda c: f"{ord(c):04x}")
def test_no_control_character_gets_in_t14(tmp_path: Path, bad: str) -> None:
    config = "".join(
        f"[profile p{n}{bad}]\n{line}{bad}y\n{rest}"
        for n, (line, rest) in enumerate(
            [
                ("region = x", homes.KEYS),
                ("credential_process = x", ""),
                ("source_profile = x", f"role_arn = {homes.ARN}\n"),
                ("role_session_name = x", f"role_arn = {homes.ARN}\nsource_profile = a\n"),
                ("aws_access_key_id = x", "aws_secret_access_key = x\n"),
                ("login_session = x", ""),
                ("sso_role_name = x", "sso_account_id=111122223333\nsso_start_url=https://x\nsso_region=y\n"),
                ("sso_start_url = x", "sso_account_id=111122223333\nsso_role_name=x\nsso_region=y\n"),
                ("granted_color = x", f"{homes.KEYS}aws_account_id=111122223333\n"),
                ("duration_seconds = x", f"role_arn = {homes.ARN}\nsource_profile = a\n"),
                ("endpoint_url = x", f"role_arn = {homes.ARN}\nsource_profile = a\n"),
                ("x", homes.KEYS),
            ]
        )
    )
    code = f"\\u{ord(bad):04x}"
    toml = f'[keys]\n"a{code}" = "{code}"\n[settings]\ntheme = "{code}"\n' + "".join(
        f'[roles."r{n}{code}"]\n{ROLE}source_profile = "a{code}"\n{line}\n'
        for n, line in enumerate(
            [f'group = "{code}"', f'"{code}" = 1', f'external_id = "{code}"', f'mfa_process = ["{code}"]']
        )
    )
    loaded = catalog.load(homes.make(tmp_path, config=config, toml=toml))
    assert len(loaded.roles) >= 8
    found = texts(loaded.roles) + texts(loaded.accounts) + texts(loaded.problems) + texts(loaded.sources)
    found += (
        texts(loaded.keys) + texts(tuple(loaded.settings)) + [str(problem) for problem in loaded.problems]
    )
    assert not [text for text in found if not text.isprintable()]


def test_the_stamp_changes_with_every_file(tmp_path: Path) -> None:
    environ = homes.make(tmp_path)
    stamps = {catalog.stamp(paths.find(environ))}
    for change in (
        {"toml": "#"},
        {"toml": "##"},
        {"conf": {"a.toml": "#"}},
        {"conf": {"b.toml": "#"}},
        {"config": "#"},
        {"credentials": "#"},
    ):
        homes.make(tmp_path, **change)  # type: ignore[arg-type]
        stamps.add(catalog.stamp(paths.find(environ)))
    os.unlink(tmp_path / ".config/stsui/conf.d/b.toml")
    stamps.add(catalog.stamp(paths.find(environ)))
    assert len(stamps) >= 7
    assert catalog.load(environ).stamp == catalog.stamp(paths.find(environ))


def test_store_dir_moves_the_sessions(tmp_path: Path) -> None:
    loaded = catalog.load(homes.make(tmp_path, toml='[settings]\nstore_dir = "~/s"\n'))
    assert loaded.paths.sessions_dir == str(tmp_path / "s/sessions")


def test_a_role_for_one_command(tmp_path: Path) -> None:
    loaded = catalog.load(homes.make(tmp_path, config=PROFILE))
    more = catalog.with_role(loaded, loaded.roles["dev"]._replace(name="other", account_id="444455556666"))
    assert "other" in more.roles and "other" not in loaded.roles and "444455556666" in more.accounts


def test_a_thousand_profiles_are_quick_s65(tmp_path: Path) -> None:
    one = "[profile r{0}]\nrole_arn = arn:aws:iam::111122223333:role/R{0}\nsource_profile = corp\n\n"
    config = f"[profile corp]\n{homes.KEYS}" + "".join(one.format(n) for n in range(1_000))
    environ = homes.make(tmp_path, config=config)
    best = 9.0
    for _ in range(5):
        start = time.process_time()
        assert len(catalog.load(environ).roles) == 1_001
        best = min(best, time.process_time() - start)
    assert best < 0.1, "seconds of CPU; other tools took twenty"
