"""The variables that carry a session into a process, and those that would shadow them: the one table.

Source: botocore/credentials.py and configprovider.py, the order in which SDKs look.
"""

import json
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stsui.model.credentials import Secret
from stsui.model.errors import ConfigError
from stsui.model.roles import Account, Role
from stsui.model.session import Session

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""Both or neither: boto reads only the second, other SDKs only the first."""
RESTORE = "STSUI_RESTORE"
"""Non-secret variables that an export changed, as JSON, so that unset can give them back."""
OURS = (
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_SESSION_EXPIRATION",
    "STSUI_ROLE",
    "STSUI_ACCOUNT",
    "STSUI_ENVIRONMENT",
    "STSUI_SLOT",
    "STSUI_SLOT_FILE",
)
CONTAINER = (
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
)
"""What leads an SDK to a slot. Both forms of the token, because some SDKs read only one; where both are read
the file wins."""
HERE = ("AWS_PROFILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "STSUI_SLOT_FILE")
"""What of it names a file of this computer, or an entry in one, and would stand in the way in a container."""
PROXIES = ("NO_PROXY", "no_proxy")
LOOPBACK = "127.0.0.1"
SHADOWS = (
    "AWS_SECURITY_TOKEN",  # boto prefers it to AWS_SESSION_TOKEN
    "AWS_ACCOUNT_ID",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    *CONTAINER,
    "AWS_CREDENTIAL_FILE",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
)
SCRUB = (*KEYS, *OURS, *SHADOWS)
"""Everything that decides whose credentials a process uses; taken away before ours are set."""
_SECRET = {*KEYS, "AWS_SECURITY_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"}
_RESTORABLE = tuple(name for name in (*SHADOWS, *REGIONS, *PROXIES) if name not in _SECRET)


def utc(at: float) -> str:
    """`2026-11-24T14:24:10Z`: with the letter, because a naive time or an offset breaks SDKs."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def variables(session: Session, *, role: Role, account: Account) -> dict[str, str]:
    """What a process has to be given, in the order it is printed. It holds the secrets.

    Raises:
        ConfigError: A value has a character that credentials do not have; nothing is given out.
    """
    credentials = session.credentials
    table = {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key.reveal(),
        "AWS_SESSION_TOKEN": credentials.session_token.reveal(),
    }
    for name, value in table.items():
        if not is_credential(value):
            raise ConfigError(
                f"{name} of {session.role} has a character that keys do not have. Nothing is given out.",
                role=session.role,
            )
    region = session.region or role.region
    if region:
        table |= dict.fromkeys(REGIONS, region)
    ends = utc(session.expiration)
    table |= {"AWS_CREDENTIAL_EXPIRATION": ends, "AWS_SESSION_EXPIRATION": ends, "STSUI_ROLE": session.role}
    account_id = session.account_id or account.account_id
    if account_id:
        table["STSUI_ACCOUNT"] = account_id
    if account.environment:
        table["STSUI_ENVIRONMENT"] = account.environment
    return table


class Pointer(NamedTuple):
    """A slot as a shell is given it."""

    name: str
    url: str
    token: Secret
    token_file: str
    info_file: str
    profile: str = ""
    """For AWS_PROFILE, where `[default]` would win over the slot."""


def live_variables(
    pointer: Pointer, parent: Mapping[str, str], *, role: Role | None, account: Account
) -> dict[str, str]:
    """What a process has to be given to use a slot, in the order it is printed. It holds the slot's token.

    What of it is the role's (Region, account, environment) stays as it is when the slot is pointed elsewhere;
    a prompt reads the file instead.
    """
    table = dict(
        zip(CONTAINER, (pointer.url, pointer.token.reveal(), pointer.token_file), strict=True),
    )
    if pointer.profile:
        table["AWS_PROFILE"] = pointer.profile
    if role is not None and role.region:
        table |= dict.fromkeys(REGIONS, role.region)
    table |= without_proxy(parent)
    table |= {"STSUI_SLOT": pointer.name, "STSUI_SLOT_FILE": pointer.info_file}
    if role is not None:
        table["STSUI_ROLE"] = role.name
        if account.account_id:
            table["STSUI_ACCOUNT"] = account.account_id
        if account.environment:
            table["STSUI_ENVIRONMENT"] = account.environment
    return table


def without_proxy(parent: Mapping[str, str]) -> dict[str, str]:
    """NO_PROXY with our address in it, in both spellings; a proxy must not be asked for a slot."""
    value = next((parent[name] for name in PROXIES if parent.get(name)), "")
    known = [part.strip() for part in value.split(",") if part.strip()]
    if "*" in known:
        return {}
    return dict.fromkeys(PROXIES, ",".join(known if LOOPBACK in known else [*known, LOOPBACK]))


def is_credential(value: str) -> bool:
    """Whether the text could be a key or token: ASCII that no shell, file or header stumbles over."""
    return bool(value) and value.isascii() and value.replace("_", "").translate(_DROP).isalnum()


_DROP = {ord(c): None for c in "/+=-.~:"}


def shadowing(table: Mapping[str, str]) -> tuple[str, ...]:
    """What is unset before the table is set: every name of ours that the table does not set itself."""
    return tuple(name for name in SCRUB if name not in table)


def taken_in(table: Mapping[str, str], environ: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """What a shell with this environment sets, and unsets before, to hold the table and to give it back.

    A shell that held a slot gets its proxies back where the table has no slot.
    """
    kept = restorable(environ)
    whole = dict(table) | ({RESTORE: kept} if kept else {})
    gone = list(shadowing(table))
    if "STSUI_SLOT" in environ:
        before = restored(environ)
        for name in PROXIES:
            if name in before:
                whole.setdefault(name, before[name])
            elif name not in whole:
                gone.append(name)
    return whole, tuple(gone)


def child_environment(
    parent: Mapping[str, str], session: Session, role: Role, account: Account
) -> dict[str, str]:
    """The parent's environment without what would shadow the session, and with the session."""
    return child_of(parent, variables(session, role=role, account=account))


def child_of(parent: Mapping[str, str], table: Mapping[str, str]) -> dict[str, str]:
    """The parent's environment without what would shadow the table, and with the table."""
    kept = {name: value for name, value in parent.items() if name not in SCRUB and name != RESTORE}
    return {**kept, **table}


def restorable(environ: Mapping[str, str]) -> str:
    """The value of STSUI_RESTORE for an export into `environ`: what it may take away, secrets aside.

    Regions are among it where the role sets none, because unset cannot tell whose they are. A second export
    keeps what the first one put aside. Empty when there is nothing to give back.
    """
    if RESTORE in environ:
        return environ[RESTORE]
    ours = "STSUI_ROLE" in environ or "STSUI_SLOT" in environ
    kept = {name: environ[name] for name in _RESTORABLE if name in environ and not ours}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")) if kept else ""


def restored(environ: Mapping[str, str]) -> dict[str, str]:
    """What `--unset` gives back: the names of STSUI_RESTORE that we know, whatever else stands in it."""
    try:
        kept = json.loads(environ.get(RESTORE, "") or "{}")
    except ValueError:
        return {}
    if not isinstance(kept, dict):
        return {}
    return {name: value for name, value in kept.items() if name in _RESTORABLE and isinstance(value, str)}


def to_unset(environ: Mapping[str, str]) -> Iterable[str]:
    """What an export set in `environ`, so that unset takes away that and nothing else."""
    live = "STSUI_SLOT" in environ
    if not live and "STSUI_ROLE" not in environ:
        return ()
    regions = REGIONS if environ.get(REGIONS[0]) == environ.get(REGIONS[1]) else ()
    pointer = (*CONTAINER, *PROXIES, "AWS_PROFILE") if live else ()
    return (*KEYS, *OURS, *regions, *pointer, RESTORE)
