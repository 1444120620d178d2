"""A role from what somebody typed, and the filter's little language."""

from collections.abc import Mapping
from typing import NamedTuple

from stsui.config.catalog import Catalog, account_of
from stsui.model.arn import parse_role_arn
from stsui.model.errors import AmbiguousRole, ConfigError, RoleNotFound
from stsui.model.roles import Origin, Role
from stsui.model.text import clean, nearest

LIVE = frozenset({"live", "active", "expiring", "renewing"})
NEEDS_ME = frozenset({"needs", "code", "mfa", "sign-in", "signin", "confirm"})
"""What a row's state can be called for `is:live` and `needs:me`."""


def find_role(catalog: Catalog, text: str, *, arn_from: str | None = None) -> tuple[Role, str]:
    """The role that `text` means, and where that was a guess, a sentence that says so; else an empty text.

    In this order: a role's name; an ARN, which with `arn_from` need not be configured (`catalog.with_role`
    then adds it); `account/role`, the account by name or id; the one name that contains the text, or its
    letters in that order.

    Raises:
        RoleNotFound, AmbiguousRole: None or several fit.
    """
    exact = catalog.roles.get(text) or catalog.roles.get(clean(text))
    if exact:
        return exact, ""
    if text.startswith("arn:"):
        return _by_arn(catalog, text, arn_from), ""
    folded = text.casefold()
    names = {name: name.casefold() for name in catalog.roles}
    for fitting in (
        [name for name, low in names.items() if low == folded],
        _by_account(catalog, folded),
    ):
        if fitting:
            return catalog.roles[_only(text, fitting)], ""
    for problem in catalog.problems:
        if problem.name and problem.name == clean(text):
            raise ConfigError(f"{problem.name} cannot be used. {problem}", role=problem.name)
    if folded.strip():
        for fitting in (
            [name for name, low in names.items() if folded in low],
            [name for name, low in names.items() if subsequence(folded, low)],
        ):
            if fitting:
                name = _only(text, fitting)
                return catalog.roles[name], f"{name} (matched {clean(text)})"
    raise RoleNotFound(clean(text, 100), nearest(clean(text, 100), catalog.roles))


def subsequence(letters: str, name: str) -> bool:
    """Whether the letters stand in `name` in this order, with anything between them."""
    place = -1
    for letter in letters:
        place = name.find(letter, place + 1)
        if place < 0:
            return False
    return True


def _only(text: str, names: list[str]) -> str:
    if len(names) > 1:
        raise AmbiguousRole(clean(text, 100), names)
    return names[0]


def _by_account(catalog: Catalog, folded: str) -> list[str]:
    account_text, slash, role_text = folded.partition("/")
    if not slash or not account_text or not role_text:
        return []
    found = []
    for name, role in catalog.roles.items():
        account = account_of(catalog, role)
        if account_text in (role.account_id, account.name.casefold()) and role_text in (
            name.casefold(),
            role.aws_role_name.casefold(),
        ):
            found.append(name)
    return found


def _by_arn(catalog: Catalog, arn: str, arn_from: str | None) -> Role:
    try:
        parts = parse_role_arn(arn)
    except ValueError as error:
        raise ConfigError(f"{clean(arn, 200)} cannot be used: {error}.", code="RoleArn") from None
    fitting = [name for name, role in catalog.roles.items() if role.role_arn == arn]
    if arn_from is None:
        if not fitting:
            raise ConfigError(
                f"No role has the ARN {arn}.", hint=f"stsui assume {arn} --from SOURCE", code="RoleNotFound"
            )
        return catalog.roles[_only(arn, fitting)]
    below = catalog.sources.get(arn_from) or find_role(catalog, arn_from)[0]
    for name in fitting:
        if catalog.roles[name].source_profile == below.name:
            return catalog.roles[name]
    taken = parts.name in catalog.roles or parts.name in catalog.sources
    return Role(
        f"{parts.account_id}/{parts.name}" if taken else parts.name,
        "assume_role",
        Origin("command line", 0),
        role_arn=arn,
        account_id=parts.account_id,
        source_profile=below.name,
        region=catalog.settings.region or below.region,
        aws_role_name=parts.name,
    )


class RowFacts(NamedTuple):
    """What the filter knows of a row."""

    text: str
    """Lower case: name, role, account name, account id, environment."""
    state: str = ""
    """`active`, `expiring`, `failed` … or one of `NEEDS_ME`."""
    pinned: bool = False
    environment: str = ""


def row_text(catalog: Catalog, role: Role) -> str:
    """The text of a row's facts."""
    account = account_of(catalog, role)
    parts = (role.name, role.aws_role_name, account.name, account.account_id, account.environment, role.group)
    return "\n".join(parts).lower()


class Query(NamedTuple):
    """A filter, read once; all of it must hold."""

    words: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    conditions: tuple[tuple[str, bool], ...] = ()
    """`live`, `failed`, `pinned`, `needs:me`, a state or an environment, and whether it must be so."""

    def keeps(self, facts: RowFacts) -> bool:
        """Whether the row stays."""
        text = facts.text
        for word in self.words:
            if word not in text:
                return False
        for word in self.excluded:
            if word in text:
                return False
        return all(_holds(facts, condition) is wanted for condition, wanted in self.conditions)


def _holds(facts: RowFacts, condition: str) -> bool:
    if condition == "live":
        return facts.state in LIVE
    if condition == "needs:me":
        return facts.state in NEEDS_ME
    if condition == "pinned":
        return facts.pinned
    return condition in (facts.state, facts.environment.lower())


def parse_query(text: str) -> Query:
    """Words in any order; `is:live is:failed is:pinned is:prod needs:me`; `!` before any of them excludes."""
    words: list[str] = []
    excluded: list[str] = []
    conditions: list[tuple[str, bool]] = []
    for part in text.lower().split():
        negated = part.startswith("!")
        word = part.removeprefix("!")
        if word.startswith("is:") and len(word) > 3:
            conditions.append((word[3:], not negated))
        elif word == "needs:me":
            conditions.append((word, not negated))
        elif word and word not in ("is:", "needs:"):
            (excluded if negated else words).append(word)
    return Query(tuple(words), tuple(excluded), tuple(conditions))


def matches(query: str, *fields: str) -> bool:
    """Whether texts fit a filter of words alone."""
    return parse_query(query).keeps(RowFacts("\n".join(fields).lower()))


def find_variant(catalog: Catalog, text: str) -> tuple[str, str]:
    """`role@variant` in its parts; the variant is empty where there is none.

    A name that has an @ of its own wins, and so does one whose last part is no policy.
    """
    name, at, variant = text.rpartition("@")
    if at and name and text not in catalog.roles and variant.partition(":")[0] in catalog.policies:
        return name, variant
    return text, ""


def by_account(catalog: Catalog) -> Mapping[str, list[Role]]:
    """Roles under their account's id, in the catalog's order; under an empty id where it is not known."""
    grouped: dict[str, list[Role]] = {}
    for role in catalog.roles.values():
        grouped.setdefault(role.account_id, []).append(role)
    return grouped
