"""stsui and its peers as people install them: byte-compiled, by the newest pip, in environments of their own."""

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PEERS = {
    "awsume": ("awsume",),
    "aws-sso-util": ("aws-sso-util",),
    # With later ones it cannot read what AssumeRole answers.
    "aws-export-credentials": ("aws-export-credentials", "boto3<1.35"),
}
"""What each needs; each in an environment of its own, because they want different releases of botocore."""


class Installed(NamedTuple):
    """Programs to measure."""

    python: str
    stsui: str
    aws: str
    awsume: str
    aws_sso_util: str
    aws_export_credentials: str
    versions: str


@cache
def installed(directory: Path) -> Installed:
    """Makes the environments, once for each directory."""
    bin_ = _environment(directory, str(ROOT), "awscli")
    there = {name: _environment(directory / name, *what) for name, what in PEERS.items()}
    code = "from importlib.metadata import version as v; print('AWS CLI', v('awscli'), '· boto3', v('boto3'))"
    said = subprocess.run([str(bin_ / "python"), "-c", code], capture_output=True, text=True, check=True)
    own = (str(bin_ / name) for name in ("python", "stsui", "aws"))
    # `awsume` itself is a script that a shell reads; the program behind it is awsumepy.
    others = (str(path / ("awsumepy" if name == "awsume" else name)) for name, path in there.items())
    return Installed(*own, *others, said.stdout.strip())


def _environment(directory: Path, *what: str) -> Path:
    """Where its programs are."""
    subprocess.run([sys.executable, "-m", "venv", str(directory)], check=True)
    bin_ = directory / "bin"
    # Older releases of pip write scripts that load `re` first, a third of a bare interpreter's time.
    for wanted in (("-U", "pip"), what):
        pip = [str(bin_ / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted]
        subprocess.run(pip, check=True, capture_output=True)
    return bin_
