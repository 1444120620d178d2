"""A disk that takes nothing, homes that are not there: credentials are delivered all the same, or it is said why."""

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import PYTHON, Shell


def limited(shell: Shell, before: str, *argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """stsui below a shell that set something first, such as the largest file that may be written."""
    line = f"{before}; exec {shlex.join([*PYTHON, *argv])}"
    return subprocess.run(
        ["bash", "-c", line],
        env={**shell.environ, **environ},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("largest", ["0", "1"])
def test_a_full_disk_delivers_and_says_so(shell: Shell, largest: str) -> None:
    done = limited(shell, f"ulimit -f {largest}", "credential-process", "dev-admin")
    assert done.returncode == 0, done.stderr
    assert '"SessionToken": "DEMOTOKEN' in done.stdout and "Traceback" not in done.stderr
    left = list(Path(shell.environ["XDG_RUNTIME_DIR"]).rglob("*.tmp"))
    assert not left or largest == "1"
    assert limited(shell, "true", "credential-process", "dev-admin").returncode == 0


def test_a_full_disk_is_named_where_a_person_reads(shell: Shell) -> None:
    done = limited(shell, "ulimit -f 0", "export", "dev-admin")
    assert done.returncode == 0 and "export AWS_SESSION_TOKEN=" in done.stdout
    assert "cannot be written" in done.stderr or "could not be written" in done.stderr, done.stderr


@pytest.mark.parametrize("directory", ["/dev/null/x", "/proc/nowhere", ""])
def test_a_runtime_directory_that_is_none(shell: Shell, directory: str) -> None:
    done = limited(shell, "true", "export", "dev-admin", XDG_RUNTIME_DIR=directory)
    assert (
        done.returncode == 0 and "export AWS_SESSION_TOKEN=" in done.stdout and "Traceback" not in done.stderr
    )


@pytest.mark.parametrize("umask", ["000", "022", "077", "777"])
def test_any_umask_leaves_private_files(shell: Shell, umask: str) -> None:
    done = limited(shell, f"umask {umask}", "export", "dev-admin")
    assert done.returncode == 0, done.stderr
    for path in Path(shell.environ["XDG_RUNTIME_DIR"]).rglob("*"):
        if "stsui" in str(path):
            assert path.stat().st_mode & 0o077 == 0, path


def test_few_open_files(shell: Shell) -> None:
    done = limited(shell, "ulimit -n 40", "export", "dev-admin")
    assert done.returncode == 0 and "export AWS_SESSION_TOKEN=" in done.stdout, done.stderr


def test_no_home(shell: Shell) -> None:
    done = limited(shell, "true", "export", "dev-admin", HOME="/nonexistent")
    assert "Traceback" not in done.stderr and done.returncode in (0, 2, 4)
