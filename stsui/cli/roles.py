"""A role as it was typed, and its session: shared by every command that takes ROLE."""

import argparse

from stsui.cli import guard
from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.config.catalog import account_of, with_role
from stsui.config.search import find_role, find_variant
from stsui.model.errors import CodeRefused, ConfirmationRequired, MfaRequired, StsuiError, UsageError
from stsui.model.roles import Account, Role
from stsui.model.session import Session

TRIES = 3


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


def add_asking(parser: argparse.ArgumentParser) -> None:
    """--mfa-code and --yes."""
    parser.add_argument("--mfa-code", metavar="-", help="read the code from stdin: --mfa-code -")
    parser.add_argument("--yes", action="store_true", help="use a role that asks for a second enter")


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


def session(
    context: Context,
    role: Role,
    arguments: argparse.Namespace,
    *,
    min_ttl: int = 0,
    refresh: bool = False,
) -> Session:
    """The role's session; codes and confirmations are asked for on the terminal that we own.

    Raises:
        PersonNeeded: Something has to be asked and nobody can be.
        StsuiError: Anything else.
    """
    store = context.services.store
    terminal = Terminal.owned()
    guard.pass_or_raise(context, role, terminal, yes=arguments.yes)
    code = _given_code(context, arguments)
    asked = 0
    while True:
        try:
            made = store.assume(role.name, code=code, min_ttl=min_ttl, refresh=refresh)
            context.tell_warnings()
            return made
        except ConfirmationRequired as error:
            if terminal is None or not terminal.agrees(f"{error.sentence}\n  {error.shown}\n"):
                raise
            store.confirm(error.token)
        except (MfaRequired, CodeRefused) as error:
            if terminal is None or asked == TRIES:
                raise
            code = _ask(context, terminal, error, role, first=asked == 0)
            asked += 1


def _ask(context: Context, terminal: Terminal, error: StsuiError, role: Role, *, first: bool) -> str:
    if isinstance(error, CodeRefused) or not first:
        terminal.say(error.sentence)
    if isinstance(error, MfaRequired) and error.not_before:
        terminal.wait_until(error.not_before - context.services.store.clock_offset())
    serial = error.serial if isinstance(error, MfaRequired) else role.mfa_serial
    return terminal.ask(f"Code of {serial or 'the MFA device'} for {role.name}: ").replace(" ", "")


def _given_code(context: Context, arguments: argparse.Namespace) -> str | None:
    given: str | None = arguments.mfa_code
    if given is None:
        return None
    if given != "-":
        context.say("stsui: a code on the command line shows in the process list; use --mfa-code - instead.")
        return given
    line = context.stdin.readline() if context.stdin else ""
    return line.strip().replace(" ", "")
