"""R11: two boards and many commands live on one session that lasts seconds."""

import sys
import threading
import time

import pexpect

from stsui.demo.world import DEV
from tests.stress.crowd import Place
from tests.stress.lines import Line

LIFE = 6
"""Seconds that the session lasts: the shortest whose whole seconds leave room for a renewal."""


def two_boards(there: Place, seconds: int, commands: int) -> Line:
    """Both renew by themselves; commands come in between."""
    there.forget()
    there.aws.sts.lives[f"arn:aws:iam::{DEV}:role/ReadOnly"] = LIFE
    boards = [_board(there) for _ in range(2)]
    readers = [threading.Thread(target=_drain, args=(board,), daemon=True) for board in boards]
    for reader in readers:
        reader.start()
    begun, there.aws.calls[:] = time.monotonic(), []
    failed = 0
    for n in range(commands):
        wait = begun + (n + 1) * seconds / commands - time.monotonic()
        time.sleep(max(0.0, wait))
        failed += there.stsui("credential-process", "dev-ro").code != 0
    passed = time.monotonic() - begun
    calls = there.aws.count("AssumeRole")
    alive = sum(board.isalive() for board in boards)
    for board in boards:
        board.send("q")
        board.close(force=True)
    del there.aws.sts.lives[f"arn:aws:iam::{DEV}:role/ReadOnly"]
    most = int(passed / (LIFE * 2 / 3)) + 2
    return Line(
        f"two boards and {commands} commands share a session of {LIFE} s for {seconds} s",
        f"0 failures, at most {most} calls (each two thirds of a life), both boards alive",
        f"{failed} failures, {calls} calls, {alive} alive",
        not failed and 2 <= calls <= most and alive == 2,
    )


def _board(there: Place) -> "pexpect.spawn[str]":
    board: pexpect.spawn[str] = pexpect.spawn(
        sys.executable,
        ["-m", "stsui"],
        env={**there.environ, "TERM": "xterm-256color"},
        encoding="utf-8",
        timeout=60,
        dimensions=(24, 80),
    )
    board.expect("help")
    board.send("/dev-ro")
    time.sleep(0.5)
    board.send("\r")
    time.sleep(0.5)
    board.send("\r")
    board.expect("active|expiring")
    return board


def _drain(board: "pexpect.spawn[str]") -> None:
    """What it draws is read, so that it never waits for its terminal."""
    try:
        while True:
            board.read_nonblocking(65_536, timeout=1)
    except pexpect.TIMEOUT:
        _drain(board)
    except (pexpect.EOF, OSError, ValueError):
        return
