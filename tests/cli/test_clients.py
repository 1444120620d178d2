"""Each way out, taken by real clients: boto3 and the `aws` command, which ask the demo's AWS who they are."""

import json
import sys

import pytest

from tests.cli.conftest import Shell
from tests.cli.shells import plain

AWS = f"{sys.executable} -m awscli sts get-caller-identity --query Arn --output text"
BOTO = f"{sys.executable} boto.py"
ARN = "assumed-role/ReadOnly/"
SCRIPT = """
import boto3
print(boto3.Session().client("sts").get_caller_identity()["Arn"])
"""


@pytest.fixture
def here(shell: Shell) -> Shell:
    (shell.directory / "boto.py").write_text(SCRIPT)
    return shell


def both(shell: Shell, line: str = "true", arn: str = ARN, **environ: str) -> None:
    """Whom the two clients are after `line`, in one shell."""
    done = plain(shell, ["bash", "--norc", "-c"], f"{line}; {AWS}; {BOTO}", **environ)
    said = done.stdout.strip().splitlines()
    assert len(said) == 2 and all(arn in text for text in said), done.stdout + done.stderr


def test_variables(here: Shell) -> None:
    """S43: AWS_PROFILE of before does not win."""
    both(here, 'eval "$(stsui export dev-ro)"', AWS_PROFILE="bob")


def test_a_child(here: Shell) -> None:
    done = plain(
        here,
        ["bash", "-c"],
        f"stsui exec dev-ro -- sh -c '{AWS}; {BOTO}; exit 3'; echo $?",
        AWS_PROFILE="bob",
    )
    said = done.stdout.split()
    assert ARN in said[0] and ARN in said[1] and said[2] == "3", done.stderr


def test_a_dotenv_file(here: Shell) -> None:
    (here.directory / "exported").mkdir()
    both(here, "stsui export dev-ro --format dotenv > exported/env; set -a; . exported/env")


def test_credential_process_and_what_is_current(here: Shell) -> None:
    here.ok("config", "profiles", "--write", "--yes")
    here.ok("assume", "dev-ro")
    before = here.demo.aws.count("AssumeRole")
    both(here, AWS_PROFILE="stsui-dev-ro")
    assert here.demo.aws.count("AssumeRole") == before, "what is held is given out"
    both(here, AWS_PROFILE="stsui-current")
    here.ok("assume", "dev-admin")
    both(here, arn="AdministratorAccess", AWS_PROFILE="stsui-current")


def test_the_credentials_file(here: Shell) -> None:
    here.ok("export", "dev-ro", "--format", "credentials-file", "--write")
    both(here, AWS_PROFILE="stsui-dev-ro")
    here.ok("clear", "dev-ro")


@pytest.mark.skipif(sys.platform == "win32", reason="the server of live shells is tried on POSIX")
def test_a_slot_led_elsewhere_and_cut_off(here: Shell) -> None:
    line = (
        f'eval "$(stsui export dev-ro --live)"; {AWS}; {BOTO}; stsui slot point . dev-admin; {AWS}; {BOTO}; '
        f'stsui slot cut .; {AWS}; eval "$(stsui export --unset)"; echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI."'
    )
    try:
        done = plain(here, ["bash", "--norc", "-c"], line, AWS_PROFILE="bob")
    finally:
        here.run("serve", "--stop")
    said = done.stdout.split()
    assert [arn.split("/")[1] for arn in said[:-1]] == ["ReadOnly"] * 2 + ["AdministratorAccess"] * 2, (
        done.stderr
    )
    assert said[-1] == "." and "was cut off at" in done.stderr


def test_an_sdk_is_told_why_there_are_none(here: Shell) -> None:
    """S82: what credential_process says on stderr reaches whoever reads the SDK's error."""
    here.ok("config", "profiles", "--write", "--yes")
    done = plain(here, ["bash", "--norc", "-c"], AWS, AWS_PROFILE="prod-admin")
    assert done.returncode != 0 and "stsui assume prod-admin" in done.stderr, done.stderr


def test_json_for_a_program(here: Shell) -> None:
    import boto3

    table = json.loads(here.ok("export", "dev-ro", "--format", "json"))
    client = boto3.client(
        "sts",
        region_name=table["AWS_REGION"],
        endpoint_url=here.environ["AWS_ENDPOINT_URL"],
        aws_access_key_id=table["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=table["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=table["AWS_SESSION_TOKEN"],
    )
    assert ARN in client.get_caller_identity()["Arn"]
