"""Lengths of time: the user's "1h30m" to seconds, and seconds left to the text of a countdown."""

import re

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_WRITTEN = re.compile(r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s?)?", re.ASCII)


def parse_duration(text: str) -> int:
    """Seconds of "15m", "1h30m", "12h" or "3600".

    Raises:
        ValueError: It is none of these, or zero.
    """
    match = _WRITTEN.fullmatch(text.strip().lower().replace(" ", ""))
    if match is None or not any(match.groups()):
        raise ValueError(f'"{text}" is not a length of time; write 15m, 1h30m or 3600')
    seconds = sum(int(n) * unit for n, unit in zip(match.groups(), _UNITS.values(), strict=True) if n)
    if not seconds:
        raise ValueError("a length of time must be longer than zero")
    return seconds


def short_duration(seconds: int) -> str:
    """`1h`, `15m`, `1h30m`, `45s`: the way it is written in the config."""
    parts, rest = [], int(seconds)
    for letter, unit in (("h", 3_600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count}{letter}")
    return "".join(parts) or "0s"


def rough_duration(seconds: float) -> str:
    """For a sentence, in the largest unit that fits: `9 h`, `17 min`, `40 s`."""
    for least, unit, word in ((172_800, 86_400, "days"), (3_600, 3_600, "h"), (60, 60, "min")):
        if seconds >= least:
            return f"{round(seconds / unit)} {word}"
    return f"{round(seconds)} s"


def countdown(seconds: float) -> str:
    """Time left in at most seven cells: `11h`, `3h12m`, `52:10`, `0:42`; never negative.

    Above ten hours whole hours, above one hour whole minutes, so that it changes once a minute there.
    """
    left = max(0, int(seconds))
    if left >= 36_000:
        return f"{left // 3_600}h"
    if left >= 3_600:
        return f"{left // 3_600}h{left % 3_600 // 60:02d}m"
    return f"{left // 60}:{left % 60:02d}"


def ago(seconds: float) -> str:
    """How long something is over: `12s ago`, `12m ago`, `7h ago`, `3d ago`."""
    past = max(0, int(seconds))
    for letter, unit in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if past >= unit:
            return f"{past // unit}{letter} ago"
    return f"{past}s ago"


def spoken(seconds: float) -> str:
    """For a sentence that is read out: `52 minutes`, `3 hours`, `42 seconds`."""
    for name, unit in (("hour", 3_600), ("minute", 60)):
        if seconds >= unit * (2 if name == "hour" else 1):
            count = int(seconds // unit)
            return f"{count} {name}{'s' if count > 1 else ''}"
    return f"{max(0, int(seconds))} seconds"
