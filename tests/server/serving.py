"""The server's working part in a thread, against the demo world, by a clock that is set."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from stsui.handover.slots import Slot, Slots
from stsui.server.live import Live
from stsui.server.place import find
from stsui.server.worker import Worker
from tests.worlds import Demo, demo_world


class Answer(NamedTuple):
    """What a client got."""

    status: int
    document: dict[str, Any]
    headers: dict[str, str]

    @property
    def key(self) -> str:
        return str(self.document["AccessKeyId"])

    @property
    def sentence(self) -> str:
        return str(self.document.get("message", ""))


class Serving:
    """A worker and what a shell would know of it."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.services = demo.services()
        self.store = self.services.store
        self.place = find(self.services.catalog.paths, demo.environ)
        self.slots = Slots(self.place.slots)
        self.live = Live(self.place, self.store, demo.environ, "0")
        self.taken = self.live.take()
        self.port = self.taken.server.port
        self.start()

    def start(self, open_services: Callable[[str], Any] | None = None) -> None:
        self.handle = self.taken.listener.dup()
        self.worker = Worker(self.handle, self.place, open_services or (lambda region: self.demo.services()))
        self.thread = threading.Thread(target=self.worker.run)
        self.thread.start()

    def stop(self) -> None:
        self.worker.door.stop()
        self.thread.join(10)
        assert not self.thread.is_alive()
        self.handle.close()

    def slot(self, role: str, name: str = "term-1", **facts: Any) -> str:
        now = int(self.demo.clock.now())
        return self.slots.keep(Slot(name, role, made_at=now, pointed_at=now, port=self.port, **facts)).name

    def fetch(self, name: str = "term-1", token: str | None = None, **headers: str) -> Answer:
        """One GET on a connection of its own, as most SDKs make it."""
        shown = self.slots.token(name).reveal() if token is None else token
        return self.get(f"/slot/{name}", {"Authorization": shown, **headers})

    def given(self, name: str = "term-1", **options: str) -> Answer:
        """What an SDK has after its three tries: the first call loads boto3, which may take longer than one."""
        for _ in range(30):
            answer = self.fetch(name, **options)
            if answer.status != 503:
                break
        assert answer.status == 200, answer
        return answer

    def get(self, path: str, headers: dict[str, str], method: str = "GET") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            body = response.read()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, json.loads(body), found)
        finally:
            connection.close()

    def raw(self, data: bytes, seconds: float = 5.0) -> bytes:
        """What comes back first; empty when the server closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as client:
            client.sendall(data)
            try:
                return client.recv(65_536)
            except (TimeoutError, ConnectionError):
                return b""

    def role_of(self, answer: Answer) -> str:
        """Whose credentials those are, as the AWS that lent them has it."""
        arn = self.demo.aws.sts._principals[answer.key].arn
        return arn.split("/")[1]

    def in_server(self, call: Callable[[], Any]) -> Any:
        """Runs it in the server's thread."""
        done, result = threading.Event(), []

        def run() -> None:
            result.append(call())
            done.set()

        self.worker.door.soon(run)
        assert done.wait(10)
        return result[0]

    def round(self) -> bool:
        """What would happen in a second."""
        return bool(self.in_server(self.worker.rounds.round))

    def pass_(self, seconds: float) -> None:
        """Time goes by while no call is under way: one that began before would say that it ended after."""
        if self.thread.is_alive():
            executor = self.worker._executor
            together = threading.Barrier(executor._max_workers)
            for waiting in [executor.submit(together.wait, 10) for _ in range(executor._max_workers)]:
                waiting.result(20)
            self.in_server(lambda: None)
        self.demo.clock.pass_(seconds)

    def later(self, seconds: float) -> None:
        """A leap of time, as after a sleep, and then the seconds over which renewals are spread."""
        self.pass_(seconds)
        self.round()
        self.demo.clock.pass_(11)
        self.round()

    def config(self, old: str, new: str) -> None:
        """Somebody edits config.toml, and the server sees it."""
        self.demo.config.write_text(self.demo.config.read_text().replace(old, new))
        self.round()
        self.round()

    def until(self, what: Callable[[], Any], rounds: bool = True) -> Any:
        """Waits for what other threads bring; with `rounds` a tenth of a second goes by each time."""
        for _ in range(500):
            found = what()
            if found:
                return found
            if rounds:
                self.demo.clock.pass_(0.1)
                self.round()
            threading.Event().wait(0.01)
        raise AssertionError("it did not come")


@contextmanager
def serving(directory: Path, roles: int = 24) -> Iterator[Serving]:
    with demo_world(directory, roles) as demo:
        server = Serving(demo)
        try:
            yield server
        finally:
            server.stop()
            server.taken.release()
