"""`stsui list --watch`: a line for each change, in words, as soon as it is so."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stsui.cli import watching
from stsui.cli.context import Context
from tests.cli.conftest import PYTHON, Shell
from tests.worlds import Demo, demo_world


class Enough(Exception):
    """The person stops it."""


class Watcher:
    """A context by a set clock whose lines are kept, and the steps between two looks."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.context = Context(demo.environ)
        self.context.services = demo.services()  # type: ignore[misc]
        self.lines: list[str] = []
        self.context.write = self.lines.append  # type: ignore[method-assign]

    def after(self, *steps: Callable[[], object], query: str = "", as_json: bool = False) -> list[str]:
        """The lines that came before and after each step."""
        waiting = iter(steps)

        def sleep(seconds: float) -> None:
            self.demo.clock.pass_(seconds)
            try:
                next(waiting)()
            except StopIteration:
                raise Enough from None

        with pytest.raises(Enough):
            watching.run(self.context, query, as_json=as_json, sleep=sleep)
        return [line.rstrip("\n").partition(" ")[2] if not as_json else line for line in self.lines]


@pytest.fixture
def watcher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watcher]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield Watcher(demo)


def test_a_session_from_its_first_to_its_last_moment(watcher: Watcher) -> None:
    demo, other = watcher.demo, watcher.demo.services()

    def pass_(seconds: float) -> Callable[[], None]:
        return lambda: demo.clock.pass_(seconds)

    assert watcher.after(
        lambda: other.store.assume("dev-admin"),
        lambda: other.store.set_current("dev-admin"),
        pass_(60),
        pass_(49 * 60),
        lambda: other.store.assume("dev-admin", refresh=True),
        pass_(2 * 3_600),
        lambda: other.store.drop("dev-admin"),
        lambda: None,
    ) == [
        "dev-admin DEV active, 60 minutes left",
        "dev-admin DEV is current, 59 minutes left",
        "dev-admin DEV expiring, 9 minutes left",
        watcher.lines[3].rstrip("\n").partition(" ")[2],
        "dev-admin DEV expired 1h ago",
        "dev-admin DEV dropped",
    ]
    assert "dev-admin DEV renewed, until " in watcher.lines[3]


def test_what_is_so_already_is_said_first(watcher: Watcher) -> None:
    watcher.demo.services().store.assume("dev-ro")
    assert watcher.after() == ["dev-ro DEV active, 60 minutes left"]


def test_a_filter_keeps_what_lasts(watcher: Watcher) -> None:
    for role in ("dev-ro", "stg-ro"):
        watcher.demo.services().store.assume(role)
    query = watching.lasting(["stg", "is:live", "is:stage", "!needs:me"])
    assert query == "stg is:stage"
    assert watcher.after(query=query) == ["stg-ro STAGE active, 60 minutes left"]


def test_other_roles_are_said(watcher: Watcher) -> None:
    config = watcher.demo.config
    entry = (
        '\n[roles.newcomer]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\nsource_profile = "ana"\n'
    )
    said = watcher.after(lambda: config.write_text(config.read_text() + entry), lambda: None)
    assert len(said) == 1 and said[0].startswith("config read, ")


def test_json_is_a_document_a_line(watcher: Watcher) -> None:
    watcher.demo.services().store.assume("dev-ro")
    (line,) = watcher.after(as_json=True)
    document = json.loads(line)
    assert document["change"] == "active" and document["role"] == "dev-ro" and document["version"] == 1
    assert "DEMOSECRET" not in line and "DEMOTOKEN" not in line


def test_another_process_is_heard_and_ctrl_c_ends_it(shell: Shell) -> None:
    with subprocess.Popen(
        [*PYTHON, "list", "--watch", "--plain"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=shell.environ,
        text=True,
        start_new_session=True,
    ) as other:
        assert other.stdout is not None
        shell.ok("assume", "dev-ro")
        assert "dev-ro DEV active" in other.stdout.readline()
        assert "dev-ro DEV is current" in other.stdout.readline()
        os.kill(other.pid, signal.SIGINT)
        assert other.wait(20) == 130


def test_once_in_plain_words(shell: Shell) -> None:
    shell.ok("assume", "dev-ro")
    lines = shell.ok("list", "--plain", "dev").splitlines()
    assert "dev-admin, DEV acme-dev, idle" in lines
    assert any(
        line.startswith("dev-ro, DEV acme-dev, active, ") and line.endswith("current") for line in lines
    )
    assert "old-laptop, sandbox, broken: " in shell.ok("list", "--plain", "old")
