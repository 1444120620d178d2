"""What an Identity Center lets somebody use: accounts and permission sets, as found at one time."""

from typing import NamedTuple


class Assigned(NamedTuple):
    """An account, and the permission sets that the person has in it. Texts are cleaned."""

    account_id: str
    name: str
    email: str
    roles: tuple[str, ...]
    """Names of permission sets, as GetRoleCredentials takes them."""


class Missed(NamedTuple):
    """An account whose permission sets could not be listed."""

    account_id: str
    name: str
    reason: str


class Discovery(NamedTuple):
    """Everything that was found."""

    accounts: tuple[Assigned, ...]
    """In the order of their names; those without a permission set too."""
    missed: tuple[Missed, ...] = ()
