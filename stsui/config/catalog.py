"""All roles and accounts of every file, in one namespace; what cannot be used is a problem with its line.

How they are read and laid over each other is `merging`'s, which is loaded when a file changed.
"""

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from stsui.config.paths import Paths, conf_files
from stsui.model.roles import Account, Center, Policy, Problem, Role, Settings


class Catalog(NamedTuple):
    """What the files say could be."""

    settings: Settings
    roles: Mapping[str, Role]
    """By name, stsui's own first, then the AWS profiles, each in the order of its file."""
    accounts: Mapping[str, Account]
    """Every account that is configured or belongs to a role."""
    policies: Mapping[str, Policy]
    problems: tuple[Problem, ...]
    """One with a name stands for a row that cannot be used; no role has that name then."""
    keys: Mapping[str, tuple[str, ...]]
    """Binding id to keys."""
    paths: Paths
    stamp: tuple[tuple[str, int, int], ...]
    """What `stamp(paths)` was just before the files were read."""
    sources: Mapping[str, Role]
    """What a chain may begin with but no list shows: hidden and covered entries, profiles without credentials
    (their source is `missing`), and those that ask stsui for them."""
    sso: Mapping[str, Center] = {}
    """Identity Centers of either file, one for each."""
    guards: Mapping[str, Mapping[str, Any]] = {}
    """Rules by pattern; `guards.rules_of` says what holds for a role."""
    rules: Mapping[str, Mapping[str, Any]] = {}
    """Rules that roles' own entries give, by name."""


def load(environ: Mapping[str, str]) -> Catalog:
    """Everything that the files of `environ` hold. Content is never fatal."""
    from stsui.config.merging import read

    return read(environ)


def stamp(paths: Paths) -> tuple[tuple[str, int, int], ...]:
    """Path, time in ns and size of every file that `load` reads; changes when one of them does."""
    stamps = []
    for path in (
        paths.config_file,
        *conf_files(paths.conf_dir),
        paths.aws_config,
        paths.aws_credentials,
        paths.discovered,
    ):
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            stamps.append((path, 0, -1))
        else:
            stamps.append((path, status.st_mtime_ns, status.st_size))
    return tuple(stamps)


def account_of(catalog: Catalog, role: Role) -> Account:
    """The account of `role`; with nothing but its id where it is not configured."""
    return catalog.accounts.get(role.account_id) or Account(role.account_id)


def with_role(catalog: Catalog, role: Role) -> Catalog:
    """A catalog that also has `role`, such as one made of an ARN for a single command."""
    accounts = dict(catalog.accounts)
    if role.account_id:
        accounts.setdefault(role.account_id, Account(role.account_id))
    return catalog._replace(roles={**catalog.roles, role.name: role}, accounts=accounts)
