"""The demo world for tests: an endpoint on loopback, a home that knows it, and a clock that is set."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stsui.demo.home import write_home
from stsui.demo.sts import DemoSts
from stsui.demo.world import DEVICE, make_world
from stsui.wiring import Services, open_services

START = 1_795_500_000.0
"""2026-11-24, on the start of a code's 30 seconds."""


class SetClock:
    """Every clock of a test: the wall's, the computer's since its start, and AWS's unless said otherwise."""

    def __init__(self, at: float = START) -> None:
        self.wall = at
        self.since_boot = 10_000.0

    def now(self) -> float:
        return self.wall

    def boot(self) -> float:
        return self.since_boot

    def pass_(self, seconds: float) -> None:
        """Time goes by for everybody."""
        self.wall += seconds
        self.since_boot += seconds


class Demo:
    """A person's computer with the demo's files, and the AWS at the other end."""

    def __init__(self, directory: Path, aws: DemoSts, clock: SetClock) -> None:
        self.aws = aws
        self.clock = clock
        directory.mkdir(parents=True, exist_ok=True)
        self.environ = write_home(directory, aws.world, aws.url)
        self.environ |= {name: os.environ[name] for name in ("PATH", "LANG", "TERM") if name in os.environ}
        self.config = Path(self.environ["STSUI_CONFIG"])

    def services(self) -> Services:
        """What a new process would see, by the set clock."""
        return open_services(self.environ, self.clock)

    def sign_in(self, name: str = "acme-sso", services: Services | None = None) -> None:
        """A person signs in at an Identity Center, by a code that they allow on another device."""
        services = services or self.services()
        center = services.catalog.sso[name]
        begun = services.centers.begin(center, browser=False)
        assert self.aws.sign_in.say(begun.invitation.user_code, "allow")
        token = begun.wait(self.pause)
        assert token is not None
        services.centers.finish(center, token)

    def pause(self, seconds: float) -> bool:
        """Waiting that takes no time."""
        self.clock.pass_(seconds)
        return True

    def code(self) -> str:
        """What the phone shows."""
        return self.aws.world.code(DEVICE)


@contextmanager
def demo_world(directory: Path, roles: int = 24, clock: SetClock | None = None) -> Iterator[Demo]:
    """A running demo with a clock that is set."""
    clock = clock or SetClock()
    with DemoSts(make_world(roles, clock.now)) as aws:
        aws.signing_clock = time.time
        yield Demo(directory, aws, clock)
