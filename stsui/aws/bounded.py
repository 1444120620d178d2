"""Answers of STS are small and quick; whatever is neither is cut off before it fills memory or time.

Source: botocore/endpoint.py, the `before-send` event, whose handlers may answer a request themselves.
"""

import time
from collections.abc import Callable
from typing import Any

from stsui.aws import attempts
from stsui.model.errors import NotSts

LARGEST = 1_000_000
"""Bytes; the largest real answer carries a few tokens of kilobytes."""
LONGEST = 20.0
"""Seconds for the body, once the answer began."""
_CHUNK = 65_536


def bound(client: Any) -> None:
    """Makes every answer that the client reads a bounded one."""
    http_session = client._endpoint.http_session

    def attempt(request: Any) -> Any:
        request.stream_output = True
        answer = http_session.send(request)
        answer._content = read_bounded(answer.raw, client.meta.endpoint_url, whose)
        return answer

    def send(request: Any, **_: Any) -> Any:
        return in_time(lambda: attempt(request), client.meta.endpoint_url)

    in_time = attempts.bounded(http_session)
    whose = "STS" if client.meta.service_model.service_name == "sts" else "AWS"
    client.meta.events.register("before-send", send)


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
