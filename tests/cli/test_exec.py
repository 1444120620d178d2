"""`exec`: a child that is the role and nothing else; and one command for many roles."""

import json
import os
import signal
import subprocess
import sys
import time

import pexpect
import pytest

from stsui.handover.environ import KEYS, SCRUB
from tests.cli.conftest import PYTHON, Shell, children, program
from tests.cli.shells import plain

DUMP = f"{sys.executable} -c 'import json, os; print(json.dumps(dict(os.environ)))'"
SAY = ["sh", "-c", 'echo "$STSUI_ROLE ${AWS_ACCESS_KEY_ID%${AWS_ACCESS_KEY_ID#ASIA}}"']


def test_the_child_has_the_table_and_the_parents_own(shell: Shell) -> None:
    before = {"AWS_PROFILE": "mine", "AWS_PAGER": "less", "AWS_SECURITY_TOKEN": "old", "STSUI_RESTORE": "{}"}
    child = json.loads(plain(shell, ["sh", "-c"], f"stsui exec dev-ro -- {DUMP}", **before).stdout)
    table = json.loads(shell.ok("export", "dev-ro", "--format", "json"))
    assert {name: value for name, value in child.items() if name in {*SCRUB, *table}} == table
    assert child["AWS_PAGER"] == "less" and "STSUI_RESTORE" not in child
    assert child["AWS_CONFIG_FILE"] == shell.environ["AWS_CONFIG_FILE"], "configuration stays"


def test_an_exec_within_an_exec_is_the_inner_role(shell: Shell) -> None:
    line = f"stsui exec dev-admin -- stsui exec dev-ro -- {DUMP}"
    assert json.loads(plain(shell, ["sh", "-c"], line).stdout)["STSUI_ROLE"] == "dev-ro"


def test_the_shell_sees_how_the_child_ended(shell: Shell) -> None:
    """S73: its own code, 128 and more for a signal, 127 where there is none."""
    line = (
        "stsui exec dev-ro -- sh -c 'exit 2'; echo $?; stsui exec dev-ro -- sh -c 'kill -TERM $$'; echo $?; "
        "stsui exec dev-ro -- no-such-thing; echo $?; stsui exec dev-ro -- /; echo $?"
    )
    done = plain(shell, ["bash", "-c"], line)
    assert done.stdout.split() == ["2", "143", "127", "126"], done.stderr
    assert "no-such-thing: command not found" in done.stderr


def test_one_interrupt_reaches_the_child_once(shell: Shell) -> None:
    """S74: and the terminal is as it was."""
    child = pexpect.spawn(
        "bash", ["--norc"], env={**shell.environ, "TERM": "xterm", "PS1": "$ "}, encoding="utf-8", timeout=20
    )
    trap = "trap 'echo got-it' INT; echo re\"\"ady; n=0; while [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done"
    child.sendline("stsui exec dev-ro -- sh -c " + json.dumps(trap.replace('"', "")).replace("$", "\\$"))
    child.expect("ready\r\n")
    child.sendintr()
    child.expect("got-it")
    child.kill(signal.SIGKILL)
    child.close()


def test_without_a_command_it_is_a_shell_that_says_who_it_is(shell: Shell) -> None:
    child = pexpect.spawn(
        PYTHON[0],
        [*PYTHON[1:], "exec", "dev-ro"],
        env={**shell.environ, "SHELL": "/bin/sh", "TERM": "xterm", "PS1": "$ "},
        encoding="utf-8",
        timeout=20,
    )
    child.expect("a shell as dev-ro  DEV acme-dev 333344445555  until")
    child.sendline("echo now=$STSUI_ROLE; exit 5")
    child.expect("now=dev-ro")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 5


def test_the_current_role_where_none_is_named(shell: Shell) -> None:
    assert "No current session" in shell.fails(2, "exec", "--", "true")
    shell.ok("assume", "dev-ro")
    assert shell.ok("exec", "--", *SAY) == "dev-ro ASIA\n"


def test_what_is_needed_is_there_or_it_does_not_begin(shell: Shell) -> None:
    """S08."""
    shell.ok("assume", "dev-ro")
    calls = shell.demo.aws.count("AssumeRole")
    shell.ok("exec", "dev-ro", "--need", "45m", "--", "true")
    assert shell.demo.aws.count("AssumeRole") == calls, "an hour is enough"
    sentence = shell.fails(2, "exec", "dev-nightly", "--need", "45m", "--", "touch", "ran")
    assert "less than the 45m asked for" in sentence and not (shell.directory / "ran").exists()
    short = shell.run("exec", "dev-nightly", "--", "true")
    assert "--need 45m gives more" in short.stderr and short.returncode == 0


# Many roles


def test_each_role_has_its_own_credentials_and_output(shell: Shell) -> None:
    done = shell.run("exec", "--each", "dev !deploy", "--", *SAY)
    assert done.returncode == 0, done.stderr
    roles = ["dev-data", "dev-nightly", "dev-admin", "dev-ro", "dev-ci"]
    assert done.stdout.splitlines() == [f"{role} ASIA" for role in roles], "in the order of the roles"
    heads = [line for line in done.stderr.splitlines() if line.startswith("── ")]
    assert len(heads) == 5 and heads[2].startswith("── dev-admin  DEV acme-dev 333344445555  done in ")
    assert "stsui: 5 roles: 5 done." in done.stderr


def test_one_that_fails_is_named_and_gives_the_code(shell: Shell) -> None:
    script = 'case $STSUI_ROLE in dev-ro) echo "no way" >&2; exit 3;; dev-ci) kill -KILL $$;; esac; echo fine'
    done = shell.run("exec", "--each", "dev", "--", "sh", "-c", script)
    assert done.returncode == 1 and done.stdout.count("fine") == 4
    assert "stsui: 6 roles: 4 done, 2 failed." in done.stderr
    summary = done.stderr.partition("2 failed.")[2].splitlines()
    assert summary[1].split("  ")[1:] == ["dev-ro", "exit 3", "no way"]
    assert "killed by SIGKILL (137)" in summary[2]


def test_what_cannot_be_had_is_not_run(shell: Shell) -> None:
    done = shell.run("exec", "--each", "prod", "--", "touch", "ran")
    assert done.returncode == 1 and "5 roles: 0 done, 5 not run" in done.stderr
    assert "prod-ro (PROD acme-prod) wants a person's yes first" in done.stderr
    done = shell.run("exec", "--each", "old-laptop mixed", "--", "touch", "ran")
    assert done.returncode == 2 and "No role fits" in done.stderr
    done = shell.run("exec", "--each", "sandbox", "--quiet", "--", "true")
    assert "5 roles: 1 done, 4 not run" in done.stderr and not done.stdout
    assert not (shell.directory / "ran").exists()


def test_a_program_that_is_not_there(shell: Shell) -> None:
    done = shell.run("exec", "--each", "dev-ro", "--", "no-such-thing")
    assert done.returncode == 1 and "exit 127  no-such-thing: No such file" in done.stderr


def test_as_json(shell: Shell) -> None:
    done = shell.run("exec", "--each", "dev ro", "--json", "--", "sh", "-c", "echo out; echo err >&2; exit 4")
    (result,) = json.loads(done.stdout)["results"]
    assert done.returncode == 1 and result["role"] == "dev-ro" and result["exit_code"] == 4
    assert (result["stdout"], result["stderr"]) == ("out\n", "err\n") and result["error"] is None
    done = shell.run("exec", "--each", "prod-ro", "--json", "--", "true")
    (result,) = json.loads(done.stdout)["results"]
    assert result["exit_code"] is None and "wants a person" in result["error"]


def test_into_private_files(shell: Shell) -> None:
    into = shell.directory / "results"
    done = shell.run(
        "exec", "--each", "dev ro", "--into", str(into), "--", "sh", "-c", "echo out; echo err >&2"
    )
    assert done.returncode == 0 and not done.stdout and str(into) in done.stderr
    assert (into / "dev-ro.out").read_text() == "out\n" and (into / "dev-ro.err").read_text() == "err\n"
    assert (into / "dev-ro.out").stat().st_mode & 0o777 == 0o600 and into.stat().st_mode & 0o777 == 0o700
    assert "cannot be made" in shell.fails(4, "exec", "--each", "dev", "--into", "/proc/x", "--", "true")


COUNT = """
import os, sys, time
here = f"{sys.argv[1]}/{os.getpid()}"
open(here, "w").close()
time.sleep(0.3)
print(len(os.listdir(sys.argv[1])))
os.unlink(here)
"""


@pytest.mark.parametrize("jobs", [1, 3])
def test_no_more_at_a_time_than_was_said(shell: Shell, jobs: int) -> None:
    busy = shell.directory / "busy"
    busy.mkdir()
    argv = ["exec", "--each", "dev", "--jobs", str(jobs), "--", sys.executable, "-c", COUNT, str(busy)]
    done = shell.run(*argv)
    most = max(map(int, done.stdout.split()))
    assert most <= jobs and len(done.stdout.split()) == 6


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--each", "dev"], "wants a command after --"),
        (["dev-ro", "--each", "dev", "--", "true"], "not both"),
        (["dev-ro", "--json", "--", "true"], "go with --each"),
        (["--each", "nothing-has-that", "--", "true"], "stsui list nothing-has-that"),
        (["--each", " ", "--", "true"], "The filter of --each is empty, so nothing was done."),
        (["--each", "dev", "--jobs", "0", "--", "true"], "a number from 1 to 64"),
    ],
)
def test_what_cannot_be_meant(shell: Shell, argv: list[str], words: str) -> None:
    assert words in shell.fails(2, "exec", *argv)


def test_one_code_serves_many_and_progress_is_shown(shell: Shell) -> None:
    shell.ok("assume", "dev-ro")
    script = "sleep 0.6; echo $STSUI_ROLE"
    child = pexpect.spawn(
        PYTHON[0],
        [*PYTHON[1:], "exec", "--each", "prod !breakglass !deploy", "--yes", "--", "sh", "-c", script],
        env={**shell.environ, "TERM": "xterm"},
        encoding="utf-8",
        timeout=30,
        dimensions=(24, 120),
    )
    child.expect("Code of .*ana-phone for prod-")
    child.sendline(shell.demo.code())
    child.expect("of 3 done · running: prod-")
    child.expect("3 roles: 3 done")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0 and shell.demo.aws.count("GetSessionToken") == 1


def each_of_two(shell: Shell, *command: str) -> subprocess.Popen[str]:
    """`exec --each` with two of six at a time, as soon as both run `sleep`."""
    shell.ok("exec", "--each", "dev", "--quiet", "--", "true")
    process = subprocess.Popen(
        [*PYTHON, "exec", "--each", "dev", "--jobs", "2", "--", *command],
        env=shell.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + 20
    while [program(pid) for pid in children(process.pid)] != ["sleep", "sleep"]:
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


def test_an_interrupt_lets_nothing_more_begin(shell: Shell) -> None:
    process = each_of_two(shell, "sleep", "30")
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130 and "killed by SIGINT (130)" in said
    assert "6 roles: 0 done, 2 failed, 4 not run." in said and "Traceback" not in said


def test_the_second_interrupt_ends_what_heeds_no_interrupt(shell: Shell) -> None:
    process = each_of_two(shell, "sh", "-c", "trap '' INT; exec sleep 30")
    os.killpg(process.pid, signal.SIGINT)
    assert (
        process.stderr and "waiting for 2 that still run; ctrl+c again ends them" in process.stderr.readline()
    )
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130 and "6 roles: 0 done, 2 failed, 4 not run." in said
    assert "killed by SIGTERM (143)" in said and "Traceback" not in said


def test_no_secret_is_in_what_is_said(shell: Shell) -> None:
    done = shell.run("exec", "--each", "dev", "--", "true")
    assert not any(name in done.stderr + done.stdout for name in ("DEMOSECRET", "DEMOTOKEN", *KEYS))


def test_a_reader_that_goes_away_ends_it(shell: Shell) -> None:
    line = (
        "stsui exec --each dev -- sh -c 'yes | head -c 200000' | head -c 10 >/dev/null; echo ${PIPESTATUS[0]}"
    )
    done = plain(shell, ["bash", "-c"], line)
    assert done.stdout == "4\n" and "Traceback" not in done.stderr
