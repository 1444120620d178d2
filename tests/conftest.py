"""A home of its own for every test: nothing of the person who runs them is read or written."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

KEPT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TERM",
    "TMPDIR",
    "VIRTUAL_ENV",
    "PYENV_VERSION",
    "PYENV_ROOT",
    "SYSTEMROOT",
)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """This process's environment without anything of AWS's or the user's."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "STSUI_", "XDG_", "BOTO", "TEXTUAL", "NO_COLOR")):
            monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "nobody"
    home.mkdir(exist_ok=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment for a subprocess or `open_services`: an empty home below `tmp_path`."""
    environ = {name: os.environ[name] for name in KEPT if name in os.environ}
    directory = tmp_path / "home"
    runtime = tmp_path / "run"
    directory.mkdir()
    runtime.mkdir(mode=0o700)
    yield {
        **environ,
        "HOME": str(directory),
        "USER": "ana",
        "XDG_RUNTIME_DIR": str(runtime),
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.fixture(scope="session", autouse=True)
def _no_secret_is_left_anywhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every byte that the suite wrote is read once more: secrets lie in session files and where they began."""
    yield
    leaks = [
        str(path)
        for path in tmp_path_factory.getbasetemp().rglob("*")
        if path.is_file() and not path.is_symlink() and not _may_hold_secrets(path) and _holds_secret(path)
    ]
    assert not leaks, f"secrets were written to {leaks}"


def _may_hold_secrets(path: Path) -> bool:
    """A session of ours (a killed process leaves half of one), a token in the AWS CLI's places, keys that a person wrote, or what a test asked to be exported into such a place."""
    in_store = path.parent.name == "sessions" and path.suffix in (".json", ".tmp", ".done")
    in_store = in_store or path.parent.parts[-3:] in ((".aws", "sso", "cache"), (".aws", "login", "cache"))
    return in_store or path.name in ("credentials", "ci-token") or path.parent.name == "exported"


def _holds_secret(path: Path) -> bool:
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return any(secret in content for secret in (b"DEMOSECRET", b"DEMOTOKEN", b"demo-sign-in"))
