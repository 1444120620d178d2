"""The one place where sessions meet AWS. Opening connects to nothing: boto3 is loaded when STS is needed."""

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from stsui.config.catalog import Catalog, stamp, with_role
from stsui.model.credentials import Secret
from stsui.model.identity import Identity
from stsui.model.roles import Center, Role
from stsui.model.session import Session
from stsui.sessions.actions import Actions
from stsui.sessions.cache import Cache, MemoryCache
from stsui.sessions.callers import callers
from stsui.sessions.catalogs import load
from stsui.sessions.clock import Clock, SystemClock
from stsui.sessions.ledger import Ledger
from stsui.sessions.memory import Memory
from stsui.sessions.planning import Setting
from stsui.sessions.store import SessionStore

if TYPE_CHECKING:
    from stsui.aws.centers import IdentityCenters
    from stsui.aws.discovery import Told
    from stsui.aws.refreshing import BotoSession
    from stsui.model.assigned import Assigned, Discovery
    from stsui.server.live import Live
    from stsui.sessions.discoveries import Discoveries, News
    from stsui.sessions.gate import Gate
    from stsui.sessions.lookout import Lookout
    from stsui.sessions.revoke import Revocation
    from stsui.sessions.sign_ins import SignIns


class SignedOut(NamedTuple):
    """What a sign-out did."""

    dropped: int
    """Sessions that were forgotten."""
    unheard: str
    """Why AWS was not told; empty when it was."""


class Forgotten(NamedTuple):
    """What was forgotten at once."""

    sessions: int
    slots: int
    sections: bool
    """Our sections of the credentials file were taken out."""
    centers: Sequence[str] = ()
    """Signed out of."""
    unheard: str = ""
    """Why AWS was not told of a sign-out; empty when it was."""

    def __str__(self) -> str:
        parts = [f"{self.sessions} session{'' if self.sessions == 1 else 's'} forgotten"]
        parts += [f"{self.slots} slot{'' if self.slots == 1 else 's'} cut off"] if self.slots else []
        parts += ["our sections of the credentials file removed"] if self.sections else []
        parts += [f"signed out of {', '.join(self.centers)}"] if self.centers else []
        parts += [f"AWS was not told: {self.unheard.removesuffix('.')}"] if self.unheard else []
        return ", ".join(parts)


CREDENTIALS_LOCK, LOCK_WAIT = "credentials-file", 10.0


class Services:
    """What the command line and the screen may do, in one object."""

    banner: Callable[[], str] | None = None
    """A text for the head of the screen; the demo shows its MFA code there."""
    demo_code: Callable[[], str] | None = None
    """What the demo's MFA device shows, for pictures."""

    def __init__(
        self,
        environ: Mapping[str, str],
        clock: Clock,
        keep_nothing: bool = False,
        trace: Callable[[str], None] | None = None,
    ) -> None:
        catalog = load(environ)
        self.environ = environ
        self.clock = clock
        cache = MemoryCache(clock) if keep_nothing else _cache(catalog, clock)
        state_dir = catalog.paths.state_dir
        memory, ledger, setting = Memory(state_dir), Ledger(state_dir, clock), _setting(environ)
        self._memory, self._cache = memory, cache

        def store_of(catalog: Catalog) -> SessionStore:
            return SessionStore(catalog, cache, lambda: self._connect(trace), clock, memory, ledger, setting)

        self._store_of = store_of
        self.store = store_of(catalog)

    # What a cached answer does not need is loaded when it is needed.

    @cached_property
    def gate(self) -> "Gate":
        """What every way out asks first."""
        from stsui.sessions.gate import Gate

        return Gate(self.store)

    @cached_property
    def sign_ins(self) -> "SignIns":
        """Tokens of Identity Centers."""
        from stsui.sessions.sign_ins import SignIns
        from stsui.sessions.tokens import TokenFiles

        return SignIns(TokenFiles(self.catalog.paths.sso_cache), self._cache, self._memory, self.clock)

    @cached_property
    def discoveries(self) -> "Discoveries":
        """What was found in Identity Centers."""
        from stsui.sessions.discoveries import Discoveries

        return Discoveries(self.catalog.paths.discovered, self._memory, self.clock)

    @cached_property
    def lookout(self) -> "Lookout":
        """When a person is needed next."""
        from stsui.sessions.lookout import Lookout

        return Lookout(self.store, self.sign_ins, self.catalog.paths.login_cache)

    @cached_property
    def centers(self) -> "IdentityCenters":
        """Identity Centers: signing in and out, and what is assigned there. Loads boto3."""
        from stsui.aws.centers import IdentityCenters

        return IdentityCenters(self.environ, self.sign_ins, self.clock)

    def _connect(self, trace: Callable[[str], None] | None) -> Actions:
        from stsui.aws.sts import StsActions
        from stsui.sessions.privacy import keep_memory_private

        keep_memory_private()
        actions = StsActions(self.environ, self.centers.portal)
        if trace is None:
            return actions
        from stsui.sessions.trace import Traced

        return Traced(actions, trace)

    def discover(self, center: Center, told: "Told | None" = None) -> "News":
        """Looks for every account and role that a sign-in may use, and keeps what it found, as it comes.

        Raises:
            StsuiError: Nobody is signed in there, or there was no answer; what had come is kept.
        """
        from stsui.sessions.discoveries import Gathering

        gathering = Gathering(self.discoveries, center)

        def came(account: "Assigned", done: int, total: int) -> None:
            gathering.add(account)
            if told is not None:
                told(account, done, total)

        try:
            found = self.centers.discover(center, came)
        except BaseException:
            gathering.keep()
            raise
        return self.discoveries.keep(center, found, gathering.before)

    def found(self, center: Center) -> "Discovery":
        """What is known of an Identity Center's roles."""
        from stsui.config import discovered
        from stsui.model.assigned import Discovery

        known = discovered.read(self.catalog.paths.discovered)
        return known.get(discovered.key_of(center)) or Discovery(())

    def account_names(self, role: str) -> dict[str, str]:
        """The names of an organisation's accounts, as the held session of a role sees them.

        Raises:
            StsuiError: It may not list them.
        """
        from stsui.aws.organizations import account_names
        from stsui.model.arn import parse_role_arn

        session = self.store.assume(role)
        configured = self.catalog.roles[role].role_arn if role in self.catalog.roles else ""
        partition = parse_role_arn(configured).partition if configured else "aws"
        return account_names(session, partition, self.environ)

    def imported(self, file: str) -> dict[str, str]:
        """What was imported into a file of conf.d: identity to the name at its source."""
        return self._memory.imported(file)

    def remember_imported(self, file: str, names: Mapping[str, str]) -> None:
        """Keeps them for the next review."""
        self._memory.remember_imported(file, names)

    def sign_out(self, center: Center) -> SignedOut:
        """Ends a sign-in here and at AWS, and forgets every session below it."""
        why = f"signed out of {center.name}"
        dropped = self.store.drop_below(lambda source: source.center == center, why)
        return SignedOut(dropped, self.centers.sign_out(center))

    def forget_everything(self, *, sign_out: bool = False) -> Forgotten:
        """Sessions, slots, our sections of the credentials file; with `sign_out` every Identity Center too.

        Raises:
            StsuiError: The credentials file cannot be written; what comes before it is done.
        """
        centers = self.signed_in() if sign_out else []
        sessions = self.store.drop_all()
        slots = [slot.name for slot in self.live.slots.all() if not slot.cut_at]
        for name in slots:
            self.live.cut(name)
        unheard = [sentence for center in centers if (sentence := self.sign_out(center).unheard)]
        names = [center.name for center in centers]
        return Forgotten(sessions, len(slots), self.remove_copies(), names, " ".join(unheard[:1]))

    def signed_in(self) -> list[Center]:
        """The Identity Centers at which somebody is signed in here; one for those that share a token."""
        from stsui.config.centers import plain

        found: dict[str, Center] = {}
        for center in self.catalog.sso.values():
            if self.sign_ins.standing(center).signed_in:
                found.setdefault(f"{plain(center.start_url)} {center.region}", center)
        return list(found.values())

    def write_copy(self, section: str, variables: Mapping[str, str]) -> None:
        """A session's copy in the credentials file, until the session ends.

        Raises:
            ConfigError: The section is somebody else's.
            StoreError: The file cannot be written.
        """
        from stsui.handover import credentials_file, sweeper

        with self.store.cache.lock(CREDENTIALS_LOCK, LOCK_WAIT):
            credentials_file.write(self.catalog.paths, section, variables)
        sweeper.start(self.environ)

    def remove_copies(self, role: str = "") -> bool:
        """Takes copies of a role's session, or every one, out of the credentials file; whether any was there.

        Raises:
            StsuiError: It cannot be read or written.
        """
        from stsui.handover import credentials_file

        with self.store.cache.lock(CREDENTIALS_LOCK, LOCK_WAIT):
            return credentials_file.remove(self.catalog.paths, role)

    @property
    def catalog(self) -> Catalog:
        """Every role and account, as last read."""
        return self.store.catalog

    def trial(self, role: Role, code: str) -> Session:
        """One call for a role that need not be configured; what it gives is not kept.

        Sessions on the way to it are: a code is not spent for nothing.
        """
        store = self._store_of(with_role(self.catalog, role))
        key = store.plan(role.name).last.key
        had = self.store.cache.read(key)
        session = store.assume(role.name, code=code or None, refresh=True, strict=True)
        if had is None:
            self.store.cache.remove(key)
        return session

    def server_is_missed(self) -> bool:
        """Whether slots' server was started, not stopped, and is gone; two small files are looked at."""
        if not os.path.isdir(self.catalog.paths.live):
            return False
        from stsui.server.place import find

        return find(self.catalog.paths, self.environ).is_missed()

    @cached_property
    def live(self) -> "Live":
        """Slots and the server that serves them; nothing is started by looking."""
        from stsui import __version__
        from stsui.server.live import Live
        from stsui.server.place import find

        return Live(find(self.catalog.paths, self.environ), self.store, self.environ, __version__)

    def changed(self) -> bool:
        """Whether a config file is another one than when it was read; some stat calls."""
        return stamp(self.catalog.paths) != self.catalog.stamp

    def reload(self) -> Catalog:
        """Reads every config file again."""
        self.store.reload(load(self.environ))
        return self.catalog


def open_services(
    environ: Mapping[str, str],
    clock: Clock | None = None,
    *,
    keep_nothing: bool = False,
    trace: Callable[[str], None] | None = None,
) -> Services:
    """Reads the config; no network, no boto3, nothing written.

    Args:
        keep_nothing: Sessions are neither taken from the store nor put there.
        trace: Takes a line for each call that is made; no secret is in it.
    """
    return Services(environ, clock or SystemClock(), keep_nothing, trace)


def _cache(catalog: Catalog, clock: Clock) -> Cache:
    if catalog.settings.store == "memory":
        return MemoryCache(clock)
    return Cache(catalog.paths.sessions_dir, clock)


def _setting(environ: Mapping[str, str]) -> Setting:
    user = environ.get("USER") or environ.get("LOGNAME") or environ.get("USERNAME") or _login_name()
    return Setting(
        user=user,
        host=_host_name(),
        region=environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or "",
        endpoint_url=environ.get("AWS_ENDPOINT_URL_STS") or environ.get("AWS_ENDPOINT_URL") or "",
        fips=_switch(environ.get("AWS_USE_FIPS_ENDPOINT")),
        dualstack=_switch(environ.get("AWS_USE_DUALSTACK_ENDPOINT")),
        ca_bundle=environ.get("AWS_CA_BUNDLE", ""),
        environment_key=environ.get("AWS_ACCESS_KEY_ID", ""),
        container=environ.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
        or environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI", ""),
        callers=callers(environ),
    )


def _switch(value: str | None) -> bool | None:
    """A variable that is true or false; None where it is not set."""
    return value.lower() == "true" if value else None


def _host_name() -> str:
    if hasattr(os, "uname"):
        name = os.uname().nodename
    else:
        import socket

        name = socket.gethostname()
    return name.partition(".")[0] or "localhost"


def _login_name() -> str:
    """Who the computer says we are, where the environment does not say (a container, cron)."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return "stsui"


def ambient_identity(environ: Mapping[str, str]) -> Identity:
    """Who a program started with this environment would be, by AWS's own order of credentials.

    Raises:
        StsuiError: Nobody, or AWS did not answer.
    """
    from stsui.aws.ambient import identity

    return identity(environ)


def boto_session(services: Services, ask: Callable[[], Session], region: str) -> "BotoSession":
    """A boto3 session that signs with what `ask` gives, and asks again before that ends."""
    from stsui.aws.refreshing import boto_session as refreshing

    return refreshing(ask, region, services.clock.now)


def console_url(
    session: Session, partition: str, service: str, region: str, environ: Mapping[str, str], seconds: int = 0
) -> Secret:
    """A link that signs a browser in as the session; `seconds` as in `aws.console.sign_in_url`."""
    from stsui.aws.console import sign_in_url
    from stsui.handover import console_pages as pages

    name = pages.region_name(region) if region else ""
    page = pages.destination(partition, service, name)
    return sign_in_url(session, pages.hosts(partition), page, name, environ, seconds)


def aws_tools_refuse(path: str) -> str:
    """Why AWS's own tools would refuse a config file as a whole; empty when they would not."""
    from stsui.aws.sources import refusal

    return refusal(path)


def look_at_sts(environ: Mapping[str, str], region: str) -> tuple[str, float]:
    """The host of STS that answers, and its Unix time (0: it does not say)."""
    from stsui.aws.reach import look

    return look(environ, region)


def revoke(revocation: "Revocation", session: Session, region: str) -> None:
    """Attaches the policy that revokes a role's older sessions, as a session."""
    from stsui.aws import iam

    iam.revoke(revocation, session.credentials, session.role, region)
