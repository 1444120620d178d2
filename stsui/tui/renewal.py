"""Which sessions to renew now: pure functions of the state and the time."""

import math
import zlib
from collections.abc import Callable, Mapping

from stsui.model.durations import countdown
from stsui.model.errors import StsuiError, Throttled
from stsui.model.session import Session
from stsui.tui.state import State

WAKE_SPREAD = 10
"""Seconds over which the renewals after a sleep are spread."""
MANY, SELDOM = 12, 300
"""Failures after which what has ended is tried seldom, and the seconds between two tries then."""
LOOK_AGAIN = 15
"""Seconds until a session is tried again that somebody else is renewing."""


def due(state: State, is_due: Callable[[Session, float], bool]) -> list[str]:
    """Roles to renew by themselves, the next to end first.

    A session that ended before this app saw it alive is not among them: somebody has to touch it first. One
    that is not due is, where somebody asked for another one and got none.
    """
    if state.paused:
        return []
    found = []
    for name, session in state.sessions.items():
        if name in state.flights or name not in state.seen_live or not state.renews(name):
            continue
        trouble = state.troubles.get(name)
        if trouble is not None and not trouble.next_try:
            continue
        if state.not_before.get(name, 0) > state.now or (trouble and trouble.next_try > state.now):
            continue
        if session.expiration and (trouble is not None or is_due(session, state.now)):
            found.append((session.expiration, name))
    return [name for _, name in sorted(found)]


def patience(wait: float, failures: int, left: float, error: StsuiError) -> float:
    """Seconds until the next try: more often than `wait` shortly before the end, seldom long after it.

    Args:
        wait: What a row of so many failures asks for.
        left: Seconds that the session still lives; negative after its end.
    """
    if left <= 0:
        return wait if failures <= MANY else SELDOM
    return wait if isinstance(error, Throttled) else min(wait, max(1.0, left / 4))


class FirstDue:
    """When a session is due at all: until then a second need not look at each of hundreds."""

    def __init__(self, renew_at: Callable[[Session], float]) -> None:
        self._renew_at = renew_at
        self._made_of: tuple[Mapping[str, Session], int, int] | None = None
        self._at = 0.0

    def is_past(self, state: State) -> bool:
        """Whether one may be due by now; the time is found anew where one was had or dropped."""
        sessions = state.sessions
        made_of = self._made_of
        if made_of is None or made_of[0] is not sessions or made_of[1:] != (state.version, len(sessions)):
            self._made_of = (sessions, state.version, len(sessions))
            ends = (self._renew_at(session) for session in sessions.values() if session.expiration)
            self._at = min(ends, default=math.inf)
        return state.now >= self._at


def slowed(state: State) -> str:
    """Why no renewal starts just now; empty while AWS does not mind."""
    left = state.pace.until - state.now
    if left <= 0:
        return ""
    return f"AWS asked to slow down. Next try in {countdown(left + 1)}; sessions keep working."


def spread(state: State) -> None:
    """After a sleep: each session waits its own part of ten seconds."""
    for name in state.sessions:
        state.not_before[name] = state.now + zlib.crc32(name.encode()) % (WAKE_SPREAD * 10) / 10
