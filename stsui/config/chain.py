"""Role name to source and hops, before any network; loops and missing sources named by their path."""

from typing import NamedTuple, NoReturn

from stsui.config.catalog import Catalog
from stsui.model.arn import parse_role_arn
from stsui.model.errors import ChainLoop, ConfigError, RoleNotFound, SourceMissing
from stsui.model.roles import TEMPORARY, Role, Source
from stsui.model.text import nearest


class Chain(NamedTuple):
    """Where the first credentials come from, and what is made of them."""

    source: Source
    hops: tuple[Role, ...]
    """In the order they are made, at least one. The last is the role that was asked for, also where it is the
    source's own credentials and nothing is made."""


def resolve(catalog: Catalog, name: str) -> Chain:
    """The way to the role `name`. Nothing but the roles of its own chain is looked at.

    Raises:
        RoleNotFound: Nothing has that name; carries the nearest ones.
        ChainLoop: A role leads back to itself; carries the path.
        SourceMissing: The chain begins nowhere, or could not work; carries the path.

    Source: botocore, credentials.AssumeRoleProvider; STS, "Comparing the AWS STS API operations".
    """
    role = catalog.roles.get(name)
    if role is None:
        _not_found(catalog, name)
    path, hops, seen = [name], [role], {id(role)}
    source = _beginning(role)
    while source is None:
        role = _below(catalog, role, path)
        path.append(role.name)
        if id(role) in seen:
            raise ChainLoop(path)
        seen.add(id(role))
        source = _as_source(role) or (_beginning(role) if role.kind != "session" else None)
        if role.kind == "federation":
            instead = f"name {role.source_profile} instead"
            raise SourceMissing(path, f"a federation session cannot assume roles; {instead}.")
        if role.kind in ("assume_role", "web_identity", "saml") and not _as_source(role):
            hops.append(role)
    if source.kind == "missing":
        raise SourceMissing(path, f"the profile {source.name} has no credentials and no role_arn.")
    _refuse_impossible(source, hops, path)
    return Chain(source, tuple(reversed(hops)))


class Faults:
    """Which roles of a catalog lead nowhere. It is found once for all that go the same good way."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._good: set[tuple[str, str]] = set()
        self._bad: dict[str, ConfigError] = {}

    def of(self, name: str) -> ConfigError | None:
        """Why `resolve` refuses the role; None where it does not."""
        role = self._catalog.roles.get(name)
        way = (_way(role) if role else None) or (name, "")
        if way not in self._good and name not in self._bad:
            try:
                resolve(self._catalog, name)
            except ConfigError as error:
                self._bad[name] = error
            else:
                self._good.add(way)
        return self._bad.get(name)


def _way(role: Role) -> tuple[str, str] | None:
    """The role below a plain one, and the partition: nothing else decides whether that one can be reached.

    Were it itself among those below, all that name the same one would be refused as a loop.
    """
    if role.kind != "assume_role" or role.source or role.source_profile in ("", role.name):
        return None
    return role.source_profile, role.role_arn.split(":", 2)[1]


def _as_source(role: Role) -> Source | None:
    """What a role gives when others name it: its own keys, even where it has a role of its own besides."""
    own_keys = role.source is not None and role.source.kind == "static"
    return role.source if own_keys or role.kind == "given" else None


def _beginning(role: Role) -> Source | None:
    """The source where the chain begins at this role; None where another one is below it."""
    if role.source_profile and not (role.source_profile == role.name and role.source):
        return None
    return role.source or Source("missing", role.name)


def _below(catalog: Catalog, role: Role, path: list[str]) -> Role:
    """What `role` names as its source. An entry of ours that names itself means the AWS profile it covers."""
    name = role.source_profile
    covered = catalog.sources.get(name)
    if name == role.name:
        if covered is None or covered is role:
            raise ChainLoop([*path, name])
        return covered
    found = catalog.roles.get(name) or covered
    if found is not None:
        return found
    for problem in catalog.problems:
        if problem.name == name:
            raise SourceMissing([*path, name], f"it cannot be used. {problem}")
    near = nearest(name, [*catalog.roles, *catalog.sources], 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise SourceMissing([*path, name], f"no role or profile has that name.{hint}")


def _not_found(catalog: Catalog, name: str) -> NoReturn:
    for problem in catalog.problems:
        if problem.name == name:
            raise SourceMissing([name], f"it cannot be used. {problem}")
    raise RoleNotFound(name, nearest(name, catalog.roles))


def _refuse_impossible(source: Source, hops: list[Role], path: list[str]) -> None:
    """What STS would refuse for sure, in words. `hops` begins with the role that was asked for."""
    partitions = {hop.name: parse_role_arn(hop.role_arn).partition for hop in hops if hop.role_arn}
    if len(set(partitions.values())) > 1:
        mixed = ", ".join(f"{name} is in {partition}" for name, partition in partitions.items())
        raise SourceMissing(path, f"one chain cannot cross partitions: {mixed}.")
    if hops[0].kind in ("session", "federation"):
        operation = "GetSessionToken" if hops[0].kind == "session" else "GetFederationToken"
        lasting = source.kind in ("static", "process", "environment") and source.detail != TEMPORARY
        if len(hops) > 1 or not lasting:
            raise SourceMissing(path, f"{operation} works only with the long-term keys of an IAM user.")
