"""A real pseudo-terminal: what it shows, and that it is left as it was, however the program ends."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

ROOT = Path(__file__).parents[2]
RESTORED = ("\x1b[?1049l", "\x1b[?1000l", "\x1b[?25h")
"""The normal screen, no mouse reports, the cursor."""


class Terminal:
    """A program in a pseudo-terminal and the screen that it draws."""

    def __init__(self, argv: list[str], environ: dict[str, str], columns: int = 80, rows: int = 24) -> None:
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        self.raw = ""
        self.process = pexpect.spawn(
            argv[0],
            argv[1:],
            env=environ,
            dimensions=(rows, columns),
            encoding="utf-8",
            codec_errors="replace",  # whoever is ended by a signal may leave half a character
            timeout=20,
            echo=False,
        )

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def read(self, seconds: float = 0.1) -> None:
        try:
            part = self.process.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return
        except pexpect.EOF:
            return
        self.raw += part
        self.stream.feed(part)

    def sees(self, text: str, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < end, f"{text!r} did not come\n{self.text}"
            self.read()

    def misses(self, text: str, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while text in self.text:
            assert time.monotonic() < end, f"{text!r} stays\n{self.text}"
            self.read()

    def press(self, keys: str) -> None:
        for key in keys:
            self.process.send(key)
            self.read(0.03)

    def ends(self, seconds: float = 20) -> int:
        end = time.monotonic() + seconds
        while self.process.isalive():
            assert time.monotonic() < end, f"it goes on\n{self.text}"
            self.read()
        for _ in range(5):
            self.read(0.05)
        self.process.close()
        code = self.process.exitstatus
        return code if code is not None else -int(self.process.signalstatus or 0)


@pytest.fixture
def environ(home: dict[str, str]) -> dict[str, str]:
    return {
        **home,
        "TERM": "xterm-256color",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
    }


@pytest.fixture
def board(environ: dict[str, str]) -> Iterator[Terminal]:
    terminal = Terminal([sys.executable, "-m", "stsui", "demo"], environ)
    terminal.sees("stsui  0 live")
    yield terminal
    if terminal.process.isalive():
        terminal.process.terminate(force=True)
    terminal.process.close(force=True)


def test_a_newcomers_first_minute(board: Terminal) -> None:
    board.press("/dev-adm\r")
    board.press("\r")
    board.sees("active")
    board.sees("59:5")
    assert re.search(r"» .*dev-admin", board.text)
    board.press("\x1b")
    time.sleep(0.3)
    board.read()
    board.press("/prod-adm\r\r\r")
    board.sees("MFA code for prod-admin")
    found = re.search(r"code (\d{6})", board.text)
    assert found
    board.press(found[1])
    board.sees("2 live") if "2 live" in board.text else board.sees("live")
    board.sees("prod-admin")
    board.press("q")
    assert board.ends() == 0
    assert all(sequence in board.raw for sequence in RESTORED)
    assert "stsui: still valid: dev-admin until " in board.raw
    assert "DEMOSECRET" not in board.raw and "DEMOTOKEN" not in board.raw


def test_the_console_without_a_browser(board: Terminal) -> None:
    board.press("/dev-adm\r")
    board.press("\r")
    board.sees("active")
    board.press("o")
    board.sees("No browser can be opened")
    assert "demo-sign-in" not in board.text and "DEMOTOKEN" not in board.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_a_clean_terminal(board: Terminal, number: signal.Signals) -> None:
    os.kill(board.process.pid, number)
    board.ends()
    assert all(sequence in board.raw for sequence in RESTORED)
    assert board.raw.index("\x1b[?1049h") < board.raw.rindex("\x1b[?1049l")


STUCK = """
import sys, threading
from stsui.cli.main import main
from stsui.tui.app import StsuiApp
begin = StsuiApp.on_mount

def stuck(self):
    begin(self)
    def write_without_a_reader():
        # As after the terminal went: nobody takes what is written any more.
        self._driver._writer_thread.stop()
        for _ in range(100):
            self._driver.write("x")
    self.set_timer(1.0, write_without_a_reader)

StsuiApp.on_mount = stuck
sys.exit(main(["demo"]))
"""


@pytest.mark.parametrize("argv", [["-m", "stsui", "demo"], ["-c", STUCK]], ids=["idle", "while it draws"])
def test_a_lost_terminal_ends_it(environ: dict[str, str], argv: list[str]) -> None:
    terminal = Terminal([sys.executable, *argv], environ)
    terminal.sees("stsui  0 live")
    pid = terminal.process.pid
    stuck = time.monotonic() + (3 if argv[0] == "-c" else 0)
    while time.monotonic() < stuck:
        terminal.read()
    if not loses_its_terminal(terminal):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        pytest.fail("it still runs without a terminal")


NOHUP = "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); from stsui.cli.main import main; "
"""Nobody tells it that the terminal went, as where a shell or sudo stands in between."""


@pytest.fixture
def with_a_role(environ: dict[str, str]) -> dict[str, str]:
    config = Path(environ["HOME"]) / ".aws" / "config"
    config.parent.mkdir()
    config.write_text(
        "[profile ana]\nregion = eu-west-1\n[profile dev-ro]\nsource_profile = ana\n"
        "role_arn = arn:aws:iam::333344445555:role/ReadOnly\n"
    )
    (config.parent / "credentials").write_text("[ana]\naws_access_key_id = x\naws_secret_access_key = y\n")
    return environ


def loses_its_terminal(terminal: Terminal, seconds: float = 20) -> bool:
    """Whether it ends."""
    os.close(terminal.process.child_fd)
    return has_ended(terminal.process.pid, seconds)


def has_ended(pid: int, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("before", ["", NOHUP], ids=["told", "not told"])
@pytest.mark.parametrize(("command", "sight"), [(["pick"], "enter take"), (["list", "--watch"], "watching")])
def test_whatever_stays_in_a_terminal_ends_with_it(
    with_a_role: dict[str, str], before: str, command: list[str], sight: str
) -> None:
    begin = before or "import sys; from stsui.cli.main import main; "
    argv = [sys.executable, "-c", f"{begin}sys.exit(main({command!r}))"]
    terminal = Terminal(argv, with_a_role)
    terminal.sees(sight)
    if not loses_its_terminal(terminal):
        os.kill(terminal.process.pid, signal.SIGKILL)
        os.waitpid(terminal.process.pid, 0)
        pytest.fail("it still runs without a terminal")


@pytest.mark.parametrize(
    ("command", "sight"), [(["demo", "--serve"], "the code is"), (["serve"], "Ctrl-C")], ids=["demo", "serve"]
)
def test_what_outlives_its_terminal_ends_when_asked(
    with_a_role: dict[str, str], command: list[str], sight: str
) -> None:
    """`nohup`: it goes on, and SIGTERM ends it although nobody takes its last words."""
    terminal = Terminal([sys.executable, "-c", f"{NOHUP}sys.exit(main({command!r}))"], with_a_role)
    terminal.sees(sight)
    pid = terminal.process.pid
    assert not loses_its_terminal(terminal, 1.0)
    os.kill(pid, signal.SIGTERM)
    if not has_ended(pid, 10):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        pytest.fail("it takes no SIGTERM")


@pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")
def test_a_lost_terminal_that_nobody_read_ends_it_too_and_the_demo_cleans_up(environ: dict[str, str]) -> None:
    """Its credential server, its home, and what it still wanted to say to the terminal."""
    terminal = Terminal([sys.executable, "-m", "stsui", "demo"], environ)
    terminal.sees("stsui  0 live")
    terminal.sees("/env")
    home = re.search(r"(/\S+/sts-\w+)/env", terminal.text)
    assert home
    argv = f". {home[1]}/env; exec {sys.executable} -m stsui export dev-ro --live --format bash"
    subprocess.run(["sh", "-c", argv], env=environ, capture_output=True, check=True)
    locks = list(Path(home[1]).rglob("server.lock"))
    server = int(locks[0].read_text())
    pid = terminal.process.pid
    time.sleep(1)  # the board goes on writing, and what it writes stays where it is
    os.close(terminal.process.child_fd)
    end = time.monotonic() + 20
    while os.waitpid(pid, os.WNOHANG)[0] == 0 and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists(), "it still runs without a terminal"
    while Path(f"/proc/{server}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{server}").exists() and not Path(home[1]).exists()


def test_a_dumb_terminal_is_told(environ: dict[str, str]) -> None:
    terminal = Terminal([sys.executable, "-m", "stsui"], {**environ, "TERM": "dumb"})
    assert terminal.ends() == 2
    assert "the board needs a terminal" in terminal.raw


def test_it_does_not_start_for_a_browser(environ: dict[str, str]) -> None:
    terminal = Terminal([sys.executable, "-m", "stsui"], {**environ, "TEXTUAL_DRIVER": "served:Driver"})
    assert terminal.ends() == 2
    assert "does not run in a browser" in terminal.raw and "Traceback" not in terminal.raw


CRASH = """
import sys
from stsui.cli.main import main
from stsui.tui import app

class Broken(app.StsuiApp):
    def on_key(self, event):
        hidden = "".join(chr(n) for n in range(97, 107))
        raise RuntimeError(hidden)

app.StsuiApp = Broken
sys.exit(main(["tui"]))
"""


def test_a_crash_shows_no_values(environ: dict[str, str], tmp_path: Path) -> None:
    script = tmp_path / "broken.py"
    script.write_text(CRASH)
    terminal = Terminal([sys.executable, str(script)], environ, 120, 40)
    terminal.sees("Welcome to stsui")
    terminal.press("j")
    assert terminal.ends() == 1
    assert "stsui: stopped by mistake (RuntimeError). Sessions are safe. Please report " in terminal.raw
    (report,) = (Path(environ["HOME"]) / ".local/state/stsui").glob("crash-*.txt")
    assert "broken.py:9 on_key" in report.read_text()
    assert "abcdefghij" not in terminal.raw + report.read_text()
    assert all(sequence in terminal.raw for sequence in RESTORED)


def test_without_any_file_it_says_so(environ: dict[str, str]) -> None:
    terminal = Terminal([sys.executable, "-m", "stsui"], environ)
    terminal.sees("Welcome to stsui")
    terminal.press("q")
    assert terminal.ends() == 0
