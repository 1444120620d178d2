"""How many renewals may go at once: a throttled call slows all of them, not only its own role's."""

from typing import NamedTuple

from stsui.sessions import refresh

LONGEST = 60


class Pace(NamedTuple):
    """A value; replaced with each answer."""

    throttled_in_a_row: int = 0
    until: float = 0.0
    """Unix time before which no renewal starts."""

    def throttled(self, now: float, key: str) -> "Pace":
        """AWS asked to slow down: 2, 4, 8 … 60 seconds of silence, less a little by session."""
        in_a_row = min(self.throttled_in_a_row + 1, 10)
        return Pace(in_a_row, max(self.until, now + refresh.back_off(in_a_row + 1, key)))

    def answered(self) -> "Pace":
        """A call went through: as fast as ever."""
        return Pace()

    def at_once(self, now: float, most: int) -> int:
        """How many may be under way: none while AWS wants silence, one until it is answered, then `most`."""
        if now < self.until:
            return 0
        return 1 if self.throttled_in_a_row else most
