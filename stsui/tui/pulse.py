"""What goes on beside the board: how many shells there are, who waits for a person, whether their server is
there, and whether a file of the user's is open to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stsui.model.errors import StsuiError

if TYPE_CHECKING:
    from stsui.config.exposure import Exposed
    from stsui.tui.frame import Frame
    from stsui.tui.services import Pulse

EVERY = 2
"""Ticks between two looks; the first one waits until the board stands, because it loads things."""
AROUND = 3_600
"""Seconds between two questions whether it is time to look for roles at Identity Centers again."""


class _Seen(NamedTuple):
    """What one look brought."""

    said: str
    stopped: str
    """Why the server of shells is not there; empty where it is, or nobody needs it."""
    pulse: Pulse
    exposed: Exposed | None


class Watch:
    """One for the app."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._ticks = 0
        self._looking = False
        self._stopped = ""
        self._around_at = frame.state.now

    def tick(self) -> None:
        """To be called every second."""
        self._ticks += 1
        if not 0 <= self._frame.state.now - self._around_at < AROUND:
            self.look_around()
        if self._ticks % EVERY == 0 and not self._looking:
            self._looking = True
            self._frame.ask(self._look, self._came, self._failed)

    def look_around(self) -> None:
        """For new roles where somebody is signed in, if the last look is old; loads things."""
        from stsui.tui.deeds.assigned import look_when_old

        self._around_at = self._frame.state.now
        look_when_old(self._frame)

    def _look(self) -> _Seen:
        from stsui.config import exposure

        services, said, stopped = self._frame.services, "", ""
        try:
            said = services.live.revive()
        except StsuiError as error:
            stopped = error.sentence
        return _Seen(said, stopped, services.live.shown.pulse(), exposure.found(services.catalog.paths))

    def _came(self, seen: _Seen) -> None:
        self._looking = False
        state = self._frame.state
        said, pulse, state.exposed = seen.said, seen.pulse, seen.exposed
        # Once may be another stsui that is starting it just now.
        state.stopped = seen.stopped if seen.stopped == self._stopped else ""
        self._stopped = seen.stopped
        asked = (pulse.waits.role, pulse.waits.who) if pulse.waits else ("", "")
        news = (pulse.shells, asked) != (state.shells, state.asked)
        state.shells, state.asked = pulse.shells, asked
        state.follower = (pulse.follower_at, pulse.follower)
        if said:
            state.log("", "credential server", said)
            self._frame.say(said)
        if news:
            self._frame.redraw()

    def _failed(self, error: StsuiError) -> None:
        """Nothing here is worth a word; the screen of shells says what is wrong."""
        self._looking = False
