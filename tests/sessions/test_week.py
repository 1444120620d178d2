"""A week of work by the set clock: from the ledger every hand-over can be explained."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.model.errors import StsuiError
from stsui.model.roles import Guard
from stsui.sessions.guard import Way
from stsui.sessions.wanted import Occasion
from tests.worlds import Demo, demo_world

GUARDS = """
[guards."*/AdministratorAccess"]
guard = "confirm"
reason_required = true
[guards."dev-ro"]
idle_limit = "30m"
"""
NAMES = (
    "dev-admin",
    "dev-ro",
    "stg-ro",
    "stg-admin@read-only",
    "dev-admin@one-bucket:bucket=reports",
    "dev-deploy",
)
WAYS: tuple[Way, ...] = ("variables", "exec", "process", "slot", "clipboard", "file", "console")


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        with demo.config.open("a") as file:
            file.write(GUARDS)
        yield demo


def test_every_hand_over_of_a_week_can_be_explained(demo: Demo) -> None:
    chance = random.Random(4711)
    given = []
    for _ in range(7 * 12):
        # Each step is another process, two hours later at most.
        demo.clock.pass_(chance.randrange(60, 7_200))
        services = demo.services()
        name, way, person = chance.choice(NAMES), chance.choice(WAYS), chance.random() < 0.6
        verdict = services.gate.judge(name, way, person=person, offered="confirm" if person else "none")
        reason = f"INC-{chance.randrange(9)}" if verdict.reason and person else ""
        occasion = Occasion(reason, chance.choice((0, 0, 900))) if reason else None
        try:
            offered: Guard = "confirm" if person else "none"
            passed = services.gate.admit(name, way, person=person, offered=offered, reason=reason)
            session = services.store.assume(name, occasion=occasion, passed=passed)
        except StsuiError:
            continue
        services.gate.passed(session, passed)
        services.gate.handed(session, way, f"program {chance.randrange(9)}")
        services.gate.drop_idle()
        given.append((demo.clock.now(), session))
        if chance.random() < 0.1:
            services.store.drop(name)
    events = list(demo.services().store.ledger.read())
    told = [event for event in events if event.kind == "hand-over"]
    assert len(told) == len(given) > 30
    for event, (at, session) in zip(told, given, strict=True):
        assert (event.at, event.access_key_id) == (at, session.credentials.access_key_id)
        before = [e for e in events if e.at <= at and e.access_key_id == event.access_key_id]
        begun = next(e for e in before if e.kind in ("assume", "renew"))
        assert begun.role == event.role and begun.session_arn == event.session_arn
        assert begun.at <= at < event.until == begun.until, "what was given was alive"
        arn = session.assumed_arn
        assert arn == event.session_arn, "CloudTrail's name for who did it"
        if event.role.startswith(("dev-admin", "stg-admin")):
            assert event.reason and event.reason in arn
            by_whom = [e for e in events if e.kind == "guard" and e.role == event.role and e.at <= at]
            assert by_whom, "somebody passed its guard before"
    text = Path(demo.services().store.ledger.path).read_text()
    assert "DEMOSECRET" not in text and "DEMOTOKEN" not in text
