"""A role's session on the command line: guards, codes and confirmations asked for where a person sits."""

import argparse
import hashlib

from stsui.cli import guard
from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.model.errors import CodeRefused, ConfirmationRequired, MfaRequired, StsuiError
from stsui.model.roles import Role
from stsui.model.session import Session

TRIES = 3


def add_flags(parser: argparse.ArgumentParser) -> None:
    """--mfa-code, --yes, --refresh, --no-cache."""
    parser.add_argument("--mfa-code", metavar="-", help="read the code from stdin: --mfa-code -")
    parser.add_argument("--yes", action="store_true", help="use a role that asks for a second enter")
    add_fresh_flags(parser)


def add_fresh_flags(parser: argparse.ArgumentParser) -> None:
    """--refresh and --no-cache."""
    parser.add_argument("--refresh", action="store_true", help="a new session although the held one is good")
    parser.add_argument(
        "--no-cache", action="store_true", help="a session of this command's own, kept nowhere"
    )


def session(context: Context, role: Role, arguments: argparse.Namespace, *, min_ttl: int = 0) -> Session:
    """The role's session; codes and confirmations are asked for on the terminal that we own.

    Raises:
        PersonNeeded: Something has to be asked and nobody can be.
        StsuiError: Anything else.
    """
    store = context.services.store
    terminal = Terminal.owned()
    guard.pass_or_raise(context, role, terminal, yes=arguments.yes)
    code = _given_code(context, arguments)
    while True:
        try:
            made = store.assume(role.name, code=code, min_ttl=min_ttl, refresh=arguments.refresh)
            context.tell_warnings()
            return made
        except ConfirmationRequired as error:
            if terminal is None or not terminal.agrees(f"{error.sentence}\n  {error.shown}\n"):
                raise
            store.confirm(error.token)
        except (MfaRequired, CodeRefused) as error:
            if terminal is None:
                raise
            return _with_code(context, role, arguments, terminal, error, min_ttl)


def _with_code(
    context: Context,
    role: Role,
    arguments: argparse.Namespace,
    terminal: Terminal,
    error: StsuiError,
    min_ttl: int,
) -> Session:
    """Asks, at most three times, and nowhere else on this machine meanwhile: one code serves all who wait."""
    store = context.services.store
    serial = error.serial if isinstance(error, MfaRequired) else role.mfa_serial
    name = hashlib.sha256(f"prompt {serial}".encode()).hexdigest()[:32]
    with store.cache.lock(name, 0) as ours:
        if not ours:
            raise MfaRequired(
                role.name, serial, reason=f"Another stsui is asking for a code of {serial}. Answer there."
            )
        for tried in range(TRIES):
            if tried or isinstance(error, CodeRefused):
                terminal.say(error.sentence)
            if isinstance(error, MfaRequired) and error.not_before:
                terminal.wait_until(error.not_before - store.clock_offset())
            code = terminal.ask(f"Code of {serial or 'the MFA device'} for {role.name}: ").replace(" ", "")
            try:
                made = store.assume(role.name, code=code, min_ttl=min_ttl, refresh=arguments.refresh)
                context.tell_warnings()
                return made
            except (MfaRequired, CodeRefused) as refused:
                error = refused
        raise error


def _given_code(context: Context, arguments: argparse.Namespace) -> str | None:
    given: str | None = arguments.mfa_code
    if given is None:
        return None
    if given != "-":
        context.say("stsui: a code on the command line shows in the process list; use --mfa-code - instead.")
        return given
    line = context.stdin.readline() if context.stdin else ""
    return line.strip().replace(" ", "")
