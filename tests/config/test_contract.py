"""C1: for each shape of the AWS files the source that botocore takes is the one that we name.

`python -m tests.stress` runs this file with the oldest and the newest botocore that stsui supports.
"""

import json
import sys
from pathlib import Path

import botocore
import botocore.exceptions
import botocore.session
import pytest

from stsui.config import catalog, chain
from stsui.model.errors import StsuiError
from tests.config import homes

KEYS = homes.KEYS
TEMPORARY = f"{KEYS}aws_session_token = FwoGZXIvYXdzEBY\n"
BASE = f"[base]\n{KEYS}"
FROM_BASE = f"role_arn = {homes.ARN}\nsource_profile = base\n"
ENVIRONMENT = f"role_arn = {homes.ARN}\ncredential_source = Environment\n"
WEB = f"role_arn = {homes.ARN}\nweb_identity_token_file = /tmp/token\n"
SSO = (
    "sso_account_id = 012345678901\nsso_role_name = Admin\n"
    "sso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n"
)
SESSION = "[sso-session s]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n"
BY_SESSION = "sso_session = s\nsso_account_id = 012345678901\nsso_role_name = Admin\n"
COMMAND = (
    "import json; print(json.dumps(dict(Version=1, AccessKeyId='AKIAIOSFODNN7EXAMPLE', SecretAccessKey='x')))"
)
PROCESS = f'credential_process = {json.dumps(sys.executable)} -c "{COMMAND}"\n'

SHAPES: dict[str, tuple[str, str]] = {
    "keys in credentials": ("", f"[x]\n{KEYS}"),
    "keys in config": (f"[profile x]\n{KEYS}", ""),
    "keys in both": (f"[profile x]\n{KEYS}", f"[x]\n{KEYS}"),
    "keys in credentials under a profile header": ("[profile x]\nregion = a\n", f"[profile x]\n{KEYS}"),
    "temporary keys in credentials": ("", f"[x]\n{TEMPORARY}"),
    "temporary keys in config": (f"[profile x]\n{TEMPORARY}", ""),
    "a region beside keys": ("[profile x]\nregion = eu-west-1\n", f"[x]\n{KEYS}"),
    "a region alone": ("[profile x]\nregion = eu-west-1\n", ""),
    "half a pair in credentials": ("", "[x]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n"),
    "half a pair in config": ("[profile x]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n", ""),
    "half a pair over a whole one": (
        f"[profile x]\n{KEYS}",
        "[x]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n",
    ),
    "keys in a quoted profile": (f'[profile "x"]\n{KEYS}', ""),
    "keys with blanks around": (f"[profile x]\n{KEYS}".replace(" = ", "   =   "), ""),
    "keys with colons": (f"[profile x]\n{KEYS}".replace(" = ", ": "), ""),
    "keys in upper case": (f"[profile x]\n{KEYS}".upper().replace("[PROFILE X]", "[profile x]"), ""),
    "a role": (f"[profile x]\n{FROM_BASE}", BASE),
    "a role from a profile in config": (f"[profile x]\n{FROM_BASE}[profile base]\n{KEYS}", ""),
    "a role of a role": (
        f"[profile x]\nrole_arn = {homes.ARN}\nsource_profile = y\n[profile y]\n{FROM_BASE}",
        BASE,
    ),
    "a role of three roles": (
        f"[profile x]\nrole_arn = {homes.ARN}\nsource_profile = y\n"
        f"[profile y]\nrole_arn = {homes.ARN}\nsource_profile = z\n[profile z]\n{FROM_BASE}",
        BASE,
    ),
    "a role that is its own source": (f"[profile x]\nrole_arn = {homes.ARN}\nsource_profile = x\n{KEYS}", ""),
    "a role with keys beside it in config": (f"[profile x]\n{FROM_BASE}{KEYS}", BASE),
    "a role with keys beside it in credentials": (f"[profile x]\n{FROM_BASE}", f"{BASE}[x]\n{KEYS}"),
    "a role written in credentials": ("", f"{BASE}[x]\n{FROM_BASE}"),
    "a role half in each file": (
        "[profile x]\nsource_profile = base\n",
        f"{BASE}[x]\nrole_arn = {homes.ARN}\n",
    ),
    "a role without a source": (f"[profile x]\nrole_arn = {homes.ARN}\n", ""),
    "a role with two sources": (
        f"[profile x]\n{FROM_BASE}credential_source = Environment\n",
        BASE,
    ),
    "a role with a wrong credential_source": (
        f"[profile x]\nrole_arn = {homes.ARN}\ncredential_source = Nowhere\n",
        "",
    ),
    "a role from a missing profile": (f"[profile x]\n{FROM_BASE}", ""),
    "two roles in a circle": (
        f"[profile x]\nrole_arn = {homes.ARN}\nsource_profile = y\n"
        f"[profile y]\nrole_arn = {homes.ARN}\nsource_profile = x\n",
        "",
    ),
    "a role from the environment": (f"[profile x]\n{ENVIRONMENT}", ""),
    "a role from default": (
        f"[profile x]\nrole_arn = {homes.ARN}\nsource_profile = default\n",
        f"[default]\n{KEYS}",
    ),
    "nothing from default": ("[profile x]\nregion = a\n", f"[default]\n{KEYS}"),
    "a source in default": ("[default]\nsource_profile = base\n[profile x]\nregion = a\n", BASE),
    "a token": (f"[profile x]\n{WEB}", ""),
    "a token beside keys in config": (f"[profile x]\n{WEB}{KEYS}", ""),
    "a token beside keys in credentials": (f"[profile x]\n{WEB}", f"[x]\n{KEYS}"),
    "a token without a role": ("[profile x]\nweb_identity_token_file = /tmp/token\n", ""),
    "a token and a source": (f"[profile x]\n{WEB}source_profile = base\n", BASE),
    "Identity Center": (f"[profile x]\n{SSO}", ""),
    "Identity Center by session": (f"[profile x]\n{BY_SESSION}{SESSION}", ""),
    "Identity Center beside keys in config": (f"[profile x]\n{SSO}{KEYS}", ""),
    "Identity Center beside keys in credentials": (f"[profile x]\n{SSO}", f"[x]\n{KEYS}"),
    "Identity Center of a session that is missing": (f"[profile x]\n{BY_SESSION}", ""),
    "Identity Center without its Region": (
        f"[profile x]\n{SSO}".replace("sso_region = eu-west-1\n", ""),
        "",
    ),
    "Identity Center beside a role": (f"[profile x]\n{SSO}{FROM_BASE}", BASE),
    "a command": (f"[profile x]\n{PROCESS}", ""),
    "a command beside keys in config": (f"[profile x]\n{PROCESS}{KEYS}", ""),
    "a command beside keys in credentials": (f"[profile x]\n{PROCESS}", f"[x]\n{KEYS}"),
    "a command in credentials": ("", f"[x]\n{PROCESS}"),
    "a command and Identity Center": (f"[profile x]\n{PROCESS}{SSO}", ""),
    "a command and a role": (f"[profile x]\n{PROCESS}{FROM_BASE}", BASE),
    "a role whose source is a command": (f"[profile x]\n{FROM_BASE}[profile base]\n{PROCESS}", ""),
    "a role whose source is Identity Center": (f"[profile x]\n{FROM_BASE}[profile base]\n{SSO}", ""),
    "a role whose source has a token": (f"[profile x]\n{FROM_BASE}[profile base]\n{WEB}", ""),
    "comments between": (f"[profile x]\n# a\n{FROM_BASE}; b\n\n# c\nregion = y\n", f"# d\n{BASE}"),
    "nested keys between": (f"[profile x]\ns3 =\n  max = 1\n{FROM_BASE}", BASE),
    "DEFAULT is a section like any other": ("[profile x]\nregion = a\n", f"[DEFAULT]\n{KEYS}"),
    "windows line ends": (f"[profile x]\n{FROM_BASE}".replace("\n", "\r\n"), BASE.replace("\n", "\r\n")),
}


def botocore_takes(monkeypatch: pytest.MonkeyPatch, directory: Path) -> str:
    """The method of the provider that botocore takes; `refused` or `none`."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(directory / ".aws/config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(directory / ".aws/credentials"))
    # So that a role from the environment has one; for the profile that is named these two count for nothing.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    session = botocore.session.Session(profile="x")
    session.set_config_variable("region", "eu-west-1")
    try:
        found = session.get_credentials()
    except (botocore.exceptions.BotoCoreError, KeyError):
        return "refused"
    return found.method if found else "none"


METHODS = {"process": "custom-process", "sso": "sso", "environment": "env"}


def we_take(directory: Path, environ: dict[str, str]) -> str:
    """The same in botocore's words."""
    loaded = catalog.load(environ)
    if "x" not in loaded.roles:
        return "refused" if any(problem.name == "x" for problem in loaded.problems) else "none"
    try:
        chain.resolve(loaded, "x")
    except StsuiError:
        return "refused"
    role = loaded.roles["x"]
    if role.kind == "assume_role":
        return "assume-role"
    if role.kind == "web_identity":
        return "assume-role-with-web-identity"
    assert role.source is not None
    if role.source.kind == "static":
        return "keys"
    return METHODS[role.source.kind]


@pytest.mark.parametrize("name", SHAPES)
def test_botocore_takes_the_source_that_we_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    config, credentials = SHAPES[name]
    environ = homes.make(tmp_path, config=config, credentials=credentials)
    ours = we_take(tmp_path, environ)
    theirs = botocore_takes(monkeypatch, tmp_path)
    same = {"shared-credentials-file": "keys", "config-file": "keys"}.get(theirs, theirs)
    assert ours == same, f"botocore {botocore.__version__} takes {theirs}"


def test_there_are_forty() -> None:
    assert len(SHAPES) >= 40
