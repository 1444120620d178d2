"""What granted, aws-vault, awsume, aws-sso-cli and Leapp left behind becomes rows here, or a reason why not."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from stsui.config import importing
from stsui.config.catalog import load
from stsui.config.chain import resolve
from stsui.config.import_sources import Offer
from stsui.config.other_tools import TOOLS, from_tool
from stsui.config.user_config_edit import file_path, write_entry
from stsui.model.errors import ConfigError, UsageError
from tests.config.homes import KEYS, SECRET, make

GRANTED = """
[profile acme-dev/ReadOnly]
granted_sso_start_url = https://acme.awsapps.com/start
granted_sso_region = eu-west-1
granted_sso_account_id = 111122223333
granted_sso_role_name = ReadOnly
credential_process = granted credential-process --profile acme-dev/ReadOnly
region = eu-central-1
[profile acme-prod/Admin]
granted_sso_start_url = https://acme.awsapps.com/start/
granted_sso_region = eu-west-1
granted_sso_account_id = 444455556666
granted_sso_role_name = Admin
credential_process = granted credential-process --profile acme-prod/Admin
[profile half]
granted_sso_start_url = https://acme.awsapps.com/start
granted_sso_region = eu-west-1
granted_sso_account_id = 44445555
granted_sso_role_name = Admin
"""
VAULT = """
[profile ana]
mfa_serial = arn:aws:iam::111111111111:mfa/ana
[profile ci]
[profile admin]
source_profile = ana
role_arn = arn:aws:iam::222222222222:role/Administrator
mfa_serial = arn:aws:iam::111111111111:mfa/ana
[profile deploy]
source_profile = ci
role_arn = arn:aws:iam::222222222222:role/Deploy
[profile corp]
[profile reader]
source_profile = corp
role_arn = arn:aws:iam::222222222222:role/Reader
"""
AWS_SSO = """\
# made by aws-sso setup
SSOConfig:
  Default:
    SSORegion: us-east-1
    StartUrl: https://d-1234567890.awsapps.com/start
    DefaultRegion: us-east-1
    Accounts:
      25823461518:
        Name: prod
        DefaultRegion: us-west-2
        Roles:
          Admin:
            Profile: Prod:Admin
          Ro: {}
      258234615182:
        Name: dev     # for play
        Roles:
          Deploy:
            Via: arn:aws:iam::025823461518:role/Admin
            ExternalId: 'acme/4711'
          Odd:
            Via: arn:aws:iam::025823461518:role/Admin
            ExternalId: 'it''s'
          Lost:
            Via: arn:aws:iam::025823461518:role/Gone
  Broken:
    SSORegion: us-east-1
ProfileFormat: "{{ .AccountIdPad }}:{{ .RoleName }}"
UrlExecCommand:
- /usr/bin/open
- "%s"
Script: |
  # not: a key

  [
LogLevel: warn
"""
AWS_SSO_PROFILES = """
[profile Prod:Admin]
credential_process = /usr/local/bin/aws-sso -u open -S "Default" process --arn arn:aws:iam::025823461518:role/Admin
[profile Prod:Audit]
credential_process = aws-sso --sso=Default process --arn=arn:aws:iam::025823461518:role/Audit
[profile elsewhere]
credential_process = aws-sso -S Other process -a arn:aws:iam::025823461518:role/Audit
"""
LEAPP = [
    {
        "integrationName": "acme main",
        "portalUrl": "https://acme.awsapps.com/start",
        "region": "eu-west-1",
        "status": "Online",
    },
    {"integrationName": "azure", "region": "westeurope"},
]


def offered(environ: dict[str, str], tool: str, file: str = "") -> Offer:
    return from_tool(tool, environ, load(environ), file)


def problems(offer: Offer) -> dict[str, str]:
    return {candidate.name: candidate.problem for candidate in offer.candidates if candidate.problem}


def taken(environ: dict[str, str], tool: str, file: str = "", *only: str) -> dict[str, Any]:
    """Everything, or what is named, taken over as `stsui import` would; what the file then holds."""
    catalog = load(environ)
    offer = from_tool(tool, environ, catalog, file)
    review = importing.review(catalog, offer, {})
    keys = {change.key for change in review.open() if not only or change.name in only}
    write_entry(catalog.paths.conf_dir, offer.file, importing.tables(review, keys))
    return tomllib.loads(Path(file_path(catalog.paths.conf_dir, offer.file)).read_text())


def test_profiles_that_granted_generated_become_roles_that_need_no_granted(tmp_path: Path) -> None:
    environ = make(tmp_path, config=GRANTED)
    offer = offered(environ, "granted")
    assert "44445555 is not an account's id" in problems(offer)["half"]
    assert any("keyring" in note for note in offer.notes)
    wrote = taken(environ, "granted")
    assert wrote["sso"] == {"acme": {"start_url": "https://acme.awsapps.com/start", "region": "eu-west-1"}}
    assert wrote["roles"]["acme-dev/ReadOnly"]["region"] == "eu-central-1"
    catalog = load(environ)
    for name in ("acme-dev/ReadOnly", "acme-prod/Admin"):
        source = resolve(catalog, name).source
        assert source.center is not None and source.center.name == "acme", "not through credential_process"
        assert not catalog.roles[name].from_aws_files


def test_one_role_brings_its_identity_center_along(tmp_path: Path) -> None:
    environ = make(tmp_path, config=GRANTED)
    wrote = taken(environ, "granted", "", "acme-prod/Admin")
    assert set(wrote["sso"]) == {"acme"} and set(wrote["roles"]) == {"acme-prod/Admin"}


def test_an_identity_center_that_is_here_is_not_made_again(tmp_path: Path) -> None:
    here = '[sso.mine]\nstart_url = "https://acme.awsapps.com/start"\nregion = "eu-west-1"\n'
    environ = make(tmp_path, config=GRANTED, toml=here)
    wrote = taken(environ, "granted")
    assert "sso" not in wrote and wrote["roles"]["acme-prod/Admin"]["sso_session"] == "mine"


def test_a_second_import_finds_nothing_new(tmp_path: Path) -> None:
    environ = make(tmp_path, config=GRANTED)
    taken(environ, "granted")
    catalog = load(environ)
    again = importing.review(catalog, from_tool("granted", environ, catalog), {})
    assert [change.state for change in again.changes if not change.candidate.problem] == ["same", "same"]


def test_whose_keys_lie_in_aws_vaults_keychain_is_told_the_line_that_asks_it(tmp_path: Path) -> None:
    environ = make(tmp_path, config=VAULT, credentials=f"[corp]\n{KEYS}")
    offer = offered(environ, "aws-vault")
    told = problems(offer)
    line = "credential_process = aws-vault export --no-session --format=json"
    assert line + " ana" in told["admin"] and "[profile ana]" in told["admin"]
    assert line + " ci" in told["deploy"] and line + " ana" in told["ana"]
    reader = next(candidate for candidate in offer.candidates if candidate.name == "reader")
    assert not reader.problem and reader.entry["source_profile"] == "corp"
    with_line = VAULT.replace("[profile ana]", f"[profile ana]\n{line} ana")
    environ = make(tmp_path, config=with_line, credentials=f"[corp]\n{KEYS}")
    assert "admin" not in problems(offered(environ, "aws-vault")), "the line mends it"


def test_aws_vault_has_no_file_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="AWS_CONFIG_FILE"):
        offered(make(tmp_path, config=VAULT), "aws-vault", "other.toml")


def test_what_awsume_wrote_itself_is_left_out(tmp_path: Path) -> None:
    own = f"[autoawsume-admin]\n{KEYS}[made]\nmanager = awsume\n{KEYS}"
    environ = make(tmp_path, config=VAULT, credentials=f"[corp]\n{KEYS}{own}")
    settings = tmp_path / ".awsume" / "config.yaml"
    settings.parent.mkdir()
    settings.write_text("colors: true\nrole-duration: 43200\nregion: eu-west-1\nfuzzy-match: false\n")
    offer = offered(environ, "awsume")
    names = {candidate.name for candidate in offer.candidates}
    assert "reader" in names and not names & {"autoawsume-admin", "made"}
    assert any("duration = 43200" in note for note in offer.notes)
    assert any('region = "eu-west-1"' in note for note in offer.notes)


def test_aws_sso_clis_roles_chains_and_accounts(tmp_path: Path) -> None:
    environ = make(tmp_path, config=AWS_SSO_PROFILES)
    file = tmp_path / ".config/aws-sso/config.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(AWS_SSO)
    offer = offered(environ, "aws-sso-cli")
    told = problems(offer)
    assert "StartUrl" in told["Broken"] and '"Other"' in told["elsewhere"]
    assert told["258234615182/Odd"].startswith('external_id has "\'"')
    assert "025823461518/Gone" in told["258234615182/Lost"]
    assert offer.account_names == {"025823461518": "prod", "258234615182": "dev"}
    roles = taken(environ, "aws-sso-cli")["roles"]
    assert set(roles) == {"Prod:Admin", "Prod:Audit", "025823461518/Ro", "258234615182/Deploy"}
    assert roles["Prod:Admin"]["region"] == "us-west-2"
    deploy = roles["258234615182/Deploy"]
    assert (deploy["source_profile"], deploy["external_id"]) == ("Prod:Admin", "acme/4711")
    catalog = load(environ)
    chain = resolve(catalog, "258234615182/Deploy")
    assert chain.source.center is not None and chain.source.center.name == "Default"
    assert not catalog.roles["Prod:Admin"].from_aws_files, "it stands for the profile that asks aws-sso"


@pytest.mark.parametrize("where", [".aws-sso", ".config/aws-sso", "AWS_SSO_CONFIG"])
def test_aws_sso_clis_config_is_found_where_it_looks_itself(tmp_path: Path, where: str) -> None:
    environ = make(tmp_path, config="")
    directory = tmp_path / where
    directory.mkdir(parents=True)
    (directory / "config.yaml").write_text(AWS_SSO)
    if where == "AWS_SSO_CONFIG":
        environ[where] = str(directory / "config.yaml")
    assert offered(environ, "aws-sso-cli").title == str(directory / "config.yaml")


def test_leapp_prints_its_identity_centers_itself(tmp_path: Path) -> None:
    environ = make(tmp_path, config="")
    with pytest.raises(UsageError) as told:
        offered(environ, "leapp")
    assert "encrypted" in str(told.value) and "leapp integration list" in (told.value.hint or "")
    file = tmp_path / "leapp.json"
    file.write_text(json.dumps(LEAPP))
    assert "no portal URL" in problems(offered(environ, "leapp", str(file)))["azure"]
    assert set(taken(environ, "leapp", str(file))["sso"]) == {"acme-main"}


@pytest.mark.parametrize(
    ("tool", "text", "told"),
    [
        ("leapp", "Error: no workspace", "is not JSON"),
        ("leapp", "[" * 100_000, "is not JSON"),
        ("aws-sso-cli", "SSOConfig:\n  Default: &anchor\n", "line 2"),
        ("aws-sso-cli", "SSOConfig:\n\tDefault: x\n", "line 2"),
        ("aws-sso-cli", "- a\n- b\n", "where keys are expected"),
        ("awsume", 'region: "eu\\q"\n', "line 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, tool: str, text: str, told: str
) -> None:
    file = tmp_path / "theirs"
    file.write_text(text)
    with pytest.raises(ConfigError) as error:
        offered(make(tmp_path, config=""), tool, str(file))
    assert told in str(error.value) and str(file) in str(error.value)


@pytest.mark.parametrize("tool", ["aws-sso-cli", "granted", "leapp"])
def test_a_file_that_is_not_there_is_said(tmp_path: Path, tool: str) -> None:
    environ = make(tmp_path, config="")
    with pytest.raises(ConfigError, match="There is no such file"):
        offered(environ, tool, str(tmp_path / "none"))


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool != "leapp"])
def test_no_secret_is_taken_over(tmp_path: Path, tool: str) -> None:
    environ = make(tmp_path, config=GRANTED + VAULT + AWS_SSO_PROFILES, credentials=f"[corp]\n{KEYS}")
    (tmp_path / ".aws-sso").mkdir()
    (tmp_path / ".aws-sso/config.yaml").write_text(AWS_SSO)
    offer = offered(environ, tool)
    assert SECRET not in repr(offer) and "AKIAIOSFODNN7EXAMPLE" not in repr(offer)
