"""Many processes at once, each a real `stsui` against the demo's STS."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from stsui.demo.home import write_home
from stsui.demo.sts import DemoSts
from stsui.demo.world import DEV, Role, make_world


class Outcome(NamedTuple):
    """What one process did."""

    code: int
    stdout: str
    stderr: str
    seconds: float


class Place(NamedTuple):
    """An AWS and the home of a person who uses it."""

    aws: DemoSts
    environ: dict[str, str]

    def stsui(self, *argv: str) -> Outcome:
        """One command, waited for."""
        return crowd(self, [argv])[0]

    def forget(self) -> None:
        """Nothing is held, and nothing was asked."""
        self.stsui("clear", "--all")
        for left in Path(self.environ["XDG_RUNTIME_DIR"]).rglob("*.failed"):
            left.unlink()
        self.aws.mend()
        self.aws.calls.clear()


THIRD = Role(DEV, "Release", (f"arn:aws:iam::{DEV}:role/Deploy",))
MORE = f"""\
[roles.release]             # ana > hub > dev-deploy > release
role_arn = "{THIRD.arn}"
source_profile = "dev-deploy"

[roles.quarter]
role_arn = "arn:aws:iam::{DEV}:role/AdministratorAccess"
source_profile = "ana"
duration = "15m"
"""


@contextmanager
def place(directory: Path, roles: int = 24) -> Iterator[Place]:
    """By the real clock, because the processes have it; beside the demo's roles a third hop and a short one."""
    directory.mkdir(parents=True, exist_ok=True)
    with DemoSts(make_world(roles)) as aws:
        environ = {**write_home(directory, aws.world, aws.url), "PATH": os.environ["PATH"]}
        aws.world.roles[THIRD.arn] = THIRD
        with open(environ["STSUI_CONFIG"], "a", encoding="utf-8") as config:
            config.write(MORE)
        environ["PYTHONPATH"] = str(Path(__file__).parent.parent.parent)
        yield Place(aws, environ)


def start(there: Place, argv: Sequence[str]) -> subprocess.Popen[str]:
    """One process, not waited for."""
    return subprocess.Popen(
        [sys.executable, "-m", "stsui", *argv],
        env=there.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def crowd(there: Place, commands: Sequence[Sequence[str]]) -> list[Outcome]:
    """Starts every command before any is waited for."""
    begun = [(time.monotonic(), start(there, argv)) for argv in commands]
    outcomes = []
    for at, process in begun:
        stdout, stderr = process.communicate(timeout=600)
        outcomes.append(Outcome(process.returncode, stdout, stderr, time.monotonic() - at))
    return outcomes


@contextmanager
def environment(environ: Mapping[str, str]) -> Iterator[None]:
    """This process's own, where botocore looks."""
    before = dict(os.environ)
    os.environ.update(environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
