"""`stsui.session`, as a program uses it: a real boto3 client, over HTTP, against AWS's clock."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

import stsui
from stsui.api import boto_session
from stsui.model.errors import ConfirmationRequired, MfaRequired, RoleNotFound, ServiceFailing
from tests.cli.conftest import RealClock
from tests.worlds import Demo, demo_world

ROOT = Path(__file__).parent.parent


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


def who(session: boto3.Session) -> str:
    return session.client("sts").get_caller_identity()["Arn"]


def of(demo: Demo, role: str, **options: str) -> boto3.Session:
    """As `stsui.session`, by the set clock."""
    return boto_session(demo.services(), role, options.get("region", ""))


def test_a_role_is_had_once_for_every_client(demo: Demo) -> None:
    session = of(demo, "dev-admin")
    assert "assumed-role/AdministratorAccess/" in who(session)
    for _ in range(3):
        who(session)
    assert who(of(demo, "dev-admin")) == who(session)
    assert demo.aws.count("AssumeRole") == 1


def test_a_client_lives_longer_than_its_session(demo: Demo) -> None:
    client = of(demo, "dev-admin").client("sts")
    for minutes in range(0, 300, 10):
        assert "AdministratorAccess" in client.get_caller_identity()["Arn"], minutes
        demo.clock.pass_(600)
    assert 5 <= demo.aws.count("AssumeRole") <= 8
    before = demo.aws.count("AssumeRole")
    demo.clock.pass_(14 * 3600)
    assert "AdministratorAccess" in client.get_caller_identity()["Arn"], "after a night"
    assert demo.aws.count("AssumeRole") == before + 1


def test_a_session_of_two_minutes_is_renewed_too(demo: Demo) -> None:
    client = of(demo, "dev-data").client("sts")
    for _ in range(20):
        client.get_caller_identity()
        demo.clock.pass_(20)
    assert demo.aws.count("AssumeRole") <= 5


def test_a_renewal_that_fails_is_no_matter_while_the_old_one_is_good(demo: Demo) -> None:
    client = of(demo, "dev-admin").client("sts")
    demo.aws.fail_next("ServiceUnavailable", n=1_000, operation="AssumeRole", status=503)
    demo.clock.pass_(3600 - 14 * 60)
    assert client.get_caller_identity()["Arn"]
    demo.clock.pass_(12 * 60)
    assert client.get_caller_identity()["Arn"], "two minutes are left"
    demo.clock.pass_(120)
    with pytest.raises(ServiceFailing):
        client.get_caller_identity()
    demo.aws.mend()
    demo.clock.pass_(120)
    assert client.get_caller_identity()["Arn"]


def test_the_region_is_the_roles_unless_said(demo: Demo) -> None:
    assert of(demo, "stg-ro").region_name == "eu-central-1"
    assert of(demo, "stg-ro", region="us-west-2").region_name == "us-west-2"


def test_a_profile_of_the_environment_does_not_decide_who_one_is(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAWRONG")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert "AdministratorAccess" in who(of(demo, "dev-admin"))


def test_the_current_session_needs_no_name(demo: Demo) -> None:
    with pytest.raises(stsui.StsuiError, match="No current session"):
        of(demo, "")
    services = demo.services()
    services.store.assume("dev-ro")
    services.store.set_current("dev-ro")
    assert "/ReadOnly/" in who(of(demo, ""))


def test_a_name_is_never_guessed(demo: Demo) -> None:
    with pytest.raises(RoleNotFound) as refused:
        of(demo, "dev-adm")
    assert "dev-admin" in str(refused.value) and refused.value.exit_code == 2


def test_a_person_is_asked_only_where_the_program_says_how(demo: Demo) -> None:
    with pytest.raises(MfaRequired) as needed:
        of(demo, "ana")
    assert needed.value.exit_code == 3 and needed.value.hint == "stsui assume ana"
    asked = []

    def code(device: str) -> str:
        asked.append(device)
        return demo.code()

    session = boto_session(demo.services(), "ana", "", code)
    assert who(session).endswith("user/ana") and asked == ["arn:aws:iam::999900001111:mfa/ana-phone"]
    boto_session(demo.services(), "ana", "", code)
    assert len(asked) == 1, "it is held"


def test_a_guard_holds_for_programs(demo: Demo) -> None:
    services = demo.services()
    services.store.assume("ana", code=demo.code())
    with pytest.raises(ConfirmationRequired):
        of(demo, "prod-ro")
    services.store.assume("prod-ro", passed="again")
    assert "/ReadOnly/" in who(of(demo, "prod-ro"))


def test_the_ledger_says_who_was_given_it(demo: Demo) -> None:
    session = of(demo, "dev-admin")
    for _ in range(3):
        who(session)
    events = [event for event in demo.services().store.ledger.read() if event.kind == "hand-over"]
    assert [(event.role, event.way) for event in events] == [("dev-admin", "process")]
    assert str(os.getpid()) in events[0].to


def test_no_secret_shows(demo: Demo, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        session = of(demo, "dev-admin")
        who(session)
    credentials = session.get_credentials()
    assert credentials is not None
    secret = credentials.get_frozen_credentials()
    shown = repr(session) + repr(credentials) + caplog.text
    assert secret.secret_key not in shown and secret.token not in shown


def test_a_script_needs_one_import(tmp_path: Path) -> None:
    code = (
        "import sys, stsui\n"
        "assert 'boto3' not in sys.modules\n"
        "print(stsui.session('dev-admin').client('sts').get_caller_identity()['Arn'])\n"
        "try:\n    stsui.session('nobody')\n"
        "except stsui.StsuiError as error:\n    print(error, error.exit_code)\n"
    )
    with demo_world(tmp_path / "home", clock=RealClock()) as demo:
        environ = {**demo.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert "assumed-role/AdministratorAccess/" in first and second.startswith("No role is called")


def test_nothing_else_is_promised() -> None:
    with pytest.raises(AttributeError):
        stsui.nothing  # type: ignore[attr-defined]  # noqa: B018
