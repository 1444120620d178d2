"""boto3 and the `aws` command, in an environment of their own: as takers of ours, and as peers."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.stress.crowd import Place
from tests.stress.lines import Line, plural

CALLS = """
import sys, boto3
client = boto3.Session(profile_name=sys.argv[1]).client("sts")
for _ in range(int(sys.argv[2])):
    client.get_caller_identity()
"""


class Outside(NamedTuple):
    """Programs that are not ours."""

    python: str
    aws: str
    versions: str


def install(directory: Path) -> Outside:
    """boto3 and the AWS CLI of PyPI, newest, in a virtual environment."""
    subprocess.run([sys.executable, "-m", "venv", str(directory)], check=True)
    bin_ = directory / "bin"
    subprocess.run([str(bin_ / "pip"), "install", "-q", "boto3", "awscli"], check=True)
    code = (
        "from importlib.metadata import version as v; print('boto3', v('boto3') + ', AWS CLI', v('awscli'))"
    )
    said = subprocess.run([str(bin_ / "python"), "-c", code], capture_output=True, text=True, check=True)
    return Outside(str(bin_ / "python"), str(bin_ / "aws"), said.stdout.strip())


def profiles(there: Place, outside: Outside, spawned: Path) -> None:
    """Profiles that take our command."""
    ours = there.environ["HOME"] + "/ours"
    Path(ours).write_text(
        f'#!/bin/sh\necho x >> {spawned}\nexec {sys.executable} -m stsui credential-process "$1"\n'
    )
    Path(ours).chmod(0o700)
    with open(there.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as config:
        config.write(
            f"[profile ours-hour]\ncredential_process = {ours} dev-ro\nregion = eu-west-1\n"
            f"[profile ours-quarter]\ncredential_process = {ours} quarter\nregion = eu-west-1\n"
        )


def many_calls(there: Place, outside: Outside, spawned: Path, count: int) -> Line:
    """One program, many calls, an hour's role."""
    there.forget()
    spawned.write_text("")
    failed = _run(there, [outside.python, "-c", CALLS, "ours-hour", str(count)])
    times = len(spawned.read_text().splitlines())
    calls = there.aws.count("AssumeRole")
    return Line(
        f"boto3 makes {count} calls with our credential-process, one-hour role",
        "started once, 1 AssumeRole",
        f"started {times}×, {calls} AssumeRole{', failed' if failed else ''}",
        times == 1 and calls == 1 and not failed,
    )


def many_commands(there: Place, outside: Outside, spawned: Path, count: int) -> Line:
    """The `aws` command again and again."""
    there.forget()
    spawned.write_text("")
    commands = [[outside.aws, "sts", "get-caller-identity", "--profile", "ours-hour"]] * count
    failed = sum(_run(there, command) for command in commands)
    times = len(spawned.read_text().splitlines())
    calls = there.aws.count("AssumeRole")
    return Line(
        f"{count} `aws` commands with our credential-process, one-hour role",
        f"started {count}×, 1 AssumeRole, 0 failures",
        f"started {times}×, {calls} AssumeRole, {failed} failures",
        times == count and calls == 1 and not failed,
    )


def quarter(there: Place, outside: Outside, count: int) -> Line:
    """A role of fifteen minutes: botocore asks its process again at every call."""
    there.forget()
    failed = _run(there, [outside.python, "-c", CALLS, "ours-quarter", str(count)])
    calls = there.aws.count("AssumeRole")
    return Line(
        f"boto3 makes {count} calls with our credential-process, 15-minute role",
        "1 AssumeRole",
        f"{calls} AssumeRole{', failed' if failed else ''}",
        calls == 1 and not failed,
    )


def cold_peer(there: Place, outside: Outside, name: str, count: int) -> Line:
    """What R1 is without us."""
    commands = {
        "boto3": [outside.python, "-c", CALLS, "dev-ro", "1"],
        "aws": [outside.aws, "sts", "get-caller-identity", "--profile", "dev-ro"],
    }
    there.forget()
    there.aws.delay = 0.2
    begun = [
        subprocess.Popen(
            commands[name], env=_environ(there), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(count)
    ]
    failed = sum(process.wait(timeout=600) != 0 for process in begun)
    there.aws.delay = 0.0
    calls = there.aws.count("AssumeRole")
    return Line(
        f"{count} cold processes of one role by {name} alone ({outside.versions})",
        "(peer)",
        f"{plural(calls, 'call')}, {failed} failures",
        True,
    )


def _run(there: Place, command: list[str]) -> bool:
    """Whether it failed."""
    done = subprocess.run(command, env=_environ(there), capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"  {done.stderr.strip()[-400:]}", flush=True)
    return done.returncode != 0


def _environ(there: Place) -> dict[str, str]:
    # PYTHONPATH would lead their Python to our packages; the command that they start sets its own.
    return {**there.environ, "PATH": os.environ["PATH"]}
