"""The board in a real pseudo-terminal: first frame, idling with 200 sessions, leaving."""

import statistics
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from stsui.wiring import open_services
from tests.bench.installed import Installed, installed
from tests.bench.rows import Row, against
from tests.bench.terminal import Pty
from tests.stress.crowd import Place, environment, place

EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("READY")
Empty().run()
"""
CLIENT = f"""
import boto3
client = boto3.client("sts", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
{EMPTY}"""
"""The least that a board with boto3 can be."""
IDLE = 60
LIVE = 200


def rows(directory: Path, rounds: int) -> Iterator[Row]:
    """Beside an empty Textual app."""
    programs = installed(directory / "programs")
    with place(directory / "few", roles=200) as few, place(directory / "many", roles=10_000) as many:
        for there in (few, many):
            there.environ.pop("PYTHONPATH")
        yield from _first_frame(programs, few, many, max(3, rounds // 3))
        yield _quit_in_flight(programs, few)
        hold(few, LIVE)
        yield from _idle(programs, few)


def hold(there: Place, count: int) -> None:
    """So many live sessions."""
    with environment(there.environ):
        store = open_services(there.environ).store
        names = [name for name in store.catalog.roles if name.startswith("team-") and name != "team-play"]
        for name in names[:count]:
            store.assume(name)


def _first_frame(programs: Installed, few: Place, many: Place, rounds: int) -> Iterator[Row]:
    times: dict[str, list[float]] = {
        name: [] for name in ("empty", "picture", "few", "many", "usable", "quit")
    }
    for turn in range(rounds + 1):
        shown = {
            "empty": _seen([programs.python, "-c", EMPTY], few.environ, "READY")[0],
            # The last picture says nothing of any session, so that word is of the board itself.
            "many": _seen([programs.stsui], many.environ, "idle", "q")[0],
            "picture": _seen([programs.stsui], few.environ, "dev-admin", "q")[0],
            "usable": _seen([programs.stsui], few.environ, "Nothing matches", typed="/zzz")[0],
        }
        shown["few"], shown["quit"] = _seen([programs.stsui], few.environ, "idle", "q")
        if turn:
            for name, passed in shown.items():
                times[name].append(passed)
    middle = {name: statistics.median(some) for name, some in times.items()}
    yield against("first rows", middle["picture"], middle["empty"], "empty Textual app", 0.15)
    yield against("live frame, 200 roles", middle["few"], middle["empty"], "empty Textual app", 1.3)
    yield against("live frame, 10,000 roles", middle["many"], middle["empty"], "empty Textual app", 1.5)
    usable = against("keys typed at the start are answered", middle["usable"], middle["empty"], "the same", 0)
    yield usable._replace(budget="", kept=True)
    yield Row(
        "`q` with nothing in flight", f"{middle['quit']:.0f} ms", "", "", "<= 400 ms", middle["quit"] <= 400
    )


def _seen(
    argv: list[str], environ: Mapping[str, str], text: str, keys: str = "", typed: str = ""
) -> tuple[float, float]:
    """Milliseconds until it is drawn, and until it ended."""
    program = Pty(argv, environ)
    program.press(typed)
    shown = program.sees(text)
    program.read_for(1.0)
    return shown, program.end(keys)


def _quit_in_flight(programs: Installed, there: Place) -> Row:
    """While AWS does not answer."""
    board = Pty([programs.stsui], there.environ)
    board.sees("idle")
    there.aws.delay = 30
    for keys in ("/", "dev-ro", "\r", "\r"):
        board.press(keys)
        board.read_for(0.5)
    # The first asks whether to leave it, the second means it.
    passed = board.end("qq")
    there.aws.delay = 0
    time.sleep(0.5)
    assert there.aws.count("AssumeRole"), "nothing was in flight"
    return Row("`q` while a call hangs", f"{passed:.0f} ms", "", "", "<= 2,000 ms", passed <= 2_000)


def _idle(programs: Installed, there: Place) -> Iterator[Row]:
    """Live sessions that tick while nobody does anything."""
    least, floor, _ = _idled([programs.python, "-c", CLIENT], there, "READY")
    share, resident, written = _idled([programs.stsui], there, "dev-admin", "q")
    what, app = f"idle, {LIVE} live sessions", "empty Textual app with an STS client"
    yield Row(what, f"{share:.2f} % of a core", f"{app} {least:.2f} %", "", "<= 0.5 %", share <= 0.5)
    memory = "the same: memory, boto3 loaded"
    yield Row(memory, f"{resident:.0f} MB", f"{app} {floor:.0f} MB", "", "<= 60 MB", resident <= 60)
    yield Row("the same: written", f"{written:.0f} bytes a second", "", "", "", True)
    with open(there.environ["STSUI_CONFIG"], "a", encoding="utf-8") as config:
        config.write('\n[settings]\ntime = "minutes"\n')
    share, _, _ = _idled([programs.stsui], there, "dev-admin", "q")
    yield Row(f"{what}, whole minutes", f"{share:.2f} % of a core", "", "", "<= 0.3 %", share <= 0.3)


def _idled(argv: list[str], there: Place, text: str, keys: str = "") -> tuple[float, float, float]:
    """Percent of a core, megabytes, bytes written in a second, once the text is drawn; ended by the keys."""
    board = Pty(argv, there.environ, 120, 35)
    board.sees(text)
    board.read_for(5)
    cpu, begun = board.cpu(), time.monotonic()
    size = board.read_for(IDLE)
    share = (board.cpu() - cpu) / (time.monotonic() - begun) * 100
    resident = board.resident()
    board.end(keys)
    return share, resident, size / IDLE
