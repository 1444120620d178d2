"""The key that closes a file of the user's to others."""

from stsui.config import exposure
from stsui.config.exposure import Exposed
from stsui.tui.frame import Frame


def close(frame: Frame, role: str) -> None:
    """The one that the head speaks of."""
    exposed = frame.state.exposed
    if exposed is None:
        return

    def done() -> tuple[str, Exposed | None]:
        try:
            said = f"{exposed.name} is closed to others: mode {exposure.close(exposed):o}."
        except OSError as error:
            said = f"{exposed.name} is as it was: {error.strerror}."
        return said, exposure.found(frame.services.catalog.paths)

    def came(seen: tuple[str, Exposed | None]) -> None:
        said, frame.state.exposed = seen
        frame.say(said)

    frame.ask(done, came)
