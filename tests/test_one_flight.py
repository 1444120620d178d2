"""Many processes want the same session at once: one of them asks AWS, all of them are served."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stress.crowd import Place, crowd, place, start

MANY = 40


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with place(tmp_path_factory.mktemp("crowd")) as there:
        yield there


@pytest.fixture(autouse=True)
def _nothing_held(there: Place) -> None:
    there.aws.delay = 0.0
    there.forget()


@pytest.mark.parametrize(
    ("role", "delay", "calls"), [("dev-ro", 0.2, 1), ("stg-ro", 2.0, 1), ("partner-audit", 0.2, 2)]
)
def test_many_cold_callers_make_one_call_per_hop_s12_r1(
    there: Place, role: str, delay: float, calls: int
) -> None:
    there.aws.delay = delay
    outcomes = crowd(there, [("credential-process", role)] * MANY)
    assert {outcome.code for outcome in outcomes} == {0}
    assert len({json.loads(outcome.stdout)["AccessKeyId"] for outcome in outcomes}) == 1
    assert there.aws.count("AssumeRole") == calls


def test_a_refusal_is_asked_for_once_by_all_r3(there: Place) -> None:
    outcomes = crowd(there, [("credential-process", "partner-forgotten")] * MANY)
    assert {outcome.code for outcome in outcomes} == {1}
    assert all("may not assume Forgotten" in o.stderr and not o.stdout for o in outcomes)
    refused = [call for call in there.aws.calls if call.error_code]
    assert 1 <= len(refused) <= 1 + (max(o.seconds for o in outcomes) // 5)


def test_nobody_is_asked_for_a_code_by_a_program_s13_s29(there: Place) -> None:
    outcomes = crowd(there, [("credential-process", "ana")] * 20)
    assert {outcome.code for outcome in outcomes} == {3}
    assert all("stsui assume ana" in outcome.stderr for outcome in outcomes)
    assert there.aws.count() == 0


def test_killed_at_any_moment_nothing_is_torn_or_locked_s17_r5(there: Place) -> None:
    directory = Path(there.environ["XDG_RUNTIME_DIR"], "stsui", "sessions")
    for n in range(12):
        there.forget()
        process = start(there, ("credential-process", "dev-ro"))
        end = time.monotonic() + 0.1 + n * 0.03
        while time.monotonic() < end and not list(directory.glob(".*.tmp")):
            time.sleep(0.001)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        outcome = there.stsui("credential-process", "dev-ro")
        assert outcome.code == 0 and json.loads(outcome.stdout)["Version"] == 1
        assert outcome.seconds < 20, "no lock outlives who held it"
    for path in directory.glob("*.json"):
        json.loads(path.read_bytes())
