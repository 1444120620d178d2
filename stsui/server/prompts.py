"""What a slot's prompt shows, put together from the store."""

from stsui.config.catalog import account_of
from stsui.handover.environ import utc
from stsui.handover.slots import Info
from stsui.model.errors import StsuiError
from stsui.model.roles import Account, Role
from stsui.model.session import Session
from stsui.sessions.store import SessionStore


def role_of(store: SessionStore, name: str) -> Role | None:
    """The role of a session; None where nothing is called that any more."""
    try:
        return store.named(name).role if name else None
    except StsuiError:
        return None


def account_of_session(store: SessionStore, name: str) -> Account:
    """Its account as the config calls it; an empty one where nothing is called that any more."""
    role = role_of(store, name)
    return account_of(store.catalog, role) if role else Account("")


def info_of(store: SessionStore, name: str, session: Session | None, note: str) -> Info:
    """For a slot that leads to the session of that name; it is None where none is held."""
    role, account = role_of(store, name), account_of_session(store, name)
    return Info(
        name,
        account.environment,
        (session.account_id if session else "") or account.account_id,
        utc(session.expiration) if session else "",
        role.region if role else "",
        note,
    )
