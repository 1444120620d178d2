"""Roles that were found in Identity Centers: the file in which they are kept, and what they are called.

The file is ours alone, holds no secret, and changes only when what was found does. Names of people's making
come in as text; ids and permission sets are checked again, since a file may be torn.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from stsui.config import files
from stsui.config.centers import plain
from stsui.config.own_roles import of_center
from stsui.model.arn import ACCOUNT_ID
from stsui.model.assigned import Assigned, Discovery
from stsui.model.roles import Center, Role
from stsui.model.text import clean

SCHEMA = 1
PERMISSION_SET = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_FIELD = re.compile(r"\{(\w+)\}")
Found = Mapping[str, Discovery]
"""What is kept, by the key of an Identity Center."""


def key_of(center: Center) -> str:
    """Names an Identity Center in the file."""
    return f"{plain(center.start_url)} {center.region}"


def read(path: str) -> dict[str, Discovery]:
    """What the file holds; nothing where it cannot be read as one."""
    text = files.read(path).text
    try:
        document = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(document, dict) or document.get("version") != SCHEMA:
        return {}
    centers = document.get("centers")
    table = centers.items() if isinstance(centers, dict) else ()
    return {key: Discovery(tuple(_accounts(entries))) for key, entries in table if isinstance(entries, list)}


def text_of(found: Found) -> str:
    """The file's text."""
    centers = {
        key: [[a.account_id, a.name, a.email, list(a.roles)] for a in discovery.accounts]
        for key, discovery in found.items()
    }
    return json.dumps({"version": SCHEMA, "centers": centers}, separators=(",", ":"))


def _accounts(entries: Iterable[object]) -> Iterable[Assigned]:
    for entry in entries:
        if not isinstance(entry, list) or len(entry) != 4 or not isinstance(entry[3], list):
            continue
        account_id, name, email, roles = entry
        if not all(isinstance(text, str) for text in (account_id, name, email, *roles)):
            continue
        if ACCOUNT_ID.fullmatch(account_id):
            named = tuple(role for role in roles if PERMISSION_SET.fullmatch(role))
            yield Assigned(account_id, clean(name), clean(email), named)


def roles(
    centers: Iterable[Center],
    found: Found,
    region: str,
    taken: Collection[str],
    known: Collection[tuple[str, str, str]],
) -> dict[str, Role]:
    """The roles of every Identity Center that lists its own, by name.

    A name that would mean two of them is given to neither: both bear the account's id then.

    Args:
        taken: Names that entries and profiles have.
        known: Key of the Identity Center, account and permission set of what is configured already.
    """
    wanted = []
    for center in centers:
        discovery = found.get(key_of(center)) if center.lists_roles else None
        if discovery is not None:
            wanted += _named(center, discovery, known)
    often = Counter(name for name, *_ in wanted)
    made: dict[str, Role] = {}
    for name, center, account, role_name in wanted:
        if often[name] > 1 or name in taken or name in made:
            name = _with_id(center, account, role_name)
        if name in taken or name in made:
            continue
        source = of_center(center, account.account_id, role_name, name)
        made[name] = Role(
            name,
            "given",
            center.origin,
            account_id=account.account_id,
            source=source,
            region=region,
            aws_role_name=role_name,
        )
    return made


def _named(
    center: Center, discovery: Discovery, known: Collection[tuple[str, str, str]]
) -> list[tuple[str, Center, Assigned, str]]:
    key, parts = key_of(center), _FIELD.split(center.role_name)
    return [
        (_filled(parts, account, role_name, account.name), center, account, role_name)
        for account in discovery.accounts
        for role_name in account.roles
        if (key, account.account_id, role_name) not in known
    ]


def name_for(center: Center, account: Assigned, role_name: str) -> str:
    """What a permission set is called by its Identity Center's template."""
    return _filled(_FIELD.split(center.role_name), account, role_name, account.name)


def _filled(parts: list[str], account: Assigned, role_name: str, account_name: str) -> str:
    """The template, split at its fields, with what they stand for."""
    values: dict[str, Any] = {
        "account_name": account_name or account.account_id,
        "account_id": account.account_id,
        "role_name": role_name,
        "email": account.email,
    }
    texts = (values.get(part, "") if n % 2 else part for n, part in enumerate(parts))
    return "".join(texts).strip()


def _with_id(center: Center, account: Assigned, role_name: str) -> str:
    parts = _FIELD.split(center.role_name)
    if "account_name" in parts[1::2] and "account_id" not in parts[1::2]:
        return _filled(parts, account, role_name, f"{account.name}-{account.account_id}".strip("-"))
    return f"{_filled(parts, account, role_name, account.name)}-{account.account_id}"
