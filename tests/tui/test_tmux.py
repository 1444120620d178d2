"""A real tmux around the board: the command to a pane whose shell waits, and panes that hold a role."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stsui.model.errors import Unavailable
from stsui.tui import tmux
from tests.tui.boards import board
from tests.worlds import Demo

ROOT = Path(__file__).parents[2]


class Tmux:
    """A server of our own, with one window in which nothing is done."""

    def __init__(self, directory: Path, environ: dict[str, str]) -> None:
        self.argv = ["tmux", "-S", str(directory / "tmux"), "-f", os.devnull]
        self.environ = {
            **environ,
            "TERM": "xterm-256color",
            "SHELL": "/bin/sh",
            "PS1": "$ ",
            "PYTHONPATH": str(ROOT),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environ['PATH']}",
        }
        self.environ.pop("TMUX", None)
        self.run("new-session", "-d", "-x", "120", "-y", "40", "-s", "work", "sleep", "600")
        first = self.run("list-panes", "-F", "#{pane_id}").strip()
        self.environ |= {"TMUX": f"{directory / 'tmux'},1,0", "TMUX_PANE": first}

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self.argv, *arguments], env=self.environ, capture_output=True, text=True, check=True
        )
        return done.stdout

    def shell(self, *command: str) -> str:
        """A pane in which a shell waits; its id."""
        id = self.run("split-window", "-P", "-F", "#{pane_id}", *command).strip()
        self.until(lambda: "$ " in self.shows(id))
        return id

    def shows(self, pane: str) -> str:
        return self.run("capture-pane", "-p", "-J", "-t", pane)

    def until(self, what: Callable[[], object], seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, self.run("list-panes", "-a")
            time.sleep(0.05)


@pytest.fixture
def around(tmp_path: Path, real_demo: Demo) -> Iterator[Tmux]:
    if not shutil.which("tmux"):
        pytest.skip("tmux is not installed")
    server = Tmux(tmp_path, {**real_demo.environ, "PATH": os.environ["PATH"]})
    yield server
    subprocess.run([*server.argv, "kill-server"], env=server.environ, check=False)


def test_panes_say_what_runs_in_them(around: Tmux) -> None:
    shell = around.shell("sh")
    found = {pane.id: pane for pane in tmux.panes(around.environ)}
    assert list(found) == [shell] and found[shell].command == "sh" and found[shell].shell == "bash"
    assert found[shell].place.startswith("0.1 ")
    other = around.run("split-window", "-P", "-F", "#{pane_id}", "sleep", "600").strip()
    # Until it has begun, and now and then for a moment after, tmux calls it by its own name.
    around.until(lambda: _facts(tmux.panes(around.environ)[-1]) == (other, "sleep", ""))


def _facts(pane: tmux.Pane) -> tuple[str, str, str]:
    return pane.id, pane.command, pane.shell


def test_a_line_is_typed_as_it_stands_over_what_was_half_typed(around: Tmux, tmp_path: Path) -> None:
    pane = around.shell("bash", "--norc")
    around.run("send-keys", "-t", pane, "-l", f"touch {tmp_path}/HALF ")
    line = "echo 'a;b' \"$((1+1))\" '#{pane_id}' '#(touch PWNED)' {} ~"
    tmux.send(around.environ, pane, line)
    around.until(lambda: "a;b 2 #{pane_id} #(touch PWNED) {}" in around.shows(pane))
    assert not (tmp_path / "HALF").exists() and not (tmp_path / "PWNED").exists()


@pytest.mark.parametrize("where", ["right", "below", "window"])
def test_a_new_pane_holds_the_role_and_is_called_so(around: Tmux, real_demo: Demo, where: tmux.Where) -> None:
    real_demo.services().store.assume("dev-ro")
    pane = tmux.open_pane(around.environ, where, "dev-ro", "DEV")
    around.until(lambda: "a shell as dev-ro" in around.shows(pane))
    around.run("send-keys", "-t", pane, "echo now=$STSUI_ROLE", "Enter")
    around.until(lambda: "now=dev-ro" in around.shows(pane))
    named = around.run("display-message", "-p", "-t", pane, "#{pane_title}|#{window_name}").strip()
    assert named.startswith("dev-ro DEV|")
    assert where != "window" or named.endswith("|dev-ro DEV")
    around.run("send-keys", "-t", pane, "exit", "Enter")
    around.until(lambda: pane not in around.run("list-panes", "-a", "-F", "#{pane_id}"))


def test_a_pane_that_cannot_hold_it_says_why(around: Tmux) -> None:
    pane = tmux.open_pane(around.environ, "right", "prod-deploy", "PROD")
    around.run("send-keys", "-t", pane, "y", "Enter")
    around.until(lambda: "enter closes this pane" in around.shows(pane))
    assert "AccessDenied" in around.shows(pane)


def test_a_name_is_no_format_of_tmux(around: Tmux, tmp_path: Path) -> None:
    """`#(…)` in a title would be run."""
    name = f"#{{pane_id}}#(touch {tmp_path}/PWNED)"
    pane = tmux.open_pane(around.environ, "window", name, "DEV")
    title = around.run("display-message", "-p", "-t", pane, "#{pane_title}")
    assert "#(touch" in title and "#{pane_id}" in title
    assert not (tmp_path / "PWNED").exists()


def test_no_secret_goes_to_tmux(around: Tmux) -> None:
    around.environ |= {"AWS_SECRET_ACCESS_KEY": "verysecret", "AWS_SESSION_TOKEN": "tokentoken"}
    pane = tmux.open_pane(around.environ, "right", "dev-ro", "DEV")
    around.until(lambda: "a shell as dev-ro" in around.shows(pane))
    around.run("send-keys", "-t", pane, "env; echo all-of-it", "Enter")
    around.until(lambda: "\nall-of-it" in around.shows(pane))
    seen = around.run("capture-pane", "-p", "-J", "-S", "-", "-t", pane)
    seen += around.run("list-panes", "-a", "-F", "#{pane_start_command}")
    assert "STSUI_ROLE=dev-ro" in seen and "verysecret" not in seen and "tokentoken" not in seen


def test_a_tmux_that_is_gone_is_a_sentence(around: Tmux) -> None:
    gone = {**around.environ, "TMUX": "/nowhere/tmux,1,0"}
    with pytest.raises(Unavailable, match="tmux says"):
        tmux.panes(gone)
    with pytest.raises(Unavailable):
        tmux.send(around.environ, "%999", "ls")


# On the board


async def test_the_board_sends_the_command_to_a_pane(around: Tmux, real_demo: Demo) -> None:
    pane = around.shell("bash", "--norc")
    real_demo.services().store.assume("dev-ro")
    async with board(real_demo) as it:
        real_demo.environ |= {name: around.environ[name] for name in ("TMUX", "TMUX_PANE")}
        await it.go_to("dev-ro")
        await it.press("T")
        await it.sees("tmux: dev-ro", "Open, holding the role", "Send the command to", "0.1 ")
        await it.press("1")
        await it.sees('eval "$(stsui export dev-ro)"')
        await it.press("enter")
        await it.sees("Sent to 0.1")
        around.until(lambda: "a snapshot until" in around.shows(pane))
        around.run("send-keys", "-t", pane, "echo now=$STSUI_ROLE", "Enter")
        around.until(lambda: "now=dev-ro" in around.shows(pane))


async def test_the_board_opens_a_pane(around: Tmux, real_demo: Demo) -> None:
    real_demo.services().store.assume("dev-ro")
    async with board(real_demo) as it:
        real_demo.environ |= {
            name: around.environ[name] for name in ("TMUX", "TMUX_PANE", "PYTHONPATH", "SHELL")
        }
        await it.go_to("dev-ro")
        await it.press("T", "j", "enter")
        await it.sees("Opened: a shell as dev-ro.")
        around.until(lambda: "dev-ro DEV" in around.run("list-panes", "-a", "-F", "#{pane_title}"))


async def test_outside_of_tmux_the_key_says_so(real_demo: Demo) -> None:
    async with board(real_demo) as it:
        await it.go_to("dev-ro")
        await it.press("T")
        await it.sees("stsui does not run in tmux.")
