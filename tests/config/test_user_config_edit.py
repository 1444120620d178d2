"""conf.d is written whole and private; config.toml, links and other entries stay as they are."""

import os
import stat
import tomllib
from pathlib import Path

import pytest

from stsui.config import catalog
from stsui.config.user_config_edit import remove_entry, write_entry
from stsui.model.errors import ConfigError
from tests.config import homes

ENTRY = {"roles": {"x": {"role_arn": homes.ARN, "source_profile": "corp", "pin": True}}}


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    return tmp_path / ".config/stsui/conf.d"


def test_written_and_read_again(tmp_path: Path, conf: Path) -> None:
    toml = "# mine\n[roles.y]\nsession_of = 'corp'\n"
    environ = homes.make(tmp_path, toml=toml)
    os.umask(os.umask(0o022))
    file = Path(write_entry(conf, "roles", ENTRY))
    assert file == conf / "roles.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    loaded = catalog.load(environ)
    assert loaded.problems == () and list(loaded.roles) == ["y", "x"]
    assert (tmp_path / ".config/stsui/config.toml").read_text() == toml
    assert os.listdir(conf) == ["roles.toml"]


def test_laid_over_what_is_there(conf: Path) -> None:
    write_entry(conf, "a.toml", ENTRY)
    write_entry(conf, "a.toml", {"roles": {"x": {"group": "g", "pin": None}, "z": {"hidden": True}}})
    file = Path(write_entry(conf, "a.toml", {"settings": {"theme": "t"}}))
    assert tomllib.loads(file.read_text()) == {
        "roles": {
            "x": {"role_arn": homes.ARN, "source_profile": "corp", "group": "g"},
            "z": {"hidden": True},
        },
        "settings": {"theme": "t"},
    }


def test_taken_out(conf: Path) -> None:
    write_entry(conf, "a", {**ENTRY, "settings": {"theme": "t"}})
    assert remove_entry(conf, "a", "roles", "x")
    assert not remove_entry(conf, "a", "roles", "x")
    assert tomllib.loads((conf / "a.toml").read_text()) == {"settings": {"theme": "t"}}
    assert remove_entry(conf, "a", "settings", "theme")
    assert not (conf / "a.toml").exists()


def test_a_link_is_written_through_s53(tmp_path: Path, conf: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    target = tmp_path / "dotfiles/a.toml"
    target.write_text("[roles.old]\nhidden = true\n")
    conf.mkdir(parents=True)
    (conf / "a.toml").symlink_to(target)
    write_entry(conf, "a", ENTRY)
    assert (conf / "a.toml").is_symlink()
    assert set(tomllib.loads(target.read_text())["roles"]) == {"old", "x"}


@pytest.mark.parametrize("name", ["../config", "a/b", "", ".hidden", "/etc/x", "a\nb", "-x"])
def test_only_files_of_conf_d(conf: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be the name"):
        write_entry(conf, name, ENTRY)


@pytest.mark.parametrize(
    "table",
    [
        {"roles": {"x": {"external_id": homes.SECRET}}},
        {"roles": {"x": {"tags": {"a": f"key={homes.SECRET} "}}}},
        {"roles": {"x": {"mfa_process": ["otp", homes.SECRET]}}},
        {"roles": {"x": {"aws_secret_access_key": "anything"}}},
        {"roles": {"x": {"group": "IQoJb3JpZ2luX2VjE" + "a1B" * 100}}},
    ],
)
def test_secrets_are_refused(conf: Path, table: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as error:
        write_entry(conf, "a", table)
    assert homes.SECRET not in str(error.value)
    assert not conf.exists()


def test_what_only_looks_long_is_written(conf: Path) -> None:
    arn = "arn:aws:iam::111122223333:role/OrganizationAccountAccessRoleForTeam1234"
    table = {"roles": {"x": {"role_arn": arn, "source_profile": "c", "external_id": "0123456789abcdef" * 4}}}
    assert Path(write_entry(conf, "a", table)).exists()


def test_what_could_not_be_loaded_is_not_written(conf: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean role_arn"):
        write_entry(conf, "a", {"roles": {"x": {"roll_arn": "a"}}})
    with pytest.raises(ConfigError, match="cannot be written as TOML"):
        write_entry(conf, "a", {"roles": {"x": {"group": object()}}})
    assert not conf.exists()


def test_a_broken_file_is_left_as_it_is(conf: Path) -> None:
    conf.mkdir(parents=True)
    (conf / "a.toml").write_text("junk\n")
    with pytest.raises(ConfigError, match="was left as it is"):
        write_entry(conf, "a", ENTRY)
    assert (conf / "a.toml").read_text() == "junk\n"


def test_another_entry_that_was_wrong_before_is_no_hindrance(conf: Path) -> None:
    conf.mkdir(parents=True)
    (conf / "a.toml").write_text("[roles.w]\npin = 1\n")
    write_entry(conf, "a", ENTRY)
    assert set(tomllib.loads((conf / "a.toml").read_text())["roles"]) == {"w", "x"}


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be read: Not a directory"):
        write_entry(tmp_path / "file", "a", ENTRY)


def test_a_failed_write_leaves_the_old_file(conf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(write_entry(conf, "a", ENTRY))
    before = file.read_text()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        write_entry(conf, "a", {"roles": {"y": {"hidden": True}}})
    assert file.read_text() == before and os.listdir(conf) == ["a.toml"]
