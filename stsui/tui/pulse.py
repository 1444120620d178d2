"""What shells do meanwhile: how many there are, who waits for a person, and that their server is there."""

from stsui.model.errors import StsuiError
from stsui.tui.frame import Frame
from stsui.tui.services import Pulse

EVERY = 2
"""Ticks between two looks; the first one waits until the board stands, because it loads things."""
AROUND = 3_600
"""Seconds between two questions whether it is time to look for roles at Identity Centers again."""


class Watch:
    """One for the app."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._ticks = 0
        self._looking = False
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
        from stsui.tui.deeds.signing import look_when_old

        self._around_at = self._frame.state.now
        look_when_old(self._frame)

    def _look(self) -> tuple[str, Pulse]:
        live = self._frame.services.live
        return live.revive(), live.shown.pulse()

    def _came(self, seen: tuple[str, Pulse]) -> None:
        self._looking = False
        said, pulse = seen
        state = self._frame.state
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
