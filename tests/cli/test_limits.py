"""Limited sessions, guards and the ledger as a person types them; each command is another process."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell


def add(shell: Shell, toml: str) -> None:
    with shell.demo.config.open("a") as file:
        file.write(toml)


def test_explain_prints_what_would_be_sent_and_sends_nothing(shell: Shell) -> None:
    shown = shell.ok(
        "explain", "dev-admin@one-bucket:reports", "--duration", "15m", "--reason", "INC-4711 a/b"
    )
    assert shown.startswith("dev-admin@one-bucket:bucket=reports  DEV acme-dev")
    assert "RoleSessionName = ana-INC-4711-a-b\n" in shown and "DurationSeconds = 15m\n" in shown
    assert 'Policy = {"Version":"2012-10-17"' in shown and "arn:aws:s3:::reports/*" in shown
    assert "note    Asked for 15m: it ends then, and nothing renews it." in shown
    document = json.loads(shell.ok("explain", "dev-admin@read-only", "--tag", "ticket=1", "--json"))
    parameters = document["steps"][-1]["parameters"]
    assert parameters["PolicyArns"] == [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]
    assert parameters["Tags"] == [{"Key": "ticket", "Value": "1"}]
    assert shell.demo.aws.count() == 0


def test_a_limited_session_is_named_everywhere_as_it_was_typed(shell: Shell) -> None:
    done = shell.run("assume", "dev-admin@read-only", "--reason", "audit")
    assert done.stdout.startswith("dev-admin@read-only  DEV acme-dev")
    assert "% of what AWS allows" in done.stderr
    shell.ok("assume", "dev-admin", "--no-current")
    listed = shell.ok("list", "--live").splitlines()
    assert [line.split()[:2] for line in listed] == [["dev-admin", "DEV"], ["»", "dev-admin@read-only"]]
    held = {s["role"]: s for s in json.loads(shell.ok("status", "--json"))["sessions"]}
    assert held["dev-admin@read-only"]["reason"] == "audit" and held["dev-admin"]["reason"] == ""
    exported = shell.ok("export", "--format", "dotenv")
    assert 'STSUI_ROLE="dev-admin@read-only"' in exported or "STSUI_ROLE=dev-admin@read-only" in exported
    assert shell.demo.aws.count("AssumeRole") == 2
    cleared = shell.run("clear", "dev-admin@read-only").stderr
    assert "dev-admin@read-only is forgotten" in cleared
    assert shell.ok("list", "--live").split()[0] == "dev-admin"


def test_a_policy_for_one_use_comes_from_a_file_or_as_json(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text('{"Version": "2012-10-17",\n "Statement": []}')
    one = shell.ok("assume", "dev-admin", "--policy", str(file)).split()[0]
    other = shell.ok("assume", "dev-admin", "--policy", '{"Version":"2012-10-17","Statement":[]}').split()[0]
    assert one == other and one.startswith("dev-admin@limit-")
    assert shell.demo.aws.count("AssumeRole") == 1, "the same limit, the same session"
    shell.ok("export", one, "--format", "json")
    arns = ["--policy-arn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
    assert shell.ok("assume", "dev-admin", *arns).split()[0] not in ("dev-admin", one)


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["dev-admin@raed-only"], "There is no [policies.raed-only]"),
        (["dev-admin@one-bucket"], "one-bucket needs bucket: dev-admin@one-bucket:bucket=…"),
        (["dev-admin@one-bucket:*"], 'bucket has "*"; a value names one thing'),
        (["dev-admin", "--policy", "no-file.json"], "no-file.json: No such file"),
        (["dev-admin", "--policy", "{"], "The session policy is not JSON"),
        (["dev-admin@read-only", "--policy", "{}"], "by @read-only or by flags, not by both"),
        (["dev-admin", "--policy-arn", "x"], '"x" is not an ARN'),
        (["dev-admin", "--duration", "5m"], "--duration is 5m; STS wants 15m to 12h"),
        (["dev-admin", "--duration", "max"], "wants a length of time"),
        (["dev-admin", "--tag", "x"], "--tag KEY=VALUE"),
        (["dev-admin", "--tag", "a=<"], 'has "<"'),
        (["team-play@read-only"], "Identity Center takes no session policy"),
    ],
)
def test_what_cannot_be_asked_is_said_before_any_call(shell: Shell, argv: list[str], sentence: str) -> None:
    assert sentence in shell.fails(2, "assume", *argv)
    assert shell.demo.aws.count() == 0


GUARDS = """
[roles.dev-admin]
guard = "confirm"
[roles.dev-ro]
guard = "type"
allow_noninteractive = true
[roles.stg-ro]
reason_required = true
no_file = true
[guards."*/DataEngineer"]
default_variant = "read-only"
"""


def test_what_needs_a_person_cannot_be_passed_by_piping(shell: Shell) -> None:
    add(shell, GUARDS)
    for argv in (["export"], ["exec"], ["assume"], ["console"], ["credential-process"]):
        extra = ["--", "true"] if argv == ["exec"] else []
        yes = [] if argv == ["credential-process"] else ["--yes"]
        told = shell.run(*argv, "dev-admin", *yes, *extra, given="y\nacme-dev\ny\n")
        assert told.returncode == 3 and not told.stdout, argv
        assert "wants a person's yes first" in told.stderr and "stsui assume dev-admin" in told.stderr
    assert shell.demo.aws.count() == 0
    shell.ok("export", "dev-ro", "--format", "json")
    assert shell.ok("credential-process", "dev-ro"), "the config names who may"


def test_a_reason_can_come_as_a_flag_and_a_file_stays_refused(shell: Shell) -> None:
    add(shell, GUARDS)
    assert "wants a reason first" in shell.fails(3, "export", "stg-ro", "--format", "json")
    shell.ok("export", "stg-ro", "--reason", "INC-1", "--format", "json")
    assert shell.ok("credential-process", "stg-ro"), "the session has its reason"
    for name in ("dotenv", "credentials-file"):
        assert "is not written to a file (no_file)" in shell.fails(2, "export", "stg-ro", "--format", name)


def test_a_bare_name_under_a_default_variant_is_the_limited_session(shell: Shell) -> None:
    add(shell, GUARDS)
    assert shell.ok("assume", "dev-data").startswith("dev-data@read-only ")
    assert shell.ok("whoami", "dev-data") and shell.ok("credential-process", "dev-data")
    assert shell.demo.aws.count("AssumeRole") == 1
    assert shell.ok("assume", "dev-data@full").startswith("dev-data@full ")
    assert "PolicyArns.member.1.arn" not in shell.demo.aws.calls[-2].parameters


def test_every_hand_over_can_be_explained_from_the_ledger(shell: Shell) -> None:
    shell.ok("export", "dev-admin@read-only", "--reason", "INC-4711", "--format", "json")
    shell.ok("credential-process", "dev-admin@read-only")
    shell.ok("exec", "dev-admin@read-only", "--", "true")
    shell.ok("console", "dev-admin@read-only", "--print")
    shell.fails(1, "export", "prod-deploy", "--format", "json", "--yes")
    events = [json.loads(line) for line in shell.ok("ledger", "--json").splitlines()]
    told = [(event["kind"], event.get("way", "")) for event in events]
    assert told == [
        ("assume", ""),
        ("hand-over", "variables"),
        ("hand-over", "process"),
        ("hand-over", "exec"),
        ("hand-over", "console"),
        ("assume", ""),
        ("failure", ""),
    ]
    given = [event for event in events if event["kind"] == "hand-over"]
    assert {event["reason"] for event in given} == {"INC-4711"}
    assert {event["role"] for event in given} == {"dev-admin@read-only"}
    assert given[0]["to"].startswith("json for ") and given[2]["to"] == "true"
    key_id = given[0]["access_key_id"]
    assert shell.ok("whose", key_id).splitlines()[0].endswith("DEV acme-dev 333344445555")
    links = shell.ok("ledger", "--cloudtrail", "--role", "dev-admin")
    assert links.count("https://") == 1 and f"#/events?AccessKeyId={key_id}" in links
    assert "AccessDenied while assuming prod-deploy" in shell.ok("ledger", "--kind", "failure")
    assert shell.ok("ledger", "--since", "2026-01-01", "--role", "stg-ro") == ""
    assert "Did you mean failure?" in shell.fails(2, "ledger", "--kind", "failures")
    assert "is not a length of time" in shell.fails(2, "ledger", "--since", "yesterday")


def test_a_denial_can_be_read(shell: Shell) -> None:
    import base64

    from tests.model.test_denial import DECODED

    shell.ok("assume", "dev-admin@read-only")
    encoded = base64.b64encode(json.dumps(DECODED).encode()).decode()
    pasted = f"An error occurred: Encoded authorization failure message: {encoded[:40]}\n  {encoded[40:]}\n"
    denied = shell.run("decode", given=pasted)
    assert denied.returncode == 1 and "its role needs sts:DecodeAuthorizationMessage" in denied.stderr
    shell.ok("assume", "dev-admin", "--no-current")
    shown = shell.ok("decode", "--with", "dev-admin", given=pasted)
    assert shown.splitlines()[:2] == ["Denied: a statement says so", "Action  ec2:StopInstances"]
    assert json.loads(shell.ok("decode", "--with", "dev-admin", "--json", encoded))["decoded"] == DECODED
    assert "cut when it was copied" in shell.run("decode", "--with", "dev-admin", encoded[:-7]).stderr
    assert "no encoded authorization message" in shell.fails(2, "decode", "nothing", "here")


def test_whose_a_foreign_key_is_aws_says(shell: Shell) -> None:
    key = next(user.access_key_id for user in shell.demo.aws.world.users if user.name == "bob")
    assert "no live session" in shell.fails(2, "whose", key)
    shell.ok("assume", "dev-admin")
    assert shell.ok("whose", key).startswith("AKIA…") and "acme-users 999900001111" in shell.ok("whose", key)
    assert json.loads(shell.ok("whose", key, "--json"))["account_id"] == "999900001111"
    assert "is no access key id" in shell.fails(2, "whose", "AKIA")


def test_revoking_is_shown_and_not_done_without_a_person(shell: Shell) -> None:
    done = shell.run("clear", "dev-admin", "--revoke")
    assert done.returncode == 0 and done.stdout.startswith(
        "aws iam put-role-policy --role-name Administrator"
    )
    assert "AWSRevokeOlderSessions" in done.stdout and "aws:TokenIssueTime" in done.stdout
    assert "nothing was changed" in done.stderr and shell.demo.aws.count() == 0
    assert "is no role of IAM" in shell.fails(2, "clear", "team-play", "--revoke")


def test_one_command_forgets_everything(shell: Shell) -> None:
    shell.ok("assume", "dev-ro")
    shell.ok("export", "dev-admin@read-only", "--live", "--slot", "w", "--format", "bash")
    shell.ok("export", "dev-admin", "--format", "credentials-file", "--write")
    try:
        told = shell.run("clear", "--all").stderr
        assert "3 sessions forgotten, 1 slot cut off, our sections of the credentials file removed" in told
        assert shell.ok("list", "--live") == ""
        credentials = Path(shell.environ["AWS_SHARED_CREDENTIALS_FILE"]).read_text()
        assert "DEMOTOKEN" not in credentials and "[ana]" in credentials
    finally:
        shell.run("serve", "--stop")


def test_nobody_is_asked_for_a_yes_to_what_leads_nowhere(shell: Shell) -> None:
    add(shell, '[guards."*"]\nguard = "confirm"\n')
    assert "wants a person's yes first" in shell.fails(3, "export", "dev-ro")
    told = shell.fails(2, "export", "old-laptop")
    assert "no role or profile has that name" in told and "yes" not in told
