"""A server for each test, or one for all of a file where nothing that is tried changes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.serving import Serving, serving
from tests.stress.crowd import environment


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    with serving(tmp_path / "home") as found:
        for name, value in found.demo.environ.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """With the slot term-1 on dev-admin, which is held."""
    with serving(tmp_path_factory.mktemp("shared") / "home") as found, environment(found.demo.environ):
        found.slot("dev-admin")
        found.store.assume("dev-admin")
        yield found
