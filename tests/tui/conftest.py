"""A demo world per test, and its variables in this process, where boto3 reads them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import RealClock
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as world:
        for name, value in world.environ.items():
            monkeypatch.setenv(name, value)
        yield world


@pytest.fixture
def real_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """By the computer's own clock, where other processes take part."""
    with demo_world(tmp_path / "home", clock=RealClock()) as world:
        world.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
        for name, value in world.environ.items():
            monkeypatch.setenv(name, value)
        yield world
