"""Questions of a live session to AWS that are not about getting one: what was denied, whose key that is."""

from typing import Protocol

from stsui.model.errors import UsageError
from stsui.model.session import Session
from stsui.sessions.actions import Actions
from stsui.sessions.plan import Plan


class Store(Protocol):
    """What is needed of the store."""

    def actions(self) -> Actions: ...

    def plan(self, role: str) -> Plan: ...

    def peek(self, role: str) -> Session | None: ...

    def current(self) -> str: ...

    def held(self) -> dict[str, Session]: ...


def decoded(store: Store, signer: str, message: str) -> str:
    """DecodeAuthorizationMessage, as the session of that name; JSON text.

    Raises:
        StsuiError: There is no live session, or AWS refused.
    """
    session = live(store, signer)
    return store.actions().decoded(session.credentials, store.plan(session.role).last, message)


def account_of_key(store: Store, signer: str, access_key_id: str) -> str:
    """GetAccessKeyInfo: the account of a key, twelve digits. It says nothing about whether the key works.

    Raises:
        StsuiError: There is no live session, or AWS refused.
    """
    session = live(store, signer)
    return store.actions().account_of_key(session.credentials, store.plan(session.role).last, access_key_id)


def live(store: Store, signer: str) -> Session:
    """The session that signs: the named one, else the current one, else any that lives.

    Raises:
        UsageError: None lives.
    """
    # A limited session may lack the right; it comes last.
    held = sorted(store.held(), key=lambda name: ("@" in name, name))
    for name in (signer,) if signer else (store.current(), *held):
        session = store.peek(name) if name else None
        if session is not None:
            return session
    whose = f"{signer} has" if signer else "There is"
    raise UsageError(f"{whose} no live session to ask AWS with.", hint=f"stsui assume {signer or 'ROLE'}")
