"""Every account and role of an Identity Center, eight questions at a time, 60 ms an answer."""

import math
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from stsui.aws.discovery import AT_ONCE
from tests.aws.test_discovery import START_URL, many
from tests.bench.rows import Row, against
from tests.stress.crowd import environment
from tests.worlds import demo_world

ANSWER = 0.06
ACCOUNTS = 160
ASKED = ("ListAccounts", "ListAccountRoles")


def rows(directory: Path, rounds: int) -> Iterator[Row]:
    """Of a center as large companies have it."""
    with demo_world(directory) as demo, environment(demo.environ):
        demo.aws.center.assigned[START_URL] = many(ACCOUNTS, 5)
        services = demo.services()
        demo.sign_in(services=services)
        center = services.catalog.sso["acme-sso"]
        times = []
        for _ in range(max(3, rounds // 5)):
            demo.aws.calls.clear()
            demo.aws.delay = ANSWER
            begun = time.perf_counter()
            found = services.discover(center)
            times.append((time.perf_counter() - begun) * 1_000)
            demo.aws.delay = 0
        pages, accounts = (demo.aws.count(operation) for operation in ASKED)
    floor = (pages + math.ceil(accounts / AT_ONCE)) * ANSWER * 1_000
    what = f"discovery of {found.roles:,} roles, {pages + accounts} questions"
    yield against(what, statistics.median(times), floor, "answers alone", 1.5)
