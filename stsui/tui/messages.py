"""What threads report to the app. Each is a past event; none holds more of a session than the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from textual.message import Message

from stsui.config.catalog import Catalog
from stsui.model.errors import StsuiError
from stsui.model.session import Session

# Named only in types: what the board asks for once it stands would be loaded for them before.
if TYPE_CHECKING:
    from stsui.sessions.forecast import Forecast
    from stsui.sessions.ledger import Event


class SessionHad(Message):
    """A call for a role ended well."""

    def __init__(self, role: str, session: Session, number: int) -> None:
        super().__init__()
        self.role, self.session, self.number = role, session, number


class CallFailed(Message):
    """A call for a role ended with an error."""

    def __init__(self, role: str, error: StsuiError, number: int, code_given: bool) -> None:
        super().__init__()
        self.role, self.error, self.number, self.code_given = role, error, number, code_given


class Verified(Message):
    """GetCallerIdentity answered."""

    def __init__(self, role: str, session: Session, asked: bool) -> None:
        super().__init__()
        self.role, self.session, self.asked = role, session, asked


class VerifyFailed(Message):
    """GetCallerIdentity did not answer, or somebody else did."""

    def __init__(self, role: str, error: StsuiError, asked: bool) -> None:
        super().__init__()
        self.role, self.error, self.asked = role, error, asked


class DiskRead(Message):
    """What the session directory holds; `version` is the state's when the look began."""

    def __init__(self, sessions: dict[str, Session], current: str, version: int, stamp: object) -> None:
        super().__init__()
        self.sessions, self.current, self.version, self.stamp = sessions, current, version, stamp


class ConfigRead(Message):
    """The config files were read again."""

    def __init__(self, catalog: Catalog, asked: bool, news: bool = False) -> None:
        """`news`: somebody else changed them."""
        super().__init__()
        self.catalog, self.asked, self.news = catalog, asked, news


class Foreseen(Message):
    """A forecast was made; `ends` says for which sessions."""

    def __init__(self, forecast: Forecast, ends: Mapping[str, int]) -> None:
        super().__init__()
        self.forecast, self.ends = forecast, ends


class Told(Message):
    """Lines that other processes wrote into the ledger, oldest first."""

    def __init__(self, events: Sequence[Event]) -> None:
        super().__init__()
        self.events = events


class Done(Message):
    """A small thing that was asked for is done; `sentence` answers the key press."""

    def __init__(self, sentence: str = "", error: bool = False) -> None:
        super().__init__()
        self.sentence, self.error = sentence, error


class Came(Message):
    """What a dialog asked for is there; `take` is to be called in the screen's thread."""

    def __init__(self, take: Callable[[], object]) -> None:
        super().__init__()
        self.take = take
