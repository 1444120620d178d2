"""Which rules hold for a role: its account's, then those of `[guards.PATTERN]`, then its own."""

from fnmatch import fnmatchcase
from operator import attrgetter
from typing import Any

from stsui.config.catalog import Catalog, account_of
from stsui.model.roles import Account, Role, Rules

ORDER = ("none", "again", "confirm", "type")
"""Guards, the stricter later."""
_of_account = attrgetter(*Rules._fields)


def rules_of(catalog: Catalog, role: Role) -> Rules:
    """What holds for a role. The closer to the role a key is given, the more it counts; where two patterns
    give the same key, the stricter value does."""
    account = account_of(catalog, role)
    rules = Rules._make(_of_account(account))
    given: dict[str, Any] = {}
    for pattern, keys in catalog.guards.items():
        if _fits(pattern, role, account):
            for name, value in keys.items():
                given[name] = stricter(name, given[name], value) if name in given else value
    given.update(catalog.rules.get(role.name, {}))
    return rules._replace(**given) if given else rules


def stricter(name: str, one: Any, other: Any) -> Any:
    """The value of that key that allows less."""
    if name == "guard":
        return max(one, other, key=ORDER.index)
    if name == "allow_noninteractive":
        return one and other
    if isinstance(one, bool):
        return one or other
    if isinstance(one, int):
        return min(one or other, other or one)
    return one or other


def _fits(pattern: str, role: Role, account: Account) -> bool:
    """Whether it fits the name, or `account/role` by the account's name or id and the role's name at AWS."""
    texts = [role.name, f"{account.account_id}/{role.aws_role_name}"]
    texts += [f"{account.name}/{role.aws_role_name}", f"{account.name}/{role.name}"] if account.name else []
    return any(fnmatchcase(text, pattern) for text in texts)
