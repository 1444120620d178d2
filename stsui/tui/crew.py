"""Daemon threads for everything that may block. Quitting never waits for them."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

Job = Callable[[], None]


class Crew:
    """Up to `size` threads that take jobs in order; they are started when there is something to do."""

    def __init__(self, name: str, size: int) -> None:
        self._name, self._size = name, size
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._started = 0
        self._open = 0
        self._lock = threading.Lock()

    def do(self, job: Job) -> None:
        """Runs `job` in one of the threads; it reports by posting a message and raises nothing."""
        with self._lock:
            self._open += 1
            new = self._started < min(self._size, self._open)
            self._started += new
        if new:
            threading.Thread(target=self._work, name=f"{self._name}-{self._started}", daemon=True).start()
        self._jobs.put(job)

    @property
    def busy(self) -> int:
        """Jobs that wait or run."""
        return self._open

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            finally:
                with self._lock:
                    self._open -= 1
