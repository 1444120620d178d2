"""A role as somebody types it: what each field says so far, and the role that it would be. Writes nothing."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from stsui.config import chain, keys, own_roles
from stsui.config.catalog import Catalog, account_of, with_role
from stsui.config.entries import RoleEntry
from stsui.config.user_config_edit import own_file
from stsui.model.arn import ACCOUNT_ID, parse_role_arn
from stsui.model.durations import short_duration
from stsui.model.errors import ConfigError
from stsui.model.roles import TEMPORARY, Account, Origin, Role

KEYS = (
    "role_arn",
    "source_profile",
    "session_of",
    "region",
    "duration",
    "session_duration",
    "mfa_serial",
    "external_id",
    "role_session_name",
    "group",
)
"""Keys of an entry that the form has; an empty text is no key."""
CHAINED = 3_600
"""Seconds that a role assumed from temporary credentials lasts at most."""


class Draft(NamedTuple):
    """What stands in the fields, as typed."""

    name: str = ""
    kind: str = "assume_role"
    """`assume_role`, `session`, or `other: …`, of which the form changes only how it looks and is renewed."""
    role_arn: str = ""
    source: str = ""
    """The role or profile below it."""
    region: str = ""
    duration: str = ""
    mfa_serial: str = ""
    external_id: str = ""
    role_session_name: str = ""
    group: str = ""
    auto_refresh: bool = True
    pin: bool = False
    environment: str = ""
    """Of the whole account."""
    guard: str = "none"
    """Of the whole account."""


class Verdict(NamedTuple):
    """What is to be said of a field."""

    level: Literal["", "missing", "warning", "error"]
    """An error, and what is missing, stand in the way of saving."""
    text: str


STOPS = frozenset({"missing", "error"})


def draft_of(catalog: Catalog, role: Role) -> Draft:
    """The fields of a role that there is."""
    account = account_of(catalog, role)
    seconds = role.session_duration if role.kind == "session" else role.duration_seconds
    return Draft(
        role.name,
        role.kind if role.source_profile else f"other: {role.kind}",
        role.role_arn,
        role.source_profile,
        role.region,
        "max" if seconds < 0 else short_duration(seconds) if seconds else "",
        role.mfa_serial,
        role.external_id,
        role.role_session_name,
        role.group,
        role.auto_refresh,
        role.pin,
        own_word(account),
        account.guard,
    )


def account_in(role_arn: str) -> str:
    """The account id in an ARN as far as it is typed; empty before it is whole."""
    parts = role_arn.strip().split(":")
    return parts[4] if len(parts) > 4 and ACCOUNT_ID.fullmatch(parts[4]) else ""


def own_word(account: Account | None) -> str:
    """The word that was given to an account, not guessed from its name."""
    return "" if account is None or account.environment_guessed else account.environment


def fields_of(draft: Draft) -> dict[str, object]:
    """The keys of the entry that the draft is; nothing for what is empty."""
    found: dict[str, object] = {}
    if draft.kind == "assume_role":
        found["role_arn"] = draft.role_arn.strip()
        found["source_profile"] = draft.source.strip()
    elif draft.kind == "session":
        found["session_of"] = draft.source.strip()
    for key in ("region", "mfa_serial", "external_id", "role_session_name", "group"):
        found[key] = str(getattr(draft, key)).strip()
    found["session_duration" if draft.kind == "session" else "duration"] = draft.duration.strip()
    return {key: value for key, value in found.items() if value}


def role_of(draft: Draft) -> Role:
    """The role that the draft would be.

    Raises:
        ValueError: A field cannot be used, or two do not go together.
    """
    values: dict[str, Any] = {}
    for key, value in fields_of(draft).items():
        definition = keys.ROLES[key]
        values[definition.field or key] = keys.take(key, definition, value)
    entry = RoleEntry(draft.name.strip(), Origin("the form", 0), values, True)
    return own_roles.role(entry, {})._replace(auto_refresh=draft.auto_refresh, pin=draft.pin)


def verdicts(catalog: Catalog, before: str, draft: Draft) -> dict[str, Verdict]:
    """What there is to say of the fields, by their names in `Draft`.

    Args:
        before: The name of the role that is being changed; empty for a new one.
    """
    said = {"name": _name(catalog, before, draft)}
    given = fields_of(draft)
    said |= _fixed(catalog, before, draft, given)
    for key, value in given.items():
        try:
            keys.take(key, keys.ROLES[key], value)
        except ValueError as error:
            said[_FIELDS.get(key, key)] = Verdict("error", str(error).removeprefix(f"{key} "))
    if draft.kind in ("assume_role", "session"):
        if draft.kind == "assume_role" and "role_arn" not in said:
            said["role_arn"] = _arn(catalog, draft)
        source = draft.source.strip()
        if not source:
            said["source"] = Verdict("missing", "whose credentials ask for it?")
        elif source not in catalog.roles and source not in catalog.sources:
            said["source"] = Verdict("error", "no role or profile has that name")
        elif not any(verdict.level in STOPS for verdict in said.values()):
            said |= _way(catalog, before, draft)
    return {field: verdict for field, verdict in said.items() if verdict.text}


_FIELDS: Mapping[str, str] = {
    "source_profile": "source",
    "session_of": "source",
    "session_duration": "duration",
}


def _name(catalog: Catalog, before: str, draft: Draft) -> Verdict:
    name = draft.name.strip()
    if not name:
        return Verdict("missing", "a role needs a name")
    if name == before:
        return Verdict("", "")
    if name in catalog.roles or name in catalog.sources:
        return Verdict("error", "is taken")
    above = [role.name for role in catalog.roles.values() if before and role.source_profile == before]
    if above:
        return Verdict("warning", f"{above[0]} names {before} as its source")
    return Verdict("", "ok, not taken")


def _fixed(catalog: Catalog, before: str, draft: Draft, given: Mapping[str, object]) -> dict[str, Verdict]:
    """What an entry of the app's own cannot take away from a profile that it only lays keys over."""
    role = catalog.roles.get(before)
    if role is None or not draft.kind.startswith("other"):
        return {}
    if own_file(catalog.paths.conf_dir, role.origin.file):
        return {}
    text = f"stands in {role.origin}; it can be changed here, not removed"
    return {key: Verdict("error", text) for key in fields_of(draft_of(catalog, role)) if key not in given}


def _arn(catalog: Catalog, draft: Draft) -> Verdict:
    text = draft.role_arn.strip()
    if not text:
        return Verdict("missing", "arn:aws:iam::ACCOUNT:role/NAME")
    account_id = parse_role_arn(text).account_id
    account = catalog.accounts.get(account_id)
    if account is None:
        return Verdict("", f"account {account_id}, new here")
    return Verdict("", f"account {account_id}" + (f" = {account.name}" if account.name else ""))


def _way(catalog: Catalog, before: str, draft: Draft) -> dict[str, Verdict]:
    """The chain, and what follows from it."""
    name = draft.name.strip()
    try:
        role = role_of(draft)
    except ValueError as error:
        return {"source": Verdict("error", str(error))}
    without = {key: other for key, other in catalog.roles.items() if key != before or key == name}
    try:
        found = chain.resolve(with_role(catalog._replace(roles=without), role), name)
    except ConfigError as error:
        return {"source": Verdict("error", error.sentence)}
    hops = [hop.name for hop in found.hops if hop.name != found.source.name]
    path = [found.source.name, *(hop for hop in hops if hop != name), "this"]
    said = {"source": Verdict("", f"chain: {' › '.join(path)}")}
    temporary = len(found.hops) > 1 or found.source.kind != "static" or found.source.detail == TEMPORARY
    if draft.kind == "assume_role" and temporary:
        over = role.duration_seconds > CHAINED or role.duration_seconds < 0
        said["duration"] = Verdict("warning" if over else "", "chained role: at most 1h")
    return said
