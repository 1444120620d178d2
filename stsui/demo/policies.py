"""Which actions a session may do: what its role may, and of that what its session policy leaves.

A small part of IAM's rules: Allow and Deny, actions and resources with `*` and `?`. No conditions but the one
that revokes older sessions.
"""

import calendar
import json
import re
import time
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

READING = ("*:Get*", "*:List*", "*:Describe*", "*:Head*")
MANAGED: Mapping[str, tuple[str, ...]] = {
    "ReadOnlyAccess": READING,
    "AdministratorAccess": ("*",),
    "AmazonS3ReadOnlyAccess": ("s3:Get*", "s3:List*"),
}
"""Actions of AWS's own policies, by name; any other allows nothing here."""
READERS = frozenset({"ReadOnly", "Billing", "Audit"})
"""Roles that may only read; every other one may do everything."""


class Decision(NamedTuple):
    """What came of a request, and which statement said so."""

    allowed: bool
    explicit: bool = False
    statement: Mapping[str, Any] = {}


def decide(
    role: str,
    session_policies: Iterable[str],
    attached: Iterable[str],
    issued: float,
    action: str,
    resource: str,
) -> Decision:
    """Whether a session may do the action.

    Args:
        role: The role's name.
        session_policies: JSON, or ARNs of AWS's own policies; none: the session is not limited.
        attached: JSON of policies that were attached to the role.
        issued: Unix time at which the session was lent.
    """
    limits = [_document(text) for text in session_policies]
    everything = [statement for document in limits for statement in _statements(document)]
    own = [statement for text in attached for statement in _statements(json.loads(text))]
    for statement in (*own, *everything):
        if (
            statement.get("Effect") == "Deny"
            and _fits(statement, action, resource)
            and _counts(statement, issued)
        ):
            return Decision(False, True, statement)
    if role in READERS and not any(_matches(pattern, action) for pattern in READING):
        return Decision(False)
    if not limits:
        return Decision(True)
    return Decision(any(s.get("Effect") == "Allow" and _fits(s, action, resource) for s in everything))


def _document(text: str) -> Mapping[str, Any]:
    if text.startswith("arn:"):
        actions = list(MANAGED.get(text.rpartition("/")[2], ()))
        return {"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    document: Mapping[str, Any] = json.loads(text)
    return document


def _statements(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = document.get("Statement", [])
    return found if isinstance(found, list) else [found]


def _fits(statement: Mapping[str, Any], action: str, resource: str) -> bool:
    return any(_matches(p, action) for p in as_list(statement.get("Action"))) and any(
        _matches(p, resource) for p in as_list(statement.get("Resource"))
    )


def _counts(statement: Mapping[str, Any], issued: float) -> bool:
    before = statement.get("Condition", {}).get("DateLessThan", {}).get("aws:TokenIssueTime", "")
    return not before or issued < calendar.timegm(time.strptime(before, "%Y-%m-%dT%H:%M:%SZ"))


def as_list(value: object) -> list[str]:
    """What IAM lets people write as one text or a list."""
    return (
        [value]
        if isinstance(value, str)
        else [str(item) for item in value]
        if isinstance(value, list)
        else []
    )


def _matches(pattern: str, text: str) -> bool:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch("".join(parts), text, re.IGNORECASE | re.DOTALL) is not None
