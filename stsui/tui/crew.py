"""Daemon threads for everything that may block. Quitting never waits for them."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

Job = Callable[[], None]


class Crew:
    """Up to `size` threads that take jobs in order; they are started when there is something to do.

    Whoever gives a job waits for none of them: neither for a lock that they take, nor until a new thread
    runs, which takes its time among busy ones.
    """

    def __init__(self, name: str, size: int) -> None:
        self._name, self._size = name, size
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._started, self._starting = 0, False
        self._given = self._done = 0
        self._giving, self._taking, self._ending = threading.Lock(), threading.Lock(), threading.Lock()

    def do(self, job: Job) -> None:
        """Runs `job` in one of the threads; it reports by posting a message and raises nothing."""
        with self._giving:
            self._given += 1
        self._jobs.put(job)
        self._start_one()

    @property
    def busy(self) -> int:
        """Jobs that wait or run."""
        return self._given - self._done

    def _start_one(self) -> None:
        """A thread, where one is wanted and none is on its way: that one starts the next."""
        if self._starting or self._started >= min(self._size, self.busy):
            return
        with self._taking:
            if self._starting or self._started >= min(self._size, self.busy):
                return
            self._started, self._starting = self._started + 1, True
        threading.Thread(target=self._work, name=f"{self._name}-{self._started}", daemon=True).start()

    def _work(self) -> None:
        self._starting = False
        self._start_one()
        while True:
            job = self._jobs.get()
            try:
                job()
            finally:
                with self._ending:
                    self._done += 1
