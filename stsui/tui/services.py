"""What the screen is handed: the store, the catalog and the environment. `wiring` makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

# Named only in types: a third of all rooms would be loaded for them before the first picture.
if TYPE_CHECKING:
    from stsui.config.catalog import Catalog
    from stsui.handover.slots import Process, Slot
    from stsui.model.assigned import Assigned, Discovery
    from stsui.model.roles import Center, Guard, Role
    from stsui.model.session import Session
    from stsui.model.token import Invitation, Token
    from stsui.sessions.actions import Actions
    from stsui.sessions.clock import Clock
    from stsui.sessions.discoveries import Discoveries, News
    from stsui.sessions.gate import Gate
    from stsui.sessions.ledger import Event, Ledger
    from stsui.sessions.lookout import Lookout
    from stsui.sessions.plan import Plan
    from stsui.sessions.sign_ins import SignIns
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

    def renew_root(self, role: str, code: str | None = None) -> Session: ...

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


class Fetched(Protocol):
    """What a slot was used for."""

    @property
    def times(self) -> int: ...

    @property
    def at(self) -> int: ...

    @property
    def consumers(self) -> Sequence[object]: ...


class SlotRow(Protocol):
    """A slot as it is shown."""

    @property
    def slot(self) -> Slot: ...

    @property
    def role(self) -> str:
        """The session it leads to now; empty where nothing is current."""

    @property
    def session(self) -> Session | None: ...

    @property
    def fetched(self) -> Fetched: ...

    @property
    def running(self) -> Sequence[Process]:
        """Programs that fetched and still run."""

    @property
    def ended(self) -> Process | None:
        """The program that fetched last, where none runs that did."""

    @property
    def owned(self) -> bool:
        """The shell it was made for still runs."""

    @property
    def abandoned(self) -> bool:
        """That shell is gone, or holds another one."""

    @property
    def note(self) -> str:
        """Why it gives nothing; empty when all is well."""


class Running(Protocol):
    """The server of slots."""

    @property
    def port(self) -> int: ...

    @property
    def since(self) -> int: ...


class Waits(Protocol):
    """A program that wants what only a person can give."""

    @property
    def role(self) -> str: ...

    @property
    def who(self) -> str: ...


class Pulse(Protocol):
    """What the board wants to know of slots every few seconds."""

    @property
    def shells(self) -> int: ...

    @property
    def follower_at(self) -> int:
        """When the slot that follows the current session was last fetched; 0: never."""

    @property
    def follower(self) -> str: ...

    @property
    def waits(self) -> Waits | None: ...


class Shown(Protocol):
    """Slots to look at."""

    def rows(self) -> Sequence[SlotRow]: ...

    def snapshots(self) -> Sequence[Event]:
        """What was handed out as copies and has not ended, the newest first."""

    def server(self) -> Running | None: ...

    def pulse(self) -> Pulse: ...


class Live(Protocol):
    """Slots and their server."""

    @property
    def shown(self) -> Shown: ...

    def point(self, name: str, role: str) -> object:
        """Leads a slot to another session from its next fetch on."""

    def cut(self, name: str) -> object:
        """A slot gives nothing from its next fetch on."""

    def ensure(self) -> Running:
        """The running server, started where there is none.

        Raises:
            StsuiError: It cannot be; says why.
        """

    def stop(self) -> bool:
        """Ends the server; whether one ran."""

    def revive(self) -> str:
        """Starts a server that is missed; what has to be said of that, or nothing.

        Raises:
            StsuiError: It cannot be started; says why.
        """


class SignIn(Protocol):
    """One sign-in under way."""

    invitation: Invitation

    def wait(self, pause: Callable[[float], bool]) -> Token | None:
        """The token once the person has answered; None where `pause` said to give up."""


class Centers(Protocol):
    """What goes to Identity Center; touched in threads alone, for it loads boto3."""

    def begin(self, center: Center, *, browser: bool) -> SignIn: ...

    def finish(self, center: Center, token: Token) -> None: ...


class SignedOut(Protocol):
    """What a sign-out did."""

    @property
    def unheard(self) -> str: ...


class Services(Protocol):
    """The app's one object."""

    @property
    def live(self) -> Live:
        """Loaded when it is first asked for, which takes some time."""

    @property
    def store(self) -> Store: ...

    def forget_everything(self, *, sign_out: bool = False) -> object:
        """Sessions, slots, our sections of the credentials file, and with `sign_out` every sign-in; what was
        forgotten, as a sentence."""

    def signed_in(self) -> Sequence[Center]:
        """The Identity Centers at which somebody is signed in here."""

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
    def sign_ins(self) -> SignIns:
        """Tokens of Identity Centers."""

    @property
    def centers(self) -> Centers: ...

    @property
    def discoveries(self) -> Discoveries:
        """What was found in Identity Centers, and when."""

    def discover(self, center: Center, told: Callable[[Assigned, int, int], None] | None = None) -> News:
        """Looks for every account and role of a sign-in, and keeps what it found, as it comes.

        Args:
            told: Hears of each account, how many were looked at, and how many there are so far.
        """

    def found(self, center: Center) -> Discovery:
        """What is known of an Identity Center's roles."""

    def sign_out(self, center: Center) -> SignedOut: ...

    def imported(self, file: str) -> dict[str, str]:
        """What was imported into a file of conf.d: identity to the name at its source."""

    def remember_imported(self, file: str, names: Mapping[str, str]) -> None: ...

    @property
    def lookout(self) -> Lookout:
        """Every root, and what will be needed when."""

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
