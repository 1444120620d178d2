"""The role that was meant by what was typed: shared by every command that takes ROLE."""

import argparse

from stsui.cli.context import Context
from stsui.config.catalog import account_of, with_role
from stsui.config.search import find_role, find_variant
from stsui.model.errors import UsageError
from stsui.model.roles import Account, Role


def add_role(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """ROLE and --from."""
    parser.add_argument(
        "role",
        metavar="ROLE",
        nargs="?" if optional else None,
        help="name, letters that fit only one, account/role, or ARN"
        + ("; the current one" if optional else ""),
    )
    parser.add_argument("--from", dest="source", metavar="SOURCE", help="what an ARN is assumed from")


def named(context: Context, arguments: argparse.Namespace) -> Role:
    """The role that was meant; the current one where none was named.

    Raises:
        ConfigError: None fits, or several do.
        UsageError: None was named and none is current.
    """
    text = arguments.role
    if not text:
        text = context.services.store.current()
        if not text:
            raise UsageError("No current session. Name a role, or use one first.", hint="stsui assume ROLE")
    catalog = context.services.catalog
    name, variant = find_variant(catalog, text)
    if variant:
        raise UsageError(f'Limited sessions ("{text}") are not built yet; name the role without @{variant}.')
    role, guessed = find_role(catalog, name, arn_from=getattr(arguments, "source", None))
    if guessed:
        context.say(f"stsui: {guessed}")
    if role.name not in catalog.roles:
        context.services.store.reload(with_role(catalog, role))
    return role


def account(context: Context, role: Role) -> Account:
    """The role's account as the config calls it."""
    return account_of(context.services.catalog, role)
