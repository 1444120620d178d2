"""What comes next for each live session: it renews by itself, a person is wanted, or it ends. Pure.

The forecast plays a day through and is made beside the screen; until it has come, and for a session that it
has not seen, the next renewal is all that is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from stsui.config.catalog import Catalog
from stsui.model.errors import StsuiError
from stsui.model.session import Session
from stsui.tui.state import State

if TYPE_CHECKING:
    from stsui.sessions.forecast import Forecast, Outlook
    from stsui.tui.services import Store

Shown = tuple[str, float]
"""`renews`, `code`, `browser` or `ends`, with `~` before a time that is not certain; and the Unix time."""


class Ahead(NamedTuple):
    """A forecast, and the sessions for which it holds."""

    forecast: Forecast | None = None
    ends: Mapping[str, int] = {}
    """When each session ended that it saw."""


def snapshot(state: State) -> tuple[dict[str, bool], dict[str, int]]:
    """What a forecast is made from: whether each session is renewed by itself, and when it ends."""
    live = {name: session for name, session in state.sessions.items() if session.left(state.now) > 0}
    return (
        {name: _renews(name, state) for name in live},
        {name: session.expiration for name, session in live.items()},
    )


class LookAhead:
    """What comes next, and the Unix time of it; found again only where something of the session is other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._catalog: Catalog | None = None
        self._known: dict[str, tuple[Session, bool, Outlook | None, Shown]] = {}
        self._words: dict[str, str] = {}

    def all(self, state: State, ahead: Ahead) -> dict[str, Shown]:
        """By role, of those that live."""
        if self._catalog is not state.catalog:
            self._catalog = state.catalog
            self._known.clear()
            self._words.clear()
        found = {}
        for name, session in state.sessions.items():
            if session.left(state.now) > 0 and session.expiration:
                found[name] = self._of(name, session, state, ahead)
        return found

    def _of(self, name: str, session: Session, state: State, ahead: Ahead) -> Shown:
        renews = _renews(name, state)
        outlook = ahead.forecast.rows.get(name) if ahead.forecast else None
        if ahead.ends.get(name) != session.expiration:
            outlook = None
        known = self._known.get(name)
        if known is None or known[0] is not session or known[1:3] != (renews, outlook):
            shown = self._found(name, session, renews, outlook)
            known = self._known[name] = (session, renews, outlook, shown)
        return known[3]

    def _found(self, name: str, session: Session, renews: bool, outlook: Outlook | None) -> Shown:
        if renews and outlook is not None and outlook.what != "ends":
            return _shown(outlook)
        word = self._next(name) if renews else "ends"
        if word == "ends":
            return word, session.expiration - session.clock_offset
        return word, self._store.renew_at(session)

    def _next(self, name: str) -> str:
        """How the next one is had; a plan looks at the disk, and hundreds of sessions may come at once."""
        if name not in self._words:
            try:
                last = self._store.plan(name).last
            except StsuiError:
                self._words[name] = "ends"
            else:
                self._words[name] = "code" if last.mfa_serial and not last.mfa_process else "renews"
        return self._words[name]


def wanted(ahead: Ahead) -> Shown:
    """The next time a person is wanted at all: `code for ana`, and when; an empty text: never."""
    outlook = ahead.forecast.next if ahead.forecast else None
    if outlook is None:
        return "", 0.0
    what = "code for" if outlook.what == "code" else "sign-in at"
    return f"{what} {outlook.name}{'' if outlook.exact else ' ~'}", outlook.at


def _renews(name: str, state: State) -> bool:
    trouble = state.troubles.get(name)
    stopped = trouble is not None and not trouble.next_try
    return not (state.paused or stopped) and state.renews(name)


def _shown(outlook: Outlook) -> Shown:
    return (outlook.what if outlook.exact else f"{outlook.what} ~"), outlook.at
