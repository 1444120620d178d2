"""The role that was meant by what was typed: shared by every command that takes ROLE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from stsui.cli.context import Context
from stsui.config.catalog import account_of, with_role
from stsui.config.search import RowFacts, find_role, parse_query, row_text
from stsui.config.variants import FULL
from stsui.model.errors import ConfigError, UsageError
from stsui.model.roles import Account, Role
from stsui.model.session import Session

if TYPE_CHECKING:
    import argparse


def add_role(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """ROLE and --from."""
    parser.add_argument(
        "role",
        metavar="ROLE",
        nargs="?" if optional else None,
        type=_given,
        help="name, letters that fit only one, account/role, or ARN; @VARIANT limits it"
        + ("; the current one" if optional else ""),
    )
    parser.add_argument("--from", dest="source", metavar="SOURCE", help="what an ARN is assumed from")


def _given(text: str) -> str:
    """Refuses an empty name: a variable that is not set, or a picker that was left, means no role at all.

    Raises:
        UsageError: It is empty.
    """
    if not text.strip():
        raise UsageError("The name of the role is empty, so nothing was done.", hint="stsui list")
    return text


def named(context: Context, arguments: argparse.Namespace) -> Role:
    """The role that was meant, called as its session is: `ROLE@VARIANT` where that is limited.

    The current session where none was named. What limits it may come behind an @ or from flags.

    Raises:
        ConfigError: None fits, or several do.
        UsageError: None was named and none is current.
    """
    from stsui.cli import limits

    store = context.services.store
    text = arguments.role or store.current()
    if not text:
        hint = "stsui assume ROLE" if store.catalog.roles else "stsui help sources"
        raise UsageError("No current session. Name a role, or use one first.", hint=hint)
    catalog = context.services.catalog
    name, variant = _in_two(context, text)
    role, guessed = find_role(catalog, name, arn_from=getattr(arguments, "source", None))
    if guessed:
        context.say(f"stsui: {guessed}")
    if role.name not in catalog.roles:
        store.reload(with_role(catalog, role))
    variant = limits.variant(context, role, variant, arguments)
    return role._replace(name=store.named(role.name, variant).name)


def _in_two(context: Context, text: str) -> tuple[str, str]:
    """Role and variant. What follows an @ is a variant unless a role is called so as a whole."""
    catalog = context.services.catalog
    name, at, variant = text.rpartition("@")
    if not at or not name or text in catalog.roles:
        return text, ""
    if variant.partition(":")[0] in context.services.store.policies or variant == FULL:
        return name, variant
    try:
        find_role(catalog, text)
    except ConfigError:
        return name, variant
    return text, ""


def of_session(context: Context, name: str) -> Role:
    """The role of a session's name, called as the session is."""
    meant = context.services.store.named(name)
    return meant.role._replace(name=meant.name)


def fitting(
    context: Context,
    words: str,
    among: Iterable[Role] | None = None,
    held: Mapping[str, Session] | None = None,
) -> list[Role]:
    """The roles that a filter keeps, as the board's does; among the configured ones where none are given.

    Args:
        held: What `store.held()` gave; None: it is read.
    """
    catalog, store = context.services.catalog, context.services.store
    among = list(catalog.roles.values()) if among is None else list(among)
    if not words.strip():
        return among
    now, query = store.clock.now(), parse_query(words)
    held = store.held() if held is None else held

    def kept(role: Role) -> bool:
        state = held[role.name].state(now) if role.name in held else "idle"
        facts = RowFacts(row_text(catalog, role), state, role.pin, account_of(catalog, role).environment)
        return query.keeps(facts)

    return [role for role in among if kept(role)]


def account(context: Context, role: Role) -> Account:
    """The role's account as the config calls it."""
    return account_of(context.services.catalog, role)
