"""Our block comes and goes; every byte outside of it stays."""

import os
from pathlib import Path

import botocore.configloader
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsui.config import aws_config_edit as edit
from stsui.model.errors import ConfigError
from stsui.model.roles import Origin, Role

COMMAND = "/opt/tools/bin/stsui"
PROFILES = [edit.Profile("dev", "dev", "eu-west-1"), edit.Profile("two words", "two words", "")]
BLOCK = edit.block(PROFILES, COMMAND)
SHAPES = {
    "empty": b"",
    "comments": b"# mine\n[default]\nregion = x ; trailing\n",
    "crlf": b"[profile a]\r\nregion = x\r\n",
    "no last line end": b"[profile a]\nregion = x",
    "crlf, no last line end": b"[profile a]\r\nregion = x",
    "nested": b"[profile a]\ns3 =\n  max_concurrent_requests = 20\n\n\n",
    "byte order mark": b"\xef\xbb\xbf[default]\n",
    "not utf-8": b"[default]\n# \xff\xfe\n",
}


def accepts(path: str) -> str:
    return ""


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_what_was_put_in_is_taken_out_without_a_trace_s46_s48(text: bytes) -> None:
    put = edit.with_block(text, BLOCK)
    assert put.startswith(text) and put.endswith(BLOCK)
    assert edit.with_block(put, BLOCK) == put, "twice is once"
    assert edit.with_block(put, b"") == text


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_any_bytes_around_the_block_stay_s49(before: bytes, after: bytes) -> None:
    if b"stsui" in before + after:
        return
    put = edit.with_block(before, BLOCK)
    assert edit.with_block(put, b"") == before
    changed = edit.with_block(put + after, edit.block(PROFILES[:1], COMMAND))
    assert changed.startswith(before) and changed.endswith(after)


def test_botocore_reads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(edit.with_block(SHAPES["nested"], BLOCK))
    read = botocore.configloader.load_config(str(path))["profiles"]
    assert read["dev"] == {"credential_process": f"{COMMAND} credential-process dev", "region": "eu-west-1"}
    assert read["two words"]["credential_process"].endswith("credential-process 'two words'")
    assert read["a"]["s3"] == {"max_concurrent_requests": "20"}


def test_a_name_that_the_aws_files_have_is_not_taken_again() -> None:
    origin = Origin("config.toml", 1)
    roles = [Role("dev", "assume_role", origin), Role("Prod", "assume_role", origin, region="eu-west-1")]
    names = [profile.name for profile in edit.profiles(roles, ["default", "prod"])]
    assert names == ["stsui-current", "dev", "stsui-Prod"]


@pytest.mark.parametrize("name", ["a]b", "a\nb"])
def test_a_name_that_no_sdk_reads_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        edit.block([edit.Profile(name, name, "")], COMMAND)


def test_a_link_into_a_dotfiles_repository_is_written_through_s53(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles", tmp_path / "config"
    real.write_bytes(b"[default]\n")
    real.chmod(0o640)
    link.symlink_to(real)
    backup = edit.write(str(link), b"[default]\n" + BLOCK, accepts)
    assert link.is_symlink() and real.read_bytes().endswith(BLOCK)
    assert real.stat().st_mode & 0o777 == 0o640
    assert Path(backup).read_bytes() == b"[default]\n"


def test_a_new_file_that_would_be_refused_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"[default]\n")
    with pytest.raises(ConfigError, match="line 7"):
        edit.write(str(path), b"broken", lambda _: "line 7")
    assert path.read_bytes() == b"[default]\n" and os.listdir(tmp_path) == ["config"]


def test_a_missing_directory_is_made_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / ".aws" / "config"
    assert edit.write(str(path), BLOCK, accepts) == ""
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_a_directory_in_its_place_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    with pytest.raises(ConfigError, match="config"):
        edit.write(str(tmp_path / "config"), BLOCK, accepts)
