"""Which session is meant: a role, whole or limited, and what a person said this one time.

A session's name is `ROLE` or `ROLE@VARIANT`: the same text on the command line, on the screen, for a slot and
in a session's file. A bare name means the role's default_variant where the config gives one.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple

from stsui.config import variants
from stsui.config.catalog import Catalog
from stsui.config.guards import rules_of
from stsui.config.variants import FULL, Limit
from stsui.model.errors import ConfigError, RoleNotFound
from stsui.model.roles import Policy, Role
from stsui.model.text import clean, nearest


class Occasion(NamedTuple):
    """What a person asked for this once; it holds for the session until that ends."""

    reason: str = ""
    duration: int = 0
    """Seconds; 0: as configured. A session that is asked for so long ends then: nothing renews it."""
    tags: tuple[tuple[str, str], ...] = ()


class Wanted(NamedTuple):
    """One session that could be had."""

    role: Role
    variant: str
    """Empty: all that the role allows."""
    name: str
    """The one text that names it."""


def read(catalog: Catalog, policies: Mapping[str, Policy], text: str) -> Wanted:
    """The session that `text` names.

    Args:
        policies: Those of the config, and limits that were made for one use.

    Raises:
        ConfigError: No role is called that, or no policy.
    """
    role = catalog.roles.get(text)
    if role is not None:
        return of_role(catalog, policies, role, "")
    name, at, variant = text.rpartition("@")
    role = catalog.roles.get(name) if at else None
    if role is None:
        raise RoleNotFound(clean(text, 100), nearest(text[:100], catalog.roles))
    return of_role(catalog, policies, role, variant)


def of_role(catalog: Catalog, policies: Mapping[str, Policy], role: Role, variant: str) -> Wanted:
    """The session of a role with what stands behind its @; nothing there means what the config says.

    Raises:
        ConfigError: No policy is called that.
    """
    default = rules_of(catalog, role).default_variant
    default = "" if default == FULL else default
    chosen = variant or default
    if not chosen or chosen == FULL:
        return Wanted(role, "", f"{role.name}@{FULL}" if default else role.name)
    canonical = variants.read(policies, chosen).text
    return Wanted(role, canonical, f"{role.name}@{canonical}")


def limit(policies: Mapping[str, Policy], wanted: Wanted) -> Limit:
    """The session policy that is sent for it; empty for all that the role allows.

    Raises:
        ConfigError: It cannot be limited like that.
    """
    if not wanted.variant:
        return Limit()
    return variants.limit(policies, variants.read(policies, wanted.variant), wanted.role)


def made_for_once(limit: Limit) -> tuple[str, Policy]:
    """A name for a limit that no config has, the same for the same limit, and its policy."""
    import hashlib

    shape = json.dumps([limit.policy, limit.policy_arns])
    name = f"limit-{hashlib.sha256(shape.encode()).hexdigest()[:8]}"
    return name, Policy(name, limit.policy, limit.policy_arns)


def siblings(catalog: Catalog, role: Role) -> list[str]:
    """Other permission sets of the same Identity Center in the same account, by name."""
    here = _portal(role)
    if not here:
        return []
    others = (other for other in catalog.roles.values() if other.account_id == role.account_id)
    return [other.name for other in others if _portal(other) == here and other.name != role.name]


def _portal(role: Role) -> str:
    """The start URL of the role's Identity Center; empty where it comes from none."""
    source = role.source
    if source is None or source.kind != "sso":
        return ""
    return source.center.start_url if source.center else source.detail


def refuse_limit(catalog: Catalog, role: Role, variant: str) -> ConfigError:
    """Why a role of that kind can have no limited session, and what to take instead."""
    if role.kind == "session":
        reason = "GetSessionToken takes no session policy; limit a role below it"
    elif role.source is not None and role.source.kind == "sso":
        others = siblings(catalog, role)
        reason = "Identity Center takes no session policy"
        reason += f"; other permission sets there: {', '.join(others[:6])}" if others else ""
    else:
        reason = "its credentials come as they are"
    return ConfigError(
        f"{role.name} cannot be limited to {variant}: {reason}.",
        hint=f"stsui assume {role.name}@{FULL}",
        role=role.name,
    )
