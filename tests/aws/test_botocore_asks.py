"""How often botocore asks our credential process: once for each renewal, never once for each call."""

import datetime
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.credentials import RefreshableCredentials

from stsui.handover.formats import credential_process
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


@pytest.mark.parametrize(
    ("role", "hours", "most"),
    # A quarter of an hour is below botocore's own fifteen minutes: there it asks at every call.
    [("dev-ro", 6, 9), ("play", 12, 5)],
)
def test_a_program_that_calls_every_twenty_seconds(demo: Demo, role: str, hours: int, most: int) -> None:
    clock = demo.clock

    def now(*_: object) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(clock.now(), tz=datetime.UTC)

    started = []

    def process() -> dict[str, str]:
        started.append(clock.now())
        document = json.loads(credential_process(demo.services().store.assume(role)))
        return {
            "access_key": document["AccessKeyId"],
            "secret_key": document["SecretAccessKey"],
            "token": document["SessionToken"],
            "expiry_time": document["Expiration"],
        }

    held = RefreshableCredentials.create_from_metadata(process(), process, "custom-process")
    held._time_fetcher = now
    for _ in range(hours * 180):
        clock.pass_(20)
        held.get_frozen_credentials()
    assert 2 <= len(started) <= most
    assert demo.aws.count("AssumeRole") == len(started), "each time it had something new to fetch"
