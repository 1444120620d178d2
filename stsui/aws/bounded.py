"""Answers of STS are small and quick; whatever is neither is cut off before it fills memory or time.

Source: botocore/endpoint.py, the `before-send` event, whose handlers may answer a request themselves.
"""

import os
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from stsui.model.errors import NotSts
from stsui.sessions.turns import turn

LARGEST = 1_000_000
"""Bytes; the largest real answer carries a few tokens of kilobytes."""
LONGEST = 20.0
"""Seconds for the body, once the answer began."""
ATTEMPT = 40.0
"""Seconds for all of it: to connect, to wait for an answer, and to read it."""
Answered = TypeVar("Answered")
_CHUNK = 65_536
_Jobs = SimpleQueue[Callable[[], None]]
_idle: list[_Jobs] = []
"""Of threads that wait for their next attempt: to start one costs a fifth of a call."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)


def bound(client: Any) -> None:
    """Makes every answer that the client reads a bounded one."""
    http_session = client._endpoint.http_session

    def attempt(request: Any) -> Any:
        request.stream_output = True
        answer = http_session.send(request)
        answer._content = read_bounded(answer.raw, client.meta.endpoint_url, whose)
        return answer

    def send(request: Any, **_: Any) -> Any:
        return within(lambda: attempt(request), client.meta.endpoint_url)

    whose = "STS" if client.meta.service_model.service_name == "sts" else "AWS"
    client.meta.events.register("before-send", send)


def within(attempt: Callable[[], Answered], url: str) -> Answered:
    """The attempt's answer, or its exception, in bounded time.

    Timeouts of sockets count from byte to byte: a server that drips its headers holds us for ever. So the
    attempt goes on in another thread, and whoever waits for it leaves.

    Raises:
        NotSts: There was neither in that time.
    """
    ended: list[tuple[bool, Any]] = []
    done = threading.Event()
    try:
        jobs = _idle.pop()
    except IndexError:
        jobs = _new_thread()

    def work() -> None:
        try:
            ended.append((True, attempt()))
        except BaseException as error:
            ended.append((False, error))
        _idle.append(jobs)
        done.set()

    jobs.put(work)
    with turn.given():
        came = done.wait(ATTEMPT)
    if not came:
        raise NotSts(f"The answer of {url} did not come to an end in {ATTEMPT:.0f} s.", code="timed out")
    well, outcome = ended[0]
    if not well:
        raise outcome
    answer: Answered = outcome
    return answer


def _new_thread() -> _Jobs:
    jobs: _Jobs = SimpleQueue()

    def serve() -> None:
        while True:
            jobs.get()()

    threading.Thread(target=serve, name="attempt", daemon=True).start()
    return jobs


def read_bounded(raw: Any, url: str, whose: str = "STS") -> bytes:
    """The whole body of a streamed answer, which should be from STS or another service of AWS.

    Raises:
        NotSts: It is too large, takes too long, or breaks off.
    """
    # read1 gives what is there: a server that drips a byte a second must not hold us for each chunk.
    read = getattr(raw, "read1", raw.read)
    end = time.monotonic() + LONGEST
    parts: list[bytes] = []
    size = 0
    while chunk := _chunk(read, url):
        size += len(chunk)
        parts.append(chunk)
        if size > LARGEST or time.monotonic() > end:
            raw.close()
            what = "does not end" if size <= LARGEST else "is too large"
            raise NotSts(f"The answer of {url} {what}, so it is not from {whose} (captive portal or proxy?).")
    return b"".join(parts)


def _chunk(read: Callable[[int], bytes], url: str) -> bytes:
    try:
        return read(_CHUNK)
    except Exception as error:  # urllib3's own, which botocore does not know at this point
        raise NotSts(f"The answer of {url} broke off ({type(error).__name__}).", code="broke off") from None
