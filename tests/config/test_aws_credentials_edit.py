"""Sections of ours come and go in the credentials file; every byte of the others stays."""

import os
from pathlib import Path

import botocore.configloader
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsui.config import aws_credentials_edit as edit
from stsui.config import profiles
from stsui.config.paths import find
from stsui.handover import credentials_file
from stsui.handover.sweeper import sweep
from stsui.model.errors import ConfigError, StoreError

TABLE = {
    "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "s/+=",
    "AWS_SESSION_TOKEN": "t==",
    "AWS_REGION": "eu-west-1",
    "AWS_CREDENTIAL_EXPIRATION": "2026-11-24T14:24:10Z",
    "STSUI_ROLE": "dev",
}
END = 1_795_530_250
OURS = credentials_file.section("stsui-dev", TABLE)
OTHER = credentials_file.section("stsui-prod", {**TABLE, "STSUI_ROLE": "prod"})
MINE = b"# mine\n[default]\naws_access_key_id = AKIA1\naws_secret_access_key=x\n\n"
SHAPES = {
    "empty": b"",
    "mine": MINE,
    "crlf": MINE.replace(b"\n", b"\r\n"),
    "no last line end": MINE.rstrip(b"\n"),
    "crlf, no last line end": MINE.replace(b"\n", b"\r\n").rstrip(b"\r\n"),
    "byte order mark": b"\xef\xbb\xbf[default]\n",
    "not utf-8": b"[default]\n# \xff\xfe\n",
    "no section": b"# nothing yet\n",
}


def put(text: bytes, name: str = "stsui-dev", section: str = OURS) -> bytes:
    return edit.with_section(text, name, section, "file")


def everything(one: edit.Section) -> bool:
    return True


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES)
def test_what_was_put_in_is_taken_out_without_a_trace(text: bytes) -> None:
    once = put(text)
    assert put(once) == once, "twice is once"
    both = put(once, "stsui-prod", OTHER)
    assert edit.without(both, lambda one: one.role == "dev") != both
    assert edit.without(both, everything) == text
    assert edit.without(edit.without(both, lambda one: one.role == "prod"), everything) == text


LINES = st.lists(
    st.sampled_from(
        [
            b"[a]",
            b"[ b ]",
            b"x = 1",
            b"aws_access_key_id=AKIA",
            b"# c",
            b"",
            b"  more",
            b"[c",
            b"\xff",
            b"; d",
        ]
    ),
    max_size=12,
).map(b"\n".join)


@given(LINES | st.binary(max_size=200), LINES, st.sampled_from([b"\n", b"\r\n"]))
def test_any_bytes_around_a_section_stay(before: bytes, after: bytes, newline: bytes) -> None:
    before, after = before.replace(b"\n", newline), (b"[theirs]\n" + after).replace(b"\n", newline)
    text = put(before) + after
    assert text.startswith(before) and text.endswith(after)
    assert edit.without(text, everything) == before + after
    again = put(text, "stsui-dev", OURS.replace("t==", "new"))
    assert edit.without(again, everything) == before + after and again != text


def test_what_somebody_wrote_into_our_section_stays_theirs() -> None:
    text = put(MINE) + b"output = json\n# keep\n[theirs]\nx = 1\n"
    left = edit.without(text, everything)
    assert left == MINE + b"[stsui-dev]\noutput = json\n# keep\n[theirs]\nx = 1\n"
    with pytest.raises(ConfigError, match="not stsui's"):
        put(left)


def test_a_section_of_somebody_else_is_never_replaced() -> None:
    with pytest.raises(ConfigError, match=r"\[stsui-dev\] that is not stsui's"):
        put(b"[stsui-dev]\naws_access_key_id = AKIA\n")


def test_botocore_reads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "credentials"
    path.write_bytes(put(SHAPES["crlf, no last line end"]))
    read = botocore.configloader.raw_config_parse(str(path))
    assert read["stsui-dev"]["aws_session_token"] == "t==" and read["default"]["aws_access_key_id"] == "AKIA1"


def test_a_marker_survives_a_program_that_drops_comments(tmp_path: Path) -> None:
    import configparser

    path = tmp_path / "credentials"
    path.write_bytes(put(MINE))
    parser = configparser.RawConfigParser()
    parser.read(path)
    with path.open("w") as file:
        parser.write(file)
    (ours,) = [one for one in edit.sections(path.read_bytes()) if one.ours]
    assert (ours.role, ours.expires) == ("dev", END)


def test_no_secret_is_kept_of_what_is_read() -> None:
    assert "s/+=" not in repr(edit.sections(put(MINE))) and "t==" not in repr(edit.sections(put(MINE)))


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {"HOME": str(tmp_path)}


def test_the_file_is_private_and_a_link_is_written_through(home: dict[str, str], tmp_path: Path) -> None:
    paths = find(home)
    credentials_file.write(paths, "stsui-dev", TABLE)
    path = tmp_path / ".aws" / "credentials"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    real = tmp_path / "dotfiles"
    path.rename(real)
    real.chmod(0o644)
    path.symlink_to(real)
    credentials_file.write(paths, "other", TABLE)
    assert path.is_symlink() and real.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in edit.sections(real.read_bytes())] == ["stsui-dev", "other"]
    assert sorted(os.listdir(tmp_path)) == [".aws", "dotfiles"] and os.listdir(path.parent) == ["credentials"]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("[profile stsui-dev]\nrole_arn = arn:aws:iam::1:role/x\n", "has role_arn already"),
        ("[profile stsui-dev]\nsso_session = x\n", "has sso_session already"),
        (
            "[profile stsui-dev]\ncredential_process = /usr/bin/stsui credential-process dev\n",
            "renews them; use it",
        ),
    ],
)
def test_a_profile_that_has_credentials_is_not_shadowed(
    home: dict[str, str], tmp_path: Path, config: str, words: str
) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(config)
    with pytest.raises(ConfigError, match=words):
        credentials_file.write(find(home), "stsui-dev", TABLE)
    assert os.listdir(tmp_path / ".aws") == ["config"]


def test_a_copy_is_no_row_of_its_own(home: dict[str, str]) -> None:
    paths = find(home)
    credentials_file.write(paths, "stsui-dev", TABLE)
    assert not profiles.read(paths).profiles


def test_what_changed_meanwhile_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "credentials"
    path.write_bytes(MINE)
    seen: list[bytes] = []

    def slow(old: bytes) -> bytes:
        seen.append(old)
        if len(seen) == 1:
            path.write_bytes(MINE + b"[new]\nx = 1\n")
        return put(old)

    assert edit.change(str(path), slow)
    assert path.read_bytes() == put(MINE + b"[new]\nx = 1\n") and len(seen) == 2


def test_a_file_that_never_stands_still_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "credentials"

    def racing(old: bytes) -> bytes:
        path.write_bytes(old + b"#")
        return put(old)

    with pytest.raises(StoreError, match="another program"):
        edit.change(str(path), racing)
    assert path.read_bytes() == b"#" * 5 and os.listdir(tmp_path) == ["credentials"]


def test_what_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        edit.change("/proc/nowhere/credentials", put)
    (tmp_path / "credentials").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        edit.change(str(tmp_path / "credentials"), put)


@pytest.mark.parametrize("name", ["a b", "a]b", "", "a\nb"])
def test_a_name_that_no_section_can_have(name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be the name"):
        credentials_file.section(name, TABLE)


def test_every_role_has_a_section_name() -> None:
    assert credentials_file.default_name("dev") == "stsui-dev"
    assert credentials_file.section(credentials_file.default_name("a b/[c]"), TABLE).startswith(
        "[stsui-a-b--c-]"
    )


def test_the_sweeper_takes_each_out_at_its_end_and_then_ends(home: dict[str, str]) -> None:
    paths = find(home)
    credentials_file.write(paths, "first", TABLE)
    later = {**TABLE, "AWS_CREDENTIAL_EXPIRATION": "2026-11-24T14:24:50Z"}
    credentials_file.write(paths, "second", later)
    at = [float(END - 30)]
    seen: list[tuple[float, list[str]]] = []

    def sleep(seconds: float) -> None:
        names = [one.name for one in edit.sections(Path(paths.aws_credentials).read_bytes())]
        seen.append((at[0] - END, names))
        at[0] += seconds

    sweep(paths, lambda: at[0], sleep, wait=True)
    assert [names for t, names in seen if t < 0] == [["first", "second"]] * 15
    assert [names for t, names in seen if t >= 0] == [["second"]] * 20
    assert Path(paths.aws_credentials).read_bytes() == b"" and at[0] == END + 40


def test_the_sweeper_waits_for_nothing_where_nothing_is(home: dict[str, str]) -> None:
    def never(seconds: float) -> None:
        raise AssertionError

    sweep(find(home), lambda: 0.0, never, wait=True)
