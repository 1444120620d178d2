"""What the app saved is taken back whole, and never over what somebody else wrote since."""

from pathlib import Path

import pytest

from stsui.config.changes import recorded, undo
from stsui.config.user_config_edit import own_file, remove_entry, write_entry
from stsui.model.errors import ConfigError


def test_a_new_file_is_taken_away_again(tmp_path: Path) -> None:
    change = recorded("pin of x", str(tmp_path), ["a"], lambda: write_entry(tmp_path, "a", _hidden("x")))
    assert (tmp_path / "a.toml").exists()
    undo(change)
    assert list(tmp_path.iterdir()) == []


def test_two_files_go_back_together(tmp_path: Path) -> None:
    write_entry(tmp_path, "a", _hidden("x"))
    write_entry(tmp_path, "b", _hidden("y"))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def write() -> None:
        write_entry(tmp_path, "a", _hidden("z"))
        remove_entry(tmp_path, "b", "roles", "y")

    change = recorded("roles", str(tmp_path), ["a", "b", "c"], write)
    assert [file[0][-6:] for file in change.files] == ["a.toml", "b.toml"]
    undo(change)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_half_a_change_is_none(tmp_path: Path) -> None:
    def write() -> None:
        write_entry(tmp_path, "a", _hidden("x"))
        write_entry(tmp_path, "b", {"roles": {"y": {"roll_arn": "?"}}})

    with pytest.raises(ConfigError, match="role_arn"):
        recorded("roles", str(tmp_path), ["a", "b"], write)
    assert list(tmp_path.iterdir()) == []


def test_what_another_wrote_since_stays(tmp_path: Path) -> None:
    change = recorded("pin of x", str(tmp_path), ["a"], lambda: write_entry(tmp_path, "a", _hidden("x")))
    write_entry(tmp_path, "a", _hidden("y"))
    with pytest.raises(ConfigError, match=r"changed since; the pin of x was not undone"):
        undo(change)
    assert "y" in (tmp_path / "a.toml").read_text()


def test_only_files_of_the_app_are_its_own(tmp_path: Path) -> None:
    write_entry(tmp_path, "a", _hidden("x"))
    (tmp_path / "mine.toml").write_text("# mine\n[roles.y]\nhidden = true\n")
    (tmp_path / "sub").mkdir()
    assert own_file(tmp_path, str(tmp_path / "a.toml")) == "a.toml"
    assert not own_file(tmp_path, str(tmp_path / "mine.toml"))
    assert not own_file(tmp_path / "sub", str(tmp_path / "a.toml"))


def _hidden(role: str) -> dict[str, object]:
    return {"roles": {role: {"hidden": True}}}
