"""`export --format credentials-file --write`: in, used by an SDK, out again at the session's end."""

import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import PYTHON, Shell


@pytest.fixture
def path(shell: Shell) -> Path:
    return Path(shell.environ["AWS_SHARED_CREDENTIALS_FILE"])


def gone(path: Path, before: bytes, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while path.read_bytes() != before:
        assert time.monotonic() < end, "the section is still there"
        time.sleep(0.05)


def test_it_goes_by_itself_when_the_session_ends(shell: Shell, path: Path) -> None:
    before = path.read_bytes()
    nightly = next(role for role in shell.demo.aws.world.roles.values() if role.name == "Nightly")
    shell.demo.aws.world.roles[nightly.arn] = nightly._replace(lives=3)
    done = shell.run("export", "dev-nightly", "--format", "credentials-file", "--write")
    assert done.returncode == 0 and not done.stdout, done.stderr
    assert "AWS_PROFILE=stsui-dev-nightly" in done.stderr
    assert path.read_bytes().startswith(before) and b"[stsui-dev-nightly]" in path.read_bytes()
    gone(path, before)


def test_clear_takes_it_out_and_unset_does(shell: Shell, path: Path) -> None:
    before = path.read_bytes()
    for away in (
        ["clear", "dev-ro"],
        ["clear", "--all"],
        ["export", "dev-ro", "--format", "credentials-file", "--unset"],
        ["export", "--format", "credentials-file", "--unset"],
    ):
        shell.ok("export", "dev-ro", "--format", "credentials-file", "--write")
        assert path.read_bytes() != before
        shell.ok(*away)
        assert path.read_bytes() == before


def test_on_stdout_it_is_the_same_section(shell: Shell, path: Path) -> None:
    printed = shell.ok("export", "dev-ro", "--format", "credentials-file", "--profile", "mine")
    assert printed.startswith("[mine]\n") and "x_stsui_role = dev-ro" in printed


def test_a_foreign_section_and_a_full_disk(shell: Shell, path: Path) -> None:
    before = path.read_bytes()
    sentence = shell.fails(
        2, "export", "dev-ro", "--format", "credentials-file", "--write", "--profile", "ana"
    )
    assert "[ana] that is not stsui's" in sentence and "--profile NAME" in sentence
    assert "--write" in shell.fails(2, "export", "dev-ro", "--format", "bash", "--write")
    done = subprocess.run(
        [*["bash", "-c"], f"ulimit -f 0; exec {' '.join(PYTHON)} export dev-ro --format credentials-file --write"],
        env=shell.environ, capture_output=True, text=True, start_new_session=True, check=False,
    )  # fmt: skip
    assert done.returncode == 4 and not done.stdout and "Nothing was changed" in done.stderr, done.stderr
    assert path.read_bytes() == before


def test_a_refused_role_writes_nothing(shell: Shell, path: Path) -> None:
    before = path.read_bytes()
    shell.fails(1, "export", "prod-deploy", "--yes", "--format", "credentials-file", "--write")
    assert path.read_bytes() == before
