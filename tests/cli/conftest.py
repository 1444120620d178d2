"""The demo world by the real clock, and the command line as other processes."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worlds import Demo, SetClock, demo_world

ROOT = Path(__file__).parents[2]
PYTHON = [sys.executable, "-m", "stsui"]


class RealClock(SetClock):
    """The computer's own."""

    def now(self) -> float:
        return time.time()

    def boot(self) -> float:
        return (
            time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
        )


class Shell:
    """A person's shell: runs stsui without a terminal of its own."""

    def __init__(self, demo: Demo, directory: Path) -> None:
        self.demo = demo
        self.directory = directory
        self.environ = {**demo.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *argv: str, given: str | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PYTHON, *argv],
            input=given,
            stdin=None if given is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={**self.environ, **environ},
            cwd=self.directory,
            start_new_session=True,
            timeout=60,
            check=False,
        )

    def ok(self, *argv: str, **options: str) -> str:
        done = self.run(*argv, **options)
        assert done.returncode == 0, f"{argv}: {done.returncode}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    def fails(self, code: int, *argv: str, **options: str) -> str:
        """Its sentence; nothing is on stdout, nothing is a traceback."""
        done = self.run(*argv, **options)
        assert done.returncode == code, f"{argv}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert not done.stdout, f"{argv}: a failure wrote {done.stdout!r}"
        assert done.stderr.startswith("stsui: ") and "Traceback" not in done.stderr
        return done.stderr


def children(pid: int) -> list[int]:
    """Processes that any of its threads began, in the order of their numbers."""
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return sorted(int(word) for words in found for word in words)


def program(pid: int) -> str:
    """What the process runs by now; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with demo_world(tmp_path / "home", clock=RealClock()) as demo:
        demo.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        yield Shell(demo, tmp_path)
