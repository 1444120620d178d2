"""What comes next for each live session: it renews by itself, a person is wanted, or it ends. Pure.

The forecast plays a day through and is made beside the screen; until it has come, and for a session that it
has not seen, the next renewal is all that is told.
"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from stsui.model.errors import StsuiError
from stsui.model.session import Session
from stsui.sessions.forecast import Forecast, Outlook
from stsui.sessions.plan import Plan
from stsui.tui.state import State

Shown = tuple[str, float]
"""`renews`, `code`, `browser` or `ends`, with `~` before a time that is not certain; and the Unix time."""


class Looks(Protocol):
    """The part of the store that is asked."""

    def plan(self, role: str, variant: str | None = None) -> Plan: ...

    def renew_at(self, session: Session) -> float: ...


class Ahead(NamedTuple):
    """A forecast, and the sessions for which it holds."""

    forecast: Forecast = Forecast({}, {})
    ends: Mapping[str, int] = {}
    """When each session ended that it saw."""


def snapshot(state: State) -> tuple[dict[str, bool], dict[str, int]]:
    """What a forecast is made from: whether each session is renewed by itself, and when it ends."""
    live = {name: session for name, session in state.sessions.items() if session.left(state.now) > 0}
    return (
        {name: _renews(name, state) for name in live},
        {name: session.expiration for name, session in live.items()},
    )


def look_ahead(state: State, store: Looks, ahead: Ahead) -> dict[str, Shown]:
    """By role: what comes next, and the Unix time of it."""
    found = {}
    for name, session in state.sessions.items():
        if session.left(state.now) > 0 and session.expiration:
            found[name] = _next(name, session, state, store, ahead)
    return found


def wanted(ahead: Ahead) -> Shown:
    """The next time a person is wanted at all: `code for ana`, and when; an empty text: never."""
    outlook = ahead.forecast.next
    if outlook is None:
        return "", 0.0
    what = "code for" if outlook.what == "code" else "sign-in at"
    return f"{what} {outlook.name}{'' if outlook.exact else ' ~'}", outlook.at


def _renews(name: str, state: State) -> bool:
    trouble = state.troubles.get(name)
    stopped = trouble is not None and not trouble.next_try
    return not (state.paused or stopped) and state.renews(name)


def _next(name: str, session: Session, state: State, store: Looks, ahead: Ahead) -> Shown:
    if not _renews(name, state):
        return "ends", session.expiration - session.clock_offset
    outlook = ahead.forecast.rows.get(name)
    if outlook is not None and ahead.ends.get(name) == session.expiration and outlook.what != "ends":
        return _shown(outlook)
    try:
        last = store.plan(name).last
    except StsuiError:
        return "ends", session.expiration - session.clock_offset
    wants = bool(last.mfa_serial) and not last.mfa_process
    return "code" if wants else "renews", store.renew_at(session)


def _shown(outlook: Outlook) -> Shown:
    return (outlook.what if outlook.exact else f"{outlook.what} ~"), outlook.at
