"""Daemon threads for everything that may block. Quitting never waits for them."""

import threading
from _thread import start_new_thread
from collections.abc import Callable
from queue import SimpleQueue

Job = Callable[[], None]


class Crew:
    """Up to `size` threads that take jobs in order; they are started when there is something to do.

    Whoever gives a job, which is the screen, waits for none of them: not for a lock that they take, nor, as
    with `Thread.start`, until a new one runs, which takes its time among busy ones.
    """

    def __init__(self, name: str, size: int) -> None:
        self._name, self._size = name, size
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._started = 0
        self._given = self._done = 0
        self._giving, self._ending = threading.Lock(), threading.Lock()

    def do(self, job: Job) -> None:
        """Runs `job` in one of the threads; it reports by posting a message and raises nothing."""
        with self._giving:
            self._given += 1
            new = self._started < min(self._size, self.busy)
            self._started += new
        self._jobs.put(job)
        if new:
            start_new_thread(self._work, (self._started,))

    @property
    def busy(self) -> int:
        """Jobs that wait or run."""
        return self._given - self._done

    def _work(self, number: int) -> None:
        threading.current_thread().name = f"{self._name}-{number}"
        while True:
            job = self._jobs.get()
            try:
                job()
            finally:
                with self._ending:
                    self._done += 1
