"""Which sessions can be used just now."""

from collections.abc import Collection, Mapping

from stsui.model.session import Session


class Living:
    """The next to end first; put in order when one was had or dropped, so that a second costs little."""

    def __init__(self) -> None:
        self._made_of: tuple[Mapping[str, Session], Collection[str], int, int] | None = None
        self._ordered: list[Session] = []
        self._ended = 0
        self._living: list[Session] = []

    def at(
        self, now: float, sessions: Mapping[str, Session], known: Collection[str], version: int
    ) -> list[Session]:
        """Those that live at `now`, each under the name by which it is held; one list while it stays so.

        Args:
            known: Names that have a row; no other one is among them.
            version: Another number where a session was replaced in the same table.
        """
        made_of = self._made_of
        same = made_of is not None and made_of[0] is sessions and made_of[1] is known
        if not same or made_of is None or made_of[2:] != (version, len(sessions)):
            self._made_of = (sessions, known, version, len(sessions))
            named = (_named(session, name) for name, session in sessions.items() if name in known)
            self._ordered = sorted(named, key=lambda session: (_end(session), session.role))
            self._ended, self._living = 0, list(self._ordered)
        ended = 0
        while ended < len(self._ordered) and self._ordered[ended].left(now) <= 0:
            ended += 1
        if ended != self._ended:
            self._ended, self._living = ended, self._ordered[ended:]
        return self._living


def _named(session: Session, name: str) -> Session:
    """Nearly always it is called so already, and a copy of hundreds is felt."""
    return session if session.role == name else session._replace(role=name)


def _end(session: Session) -> float:
    return session.expiration - session.clock_offset
