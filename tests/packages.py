"""What a release would be, installed as people do: `python -m tests.packages`.

Builds sdist and wheel, installs them by pip, pipx and uv for every Python from 3.11 on that is here, and asks
each installation for credentials of the demo. The package index has to be reachable.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from stsui.demo.home import write_home
from stsui.demo.sts import DemoSts

ROOT = Path(__file__).parent.parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
SHARED = ("man/man1/stsui.1", "bash-completion/completions/stsui", "zsh/site-functions/_stsui")


def pythons() -> Iterator[str]:
    """Those that start."""
    for version in VERSIONS:
        built = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python{version}"))
        for found in (*map(str, built), shutil.which(f"python{version}")):
            if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
                yield found
                break


def by_pip(package: str) -> Callable[[str, Path, str], str]:
    """Into an environment of its own; the stsui that came of it."""

    def install(python: str, directory: Path, tools: str) -> str:
        del tools
        _run(python, "-m", "venv", str(directory))
        _run(str(directory / "bin" / "python"), "-m", "pip", "install", "-q", package)
        shared = [directory / "share" / name for name in SHARED]
        assert all(path.exists() for path in shared), shared
        return str(directory / "bin" / "stsui")

    return install


def by_pipx(package: str) -> Callable[[str, Path, str], str]:
    """As `pipx install`."""

    def install(python: str, directory: Path, tools: str) -> str:
        where = {f"PIPX_{name}": str(directory / name) for name in ("HOME", "BIN_DIR", "MAN_DIR")}
        _run(tools, "-m", "pipx", "install", "--quiet", "--python", python, package, **where)
        assert (directory / "MAN_DIR" / "man1" / "stsui.1").exists()
        return str(directory / "BIN_DIR" / "stsui")

    return install


def by_uv(package: str) -> Callable[[str, Path, str], str]:
    """As `uv tool install`."""

    def install(python: str, directory: Path, tools: str) -> str:
        where = {"UV_TOOL_DIR": str(directory / "tools"), "UV_TOOL_BIN_DIR": str(directory / "bin")}
        _run(tools, "-m", "uv", "tool", "install", "-q", "--python", python, package, **where)
        return str(directory / "bin" / "stsui")

    return install


def works(stsui: str, aws: DemoSts, home: Path) -> None:
    """The installation does what a stranger would first ask of it."""
    home.mkdir()
    demo = write_home(home, aws.world, aws.url)
    for argv in (["--version"], ["--help"], ["help", "start"], ["config", "example"], ["config", "schema"]):
        assert _run(stsui, *argv, **demo), argv
    given = json.loads(_run(stsui, "export", "dev-admin", "--format", "json", **demo))
    assert given["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    picture = home / "picture.svg"
    _run(stsui, "demo", "--screenshot", str(picture), "--keys", "j")
    assert "prod-admin" in picture.read_text(encoding="utf-8")


def main() -> int:
    failed = 0
    with tempfile.TemporaryDirectory(prefix="packages-") as name, DemoSts() as aws:
        directory = Path(name)
        _run(sys.executable, "-m", "venv", str(directory / "tools"))
        tools = str(directory / "tools" / "bin" / "python")
        _run(tools, "-m", "pip", "install", "-q", "build", "pipx", "uv")
        _run(tools, "-m", "build", "-o", str(directory / "dist"), str(ROOT))
        (wheel,), (sdist,) = (list((directory / "dist").glob(f"*.{end}")) for end in ("whl", "tar.gz"))
        ways = {
            "pip, wheel": by_pip(str(wheel)),
            "pip, sdist": by_pip(str(sdist)),
            "pip, wheel[login]": by_pip(f"{wheel}[login]"),
            "pipx": by_pipx(str(wheel)),
            "uv tool": by_uv(str(wheel)),
        }
        for number, python in enumerate(pythons()):
            version = _run(python, "--version").strip()
            for way, install in ways.items():
                place = directory / f"{number}-{way.replace(' ', '-').replace(',', '')}"
                try:
                    works(install(python, place, tools), aws, place.with_suffix(".home"))
                    print(f"ok      {version}  {way}", flush=True)
                except (AssertionError, subprocess.CalledProcessError, OSError) as error:
                    failed += 1
                    print(f"failed  {version}  {way}\n{getattr(error, 'stderr', '') or error}", flush=True)
    return 1 if failed else 0


def _run(*argv: str, **environ: str) -> str:
    done = subprocess.run(argv, env={**os.environ, **environ}, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main())
