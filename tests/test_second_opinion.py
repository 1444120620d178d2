"""moto's STS, which we did not write, understands every call and is understood: no stsui config at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.model.errors import MfaRequired
from stsui.wiring import open_services

MFA = "arn:aws:iam::123456789012:mfa/ana"
CONFIG = f"""
# written by hand, as people have it
[profile corp]
region = eu-west-1

[profile hub]
role_arn = arn:aws:iam::111122223333:role/Hub
source_profile = corp

[profile deploy]
role_arn = arn:aws:iam::222233334444:role/team/Deploy
source_profile = hub
external_id = acme/1
region = eu-central-1

[profile admin]
role_arn = arn:aws:iam::111122223333:role/Admin
source_profile = corp
mfa_serial = {MFA}

[profile ci]
role_arn = arn:aws:iam::111122223333:role/Ci
web_identity_token_file = TOKEN
"""
CREDENTIALS = (
    "[corp]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = moto-takes-any-secret-key\n"
)


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def environ(home: dict[str, str], moto: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    directory = Path(home["HOME"], ".aws")
    directory.mkdir()
    (directory / "token").write_text("eyJhbGciOiJub25lIn0.eyJzdWIiOiJjaSJ9.")
    (directory / "config").write_text(CONFIG.replace("TOKEN", str(directory / "token")))
    (directory / "credentials").write_text(CREDENTIALS)
    home["AWS_ENDPOINT_URL"] = moto
    for name in ("HOME", "AWS_ENDPOINT_URL"):
        monkeypatch.setenv(name, home[name])
    return home


@pytest.mark.parametrize(
    ("role", "arn"),
    [
        ("hub", "arn:aws:sts::111122223333:assumed-role/Hub/ana"),
        ("deploy", "arn:aws:sts::222233334444:assumed-role/Deploy/ana"),
        ("ci", "arn:aws:sts::111122223333:assumed-role/Ci/ana"),
    ],
)
def test_chains_and_tokens_work_with_the_aws_config_alone(
    environ: dict[str, str], role: str, arn: str
) -> None:
    store = open_services(environ).store
    session = store.assume(role)
    assert session.assumed_arn == arn and 3_500 < session.left(store.clock.now()) <= 3_600
    verified = store.verify(role)
    assert verified.identity is not None and verified.identity.arn == arn
    assert open_services(environ).store.peek(role) == verified, "another process sees it"


def test_a_role_behind_mfa_asks_for_one_code(environ: dict[str, str]) -> None:
    store = open_services(environ).store
    with pytest.raises(MfaRequired) as needed:
        store.assume("admin")
    assert needed.value.serial == MFA
    assert store.assume("admin", code="123456").account_id == "111122223333"
    assert store.assume("admin").account_id == "111122223333"


def test_keys_of_ones_own_give_a_session(environ: dict[str, str]) -> None:
    session = open_services(environ).store.assume("corp")
    assert session.credentials.temporary and session.asked_seconds == 43_200
