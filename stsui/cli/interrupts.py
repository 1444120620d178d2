"""Ctrl-C while commands run: it is counted and told, and breaks off nothing half done."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Interrupts:
    """How often the person interrupted, by SIGINT or where a question was answered with it."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        """`tell` runs in the main thread between two instructions, with how many there were by then."""
        self._count = 0
        self._tell = tell

    def any(self) -> bool:
        """Whether there was one."""
        return self._count > 0

    def one_more(self, *_: object) -> None:
        """There was one."""
        self._count += 1
        self._tell(self._count)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """SIGINT raises no KeyboardInterrupt in here; where it was ignored at the start, it still is."""
        with _handled(self.one_more):
            yield

    @contextmanager
    def as_answer(self) -> Iterator[None]:
        """While somebody is asked: SIGINT ends the question, and counts."""
        try:
            with _handled(signal.default_int_handler):
                yield
        except KeyboardInterrupt:
            self.one_more()


@contextmanager
def _handled(handler: Callable[..., object]) -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN or before is None:
        yield
        return
    signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
