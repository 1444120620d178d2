"""Live shells as a person has them: other processes, a real server in the background, boto3 as the program."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from stsui.config.shadow import LIVE_PROFILE
from tests.cli.conftest import PYTHON, Shell, children
from tests.cli.forks import Forks
from tests.stress.crowd import environment

LINE = re.compile(r"export (\w+)='(.*)'")


class LiveShell:
    """A shell that holds a slot."""

    def __init__(self, shell: Shell, *argv: str, **environ: str) -> None:
        self.shell = shell
        self.exported = shell.ok(*argv, **environ)
        self.environ = {**shell.environ, **environ}
        for line in self.exported.splitlines():
            if line.startswith("unset "):
                self.environ.pop(line.split()[1], None)
            elif found := LINE.fullmatch(line):
                self.environ[found[1]] = found[2]

    def who(self) -> str:
        """Whom AWS sees when a program of this shell calls it."""
        with environment(self.environ):
            client = boto3.Session().client("sts", region_name="eu-west-1")
            arn: str = client.get_caller_identity()["Arn"]
        return arn.split("/")[1]


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    found = Forks()
    yield found
    found.close()


@pytest.fixture
def live(shell: Shell, forks: Forks, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    def run(*argv: str, given: str | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        return forks.run(list(argv), {**shell.environ, **environ}, str(shell.directory), given)

    monkeypatch.setattr(shell, "run", run)
    yield shell
    shell.run("serve", "--stop")


def status(shell: Shell) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shell.ok("serve", "--status", "--json"))
    return found


def gone(pid: int) -> None:
    end = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert not Path(f"/proc/{pid}").exists()


linux = pytest.mark.skipif(sys.platform != "linux", reason="children are found in /proc")


def test_four_shells_one_server(live: Shell) -> None:
    roles = ("dev-admin", "dev-ro", "stg-ro", "play")
    shells = {role: LiveShell(live, "export", role, "--live") for role in roles}
    assert len({s.environ["STSUI_SLOT"] for s in shells.values()}) == 4
    assert status(live)["slots"] == 4
    assert [s.who() for s in shells.values()] == ["AdministratorAccess", "ReadOnly", "ReadOnly", "PowerUser"]
    for each in shells.values():
        assert "AWS_SECRET_ACCESS_KEY" not in each.environ and "DEMO" not in each.exported
        token_file = Path(each.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"])
        assert token_file.read_text() == each.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    first, second = shells["dev-admin"], shells["dev-ro"]
    live.ok("slot", "point", first.environ["STSUI_SLOT"], "stg-admin")
    assert first.who() == "AdministratorAccess"
    live.ok("slot", "point", ".", "dev-ro", STSUI_SLOT=first.environ["STSUI_SLOT"])
    assert first.who() == "ReadOnly"
    live.ok("slot", "cut", second.environ["STSUI_SLOT"])
    with pytest.raises(Exception, match="was cut off at"):
        second.who()
    told = live.fails(1, "whoami", **second.environ)
    assert f"\nstsui: The slot {second.environ['STSUI_SLOT']} was cut off at" in told
    document = json.loads(live.ok("slot", "list", "--json"))
    rows = {row["slot"]: row for row in document["slots"]}
    assert rows[first.environ["STSUI_SLOT"]]["role"] == "dev-ro"
    assert rows[second.environ["STSUI_SLOT"]]["cut_off"]
    text = live.ok("slot", "list")
    assert "cut off" in text and "dev-ro" in text and first.environ["STSUI_SLOT"] in text
    live.ok("slot", "cut", "--all")
    assert status(live)["slots"] == 0


def test_copies_are_listed_beside_the_slots_with_their_end(live: Shell) -> None:
    live.ok("slot", "new", "ci", "dev-admin", "--format", "json")
    live.ok("export", "dev-ro", "--format", "dotenv")
    live.ok("exec", "dev-admin", "--", "true")
    said = live.run("slot", "list")
    slots, copies = said.stdout.split("\n\n")
    assert "ci" in slots and "COPY OF" in copies and "cannot be renewed or taken back" in said.stderr
    rows = [line.split() for line in copies.splitlines()[1:]]
    assert [(row[0], row[2:5]) for row in rows] == [
        *(("dev-admin", ["exec", "→", "true"]), ("dev-ro", ["file", "→", "dotenv"]))
    ]
    document = json.loads(live.ok("slot", "list", "--json"))
    ends = {copy["role"]: copy["expiration"] for copy in document["copies"]}
    assert (
        ends["dev-ro"]
        == json.loads(live.ok("export", "dev-ro", "--format", "json"))["AWS_CREDENTIAL_EXPIRATION"]
    )
    live.ok("slot", "cut", "--all")


@linux
def test_killed_in_any_way_it_comes_back_on_its_port(live: Shell) -> None:
    shell = LiveShell(live, "export", "dev-admin", "--live")
    before = status(live)["server"]
    worker = children(before["pid"])[0]
    os.kill(worker, signal.SIGKILL)
    assert shell.who() == "AdministratorAccess", "the parent holds the port and starts another worker"
    assert children(before["pid"]) != [worker]
    worker = children(before["pid"])[0]
    os.kill(before["pid"], signal.SIGKILL)
    gone(before["pid"])
    assert shell.who() == "AdministratorAccess", "the worker becomes a parent"
    end = time.monotonic() + 10
    while (after := status(live)["server"])["pid"] == before["pid"] and time.monotonic() < end:
        time.sleep(0.05)
    assert after["port"] == before["port"]
    both = [after["pid"], *children(after["pid"])]
    for pid in both:
        os.kill(pid, signal.SIGKILL)
    gone(both[0])
    live.ok("status")
    assert shell.who() == "AdministratorAccess", "any command starts it again"
    assert status(live)["server"]["port"] == before["port"]


@linux
def test_a_command_that_answers_from_what_it_printed_before_sees_to_the_server_too(live: Shell) -> None:
    """`status` without anything loaded: only where the server is still there."""
    LiveShell(live, "export", "dev-admin", "--live")
    live.ok("assume", "dev-admin")
    before = status(live)["server"]

    def quick() -> str:
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "stsui", "status"],
            env=live.environ, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return "" if "stsui.cli" in done.stderr else done.stdout

    end = time.monotonic() + 20
    while not quick() and time.monotonic() < end:
        time.sleep(0.2)
    assert quick().startswith("dev-admin")
    for pid in (before["pid"], *children(before["pid"])):
        os.kill(pid, signal.SIGKILL)
    gone(before["pid"])
    assert not quick(), "the ordinary way was gone"
    after = status(live)["server"]
    assert after["port"] == before["port"] and after["pid"] != before["pid"]


@linux
def test_a_worker_that_hangs_is_replaced(live: Shell) -> None:
    """With a keeper that is less patient than usual."""
    LiveShell(live, "export", "dev-admin", "--live")
    before = status(live)["server"]
    worker = children(before["pid"])[0]
    os.kill(worker, signal.SIGSTOP)
    os.kill(before["pid"], signal.SIGTERM)
    gone(before["pid"])
    gone(worker)


def test_a_port_that_is_taken_is_said_and_the_old_tokens_are_dead(live: Shell) -> None:
    shell = LiveShell(live, "export", "dev-admin", "--live")
    token = shell.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    name, before = shell.environ["STSUI_SLOT"], status(live)["server"]
    live.ok("serve", "--stop")
    with socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        thief.bind(("127.0.0.1", before["port"]))
        thief.listen()
        done = live.run("export", "dev-ro", "--live")
        assert (
            done.returncode == 0
            and f"hand over again what uses {name} (stsui slot env {name})" in done.stderr
        )
    assert status(live)["server"]["port"] != before["port"]
    assert "Hand it over again" in live.run("slot", "list").stderr
    again = LiveShell(live, "slot", "env", name)
    assert again.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"] != token
    assert again.who() == "AdministratorAccess"
    assert "hand over" not in live.run("slot", "list").stderr.lower()


def test_s78_many_first_hand_overs_start_one_server(live: Shell) -> None:
    live.ok("assume", "dev-admin")
    argv = [*PYTHON, "export", "dev-admin", "--live", "--format", "bash"]
    started = [
        subprocess.Popen(argv, env=live.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    outputs = [process.communicate(timeout=60)[0] for process in started]
    assert {process.returncode for process in started} == {0}
    ports = {found[1] for text in outputs for found in re.finditer(r"127\.0\.0\.1:(\d+)/slot/", text)}
    assert len(ports) == 1


def test_stopped_stays_stopped_until_a_slot_is_handed_over(live: Shell) -> None:
    LiveShell(live, "export", "dev-admin", "--live")
    assert "is stopped. 1 slot stays" in live.run("serve", "--stop").stderr
    live.ok("status")
    assert status(live)["server"] is None
    assert "did not run" in live.run("serve", "--stop").stderr
    assert "does not run" in live.run("slot", "list").stderr
    LiveShell(live, "export", "dev-ro", "--live")
    assert status(live)["server"] and status(live)["slots"] == 2


def test_in_the_foreground_until_a_signal(live: Shell) -> None:
    process = subprocess.Popen([*PYTHON, "serve"], env=live.environ, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert "Ctrl-C ends it" in process.stderr.readline()
    shell = LiveShell(live, "export", "dev-admin", "--live")
    assert shell.who() == "AdministratorAccess"
    assert "runs already" in live.run("serve").stderr
    assert "The server is on" in live.run("serve", "--background").stderr
    assert status(live)["server"]["pid"] == process.pid
    process.send_signal(signal.SIGINT)
    assert process.wait(10) == 0
    process.stderr.close()


@pytest.mark.parametrize("program", ["bash", "zsh", "fish"])
def test_the_environment_before_and_after(live: Shell, program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    stsui = " ".join(PYTHON)
    if program == "fish":
        script = (
            f"env > before; {stsui} export dev-admin --live --format fish | source; env > live; "
            f"{stsui} export --unset --format fish | source; env > after"
        )
    else:
        script = (
            f'env > before; eval "$({stsui} export dev-admin --live)"; env > live; '
            f'eval "$({stsui} export --unset)"; env > after'
        )
    given = {**live.environ, "AWS_PROFILE": "ana", "no_proxy": "x.example", "SHELL": f"/bin/{program}"}
    subprocess.run([program, "-c", script], env=given, cwd=live.directory, capture_output=True, check=True)
    names = ("before", "live", "after")
    before, during, after = ((live.directory / name).read_text().splitlines() for name in names)
    shell_level = re.compile("(SHLVL|_)=")  # zsh counts itself out for its last command
    assert [x for x in sorted(before) if not shell_level.match(x)] == [
        x for x in sorted(after) if not shell_level.match(x)
    ]
    assert "no_proxy=x.example,127.0.0.1" in during and "AWS_PROFILE=ana" not in during
    assert any(line.startswith("STSUI_SLOT_FILE=") for line in during)


def test_exec_live_is_a_slot_for_one_command(live: Shell) -> None:
    program = "import boto3; print(boto3.client('sts', region_name='eu-west-1').get_caller_identity()['Arn'])"
    out = live.ok("exec", "dev-admin", "--live", "--", sys.executable, "-c", program)
    assert "assumed-role/AdministratorAccess/" in out
    names = live.ok(
        "exec", "dev-admin", "--live", "--", "env", AWS_PROFILE="other", AWS_ACCESS_KEY_ID="AKIAOLD"
    )
    assert "AWS_PROFILE=" not in names and "AWS_ACCESS_KEY_ID" not in names and "STSUI_SLOT=" in names
    assert live.run("exec", "dev-admin", "--live", "--", "sh", "-c", "exit 7").returncode == 7
    rows = json.loads(live.ok("slot", "list", "--json"))["slots"]
    assert len(rows) == 3 and not any(row["shell_runs"] for row in rows)


def test_current_follows_what_is_chosen(live: Shell) -> None:
    live.ok("assume", "dev-admin")
    shell = LiveShell(live, "export", "--live")
    assert shell.environ["STSUI_SLOT"] == "current" and "STSUI_ROLE" not in shell.environ
    assert shell.who() == "AdministratorAccess"
    live.ok("assume", "dev-ro", "--yes")
    assert shell.who() == "ReadOnly"
    assert "follows the current session" in live.run("export", "--live").stderr
    live.fails(2, "slot", "point", "current", "dev-admin")
    live.fails(2, "export", "dev-admin", "--live", "--slot", "current")


def test_named_slots_are_made_shown_and_pointed(live: Shell) -> None:
    shell = LiveShell(live, "slot", "new", "ci-box", "dev-admin")
    again = LiveShell(live, "slot", "env", "ci-box")
    assert shell.environ == again.environ and again.who() == "AdministratorAccess"
    LiveShell(live, "export", "dev-ro", "--live", "--slot", "ci-box")
    assert again.who() == "ReadOnly"
    done = live.run("slot", "point", "ci-box", "stg-ro")
    assert "keeps the Region it was given (eu-west-1); stg-ro has eu-central-1" in done.stderr


def test_a_guard_is_passed_by_a_person_before_a_slot_leads_there(live: Shell) -> None:
    live.ok("assume", "ana", "--mfa-code", "-", given=f"{live.demo.code()}\n")
    assert "wants a person's yes" in live.fails(3, "export", "prod-admin", "--live")
    LiveShell(live, "slot", "new", "a", "dev-admin")
    assert "wants a person's yes" in live.fails(3, "slot", "point", "a", "prod-admin")
    live.ok("slot", "point", "a", "prod-admin", "--yes")
    shell = LiveShell(live, "slot", "env", "a")
    assert shell.who() == "AdministratorAccess"


SENTENCES = (
    (2, "slot point nobody dev-admin", "No slot is called"),
    (2, "slot cut nobody", "No slot is called"),
    (2, "slot cut", "which slot"),
    (2, "slot point .", "This shell holds no slot"),
    (2, "slot new Bad-Name dev-admin", "cannot be the name of a slot"),
    (2, "slot new ../x dev-admin", "cannot be the name of a slot"),
    (2, "slot frob", "invalid choice"),
    (2, "export dev-admin --live --format credentials-file", "holds a snapshot"),
    (2, "export nobody --live", "No role is called"),
    (2, "serve --worker", "is for the server itself"),
    (2, "serve --host 0.0.0.0", "unrecognized arguments"),
    (3, "export ana --live", "code"),
)


def test_what_cannot_be_is_a_sentence_and_starts_nothing(live: Shell) -> None:
    for code, line, words in SENTENCES:
        assert words in live.fails(code, *line.split()), line
    assert status(live) == {"version": 1, "server": None, "slots": 0}


def test_sessions_in_memory_alone_cannot_be_served(live: Shell) -> None:
    text = live.demo.config.read_text()
    live.demo.config.write_text('[settings]\nstore = "memory"\n\n' + text)
    assert "a server cannot have it" in live.fails(2, "export", "dev-admin", "--live")


def test_never_as_root_for_somebody_else(live: Shell) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can be asked to serve for others")
    for variable in ("SUDO_USER", "DOAS_USER"):
        assert "does not run as root for another user" in live.fails(
            2, "export", "dev-admin", "--live", **{variable: "ana"}
        )
        assert "Run stsui without sudo" in live.fails(2, "serve", **{variable: "ana"})


# What wins over a slot in every SDK: static keys, roles, sign-ins and programs of [default].

DEFAULTS = {
    "nothing": ("", ""),
    "a region": ("region = eu-west-1\noutput = json\n", ""),
    "keys in credentials": ("region = eu-west-1\n", "[default]\naws_access_key_id = AKIABOB\naws_secret_access_key = x\n"),
    "keys in config": ("aws_access_key_id = AKIABOB\naws_secret_access_key = x\nregion = us-west-2\n", ""),
    "a role": ("role_arn = arn:aws:iam::333344445555:role/ReadOnly\nsource_profile = ana\n", ""),
    "a program": ("credential_process = /bin/false\n", ""),
    "a token": ("role_arn = arn:aws:iam::1:role/x\nweb_identity_token_file = /none\n", ""),
    "a sign-in": ("sso_start_url = https://x\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = x\n", ""),
}  # fmt: skip
SHELLS: dict[str, dict[str, str]] = {
    "a profile": {"AWS_PROFILE": "bob"},
    "another spelling": {"AWS_DEFAULT_PROFILE": "bob"},
    "keys": {"AWS_ACCESS_KEY_ID": "AKIABOB", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "y"},
    "a token file": {"AWS_WEB_IDENTITY_TOKEN_FILE": "/none", "AWS_ROLE_ARN": "arn:aws:iam::1:role/x"},
    "a container": {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"},
    "another slot": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/", "STSUI_SLOT": "x"},
}


def with_default(shell: Shell, name: str) -> None:
    config, credentials = DEFAULTS[name]
    path = Path(shell.environ["AWS_CONFIG_FILE"])
    path.write_text(re.sub(r"\[default\][^\[]*", f"[default]\n{config}\n", path.read_text()))
    path = Path(shell.environ["AWS_SHARED_CREDENTIALS_FILE"])
    path.write_text(path.read_text() + credentials)


@pytest.mark.parametrize("name", DEFAULTS)
def test_s7_default_never_answers_instead_of_the_slot(live: Shell, name: str) -> None:
    with_default(live, name)
    shadowed = DEFAULTS[name][1] or name not in ("nothing", "a region")
    if shadowed:
        sentence = live.fails(3, "export", "dev-admin", "--live")
        assert "[default] in" in sentence and "stsui config profiles --write" in sentence
        live.ok("config", "profiles", "--write", "--yes")
    shell = LiveShell(live, "export", "dev-admin", "--live")
    assert shell.environ.get("AWS_PROFILE") == (LIVE_PROFILE if shadowed else None)
    assert shell.who() == "AdministratorAccess"
    if shadowed:
        live.ok("config", "profiles", "--write", "--yes")
        assert LIVE_PROFILE in Path(shell.environ["AWS_CONFIG_FILE"]).read_text(), (
            "and stays when it is written anew"
        )
        assert shell.who() == "AdministratorAccess"


@pytest.mark.parametrize("name", SHELLS)
def test_s7_what_the_shell_had_never_answers_instead_of_the_slot(live: Shell, name: str) -> None:
    shell = LiveShell(live, "export", "dev-admin", "--live", **SHELLS[name])
    assert shell.who() == "AdministratorAccess"


def test_s7_what_cannot_be_cured_is_refused(live: Shell) -> None:
    boto = Path(live.environ["HOME"], ".boto")
    boto.write_text("[Credentials]\naws_access_key_id = AKIABOB\naws_secret_access_key = x\n")
    assert ".boto line 2 has static keys" in live.fails(2, "export", "dev-admin", "--live")
    boto.unlink()
    config = Path(live.environ["AWS_CONFIG_FILE"])
    config.write_text(
        "[DEFAULT]\naws_access_key_id = AKIABOB\naws_secret_access_key = x\n" + config.read_text()
    )
    assert "Remove it there" in live.fails(2, "export", "dev-admin", "--live")


def test_docker_flags_name_nothing_that_is_not_in_the_container(live: Shell) -> None:
    """--network host: the address and the token serve there; files of this computer would stand in the way."""
    flags = live.ok("export", "dev-ro", "--live", "--slot", "ci", "--format", "docker").split()
    given = dict(flag.split("=", 1) for flag in flags if flag != "-e")
    assert given["AWS_CONTAINER_CREDENTIALS_FULL_URI"].endswith("/slot/ci")
    assert given["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
    assert not [
        name
        for name, value in given.items()
        if name == "AWS_PROFILE" or name.endswith("_FILE") or value.startswith("/")
    ]
