"""What AWS denied, out of a decoded authorization message: action, resource, who, and which statement did it.

Source: STS DecodeAuthorizationMessage; AWS re:Post, "How can I decode an authorization failure message".
"""

import json
import re
from typing import Any, NamedTuple

from stsui.model.text import clean

LONGEST = 10_240
"""Characters of an encoded message."""
_MARK = re.compile(r"encoded authorization (?:failure )?message\s*:?\s*", re.IGNORECASE)
_ENCODED = re.compile(r"[A-Za-z0-9_+/=-]{20,}", re.ASCII)


class Statement(NamedTuple):
    """A statement of a policy that had a say."""

    effect: str
    """`ALLOW` or `DENY`."""
    statement_id: str
    policy: str
    """Where AWS names it: the policy's ARN or kind."""
    actions: tuple[str, ...]
    resources: tuple[str, ...]


class Denial(NamedTuple):
    """One decision of AWS."""

    allowed: bool
    explicit: bool
    """A statement denied it; else none allowed it."""
    action: str
    resource: str
    principal: str
    """The ARN of who asked."""
    statements: tuple[Statement, ...]
    conditions: tuple[tuple[str, str], ...]
    """Facts of the request by their condition keys."""


def encoded_in(text: str) -> str:
    """The encoded message in what somebody pasted: alone, in an error's sentence, or broken into lines.

    Raises:
        ValueError: There is none; says so.
    """
    mark = _MARK.search(text)
    rest = "".join((text[mark.end() :] if mark else text).split())
    found = _ENCODED.match(rest) if mark else _ENCODED.fullmatch(rest)
    if found is None:
        raise ValueError("There is no encoded authorization message in that text.")
    if len(found[0]) > LONGEST:
        raise ValueError(f"The message has {len(found[0])} characters; AWS makes {LONGEST} at most.")
    return found[0]


def read(decoded: str) -> Denial:
    """The facts of a decoded message; what is not there is empty.

    Raises:
        ValueError: It is not of that form.
    """
    try:
        document = json.loads(decoded)
        context = document["context"]
        return Denial(
            document.get("allowed") is True,
            document.get("explicitDeny") is True,
            _text(context.get("action")),
            _text(context.get("resource")),
            _text((context.get("principal") or {}).get("arn")),
            tuple(_statement(item) for item in _items(document.get("matchedStatements"))),
            tuple(_condition(item) for item in _items(context.get("conditions"))),
        )
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise ValueError("What AWS decoded is not of the form that is documented.") from None


def facts(denial: Denial) -> list[tuple[str, str]]:
    """The denial as labels and texts, for a screen or a terminal."""
    if denial.allowed:
        outcome = "Allowed"
    elif denial.explicit:
        outcome = "Denied: a statement says so"
    else:
        outcome = "Denied: no statement allows it"
    found = [("", outcome), ("Action", denial.action), ("On", denial.resource), ("For", denial.principal)]
    for statement in denial.statements:
        named = statement.statement_id or "a statement without an id"
        where = f" of {statement.policy}" if statement.policy else ""
        says = f"{statement.effect} {', '.join(statement.actions)} on {', '.join(statement.resources)}"
        found.append(("By", f"{named}{where}: {says}"))
    found += [("Where", f"{key} = {value}") for key, value in denial.conditions]
    return [(label, text) for label, text in found if text]


def _statement(item: Any) -> Statement:
    return Statement(
        _text(item.get("effect")).upper(),
        _text(item.get("statementId")),
        _text(item.get("sourcePolicyId") or item.get("sourcePolicyType")),
        _values(item.get("actions")),
        _values(item.get("resources")),
    )


def _condition(item: Any) -> tuple[str, str]:
    return _text(item.get("key")), ", ".join(_values(item.get("values")))


def _values(given: Any) -> tuple[str, ...]:
    return tuple(_text(item.get("value") if isinstance(item, dict) else item) for item in _items(given))


def _items(given: Any) -> list[Any]:
    items = given.get("items") if isinstance(given, dict) else given
    return items if isinstance(items, list) else []


def _text(value: Any) -> str:
    return clean(value) if isinstance(value, str) else ""
