"""What a command asks of the system, counted, because counts do not depend on the machine's mood."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from stsui.demo.home import write_home
from stsui.demo.sts import DemoSts
from stsui.demo.world import make_world
from stsui.wiring import open_services

FEW, MANY = 24, 1_000
COUNTER = """
import json, os, sys
opened, stats, sockets = [], [], []
def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], str) and not arguments[0].endswith((".py", ".pyc", ".so")):
        opened.append(arguments[0])
    elif event in ("socket.connect", "subprocess.Popen", "os.fork", "os.exec"):
        sockets.append(event)
def profile(frame, event, argument):
    if event == "c_call" and argument.__name__ in ("stat", "lstat"):
        if "importlib" not in frame.f_code.co_filename:
            stats.append(1)
sys.addaudithook(hook)
sys.setprofile(profile)
from stsui.answer import main
sys.argv = ["stsui", *sys.argv[1:]]
code = main()
sys.setprofile(None)
print("\\n@", json.dumps([code, opened, len(stats), sockets]), file=sys.stderr)
"""


class Counts(NamedTuple):
    """Of one process, without what loading modules takes."""

    opened: list[str]
    stats: int
    talked: list[str]


def home(directory: Path, roles: int) -> dict[str, str]:
    """A demo's home with a live session; its AWS is gone."""
    with DemoSts(make_world(roles)) as aws:
        environ = {**write_home(directory, aws.world, aws.url), "PATH": os.environ["PATH"]}
        environ["PYTHONPATH"] = str(Path(__file__).parent.parent)
        before = dict(os.environ)
        os.environ.update(environ)
        try:
            store = open_services(environ).store
            store.assume("dev-admin")
            store.set_current("dev-admin")
        finally:
            os.environ.clear()
            os.environ.update(before)
    return environ


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, dict[str, str]]:
    """With few roles and with many."""
    made = {count: home(tmp_path_factory.mktemp(f"home{count}"), count) for count in (FEW, MANY)}
    # Only files that were left alone for a while are trusted to stay as they are.
    time.sleep(2.2)
    return made


def counts(environ: Mapping[str, str], *argv: str) -> Counts:
    done = subprocess.run(
        [sys.executable, "-c", COUNTER, *argv],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    code, opened, stats, talked = json.loads(done.stderr.rpartition("\n@ ")[2])
    assert code == 0, done.stderr
    return Counts([path for path in opened if not path.startswith(sys.prefix)], stats, talked)


def settled(environ: Mapping[str, str], *argv: str) -> Counts:
    """After what can be kept was kept."""
    counts(environ, *argv)
    counts(environ, *argv)
    return counts(environ, *argv)


@pytest.mark.parametrize(
    "argv",
    [
        ("credential-process", "dev-admin"),
        ("export", "dev-admin", "--format", "bash"),
        ("status", "--prompt"),
    ],
)
def test_a_cached_answer_is_two_files_however_many_roles_there_are(
    homes: Mapping[int, dict[str, str]], argv: tuple[str, ...]
) -> None:
    few, many = (settled(homes[count], *argv) for count in (FEW, MANY))
    assert len(few.opened) == len(many.opened) == 2, many.opened
    assert few.stats == many.stats <= 16
    assert not few.talked and not many.talked


@pytest.mark.parametrize(
    "argv", [("list",), ("completion", "--next", "stsui", "export"), ("explain", "dev-ro")]
)
def test_reading_opens_no_file_twice_and_talks_to_nobody(
    homes: Mapping[int, dict[str, str]], argv: tuple[str, ...]
) -> None:
    few, many = (settled(homes[count], *argv) for count in (FEW, MANY))
    assert len(few.opened) == len(many.opened) <= 8, many.opened
    assert len(set(many.opened)) == len(many.opened), many.opened
    assert abs(few.stats - many.stats) <= 2 and not many.talked


def test_a_changed_config_is_read_once(homes: Mapping[int, dict[str, str]]) -> None:
    environ = homes[FEW]
    settled(environ, "list")
    config = environ["STSUI_CONFIG"]
    os.utime(config)
    opened = counts(environ, "list").opened
    for path in (config, environ["AWS_CONFIG_FILE"], environ["AWS_SHARED_CREDENTIALS_FILE"]):
        assert opened.count(path) == 1, opened
