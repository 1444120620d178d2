"""The credential server: fetches from memory under load, and hundreds of slots through an outage of STS."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from stsui.handover.slots import Slot
from stsui.server.live import Live
from stsui.wiring import Services, open_services
from tests.bench.load import Load, load
from tests.bench.rows import Row
from tests.stress.crowd import Place, environment, place

CLIENTS, RATE, SECONDS = 256, 2_000, 30
SLOTS = 500
LIVES, SHORT_OUTAGE, LONG_OUTAGE = 90, 15, 100
MOST_P99, MOST_MEMORY = 20.0, 120.0
BARE = """
import selectors, socket, sys
body = b'{"x": "' + b"x" * 740 + b'"}'
answer = b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1024)
listener.setblocking(False)
print(listener.getsockname()[1], flush=True)
selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in selector.select():
        if key.fileobj is listener:
            client, _ = listener.accept()
            selector.register(client, selectors.EVENT_READ)
        elif key.fileobj.recv(8192):
            key.fileobj.send(answer)
        else:
            selector.unregister(key.fileobj)
            key.fileobj.close()
"""
"""A server that looks at nothing: what sockets and a loop in Python cost by themselves."""


def rows(directory: Path, rounds: int) -> Iterator[Row]:
    """Of a real server in the background, in a demo's home."""
    with served(directory / "home", 1) as there, bare() as bare_port:
        request = there.request(there.names[0])
        for kept, how in ((True, "over 256 connections"), (False, "each on a connection of its own")):
            floor = load(bare_port, [request] * CLIENTS, RATE, 5, kept=kept)
            ours = load(there.port, [request] * CLIENTS, RATE, SECONDS, kept=kept)
            yield _latency(f"{RATE:,} fetches a second for {SECONDS} s, {how}", ours, floor)
            floor = load(bare_port, [request] * CLIENTS, 100_000, 5, kept=kept)
            ours = load(there.port, [request] * CLIENTS, 100_000, 10, kept=kept)
            yield _most(f"as many as it can, {how}", ours, floor)
    with served(directory / "many", SLOTS) as there:
        yield from _outages(there)


def _latency(what: str, ours: Load, floor: Load) -> Row:
    kept = ours.at(0.99) <= MOST_P99 and not ours.refused and ours.rate >= RATE * 0.99
    return Row(
        what,
        f"{ours.rate:,.0f}/s, p50 {ours.at(0.5):.1f}, p99 {ours.at(0.99):.1f} ms, {ours.refused} refused",
        f"a bare loop: p50 {floor.at(0.5):.1f}, p99 {floor.at(0.99):.1f} ms",
        f"{ours.at(0.99) / floor.at(0.99):.2f}x",
        f"p99 <= {MOST_P99:.0f} ms",
        kept,
    )


def _most(what: str, ours: Load, floor: Load) -> Row:
    ratio = ours.rate / floor.rate
    figures = f"{ours.rate:,.0f}/s, {ours.refused} refused"
    return Row(
        what, figures, f"a bare loop {floor.rate:,.0f}/s", f"{ratio:.2f}x", ">= 2,000/s", ours.rate >= RATE
    )


class Served(NamedTuple):
    """A server, its slots, and the AWS behind it."""

    place: Place
    services: Services
    live: Live
    port: int
    pids: tuple[int, ...]
    names: list[str]

    def request(self, name: str) -> bytes:
        """As an SDK sends it."""
        token = self.live.slots.token(name).reveal()
        return (
            f"GET /slot/{name} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept-Encoding: identity\r\n"
            f"Authorization: {token}\r\nAccept: application/json\r\nUser-Agent: aws-sdk-go-v2/1.32\r\n\r\n"
        ).encode()

    def memory(self) -> float:
        """Megabytes of its processes together."""
        status = "".join(Path(f"/proc/{pid}/status").read_text() for pid in self.pids)
        return sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1_024


@contextmanager
def served(directory: Path, slots: int) -> Iterator[Served]:
    """So many slots, each over a role of its own."""
    with place(directory, 24 + slots) as there, environment(there.environ):
        services = open_services(there.environ)
        live = services.live
        wanted = [name for name in services.catalog.roles if name.startswith("team-")][:slots]
        if slots == 1:
            services.store.assume(wanted[0])
        server = live.ensure()
        now = int(time.time())
        for name in wanted:
            live.slots.keep(Slot(name, name, made_at=now, pointed_at=now, port=server.port))
        keeper = live.place.running()
        assert keeper is not None
        children = Path(f"/proc/{keeper.pid}/task/{keeper.pid}/children")
        time.sleep(1)
        pids = (keeper.pid, *map(int, children.read_text().split()))
        try:
            yield Served(there, services, live, server.port, pids, wanted)
        finally:
            live.background.stop()


@contextmanager
def bare() -> Iterator[int]:
    """Its port."""
    process = subprocess.Popen([sys.executable, "-c", BARE], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class _Seen(NamedTuple):
    given: int
    refused: int
    expired: int


def _outages(there: Served) -> Iterator[Row]:
    """Sessions of 90 s, renewed from their last 30 s on; each slot is fetched about once a second."""
    aws = there.place.aws
    for arn in aws.world.roles:
        aws.sts.lives[arn] = LIVES
    warm = time.monotonic()
    while _all_fetched(there).refused:
        assert time.monotonic() - warm < 120, "500 sessions did not come"
    calls = aws.count("AssumeRole")
    quiet = _watched(there, LIVES)
    aws.down = True
    short = _watched(there, SHORT_OUTAGE)
    aws.down = False
    after = _watched(there, LIVES)
    yield Row(
        f"{SLOTS} slots over {SLOTS} roles renewed for {LIVES} s, STS gone for {SHORT_OUTAGE} s, {LIVES} s more",
        f"{short.expired + after.expired + quiet.expired} expired, {short.refused + after.refused + quiet.refused} "
        f"refused of {short.given + after.given + quiet.given:,}",
        f"{aws.count('AssumeRole') - calls:,} renewals",
        "",
        "0 expired, 0 refused",
        not (short.expired + after.expired + quiet.expired + short.refused + after.refused + quiet.refused),
    )
    aws.down = True
    gone = _watched(there, LONG_OUTAGE)
    aws.down = False
    begun = time.monotonic()
    while _all_fetched(there).refused and time.monotonic() - begun < 120:
        continue
    yield Row(
        f"STS gone for {LONG_OUTAGE} s, longer than a session lasts",
        f"{gone.expired} expired, {gone.refused:,} refused of {gone.given + gone.refused:,}",
        f"all back after {time.monotonic() - begun:.0f} s",
        "",
        "0 expired",
        gone.expired == 0,
    )
    megabytes = there.memory()
    yield Row(
        f"memory of the server with {SLOTS} slots",
        f"{megabytes:.0f} MB",
        "",
        "",
        f"< {MOST_MEMORY:.0f} MB",
        megabytes < MOST_MEMORY,
    )


def _watched(there: Served, seconds: float) -> _Seen:
    end = time.monotonic() + seconds
    seen = _Seen(0, 0, 0)
    while time.monotonic() < end:
        begun = time.monotonic()
        now = _all_fetched(there)
        seen = _Seen(seen.given + now.given, seen.refused + now.refused, seen.expired + now.expired)
        time.sleep(max(0.0, 1 - (time.monotonic() - begun)))
    return seen


def _all_fetched(there: Served) -> _Seen:
    """Every slot once, over a connection of its own; an SDK would try a refused one again."""
    import http.client

    given = refused = expired = 0
    for name in there.names:
        connection = http.client.HTTPConnection("127.0.0.1", there.port, timeout=5)
        connection.request(
            "GET", f"/slot/{name}", headers={"Authorization": there.live.slots.token(name).reveal()}
        )
        response = connection.getresponse()
        body = json.loads(response.read())
        connection.close()
        if response.status == 200:
            given += 1
            expired += datetime.fromisoformat(body["Expiration"]).timestamp() <= time.time()
        else:
            refused += 1
    return _Seen(given, refused, expired)
