"""A code is typed by one person, once; programs are told so at once."""

import sys

import pexpect

from stsui.demo.world import DEVICE
from tests.stress.crowd import Outcome, Place, crowd
from tests.stress.lines import Line, plural

TERMINALS = 4


def one_prompt(there: Place, count: int) -> Line:
    """Somebody is asked in one terminal; other terminals and programs want the same meanwhile."""
    there.forget()
    terminals = [_terminal(there) for _ in range(TERMINALS)]
    asked = [
        found == 0
        for found in (t.expect(["ana-phone for ana: ", "is asking", pexpect.EOF]) for t in terminals)
    ]
    told: list[Outcome] = []
    # Two at a time, as many as there are cores: how long one of them takes is what is measured.
    for _ in range(count // 2):
        told += crowd(there, [("credential-process", "ana")] * 2)
    before = there.aws.count()
    typing = terminals[asked.index(True)]
    typing.sendline(there.aws.world.code(DEVICE))
    typing.expect(pexpect.EOF)
    for terminal in terminals:
        terminal.close()
    served = crowd(there, [("credential-process", "ana")] * count)
    failed = sum(outcome.code != 0 for outcome in served)
    sent = [call.parameters["TokenCode"] for call in there.aws.calls if "TokenCode" in call.parameters]
    sentences = sum(outcome.code == 3 and "stsui assume ana" in outcome.stderr for outcome in told)
    slowest = max(outcome.seconds for outcome in told)
    return Line(
        f"{count} programs and {TERMINALS} terminals need a code",
        f"1 prompt; {count} told what to run, each under 1 s; the code sent once; then all served",
        f"{plural(sum(asked), 'prompt')}; {sentences} told, slowest {slowest:.2f} s; sent {len(sent)}×; "
        f"{count - failed} served",
        sum(asked) == 1
        and sentences == count
        and slowest < 1
        and before == 0
        and len(sent) == 1
        and not failed,
    )


def _terminal(there: Place) -> "pexpect.spawn[str]":
    command = [sys.executable, "-m", "stsui", "assume", "ana"]
    return pexpect.spawn(
        command[0], command[1:], env={**there.environ, "TERM": "xterm"}, encoding="utf-8", timeout=30
    )
