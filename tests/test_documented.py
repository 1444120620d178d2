"""What a person can do stands where they read: README, --help, the example config, the changelog."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from stsui import __version__
from stsui.cli.main import COMMANDS, HIDDEN, help_text
from stsui.help import TOPICS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = sorted(set(COMMANDS) - HIDDEN)


@pytest.mark.parametrize("name", SHOWN)
def test_every_command_is_in_the_readme_and_in_help(name: str) -> None:
    assert f"stsui {name}" in README or name == "tui"
    assert f"\n  {name} " in help_text()


@pytest.mark.parametrize("name", SHOWN)
def test_every_command_helps_itself(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "stsui", name, "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.startswith(f"usage: stsui {name}") and "exit codes: 0 done" in done.stdout
    assert "Traceback" not in done.stderr and not done.stderr


def test_every_command_of_the_readme_exists() -> None:
    named = set(re.findall(r"stsui ([a-z][a-z-]+)", README)) - {
        "explain",
        "changes",
        "never",
        "works",
        "says",
        "shows",
    }
    assert {name for name in named if name not in COMMANDS} <= {"with", "is", "and", "beside", "for"}


@pytest.mark.parametrize("topic", TOPICS)
def test_the_readme_points_to_every_topic(topic: str) -> None:
    assert f"`stsui help {topic}`" in README


def test_pictures_of_the_readme_are_there_and_hold_no_secret() -> None:
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", README)
    assert pictures
    for picture in pictures:
        if picture.endswith(".png"):
            assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
            picture = picture.replace(".png", ".svg")
        text = (ROOT / picture).read_text(encoding="utf-8")
        assert text.startswith("<svg") and "DEMOSECRET" not in text and "DEMOTOKEN" not in text


def test_every_picture_has_its_script() -> None:
    script = (ROOT / "screenshots" / "make.py").read_text(encoding="utf-8")
    drawn = set(re.findall(r'Picture\("([^"]+)"', script))
    assert {path.stem for path in (ROOT / "screenshots").glob("*.svg")} == drawn


def test_links_between_the_papers_lead_somewhere() -> None:
    for paper in ROOT.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", paper.read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{paper.name} points to {target}"


def test_ci_runs_the_line_of_the_readme() -> None:
    lines = [line for line in README.splitlines() if line.endswith("python -m tests")]
    assert len(lines) == 1 and "python -m tests$" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert lines[0] in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_version_stands_in_one_place() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert __version__ not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_nothing_names_a_place_on_somebodys_computer() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    for name in listed.stdout.split():
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml") and path.name != "test_documented.py":
            assert not re.search(r"/(?:work|root)/|/home/\w", path.read_text(encoding="utf-8")), name
