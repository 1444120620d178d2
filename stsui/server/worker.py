"""The server's working part, put together: one thread that answers, and a few that ask the store."""

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

from stsui.handover.slots import Slots
from stsui.server import fetches, keeper
from stsui.server.access import Request
from stsui.server.container import Container
from stsui.server.door import Connection, Door, Reply
from stsui.server.fetches import Fetches
from stsui.server.holdings import AT_ONCE, Holdings, Opened
from stsui.server.peers import Peers
from stsui.server.place import Place
from stsui.server.rounds import TICK, Rounds

DIED = 75
"""Exit code after which the keeper starts another worker."""


class Worker:
    """Serves until it is stopped or has been of no use for long."""

    def __init__(self, listener: socket.socket, place: Place, open_services: Callable[[str], Opened]) -> None:
        """`open_services` opens them as a shell with that AWS_REGION has them."""
        self._executor = ThreadPoolExecutor(AT_ONCE, "stsui-store")
        self.door = Door(listener, self._respond)
        slots = Slots(place.slots)
        holdings = Holdings(open_services, self._executor, self.door.soon)
        before = fetches.read(place.files)
        counted = Fetches(place.files, self.door.soon, before)
        self._peers = Peers(self.door.port)
        self._container = Container(self.door, slots, holdings, counted, self._peers)
        self.rounds = Rounds(slots, self._container, holdings, counted)
        self._dropped = before.dropped
        self.every_round: Callable[[], None] = lambda: None
        self.of_use = True
        """False when it ended because nobody needs it."""

    def run(self) -> None:
        """Serves in this thread."""
        self.rounds.begin(self._dropped)
        self.door.later(0.0, self._round)
        try:
            self.door.run()
        finally:
            self.rounds.write()
            self._peers.close()
            self._executor.shutdown(wait=False, cancel_futures=True)

    def _respond(self, request: Request, connection: Connection) -> Reply | None:
        return self._container.respond(request, connection)

    def _round(self) -> None:
        self.door.later(TICK, self._round)
        self.every_round()
        self.of_use = self.rounds.round()
        if not self.of_use:
            self.door.stop()


def run_below_keeper(
    handles: Sequence[int], place: Place, open_services: Callable[[str], Opened], argv: Sequence[str]
) -> int:
    """Serves with the handles that a keeper gave (lock, listener, its own end); the exit code for it.

    When the keeper dies this process becomes one, so that somebody is always there for the next worker.
    """
    lock, listener, keeper_end = handles[0], *(socket.socket(fileno=handle) for handle in handles[1:])
    keeper_end.setblocking(False)
    worker = Worker(listener, place, open_services)
    orphaned = []

    def alive() -> None:
        with contextlib.suppress(BlockingIOError, ConnectionError):
            keeper_end.send(b".")

    def spoken() -> None:
        orphaned.append(True)
        worker.door.stop()

    worker.every_round = alive
    worker.door.watch(keeper_end, spoken)
    stop_at(worker.door, signal.SIGTERM)
    worker.run()
    if orphaned:
        for handle in (lock, listener.fileno()):
            os.set_inheritable(handle, True)
        os.execv(sys.executable, keeper.command(lock, listener.fileno(), argv))  # noqa: S606 - no shell
    return DIED if worker.of_use else 0


def stop_at(door: Door, *numbers: signal.Signals) -> None:
    """The door stops when one of these signals comes."""

    def stop(number: int, frame: FrameType | None) -> None:
        door.stop()

    for number in numbers:
        signal.signal(number, stop)
