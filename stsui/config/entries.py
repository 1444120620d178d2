"""What our own files say, checked entry by entry; what reading them gives."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from stsui.model.roles import Account, Center, Origin, Policy, Problem, Settings

KINDS = ("role_arn", "session_of", "federation_of", "sso_role_name")
"""An entry with one of these says what the role is; one without lays its keys over an AWS profile or an
earlier entry of that name."""


class RoleEntry(NamedTuple):
    """`[roles.NAME]`: fields of `Role`, and keys that are not among them."""

    name: str
    origin: Origin
    fields: Mapping[str, Any]
    whole: bool
    """It says what the role is, so nothing below it counts."""


class UserConfig(NamedTuple):
    """Everything of our own files, later files laid over earlier ones."""

    settings: Settings
    accounts: dict[str, Account]
    roles: dict[str, RoleEntry]
    policies: dict[str, Policy]
    guards: dict[str, dict[str, Any]]
    """Rules by pattern."""
    sso: dict[str, Center]
    keys: dict[str, tuple[str, ...]]
    problems: tuple[Problem, ...]
