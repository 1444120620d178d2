"""What comes next for each live session: it renews by itself, a code will be wanted, or it ends. Pure."""

from typing import Protocol

from stsui.model.errors import StsuiError
from stsui.model.session import Session
from stsui.sessions.plan import Plan
from stsui.tui.state import State


class Looks(Protocol):
    """The part of the store that is asked."""

    def plan(self, role: str, variant: str | None = None) -> Plan: ...

    def renew_at(self, session: Session) -> float: ...


def look_ahead(state: State, store: Looks) -> dict[str, tuple[str, float]]:
    """By role: `renews`, `code` or `ends`, and the Unix time of it."""
    found = {}
    for name, session in state.sessions.items():
        if session.left(state.now) > 0 and session.expiration:
            found[name] = _next(name, session, state, store)
    return found


def _next(name: str, session: Session, state: State, store: Looks) -> tuple[str, float]:
    end = session.expiration - session.clock_offset
    trouble = state.troubles.get(name)
    stopped = trouble is not None and not trouble.next_try
    if state.paused or stopped or not state.renews(name):
        return "ends", end
    try:
        last = store.plan(name).last
    except StsuiError:
        return "ends", end
    wants = bool(last.mfa_serial) and not last.mfa_process
    return "code" if wants else "renews", store.renew_at(session)
