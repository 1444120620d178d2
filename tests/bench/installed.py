"""stsui and its peers as people install them: byte-compiled, by the newest pip, in an environment of their own."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Installed(NamedTuple):
    """Programs to measure."""

    python: str
    stsui: str
    aws: str
    versions: str
    peers: Mapping[str, Sequence[str]]
    """Name and version to a command line that does nothing but start."""


@cache
def installed(directory: Path) -> Installed:
    """Makes the environment, once for each directory."""
    subprocess.run([sys.executable, "-m", "venv", str(directory)], check=True)
    bin_ = directory / "bin"
    # Older releases of pip write scripts that load `re` first, a third of a bare interpreter's time.
    _pip(bin_, "-U", "pip")
    _pip(bin_, str(ROOT), "awscli")
    others = directory / "peers"
    subprocess.run([sys.executable, "-m", "venv", str(others)], check=True)
    _pip(others / "bin", "awsume", "aws-sso-util")
    code = "from importlib.metadata import version as v; print('AWS CLI', v('awscli'), '· boto3', v('boto3'))"
    said = subprocess.run([str(bin_ / "python"), "-c", code], capture_output=True, text=True, check=True)
    peers = {
        name: [str(others / "bin" / program), "--version"]
        for name, program in (("awsume", "awsumepy"), ("aws-sso-util", "aws-sso-util"))
    }
    programs = (str(bin_ / name) for name in ("python", "stsui", "aws"))
    return Installed(*programs, said.stdout.strip(), peers)


def _pip(bin_: Path, *what: str) -> None:
    command = [str(bin_ / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", *what]
    subprocess.run(command, check=True, capture_output=True)
