"""From the start of a process to its end: what the cache answers, and what only reads files."""

import time
from collections.abc import Iterator
from pathlib import Path

from stsui.demo.world import DEV, IDENTITY_ACCOUNT, Role
from tests.bench.installed import Installed, installed
from tests.bench.rows import Row, against, interleaved
from tests.stress.crowd import Place, place

SETTLED = 2.2
"""Seconds after which config files are trusted to stay as they are."""
PEER = Role(DEV, "Peer", (f"arn:aws:iam::{IDENTITY_ACCOUNT}:user/bob",))
"""Of a user without MFA: every program can have it without asking."""
BOTO3 = f"""
import boto3
client = boto3.Session(profile_name="bob").client("sts")
client.assume_role(RoleArn="{PEER.arn}", RoleSessionName="bob")
"""


def rows(directory: Path, rounds: int) -> Iterator[Row]:
    """Each command beside a bare interpreter."""
    programs = installed(directory / "programs")
    with place(directory / "small") as few, place(directory / "large", roles=10_000) as many:
        for there in (few, many):
            there.environ.pop("PYTHONPATH")
            _with_peer(there)
            there.stsui("assume", "peer")
        time.sleep(SETTLED)
        yield from _cached(programs, few, rounds)
        yield from _any_number_of_roles(programs, few, many, rounds)
    with place(directory / "thousand", roles=1_000) as there:
        there.environ.pop("PYTHONPATH")
        there.stsui("assume", "dev-ro")
        time.sleep(SETTLED)
        yield from _thousand(programs, there, rounds)
    with place(directory / "cold") as there:
        there.environ.pop("PYTHONPATH")
        _with_peer(there)
        yield from _cold(programs, there, rounds)


def _with_peer(there: Place) -> None:
    there.aws.world.roles[PEER.arn] = PEER
    profile = f"\n[profile peer]\nrole_arn = {PEER.arn}\nsource_profile = bob\nregion = eu-west-1\n"
    with open(there.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as config:
        config.write(profile)


def _cached(programs: Installed, there: Place, rounds: int) -> Iterator[Row]:
    kept = Path(there.environ["HOME"]) / "peer.json"
    peers = {
        "aws-export-credentials, cached": [programs.aws_export_credentials, "--profile", "peer",
                                           "--cache-file", str(kept)],
        "aws --version": [programs.aws, "--version"],
        "awsume --version": [programs.awsume, "--version"],
        "aws-sso-util --version": [programs.aws_sso_util, "--version"],
    }  # fmt: skip
    commands = {
        "bare": [programs.python, "-c", "pass"],
        "process": [programs.stsui, "credential-process", "peer"],
        "export": [programs.stsui, "export", "peer", "--format", "bash"],
        "status": [programs.stsui, "status"],
        "prompt": [programs.stsui, "status", "--prompt"],
    }
    times = interleaved(commands | peers, there.environ, rounds)
    said = ", ".join(f"`{name}` {times[name]:.0f} ms" for name in peers)
    yield against("cached `credential-process`", times["process"], times["bare"], "bare", 1.5, said)
    yield against("cached `export`", times["export"], times["bare"], "bare", 1.5)
    yield against("`status`", times["status"], times["bare"], "bare", 2.5)
    yield against("`status --prompt`", times["prompt"], times["bare"], "bare", 2.5)


def _any_number_of_roles(programs: Installed, few: Place, many: Place, rounds: int) -> Iterator[Row]:
    """Both in turns, each in its own home."""
    command = {"process": [programs.stsui, "credential-process", "peer"]}
    small, large = [], []
    for _ in range(max(3, rounds // 3)):
        small.append(interleaved(command, few.environ, 3)["process"])
        large.append(interleaved(command, many.environ, 3)["process"])
    what = "cached `credential-process` with 10,000 roles"
    yield against(what, sorted(large)[len(large) // 2], sorted(small)[len(small) // 2], "with 24", 1.05)


def _thousand(programs: Installed, there: Place, rounds: int) -> Iterator[Row]:
    commands = {
        "bare": [programs.python, "-c", "pass"],
        "names": [programs.stsui, "completion", "--next", "stsui", "export"],
        "list": [programs.stsui, "list"],
    }
    times = interleaved(commands, there.environ, rounds)
    yield against("completion of 1,000 role names", times["names"], times["bare"], "bare", 2.5)
    yield against("`list` of 1,000 roles", times["list"], times["bare"], "bare", 6)


def _cold(programs: Installed, there: Place, rounds: int) -> Iterator[Row]:
    commands = {
        "ours": [programs.stsui, "credential-process", "peer", "--no-cache"],
        "boto3": [programs.python, "-c", BOTO3],
        "aws": [programs.aws, "sts", "assume-role", "--profile", "bob", "--role-session-name", "bob",
                "--role-arn", PEER.arn],
        "awsume": [programs.awsume, "peer", "-s"],
    }  # fmt: skip
    times = interleaved(commands, there.environ, rounds)
    what = "cold assume over loopback"
    peers = f"`awsume` {times['awsume']:.0f} ms ({programs.versions})"
    yield against(what, times["ours"], times["boto3"], "the same call by a boto3 script", 1.15, peers)
    yield against(what, times["ours"], times["aws"], "`aws sts assume-role`", 0.7)
