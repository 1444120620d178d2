"""What is appended to the ledger, as it comes: only new bytes are read, so that one can look every second."""

from stsui.sessions.ledger import Event, Ledger, Place

RECENT = 64_000
"""Bytes of a file's first look: some hundred lines."""


class Tail:
    """For one reader, which is a process with a ledger of its own."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._stamp: object = None
        self._place = Place()

    def news(self) -> list[Event]:
        """What other processes wrote since the last look, oldest first; at the first look, lately."""
        stamp = self._ledger.stamp()
        if stamp == self._stamp:
            return []
        self._stamp = stamp
        events, self._place = self._ledger.since(self._place, RECENT)
        return [event for event in events if not self._ledger.is_ours(event)]
