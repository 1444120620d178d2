"""The block of `config profiles` in files of every shape: botocore reads the same as before beside it."""

import os
from pathlib import Path

import botocore.configloader
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsui.config import aws_config_edit as edit
from stsui.config import profiles
from stsui.model.errors import ConfigError
from stsui.model.roles import Origin, Role
from stsui.wiring import aws_tools_refuse

ORIGIN = Origin("config.toml", 1)
ROLES = [Role(name, "assume_role", ORIGIN, region="eu-west-1") for name in ("dev", "prod admin", "a@b")]
LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "region = eu-west-1",
                "output=json",
                "s3 =",
                "  max_concurrent_requests = 20",
                "# a comment",
                "; another",
                "",
                "role_arn = arn:aws:iam::111122223333:role/x",
                "source_profile = default",
                "credential_process = /bin/x 'a b'",
                "cli_pager=",
            ]
        ),
        st.from_regex(r"[a-z_]{1,12} ?= ?[ -~]{0,20}", fullmatch=True),
    ),
    max_size=6,
)
NAMES = st.sampled_from(
    ["default", "profile a", "profile dev", 'profile "two words"', "sso-session x", "services s", "plugins"]
)


@st.composite
def configs(draw: st.DrawFn) -> bytes:
    """A file that AWS's own tools read."""
    text = draw(st.sampled_from(["", "# mine\n", "\n\n"]))
    for name in draw(st.lists(NAMES, unique=True, max_size=5)):
        text += f"[{name}]\n" + "".join(f"{line}\n" for line in draw(LINES))
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"]))).encode()


def read(path: Path) -> dict[str, object]:
    return botocore.configloader.load_config(str(path))


@settings(max_examples=150, deadline=None)
@given(configs(), st.booleans())
def test_botocore_reads_the_same_beside_the_block(
    tmp_path_factory: pytest.TempPathFactory, text: bytes, link: bool
) -> None:
    directory = tmp_path_factory.mktemp("aws")
    real = directory / "config"
    real.write_bytes(text)
    if aws_tools_refuse(str(real)):
        return
    path = directory / "link" if link else real
    if link:
        path.symlink_to(real)
    before = read(real)
    taken = profiles.names(text.decode(), "")
    found = edit.profiles(ROLES, taken)
    assert not {profile.name for profile in found} & taken
    new = edit.with_block(text, edit.block(found, "/opt/stsui", edit.newline_of(text)))
    edit.write(str(path), new, aws_tools_refuse, text)
    after = read(real)
    assert {name: section for name, section in after.items() if name != "profiles"} == {
        name: section for name, section in before.items() if name != "profiles"
    }
    for profile in found:
        section = after["profiles"].pop(profile.name)  # type: ignore[attr-defined]
        assert set(section) <= {"credential_process", "region"}
    assert after["profiles"] == before["profiles"]
    edit.write(str(path), edit.with_block(new, b""), aws_tools_refuse, new)
    assert real.read_bytes() == text and path.is_symlink() == link


def test_a_name_that_anything_of_aws_has_is_not_taken_again() -> None:
    config = "[profile corp]\nregion = x\n[sso-session dev]\nsso_region = x\n"
    credentials = "[old]\naws_access_key_id = A\n[mine]\nx_managed_by = stsui\n"
    assert profiles.names(config, credentials) == {"corp", "old"}
    roles = [Role(name, "assume_role", ORIGIN) for name in ("corp", "old", "stsui-corp", "stsui-live", "dev")]
    names = [profile.name for profile in edit.profiles(roles, profiles.names(config, credentials))]
    assert names == [
        "stsui-current",
        "stsui-corp",
        "stsui-old",
        "stsui-stsui-corp",
        "stsui-stsui-live",
        "dev",
    ]


def test_what_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"[default]\nregion = x\n")
    with pytest.raises(ConfigError, match="changed by another program"):
        edit.write(str(path), b"[default]\n", lambda _: "", b"[default]\n")
    assert path.read_bytes() == b"[default]\nregion = x\n" and os.listdir(tmp_path) == ["config"]
