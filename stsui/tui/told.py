"""What other processes did, from the ledger, in the words of the activity list."""

import time
from collections.abc import Iterable, Iterator

from stsui.sessions import ledger
from stsui.tui.rows import short_clock
from stsui.tui.state import Event

WORDS: dict[ledger.Kind, str] = {
    "assume": "assumed",
    "renew": "renewed",
    "hand-over": "hand off",
    "re-point": "re-pointed",
    "drop": "dropped",
    "failure": "failed",
    "guard": "guard passed",
}


def told(events: Iterable[ledger.Event], since: float) -> Iterator[Event]:
    """Those from `since` on, in a few words each; the whole of it is on the screen of `L`."""
    for event in events:
        if event.at < since:
            continue
        what = WORDS[event.kind]
        if event.kind == "re-point" and event.to == "current":
            what, text = "current", ""
        else:
            text = "  ".join(part for part in _parts(event) if part)
        yield Event(event.at, event.role, what if event.role else f"{what} every session", text)


def _parts(event: ledger.Event) -> Iterator[str]:
    yield " → ".join(part for part in (event.way, event.to) if part)
    if event.kind in ("assume", "renew") and event.until:
        yield f"until {short_clock(event.until)}"
    # A failure's text begins with its word, which is what fits here.
    yield event.text.partition(" while ")[0] if event.kind == "failure" else event.text


def midnight(now: float) -> float:
    """When the day began here; Unix time."""
    day = time.localtime(now)
    return time.mktime((day.tm_year, day.tm_mon, day.tm_mday, 0, 0, 0, 0, 0, -1))
