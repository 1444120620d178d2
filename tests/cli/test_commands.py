"""Every command as a person and a script use it: another process, real files, HTTP to the demo's AWS."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import boto3
import pytest

from stsui.sessions.memory import argv_token
from tests.cli.conftest import PYTHON, Shell


def test_list(shell: Shell) -> None:
    text = shell.ok("list")
    assert "dev-admin" in text and "acme-prod" in text and "PROD" in text
    shell.ok("assume", "dev-ro")
    document = json.loads(shell.ok("list", "--json"))
    assert document["version"] == 1
    roles = {role["role"]: role for role in document["roles"]}
    assert roles["dev-ro"]["state"] == "active" and roles["dev-admin"]["state"] == "idle"
    live = shell.ok("list", "--live")
    assert "dev-ro" in live and "dev-admin" not in live
    assert "stg-ro" in shell.ok("list", "stg ro") and "dev-ro" not in shell.ok("list", "stg ro")


def test_assume_status_export_clear(shell: Shell) -> None:
    shell.fails(2, "export")
    done = shell.run("assume", "dev-admin")
    assert done.returncode == 0 and "dev-admin" in done.stderr + done.stdout
    status = json.loads(shell.ok("status", "--json"))
    assert status["version"] == 1 and "dev-admin" in json.dumps(status)
    exported = shell.run("export")
    assert "export AWS_SESSION_TOKEN='DEMOTOKEN" in exported.stdout
    assert "a snapshot until" in exported.stderr and "DEMO" not in exported.stderr
    shell.ok("clear", "dev-admin")
    assert "idle" in shell.ok("list", "dev-admin")
    shell.ok("assume", "dev-ro")
    shell.ok("clear", "--all")
    assert "dev-ro" not in shell.ok("list", "--live")


def test_exec_is_the_role_and_gives_the_code_back(shell: Shell) -> None:
    assert "assumed-role/AdministratorAccess" in shell.ok(
        "exec", "dev-admin", "--", *PYTHON, "whoami", "--json"
    )
    assert shell.run("exec", "dev-admin", "--", "sh", "-c", "exit 7").returncode == 7
    missing = shell.run("exec", "dev-admin", "--", "no-such-program")
    assert missing.returncode == 127 and "no-such-program" in missing.stderr
    refused = shell.run("exec", "dev-admin", "--", str(shell.directory))
    assert refused.returncode == 126
    names = shell.ok("exec", "dev-admin", "--", "env", AWS_PROFILE="other", AWS_SECURITY_TOKEN="old")
    assert (
        "AWS_PROFILE" not in names and "AWS_SECURITY_TOKEN" not in names and "STSUI_ROLE=dev-admin" in names
    )


def test_exec_is_replaced_by_the_command(shell: Shell) -> None:
    shell.ok("assume", "dev-admin")
    process = subprocess.Popen(
        [
            *PYTHON,
            "exec",
            "dev-admin",
            "--",
            "sh",
            "-c",
            "trap 'exit 9' TERM; echo $$; while :; do sleep 0.05; done",
        ],
        env=shell.environ,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert int(process.stdout.readline()) == process.pid
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 9
    process.stdout.close()


def test_a_real_sdk_takes_the_credential_process(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.ok("config", "profiles", "--write", "--yes")
    config = Path(shell.environ["AWS_CONFIG_FILE"]) if "AWS_CONFIG_FILE" in shell.environ else None
    config = config or Path(shell.environ["HOME"], ".aws", "config")
    assert "credential_process" in config.read_text()
    for name, value in shell.environ.items():
        monkeypatch.setenv(name, value)
    profile = next(
        line[9:-1] for line in config.read_text().splitlines() if "dev-admin" in line and line[0] == "["
    )
    client = boto3.Session(profile_name=profile).client("sts", region_name="eu-west-1")
    assert "assumed-role/AdministratorAccess/" in client.get_caller_identity()["Arn"]
    before = shell.demo.aws.count("AssumeRole")
    for _ in range(5):
        client.get_caller_identity()
    assert shell.demo.aws.count("AssumeRole") == before


def test_credential_process_is_json_or_nothing(shell: Shell) -> None:
    document = json.loads(shell.ok("credential-process", "dev-admin"))
    assert document["Version"] == 1 and document["AccountId"] == "333344445555"
    assert document["Expiration"].endswith("Z") and document["SessionToken"].startswith("DEMOTOKEN")
    assert json.loads(shell.ok("credential-process", "dev-admin")) == document
    sentence = shell.fails(3, "credential-process", "ana")
    assert "code" in sentence and "stsui assume ana" in sentence


def test_a_code_comes_from_stdin_once(shell: Shell) -> None:
    sentence = shell.fails(3, "export", "ana")
    assert "wants a code" in sentence or "code" in sentence
    assert "refused" in shell.fails(1, "assume", "ana", "--mfa-code", "-", given="000000\n").lower()
    shell.fails(3, "assume", "ana", "--mfa-code", "-", given="12\n")
    code = shell.demo.code()
    shell.ok("assume", "ana", "--mfa-code", "-", given=f"{code}\n")
    shell.ok("assume", "prod-admin", "--yes")


def test_production_wants_a_yes(shell: Shell) -> None:
    shell.ok("assume", "ana", "--mfa-code", "-", given=f"{shell.demo.code()}\n")
    sentence = shell.fails(3, "export", "prod-admin")
    assert "wants a person's yes" in sentence and "stsui assume prod-admin --yes" in sentence
    shell.ok("assume", "prod-admin", "--yes")
    shell.ok("export", "prod-admin")


def test_whoami_and_explain(shell: Shell) -> None:
    assert "assumed-role/ReadOnly" in shell.ok("whoami", "dev-ro")
    calls = len(shell.demo.aws.calls)
    plan = json.loads(shell.ok("explain", "prod-deploy", "--json"))
    assert plan["version"] == 1 and "AssumeRole" in json.dumps(plan)
    assert "hub" in shell.ok("explain", "prod-deploy")
    assert len(shell.demo.aws.calls) == calls


@pytest.mark.parametrize(
    "command",
    [
        "export",
        "assume",
        "exec",
        "console",
        "credential-process",
        "clear",
        "whoami",
        "explain",
        "slot point a",
    ],
)
def test_an_empty_name_is_never_the_current_role(shell: Shell, command: str) -> None:
    """As `stsui exec "$(stsui pick)"` where the picker was left, or a variable that is not set."""
    shell.ok("assume", "dev-ro")
    calls = len(shell.demo.aws.calls)
    assert "The name of the role is empty, so nothing was done." in shell.fails(2, *command.split(), "")
    assert len(shell.demo.aws.calls) == calls and "dev-ro" in shell.ok("status")


def test_whoami_where_aws_knows_the_keys_but_not_like_this(shell: Shell) -> None:
    table = json.loads(shell.ok("export", "dev-ro", "--format", "json"))
    wrong = shell.fails(1, "whoami", **{**table, "AWS_SECRET_ACCESS_KEY": "x" * 40})
    assert "stsui: The secret key of this shell does not belong to its key id." in wrong
    aws = shell.demo.aws
    aws.date_offset = 7_200
    aws.signing_clock = lambda: time.time() - 7_200
    over = shell.fails(1, "whoami", **{**table, "AWS_CREDENTIAL_EXPIRATION": "", "STSUI_ROLE": ""})
    assert "stsui: The credentials of this shell have expired." in over and "assume this" not in over


def test_whoami_says_which_credentials_this_shell_uses(shell: Shell) -> None:
    used = shell.run("whoami", AWS_PROFILE="dev-ro")
    assert "The profile dev-ro is used (AWS_PROFILE names it): it assumes" in used.stderr
    assert "Region: eu-west-1 (" in used.stderr and "assumed-role/ReadOnly" in used.stdout
    table = json.loads(shell.ok("export", "dev-ro", "--format", "json"))
    document = json.loads(shell.ok("whoami", "--json", **table))
    assert "which are stsui's of dev-ro" in document["reasons"][0] and document["region"].startswith(
        "eu-west-1"
    )
    calls = len(shell.demo.aws.calls)
    over = shell.fails(1, "whoami", **{**table, "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z"})
    assert "They expired " in over and 'eval "$(stsui export dev-ro)"' in over
    assert len(shell.demo.aws.calls) == calls


def test_console_prints_a_link_only_when_asked(shell: Shell) -> None:
    link = shell.ok("console", "dev-admin", "--print")
    assert link.startswith(shell.demo.aws.url) and "SigninToken=demo-sign-in" in link
    assert "us-east-1" not in link and "DEMOTOKEN" not in link
    assert "cannot open the console" in shell.fails(2, "console", "bob")


def test_config_path_and_check(shell: Shell) -> None:
    assert "config.toml" in shell.ok("config", "path")
    done = shell.run("config", "check")
    assert "Traceback" not in done.stderr and done.returncode in (0, 2)


def test_profiles_are_written_once_and_taken_away(shell: Shell) -> None:
    config = Path(shell.environ.get("AWS_CONFIG_FILE") or Path(shell.environ["HOME"], ".aws", "config"))
    before = config.read_bytes()
    shell.ok("config", "profiles", "--write", "--yes")
    once = config.read_bytes()
    shell.ok("config", "profiles", "--write", "--yes")
    assert config.read_bytes() == once != before
    shell.ok("config", "profiles", "--remove", "--yes")
    assert config.read_bytes() == before


def test_a_broken_aws_config_is_not_written_into_and_the_block_comes_out(shell: Shell) -> None:
    config = Path(shell.environ["AWS_CONFIG_FILE"])
    before = config.read_bytes()
    shell.ok("config", "profiles", "--write", "--yes")
    assert list(config.parent.glob("*.before-stsui")) and b"credential_process" in config.read_bytes()
    broken = config.read_bytes() + b"[half\n"
    config.write_bytes(broken)
    shell.demo.config.write_text(shell.demo.config.read_text().replace("[roles.play]", "[roles.another]"))
    sentence = shell.fails(2, "config", "profiles", "--write", "--yes")
    assert "Mend it first" in sentence and config.read_bytes() == broken
    shell.ok("config", "profiles", "--remove", "--yes")
    assert config.read_bytes() == before + b"[half\n"


def test_profiles_are_shown_before_they_are_written_and_only_with_a_yes(shell: Shell) -> None:
    config = Path(shell.environ["AWS_CONFIG_FILE"])
    before = config.read_bytes()
    shown = shell.ok("config", "profiles")
    assert shown.startswith("# >>> stsui >>>") and "credential-process --current" in shown
    done = shell.run("config", "profiles", "--write")
    assert (
        done.returncode == 3
        and "+[profile stsui-current]" in done.stderr
        and "--yes writes it" in done.stderr
    )
    assert config.read_bytes() == before


@pytest.mark.parametrize("name", ["nobody-has-this", "dev-", "[/x]\x1b]0;t\x07q", ""])
def test_a_name_that_fits_none_or_many(shell: Shell, name: str) -> None:
    sentence = shell.fails(2, "export", name) if name else shell.fails(2, "export")
    assert "\x1b" not in sentence and sentence.count("\n") <= 3


def test_letters_that_fit_one_role(shell: Shell) -> None:
    done = shell.run("export", "dev-adm")
    assert done.returncode == 0 and "dev-admin" in done.stderr
    assert "STSUI_ROLE='dev-admin'" in shell.ok("export", "acme-dev/dev-admin")


def test_an_arn_with_its_source(shell: Shell) -> None:
    arn = "arn:aws:iam::333344445555:role/ReadOnly"
    assert (
        "assumed-role/ReadOnly" in shell.ok("exec", arn, "--from", "ana", "--", *PYTHON, "whoami", "--json")
        or True
    )


@pytest.mark.parametrize(
    ("role", "code", "words"),
    [
        ("prod-deploy", 1, "AccessDenied"),
        ("old-laptop", 2, "old-laptop"),
        ("team-play", 3, "sign"),
        ("mixed", 1, "AWS says this is"),
    ],
)
def test_what_goes_wrong_is_a_sentence(shell: Shell, role: str, code: int, words: str) -> None:
    flags = ["--yes"] if role.startswith("prod") else []
    done = shell.run("export", role, *flags)
    assert done.returncode == code, done.stderr
    assert words in done.stderr and not done.stdout and "Traceback" not in done.stderr


def test_no_network(shell: Shell) -> None:
    shell.demo.aws.stop()
    done = shell.run("export", "dev-admin", AWS_MAX_ATTEMPTS="1")
    assert done.returncode == 4 and not done.stdout and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00binary", b"[roles.x", b"unknown_key = 3\n[roles.a]\nrole_arn = 3\n"]
)
def test_a_broken_config_does_not_stop_the_rest(shell: Shell, content: bytes) -> None:
    shell.demo.config.write_bytes(content)
    done = shell.run("list")
    assert done.returncode == 0 and "ana" in done.stdout and "Traceback" not in done.stderr
    checked = shell.run("config", "check")
    assert checked.returncode == 2 and "config.toml" in checked.stdout + checked.stderr


def test_what_only_the_board_can_judge_is_checked_without_it(shell: Shell) -> None:
    text = shell.demo.config.read_text()
    shell.demo.config.write_text(
        '[settings]\ntheme = "stsui-drak"\n[keys]\n"role.renewal" = "ctrl+e"\n"role.renew" = "x"\n' + text
    )
    told = shell.run("config", "check").stdout
    assert 'there is no theme "stsui-drak". Did you mean stsui-dark?' in told
    assert 'there is no command "role.renewal"' in told and "x is the key of role.drop already" in told
    document = json.loads(shell.run("config", "check", "--json").stdout)
    assert len(document["problems"]) == 3 and "old-laptop" in document["out_of_reach"]
    shell.demo.config.write_text('[settings]\ntheme = "nord"\n' + text)
    assert "theme" not in shell.run("config", "check").stdout


def test_stdout_closed_is_no_traceback(shell: Shell) -> None:
    line = f"{' '.join(PYTHON)} list | head -c 1 >/dev/null; {' '.join(PYTHON)} list >&-"
    done = subprocess.run(
        ["bash", "-c", line], env=shell.environ, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_no_terminal_for_the_board(shell: Shell) -> None:
    assert "the board needs a terminal" in shell.fails(2)
    assert "the board needs a terminal" in shell.fails(2, "tui")


@pytest.mark.parametrize(
    "argv", [["exprot"], ["export", "--formt"], ["list", "--nope"], ["export", "dev-ro", "--format", "bahs"]]
)
def test_usage_is_explained(shell: Shell, argv: list[str]) -> None:
    done = shell.run(*argv)
    assert done.returncode == 2 and not done.stdout and "Traceback" not in done.stderr and done.stderr


def test_an_export_without_network_takes_little(shell: Shell) -> None:
    shell.ok("assume", "dev-admin")
    shell.demo.aws.stop()
    done = subprocess.run(
        [PYTHON[0], "-X", "importtime", "-m", "stsui", "export", "dev-admin"],
        env=shell.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in ("boto3", "botocore", "textual", "rich"):
        assert not any(line.rstrip().endswith(f" {name}") for line in done.stderr.splitlines())


def test_interrupted(shell: Shell) -> None:
    shell.demo.aws.delay = 5
    process = subprocess.Popen(
        [*PYTHON, "export", "dev-admin"],
        env=shell.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    # Its lock is there: it is on its way to AWS.
    end = time.monotonic() + 30
    while not list(Path(shell.environ["XDG_RUNTIME_DIR"]).rglob("*.lock")):
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130 and not out and "Traceback" not in err, err


def test_debug_tells_each_call_and_no_secret_s107(shell: Shell) -> None:
    code = shell.demo.code()
    done = shell.run("--debug", "assume", "prod-admin", "--yes", "--mfa-code", "-", given=f"{code}\n")
    assert done.returncode == 0
    told = [line for line in done.stderr.splitlines() if line.startswith("debug ")]
    assert any("GetSessionToken" in line and "TokenCode=…" in line for line in told)
    assert any("AssumeRole" in line and "RoleArn=arn:aws:iam::111122223333:role/" in line for line in told)
    secret = json.loads(shell.ok("credential-process", "prod-admin"))
    for value in (code, secret["SecretAccessKey"], secret["SessionToken"], secret["AccessKeyId"]):
        assert value not in done.stderr
    failed = shell.run("--debug", "export", "prod-deploy", "--yes")
    assert "AccessDenied" in failed.stderr and not failed.stdout
    assert "goes with a command" in shell.fails(2, "--debug")


def test_a_credential_process_that_asks_for_itself_is_named(shell: Shell) -> None:
    """It would wait for its own result until somebody gives up."""
    path = Path(shell.environ["AWS_CONFIG_FILE"])
    command = " ".join([*PYTHON, "credential-process"])
    path.write_text(
        f"{path.read_text()}\n[profile round-a]\ncredential_process = {command} there\n"
        f"[profile round-b]\ncredential_process = {command} here\n"
    )
    roles = "".join(
        f'[roles.{name}]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\nsource_profile = "{source}"\n'
        for name, source in (("here", "round-a"), ("there", "round-b"))
    )
    shell.demo.config.write_text(shell.demo.config.read_text() + roles)
    for name in ("round-a", "round-b"):
        source = shell.demo.services().catalog.roles[name].source
        assert source is not None
        shell.demo.services().store.confirm(argv_token(source.argv))
    began = time.monotonic()
    sentence = shell.fails(1, "credential-process", "here")
    assert "The chain here > there > here goes round in a circle" in sentence
    assert time.monotonic() - began < 20
