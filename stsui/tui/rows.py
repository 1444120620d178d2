"""What a row of the list says: a pure function of the app's state and the time."""

import math
import time
from functools import lru_cache
from typing import NamedTuple

from stsui.model.durations import ago, countdown
from stsui.model.errors import (
    ConfirmationRequired,
    MfaRequired,
    SignInRequired,
    StsuiError,
)
from stsui.model.session import Session
from stsui.tui.state import Entry, State, Trouble

LIVE_KINDS = frozenset({"active", "expiring", "renewing"})
NEEDS_KINDS = frozenset({"mfa", "sign_in", "confirm", "failed"})
BAR = 10
CHECKING = "checking"
"""A state that nobody has looked at yet."""


class Row(NamedTuple):
    """One role, now."""

    kind: str
    """`idle`, `assuming`, `mfa`, `sign_in`, `confirm`, `active`, `expiring`, `renewing`, `expired`, `failed`,
    `problem`, or `again` while it waits for the second enter."""
    glyph: str
    word: str
    time: str = ""
    """Time left; empty where nothing is live."""
    text: str = ""
    """What stands right of the word, or of the time."""
    short: str = ""
    """All there is in a narrow window, at most seven cells but for `again`."""
    fraction: float = -1.0
    """Time left of the lifetime, 0 to 1; negative: no bar."""
    live: bool = False
    needs: bool = False
    """It waits for the person."""
    verb: str = "use"
    """What enter does, for the footer."""
    next: str = ""
    """What happens to a live session by itself, and when: `renews 14:31`."""


def short_clock(at: float) -> str:
    """`15:24`, in the time of the place."""
    return _minute_clock(int(at // 60))


@lru_cache(1024)
def _minute_clock(minute: int) -> str:
    return time.strftime("%H:%M", time.localtime(minute * 60))


def time_text(session: Session, state: State) -> str:
    """What stands in the column of time, as the settings want it, in at most seven cells."""
    left = session.left(state.now)
    style = state.settings.time
    if style == "ends" and session.expiration:
        return short_clock(session.expiration - session.clock_offset)
    if style == "minutes" and left < 3_600:
        return f"{int(left) // 60} min" if left >= 60 else "<1 min"
    return countdown(left)


def row_of(entry: Entry, state: State) -> Row:
    """What the row says at `state.now`."""
    name, glyphs = entry.name, state.glyphs
    if entry.problem is not None:
        reason = entry.problem.reason
        return Row("problem", glyphs.problem, "problem", text=reason, short="problem", verb="why")
    if state.unsure:
        return Row("idle", glyphs.idle, CHECKING, short="…" if glyphs.separator != "|" else "...")
    if state.again[0] == name and state.again[1] > state.now:
        return _again(entry, state)
    session = state.sessions.get(name)
    left = session.left(state.now) if session else 0.0
    flight, trouble = state.flights.get(name), state.troubles.get(name)
    if session is not None and left > 0:
        if flight is not None and flight.visible:
            return _renewing(session, state)
        return _live(name, session, left, trouble, state)
    if flight is not None and flight.visible:
        seconds = max(0, int(state.now - flight.since))
        waiting = f"{seconds} s" if seconds < 60 else countdown(seconds)
        sign = glyphs.spinner[state.turn % len(glyphs.spinner)] if state.settings.spinner else glyphs.assuming
        return Row("assuming", sign, "assuming", text=waiting, short=waiting, verb="wait")
    if trouble is not None and (flight is None or not flight.asked):
        row = _troubled(trouble.error, state)
        again = _retry(trouble, state) if trouble.next_try else ""
        return row._replace(text=f"{row.text}, {again}", needs=False) if again else row
    if session is not None and session.expiration:
        over = ago(state.now - session.expiration)
        return Row("expired", glyphs.expired, "expired", text=over, short=over)
    if state.fault(name):
        return Row("problem", glyphs.problem, "problem", text="no way to it", short="problem", verb="why")
    return Row("idle", glyphs.idle, "idle")


def _again(entry: Entry, state: State) -> Row:
    seconds = max(1, math.ceil(state.again[1] - state.now))
    word = f"{entry.environment}: " if entry.environment else ""
    text = f"{word}enter again to use ({seconds} s)"
    session = state.live(entry.name)
    return Row(
        "again",
        state.glyphs.confirm,
        text,
        short=f"{word}enter again ({seconds} s)",
        live=session is not None,
        verb="use",
    )


def _renewing(session: Session, state: State) -> Row:
    shown = time_text(session, state)
    text = f"{shown} left" if state.settings.time != "ends" else f"until {shown}"
    return Row("renewing", state.glyphs.renewing, "renewing", text=text, short=shown, live=True)


def _live(name: str, session: Session, left: float, trouble: Trouble | None, state: State) -> Row:
    shown = time_text(session, state)
    if trouble is not None and not trouble.error.repeatable:
        waiting = _troubled(trouble.error, state)
        if waiting.kind != "failed":
            text = {"mfa": "r: code", "sign_in": "r: sign in", "confirm": "r: confirm"}[waiting.kind]
            return waiting._replace(time=shown, text=text, live=True, verb="use", short=shown)
        text = trouble.error.word
    else:
        text = _retry(trouble, state) if trouble is not None else ""
    expiring = session.state(state.now) == "expiring"
    return Row(
        "expiring" if expiring else "active",
        state.glyphs.expiring if expiring else state.glyphs.active,
        "expiring" if expiring else "active",
        time=shown,
        text=text,
        short=shown,
        fraction=min(1.0, left / session.lifetime),
        live=True,
        needs=bool(trouble and not trouble.error.repeatable),
        next=_next(name, state),
    )


def _retry(trouble: Trouble, state: State) -> str:
    left = trouble.next_try - state.now
    return f"retry {countdown(left)}" if left > 0 else "retrying" if trouble.next_try else trouble.error.word


def _next(name: str, state: State) -> str:
    outlook = state.outlook.get(name)
    if outlook is None:
        return ""
    word, at = outlook
    return when(word, at) if at > state.now else word.rstrip(" ~")


def when(word: str, at: float) -> str:
    """`renews 14:31`; `browser ~22:02` where the word ends in a sign that the time is not certain."""
    return f"{word}{'' if word.endswith('~') else ' '}{short_clock(at)}"


def _troubled(error: StsuiError, state: State) -> Row:
    """The row of a failure without a usable session."""
    glyphs = state.glyphs
    if isinstance(error, MfaRequired):
        return Row(
            "mfa", glyphs.mfa, "needs MFA", text="enter: your code", short="MFA", needs=True, verb="code"
        )
    if isinstance(error, SignInRequired):
        text = f"{error.source} signed out"
        return Row(
            "sign_in", glyphs.sign_in, "sign in", text=text, short="sign in", needs=True, verb="sign in"
        )
    if isinstance(error, ConfirmationRequired):
        return Row(
            "confirm", glyphs.confirm, "confirm", text="enter: look", short="confirm", needs=True, verb="look"
        )
    return Row("failed", glyphs.failed, "failed", text=error.word, short="failed", needs=True, verb="retry")


def bar(fraction: float, cells: int, full: str, empty: str) -> str:
    """`▰▰▰▱▱` of that many cells; what is left is never shown as nothing."""
    filled = min(cells, max(0, math.ceil(fraction * cells)))
    return full * filled + empty * (cells - filled)


class Counts(NamedTuple):
    """For the head of the screen."""

    live: int
    needs: int


def counts(state: State) -> Counts:
    """How many roles are live and how many wait for the person; looks only at roles that were touched."""
    live = len(state.live_by_expiry())
    needs = 0
    for name in state.troubles:
        entry = state.entries.get(name)
        needs += bool(entry and row_of(entry, state).needs)
    return Counts(live, needs)
