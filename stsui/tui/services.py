"""What the screen is handed: the store, the catalog and the environment. `wiring` makes it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from stsui.config.catalog import Catalog
from stsui.model.roles import Guard, Role
from stsui.model.session import Session
from stsui.sessions.actions import Actions
from stsui.sessions.clock import Clock
from stsui.sessions.gate import Gate
from stsui.sessions.ledger import Ledger
from stsui.sessions.plan import Plan
from stsui.sessions.wanted import Occasion, Wanted


class Store(Protocol):
    """The part of `SessionStore` that the screen uses."""

    @property
    def clock(self) -> Clock: ...

    def assume(
        self,
        role: str,
        variant: str | None = None,
        code: str | None = None,
        *,
        refresh: bool = False,
        strict: bool = False,
        occasion: Occasion | None = None,
        passed: Guard = "none",
    ) -> Session: ...

    def peek(self, role: str, variant: str | None = None) -> Session | None: ...

    def named(self, text: str, variant: str | None = None) -> Wanted: ...

    def actions(self) -> Actions: ...

    @property
    def ledger(self) -> Ledger: ...

    def held(self) -> dict[str, Session]: ...

    def verify(self, role: str) -> Session: ...

    def drop(self, role: str) -> bool: ...

    def drop_all(self) -> int: ...

    def plan(self, role: str, variant: str | None = None, occasion: Occasion | None = None) -> Plan: ...

    def confirm(self, token: str) -> None: ...

    def current(self) -> str: ...

    def set_current(self, role: str) -> None: ...

    def stamp(self) -> object: ...

    def renew_at(self, session: Session) -> float: ...

    def due(self, session: Session, now: float) -> bool: ...

    def back_off(self, failed: int, session: Session) -> float: ...

    def warnings(self) -> tuple[str, ...]: ...

    def clock_offset(self) -> float: ...


class Services(Protocol):
    """The app's one object."""

    @property
    def store(self) -> Store: ...

    def forget_everything(self) -> object:
        """Sessions, slots, our sections of the credentials file; what was forgotten, as a sentence."""

    def write_copy(self, section: str, variables: Mapping[str, str]) -> None:
        """A session's copy in the credentials file, until the session ends.

        Raises:
            StsuiError: It cannot be put there.
        """

    def remove_copies(self, role: str = "") -> bool:
        """Takes copies of a role's session out of the credentials file; whether any was there.

        Raises:
            StsuiError: It cannot be read or written.
        """

    @property
    def gate(self) -> Gate:
        """What every way out asks first."""

    @property
    def catalog(self) -> Catalog: ...

    @property
    def environ(self) -> Mapping[str, str]: ...

    @property
    def banner(self) -> Callable[[], str] | None:
        """A text for the head of the screen; the demo shows its MFA code there."""

    @property
    def demo_code(self) -> Callable[[], str] | None:
        """What the demo's MFA device shows, for pictures."""

    def trial(self, role: Role, code: str) -> Session:
        """One call for a role that need not be configured; what it gives is not kept.

        Raises:
            StsuiError: As `Store.assume`.
        """

    def changed(self) -> bool:
        """Whether a config file is another one than when it was read."""

    def reload(self) -> Catalog:
        """Reads every config file again."""
