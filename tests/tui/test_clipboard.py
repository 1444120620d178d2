"""Copying by the way that is there, and taking back what nobody replaced; with real tmux and a real X clipboard."""

import base64
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from stsui.tui import clipboard
from stsui.tui.clipboard import clear_if_unchanged, clear_later, copy, digest

ROOT = Path(__file__).parents[2]
TEXT = "export A='it''s'\nexport B=\"x\"\n" * 40


@pytest.fixture
def sent() -> list[str]:
    """What went to the terminal."""
    return []


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a pane of a tmux of our own."""
    if not shutil.which("tmux"):
        pytest.skip("tmux is not installed")
    socket = tmp_path / "tmux"
    argv = ["tmux", "-S", str(socket), "-f", os.devnull]
    environ = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    for name in ("TMUX", "DISPLAY", "WAYLAND_DISPLAY", "SSH_TTY", "SSH_CONNECTION"):
        environ.pop(name, None)
    subprocess.run([*argv, "new-session", "-d", "sleep 600"], env=environ, check=True)
    yield {**environ, "TMUX": f"{socket},1,0"}
    subprocess.run([*argv, "kill-server"], env=environ, check=False)


def buffers(environ: dict[str, str]) -> list[str]:
    names = subprocess.run(
        ["tmux", "list-buffers", "-F", "#{buffer_name}"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    # One that goes between the two looks is gone.
    shown = [
        subprocess.run(
            ["tmux", "save-buffer", "-b", name, "-"], env=environ, capture_output=True, text=True, check=False
        )
        for name in names
    ]
    return [done.stdout for done in shown if done.returncode == 0]


def test_tmux_has_it_and_only_it_goes_again(tmux: dict[str, str], sent: list[str]) -> None:
    subprocess.run(["tmux", "set-buffer", "theirs"], env=tmux, check=True)
    result = copy(TEXT, tmux, sent.append)
    assert result.way == "tmux" and result.clearable and "prefix ]" in result.sentence and not sent
    assert "the terminal's own clipboard" in result.remains
    subprocess.run(["tmux", "set-buffer", "newer"], env=tmux, check=True)
    assert buffers(tmux) == ["newer", TEXT, "theirs"]
    assert clear_if_unchanged(digest(TEXT), tmux)
    assert buffers(tmux) == ["newer", "theirs"]
    assert not clear_if_unchanged(digest(TEXT), tmux)


def test_it_goes_also_when_nobody_is_there_any_more(
    tmux: dict[str, str], sent: list[str], tmp_path: Path
) -> None:
    copy(TEXT, tmux, sent.append)
    assert clear_later(digest(TEXT), {**tmux, "HOME": str(tmp_path)}, 0.2)
    end = time.monotonic() + 20
    while buffers(tmux):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_process_that_clears_is_not_told_the_text(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/argv; cat > {tmp_path}/stdin\n')
    program.chmod(0o755)
    before, sys.executable = sys.executable, str(program)
    try:
        assert clear_later(digest(TEXT), {"PATH": os.environ["PATH"], "AWS_SECRET_ACCESS_KEY": "x"}, 60)
    finally:
        sys.executable = before
    end = time.monotonic() + 10
    while not (tmp_path / "stdin").exists() or not (tmp_path / "stdin").read_text():
        assert time.monotonic() < end
        time.sleep(0.02)
    assert (tmp_path / "stdin").read_text() == digest(TEXT)
    assert (tmp_path / "argv").read_text().strip() == "-m stsui sweep --clipboard 60"


@pytest.fixture
def display(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A screen of X that nobody sees."""
    if not (shutil.which("Xvfb") and shutil.which("xclip")):
        pytest.skip("Xvfb or xclip is not installed")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DISPLAY": f":{number}"}
    server.terminate()
    server.wait()


def pasted(environ: dict[str, str]) -> str:
    argv = ["xclip", "-selection", "clipboard", "-o"]
    return subprocess.run(argv, env=environ, capture_output=True, text=True, check=False).stdout


def test_the_desktops_own_clipboard(display: dict[str, str], sent: list[str]) -> None:
    result = copy(TEXT, display, sent.append)
    assert result == ("native", "Copied.", True, "") and not sent
    assert pasted(display) == TEXT
    subprocess.run(["xclip", "-selection", "clipboard"], env=display, input=b"newer", check=True)
    assert not clear_if_unchanged(digest(TEXT), display) and pasted(display) == "newer"
    copy(TEXT, display, sent.append)
    assert clear_if_unchanged(digest(TEXT), display) and not pasted(display)


def test_over_ssh_the_other_computers_clipboard_is_not_taken_for_the_persons(sent: list[str]) -> None:
    """S100."""
    environ = {"PATH": os.environ["PATH"], "TERM": "xterm", "SSH_TTY": "/dev/pts/1", "DISPLAY": ":0"}
    result = copy("text", environ, sent.append)
    assert result.way == "terminal" and not result.clearable and "does not say whether" in result.sentence
    assert sent == [f"\x1b]52;c;{base64.b64encode(b'text').decode()}\x07"]
    assert clipboard.leaves_this_computer(environ)


@pytest.mark.parametrize("term", ["dumb", "linux", ""])
def test_a_terminal_that_takes_nothing(term: str, sent: list[str]) -> None:
    assert copy("text", {"TERM": term} if term else {}, sent.append) == clipboard.NONE and not sent
    assert "w writes a file" in clipboard.way({"TERM": term} if term else {})


def test_what_no_terminal_takes_whole_is_not_sent_in_part(sent: list[str]) -> None:
    assert not copy("x" * 80_000, {"TERM": "xterm"}, sent.append).way and not sent


def test_a_tool_that_fails_or_hangs_is_not_the_way(
    tmp_path: Path, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "TIME_LIMIT", 0.2)
    for script in ("exit 1", "exec sleep 5"):
        (tmp_path / "xclip").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "xclip").chmod(0o755)
        environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "DISPLAY": ":9", "TERM": "xterm"}
        assert copy("text", environ, sent.append).way == "terminal"


def test_what_goes_through_a_screen_arrives_whole(tmp_path: Path) -> None:
    """GNU screen cuts long sequences; the terminal behind it has to read one."""
    if not shutil.which("screen"):
        pytest.skip("screen is not installed")
    inner = tmp_path / "inner.py"
    inner.write_text(
        "import os, sys, time\nfrom stsui.tui.clipboard import copy\n"
        "def out(s): sys.stdout.write(s); sys.stdout.flush()\n"
        f"copy({TEXT!r}, os.environ, out)\ntime.sleep(0.5)\n"
    )
    environ = {
        **os.environ, "TERM": "xterm-256color", "SCREENDIR": str(tmp_path / "s"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    for name in ("TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY"):
        environ.pop(name, None)
    (tmp_path / "s").mkdir(mode=0o700)
    child = pexpect.spawn("screen", ["-c", os.devnull, sys.executable, str(inner)], env=environ, timeout=20)
    raw = b""
    with pytest.raises((pexpect.EOF, pexpect.TIMEOUT)):
        while True:
            raw += child.read_nonblocking(65536, timeout=5)
    child.close(force=True)
    found = re.search(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)(\x07|\x1b\\)", raw)
    assert found and base64.b64decode(found[1]).decode() == TEXT
