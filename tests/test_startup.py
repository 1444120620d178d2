"""What a command loads before it answers: a cached answer needs neither boto3 nor the screen's library."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.demo.home import write_home
from stsui.demo.sts import DemoSts
from stsui.wiring import open_services

HEAVY = ("boto3", "botocore", "textual", "rich", "urllib3", "asyncio", "importlib.metadata", "http.server")


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The demo's home with a live session of dev-admin, which is current; its AWS is gone."""
    home = tmp_path_factory.mktemp("home")
    with DemoSts() as aws:
        environ = {**write_home(home, aws.world, aws.url), "PATH": os.environ["PATH"]}
        before = {name: os.environ.get(name) for name in environ}
        os.environ.update(environ)
        try:
            services = open_services(environ)
            services.store.assume("dev-admin")
            services.store.verify("dev-admin")
            services.store.set_current("dev-admin")
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
    yield environ


def loaded(environ: dict[str, str], *argv: str) -> tuple[set[str], subprocess.CompletedProcess[str]]:
    """Every module that the command loaded, by the interpreter's own account."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "stsui", *argv],
        env=environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}, done


@pytest.mark.parametrize(
    "argv",
    [
        ("export", "dev-admin", "--format", "bash"),
        ("export",),
        ("credential-process", "dev-admin"),
        ("status",),
        ("status", "--json"),
        ("status", "--prompt"),
        ("list",),
        ("list", "--json"),
        ("explain", "prod-admin"),
        ("config", "path"),
        ("clear", "dev-ro"),
        ("exec", "dev-admin", "--", "true"),
        ("--version",),
        ("--help",),
        ("export", "--help"),
    ],
    ids=" ".join,
)
def test_a_cached_answer_loads_nothing_heavy(environ: dict[str, str], argv: tuple[str, ...]) -> None:
    modules, done = loaded(environ, *argv)
    assert done.returncode == 0, done.stderr[-300:]
    found = sorted(m for m in modules if m in HEAVY or m.split(".")[0] in HEAVY)
    assert not found


@pytest.mark.skipif(os.name != "posix", reason="finished answers are kept on POSIX")
@pytest.mark.parametrize(
    "argv",
    [
        ("credential-process", "dev-admin"),
        ("export", "dev-admin", "--format", "bash"),
        ("export",),
        ("status",),
        ("status", "--prompt"),
    ],
    ids=" ".join,
)
def test_a_finished_answer_loads_nothing_at_all(environ: dict[str, str], argv: tuple[str, ...]) -> None:
    # Files that were written a moment ago are not trusted to stay as they are.
    newest = max(path.stat().st_ctime for path in Path(environ["HOME"]).rglob("*") if "run" not in path.parts)
    time.sleep(max(0.0, newest + 2.1 - time.time()))
    _, first = loaded(environ, *argv)
    modules, second = loaded(environ, *argv)
    left = r"\d+:\d\d"  # a second may pass between the two
    assert second.returncode == 0 and re.sub(left, "", second.stdout) == re.sub(left, "", first.stdout)
    ours = {name for name in modules if name.startswith("stsui")}
    assert ours == {"stsui", "stsui.answer"}
    assert not modules & {"json", "argparse", "pathlib", "hashlib"}


def test_a_command_without_words_needs_no_parser(environ: dict[str, str]) -> None:
    modules, done = loaded(environ, "list")
    assert done.returncode == 0 and not modules & {"argparse", "gettext", "shutil"}


def test_a_fresh_session_does_load_botocore(environ: dict[str, str]) -> None:
    modules, done = loaded(environ, "export", "dev-ro")
    assert done.returncode == 4, "its AWS is gone"
    assert "botocore" in modules and "textual" not in modules
    assert "s3transfer" not in modules, "boto3 loads it, and with it twice the time"


@pytest.mark.parametrize(
    "module", ["stsui", "stsui.wiring", "stsui.sessions.store", "stsui.config.catalog", "stsui.cli.main"]
)
def test_importing_does_nothing(module: str, tmp_path: Path) -> None:
    code = (
        "import sys, os\n"
        "seen = []\n"
        "sys.addaudithook(lambda event, args: seen.append((event, args)) if event in "
        "('socket.connect', 'subprocess.Popen', 'os.mkdir') or event == 'open' and isinstance(args[1], str) "
        "and set(args[1]) & set('wax+') else None)\n"
        f"import {module}\n"
        "print(seen)\n"
    )
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


FIRST_FRAME = """
import asyncio, os, sys
from stsui.tui.app import StsuiApp
from stsui.tui.picture import shown
from stsui.wiring import open_services

async def look():
    app = StsuiApp(open_services(os.environ))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "dev-admin" in shown(app), shown(app)
        print([name for name in ("boto3", "botocore") if name in sys.modules])

asyncio.run(look())
"""


def test_the_first_frame_comes_before_boto3(environ: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_FRAME], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
