"""What `whoami` says is used is what botocore uses."""

import os
import time
from pathlib import Path

import botocore.session
import pytest

from stsui.config.paths import find
from stsui.handover.in_use import InUse, in_use

NOW = 1_795_530_000.0
ROLE = "role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = keys\n"
PROCESS = """credential_process = echo '{"Version": 1, "AccessKeyId": "AKIAP", "SecretAccessKey": "s"}'\n"""
KEYS = "aws_access_key_id = AKIA1\naws_secret_access_key = s\n"
FILES = {
    "config": (
        "[default]\nregion = eu-west-1\n"
        f"[profile role]\n{ROLE}[profile process]\n{PROCESS}region = eu-north-1\n[profile both]\n{PROCESS}"
        "[profile sso]\nsso_session = s\nsso_account_id = 111122223333\nsso_role_name = x\n"
        "[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://x\n"
        "[profile nothing]\noutput = json\n"
        "[profile token]\nrole_arn = arn:aws:iam::111122223333:role/x\nweb_identity_token_file = /nowhere\n"
    ),
    "credentials": f"[keys]\n{KEYS}[both]\n{KEYS}",
}
WORDS = {
    "env": "The keys of the environment are used",
    "assume-role": "it assumes",
    "assume-role-with-web-identity": "it assumes",
    "shared-credentials-file": "has static keys",
    "custom-process": "it runs echo",
    "sso": "signs in by the Identity Center s",
    None: "There are no keys",
}
"""botocore's name of the provider that answered, and our words for it."""
ENV = {"AWS_ACCESS_KEY_ID": "ASIA2222333344445555", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    (tmp_path / ".aws").mkdir()
    for name, text in FILES.items():
        (tmp_path / ".aws" / name).write_text(text)
    monkeypatch.setenv("HOME", str(tmp_path))
    return {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}


def said(home: dict[str, str], **environ: str) -> InUse:
    given = {**home, **environ}
    return in_use(given, find(given), NOW)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        ENV,
        {**ENV, "AWS_PROFILE": "role"},
        {**ENV, "AWS_DEFAULT_PROFILE": "keys"},
        {"AWS_PROFILE": "role"},
        {"AWS_PROFILE": "keys"},
        {"AWS_PROFILE": "process"},
        {"AWS_PROFILE": "both"},
        {"AWS_PROFILE": "sso"},
        {"AWS_PROFILE": "token"},
        {"AWS_PROFILE": "nothing"},
        {"AWS_DEFAULT_PROFILE": "role", "AWS_PROFILE": "keys"},
        {"AWS_SECRET_ACCESS_KEY": "s"},
    ],
    ids=lambda environ: " ".join(f"{name[4:]}={value}" for name, value in environ.items()) or "nothing",
)
def test_it_is_what_botocore_uses(
    home: dict[str, str], environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = botocore.session.Session().get_credentials()
    assert WORDS[found.method if found else None] in said(home, **environ).credentials[0]


@pytest.mark.parametrize(
    ("environ", "region"),
    [
        ({}, "eu-west-1"),
        ({"AWS_PROFILE": "process"}, "eu-north-1"),
        ({"AWS_DEFAULT_REGION": "us-east-2"}, "us-east-2"),
        ({"AWS_REGION": "us-east-2"}, "eu-west-1"),
        ({"AWS_REGION": "us-east-2", "AWS_DEFAULT_REGION": "us-west-2"}, "us-west-2"),
        ({"AWS_PROFILE": "nothing", "AWS_REGION": "us-east-2"}, None),
        ({"AWS_PROFILE": "nothing"}, None),
    ],
)
def test_the_region_is_botos(
    home: dict[str, str], environ: dict[str, str], region: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert botocore.session.Session().get_config_variable("region") == region
    text = said(home, **environ).region
    assert (region or "none") in text
    if "AWS_REGION" in environ:
        assert environ["AWS_REGION"] in text and "boto" in text


def test_an_expired_snapshot_says_how_to_go_on(home: dict[str, str]) -> None:
    """S66."""
    ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW - 300))
    found = said(home, **ENV, AWS_CREDENTIAL_EXPIRATION=ends, STSUI_ROLE="dev ro")
    assert "stsui's of dev ro" in found.credentials[0] and found.credentials[1] == "They expired 5m ago."
    assert found.expired and found.hint == "eval \"$(stsui export 'dev ro')\""
    assert not said(home, **ENV, AWS_CREDENTIAL_EXPIRATION="soon").expired
    assert said(home, **ENV, AWS_CREDENTIAL_EXPIRATION=ends).hint == ""


def test_half_of_temporary_keys_and_an_old_name_of_the_token(home: dict[str, str]) -> None:
    half = {name: value for name, value in ENV.items() if name != "AWS_SESSION_TOKEN"}
    assert "AWS_SESSION_TOKEN is missing" in " ".join(said(home, **half).credentials)
    assert "boto takes it" in " ".join(said(home, **ENV, AWS_SECURITY_TOKEN="x").credentials)


def test_a_profile_that_is_not_there_stops_every_tool(home: dict[str, str]) -> None:
    assert "is in neither AWS file" in said(home, AWS_PROFILE="nope").credentials[0]


def test_default_keys_come_before_a_slot(home: dict[str, str], tmp_path: Path) -> None:
    """S37, T11."""
    slot = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/slot/term-1", "STSUI_SLOT": "term-1"}
    assert said(home, **slot).credentials == ("Credentials come from the slot term-1 of stsui.",)
    with (tmp_path / ".aws" / "credentials").open("a") as file:
        file.write(f"[default]\n{KEYS}")
    first, second = said(home, **slot).credentials
    assert "The profile default is used" in first and "credentials line 8" in first
    assert "slot term-1 of stsui is not asked" in second


def test_no_secret_and_no_whole_key_is_said(home: dict[str, str]) -> None:
    text = repr(
        said(home, **{**ENV, "AWS_SECRET_ACCESS_KEY": "verysecret", "AWS_SESSION_TOKEN": "tokentoken"})
    )
    assert "verysecret" not in text and "tokentoken" not in text and ENV["AWS_ACCESS_KEY_ID"] not in text
    assert os.sep in said(home).region
