"""Every kind of beginning that a chain can have, set up in a demo's home: a profile or role called `base`."""

import hashlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stsui.demo import machine
from stsui.demo.identity_center import START_URL
from stsui.demo.saml import make_assertion
from stsui.demo.world import ANA, IDENTITY_ACCOUNT, ISSUER, SANDBOX, STAGING, Role
from tests.worlds import Demo

PROVIDER = f"arn:aws:iam::{IDENTITY_ACCOUNT}:saml-provider/Acme"
BASE = f"arn:aws:iam::{IDENTITY_ACCOUNT}:role/Base"
Set = Callable[[str, str], None]
"""Sets a variable of this process and of every program that it starts."""


def aws(demo: Demo, text: str) -> None:
    with open(demo.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as config:
        config.write(f"\n{text}\n")


def own(demo: Demo, text: str) -> None:
    with open(demo.environ["STSUI_CONFIG"], "a", encoding="utf-8") as config:
        config.write(f"\n{text}\n")


def keys_of(demo: Demo, name: str) -> tuple[str, str]:
    user = next(user for user in demo.aws.world.users if user.name == name)
    return user.access_key_id, user.secret_access_key


def program(demo: Demo, name: str, text: str) -> Path:
    """A program of the person's own, which counts how often it ran."""
    path = Path(demo.environ["HOME"], name)
    runs = path.with_suffix(".runs")
    path.write_text(
        f"#!{sys.executable}\nimport os\n"
        f"with open({str(runs)!r}, 'a') as runs:\n    runs.write('.')\n{text}\n",
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


def static(demo: Demo, put: Set) -> str:
    key_id, secret = keys_of(demo, "ana")
    aws(demo, "[profile base]\nregion = eu-west-1")
    with open(demo.environ["AWS_SHARED_CREDENTIALS_FILE"], "a", encoding="utf-8") as file:
        file.write(f"\n[base]\naws_access_key_id = {key_id}\naws_secret_access_key = {secret}\n")
    return ANA


def process(demo: Demo, put: Set) -> str:
    """Its credentials are lent, and say when they end."""
    source = Path(demo.environ["HOME"], "credentials")
    key_id, secret = keys_of(demo, "ana")
    source.write_text(json.dumps({"Version": 1, "AccessKeyId": key_id, "SecretAccessKey": secret}))
    path = program(demo, "helper", f"print(open({str(source)!r}).read())")
    aws(demo, f"[profile base]\ncredential_process = {path} --json\nregion = eu-west-1")
    return ANA


def web_identity(demo: Demo, put: Set) -> str:
    demo.aws.world.roles[BASE] = Role(IDENTITY_ACCOUNT, "Base", (ISSUER,), max_seconds=43_200)
    token = Path(demo.environ["HOME"], "credentials")
    token.write_text(demo.aws.world.web_identity_token())
    aws(demo, f"[profile base]\nrole_arn = {BASE}\nweb_identity_token_file = {token}\nregion = eu-west-1")
    return BASE


def identity_center(demo: Demo, put: Set) -> str:
    aws(
        demo,
        f"[profile base]\nsso_session = acme-sso\nsso_account_id = {SANDBOX}\n"
        "sso_role_name = PowerUser\nregion = eu-west-1",
    )
    demo.sign_in()
    return demo.aws.center.role_arn(SANDBOX, "PowerUser")


def start_url(demo: Demo, put: Set) -> str:
    """An Identity Center in the profile itself."""
    aws(
        demo,
        f"[profile base]\nsso_start_url = {START_URL}\nsso_region = eu-west-1\nsso_account_id = {SANDBOX}\n"
        "sso_role_name = PowerUser\nregion = eu-west-1",
    )
    demo.sign_in()
    return demo.aws.center.role_arn(SANDBOX, "PowerUser")


def login(demo: Demo, put: Set) -> str:
    """What `aws login` leaves, with the key that its renewals are signed with."""
    pytest.importorskip("awscrt")
    write_login(demo, ANA)
    aws(demo, f"[profile base]\nlogin_session = {ANA}\nregion = eu-west-1")
    return ANA


def write_login(demo: Demo, session: str, **changes: object) -> Path:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    directory = Path(demo.environ["HOME"], ".aws", "login", "cache")
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{hashlib.sha256(session.encode()).hexdigest()}.json"
    path.write_text(json.dumps({**demo.aws.login.sign_in("ana"), "dpopKey": pem, **changes}))
    path.chmod(0o600)
    return path


def environment(demo: Demo, put: Set) -> str:
    key_id, secret = keys_of(demo, "ana")
    put("AWS_ACCESS_KEY_ID", key_id)
    put("AWS_SECRET_ACCESS_KEY", secret)
    return ANA


def ec2(demo: Demo, put: Set) -> str:
    put("AWS_EC2_METADATA_DISABLED", "false")
    put("AWS_EC2_METADATA_SERVICE_ENDPOINT", demo.aws.url)
    return machine.ROLE_ARN


def container(demo: Demo, put: Set) -> str:
    put("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{demo.aws.url}/container/credentials")
    put("AWS_CONTAINER_AUTHORIZATION_TOKEN", machine.CONTAINER_TOKEN)
    return machine.ROLE_ARN


def saml(demo: Demo, put: Set) -> str:
    demo.aws.world.roles[BASE] = Role(IDENTITY_ACCOUNT, "Base", (PROVIDER,), max_seconds=43_200)
    source = Path(demo.environ["HOME"], "credentials")
    source.write_text(assertion(demo))
    path = program(demo, "saml-helper", f"print(open({str(source)!r}).read())")
    own(
        demo,
        f'[roles.base]\nrole_arn = "{BASE}"\nprincipal_arn = "{PROVIDER}"\nsaml_process = ["{path}"]\n'
        'region = "eu-west-1"',
    )
    return BASE


def assertion(demo: Demo, lives: int = 43_200, age: int = 0) -> str:
    at = demo.clock.now() - age
    return make_assertion(demo.aws.world.token_key, "ana@acme.example", BASE, PROVIDER, at, lives)


BEGINNINGS: dict[str, Callable[[Demo, Set], str]] = {
    "static": static,
    "process": process,
    "web identity": web_identity,
    "Identity Center": identity_center,
    "start URL": start_url,
    "aws login": login,
    "environment": environment,
    "ec2": ec2,
    "container": container,
    "saml": saml,
}
BY_WORD = {"environment": "Environment", "ec2": "Ec2InstanceMetadata", "container": "EcsContainer"}
"""Those that a role names by AWS's own word."""


def begin(demo: Demo, kind: str, put: Set) -> None:
    """The beginning, the role `one` on it and the role `two` on that."""

    def everywhere(name: str, value: str) -> None:
        demo.environ[name] = value
        put(name, value)

    principal = BEGINNINGS[kind](demo, everywhere)
    one = Role(STAGING, "One", (principal,), max_seconds=43_200)
    two = Role(SANDBOX, "Two", (one.arn,))
    demo.aws.world.roles.update({one.arn: one, two.arn: two})
    word = BY_WORD.get(kind)
    beginning = f'credential_source = "{word}"' if word else 'source_profile = "base"'
    own(
        demo,
        f'[roles.one]\nrole_arn = "{one.arn}"\n{beginning}\nregion = "eu-west-1"\n'
        f'[roles.two]\nrole_arn = "{two.arn}"\nsource_profile = "one"\nregion = "eu-west-1"',
    )
    assert os.environ["AWS_CONFIG_FILE"] == demo.environ["AWS_CONFIG_FILE"]
