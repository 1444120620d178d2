"""Roles and sessions as lines and as JSON, alike in every command. No secret is in either."""

import json
import time
from collections.abc import Mapping

from stsui.cli import times
from stsui.handover.environ import utc
from stsui.model.durations import ago, countdown
from stsui.model.roles import Account, Role
from stsui.model.session import Session
from stsui.model.text import masked_key_id

VERSION = 1
"""Of the JSON forms; a change that breaks readers raises it."""


def as_json(document: Mapping[str, object]) -> str:
    """The document with its version, for people to read and programs to parse."""
    return json.dumps({"version": VERSION, **document}, indent=2) + "\n"


def as_line(document: Mapping[str, object]) -> str:
    """One of many documents, on a line of its own."""
    return json.dumps({"version": VERSION, **document}, ensure_ascii=False) + "\n"


def left(session: Session, now: float) -> str:
    """`active 52:10`, or `expired 12m ago`."""
    state = session.state(now)
    if state == "expired":
        return f"expired {ago(now - session.expiration)}"
    return f"{state} {countdown(session.left(now))}"


def until(session: Session, now: float | None = None) -> str:
    """The end by the wall's clock: `15:24`, with the day where it is not today's."""
    return times.filled(times.until(session.expiration), time.time() if now is None else now)


def place(account: Account) -> str:
    """`PROD acme-prod 111122223333`, as much of it as is known."""
    return " ".join(part for part in (account.environment, account.name, account.account_id) if part)


def template(session: Session, role: Role, account: Account, now: float) -> str:
    """One live session in one line, with places for its times; its state is that of now."""
    who = session.identity.arn if session.identity else session.assumed_arn
    state = f"{session.state(now)} {times.left(session.expiration - session.clock_offset)}"
    parts = (role.name, place(account), state, f"until {times.until(session.expiration)}", who)
    return "  ".join(part for part in parts if part)


def line(session: Session, role: Role, account: Account, now: float) -> str:
    """One live session in one line."""
    return times.filled(template(session, role, account, now), now)


def session(held: Session, role: Role, account: Account, now: float) -> dict[str, object]:
    """A session for `--json`."""
    return {
        **describe_role(role, account),
        "state": held.state(now),
        "expiration": utc(held.expiration),
        "seconds_left": int(held.left(now)),
        "access_key_id": masked_key_id(held.credentials.access_key_id),
        "assumed_role_arn": held.assumed_arn,
        "identity": held.identity._asdict() if held.identity else None,
        "notes": list(held.notes),
        "reason": held.reason,
        "ends": held.ends,
        "packed_policy_size": held.packed_policy_size,
    }


def describe_role(role: Role, account: Account) -> dict[str, object]:
    """A role for `--json`."""
    return {
        "role": role.name,
        "role_arn": role.role_arn,
        "account_id": role.account_id or account.account_id,
        "account_name": account.name,
        "environment": account.environment,
        "region": role.region,
        "source_profile": role.source_profile or (role.source.name if role.source else ""),
        "mfa_serial": role.mfa_serial,
        "file": role.origin.file,
        "line": role.origin.line,
    }
