"""A role's session on the command line: guards, codes and confirmations asked for where a person sits."""

import argparse
import hashlib
from collections.abc import Callable
from typing import NamedTuple

from stsui.cli import guard, limits
from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.config import centers
from stsui.model.errors import CodeRefused, ConfirmationRequired, MfaRequired, SignInRequired, StsuiError
from stsui.model.roles import Guard, Role
from stsui.model.session import Session
from stsui.sessions.guard import Way
from stsui.sessions.wanted import Occasion

TRIES = 3


def add_flags(parser: argparse.ArgumentParser) -> None:
    """--mfa-code, --yes, --refresh, --no-cache, and how the session is to be less or shorter."""
    parser.add_argument("--mfa-code", metavar="-", help="read the code from stdin: --mfa-code -")
    parser.add_argument("--yes", action="store_true", help="use a role that asks for a second enter")
    limits.add_flags(parser)
    add_fresh_flags(parser)


def add_fresh_flags(parser: argparse.ArgumentParser) -> None:
    """--refresh and --no-cache."""
    parser.add_argument("--refresh", action="store_true", help="a new session although the held one is good")
    parser.add_argument(
        "--no-cache", action="store_true", help="a session of this command's own, kept nowhere"
    )


def session(
    context: Context, role: Role, arguments: argparse.Namespace, *, min_ttl: int = 0, way: Way = "assume"
) -> Session:
    """The role's session, its guards passed; codes and confirmations are asked for on the terminal we own.

    Args:
        role: As `roles.named` gives it: called as the session.
        way: How it will be given out; `handed` says afterwards that it was.

    Raises:
        PersonNeeded: Something has to be asked and nobody can be.
        StsuiError: Anything else.
    """
    from stsui.sessions.privacy import keep_memory_private

    keep_memory_private()
    terminal = Terminal.owned()
    occasion = limits.occasion(arguments)
    passed, reason = guard.pass_or_raise(
        context,
        role.name,
        way,
        terminal,
        yes=arguments.yes,
        reason=occasion.reason if occasion else "",
    )
    if reason:
        occasion = (occasion or Occasion())._replace(reason=reason)
    made = admitted(context, role, arguments, passed, occasion, min_ttl=min_ttl)
    context.tell_warnings()
    return made


def admitted(
    context: Context,
    role: Role,
    arguments: argparse.Namespace,
    passed: Guard,
    occasion: Occasion | None,
    *,
    min_ttl: int = 0,
) -> Session:
    """The same for a role whose guard was just `passed`, which is not asked about again."""
    wish = _Wish(role, min_ttl, arguments.refresh, occasion, passed)
    made = _had(context, wish, arguments, Terminal.owned())
    context.services.gate.passed(made, passed)
    return made


def handed(context: Context, made: Session, way: Way, to: str) -> None:
    """The session was given out: noted for whoever asks later."""
    context.services.gate.handed(made, way, to)


class _Wish(NamedTuple):
    role: Role
    min_ttl: int
    refresh: bool
    occasion: Occasion | None
    passed: Guard

    def had(self, context: Context, code: str | None) -> Session:
        return context.services.store.assume(
            self.role.name,
            code=code,
            min_ttl=self.min_ttl,
            refresh=self.refresh,
            occasion=self.occasion,
            passed=self.passed,
        )


def _had(context: Context, wish: _Wish, arguments: argparse.Namespace, terminal: Terminal | None) -> Session:
    code, signed_in = given_code(context, arguments), False
    while True:
        try:
            return wish.had(context, code)
        except ConfirmationRequired as error:
            if terminal is None or not terminal.agrees(f"{error.sentence}\n  {error.shown}\n"):
                raise
            context.services.store.confirm(error.token)
        except SignInRequired as error:
            center = centers.named(context.services.catalog.sso, error.source)
            if terminal is None or center is None or signed_in:
                raise
            from stsui.cli import signing_in

            signing_in.sign_in(context, center, terminal)
            signed_in = True
        except (MfaRequired, CodeRefused) as error:
            if terminal is None:
                raise
            role = wish.role
            return with_code(
                context, role.name, role.mfa_serial, terminal, error, lambda code: wish.had(context, code)
            )


def with_code(
    context: Context,
    role: str,
    serial: str,
    terminal: Terminal,
    error: StsuiError,
    make: Callable[[str], Session],
) -> Session:
    """Asks, at most three times, and nowhere else on this machine meanwhile: one code serves all who wait.

    Args:
        serial: The device, where the error does not name it.
        make: Tries a code.
    """
    store = context.services.store
    serial = error.serial if isinstance(error, MfaRequired) else serial
    name = hashlib.sha256(f"prompt {serial}".encode()).hexdigest()[:32]
    with store.cache.lock(name, 0) as ours:
        if not ours:
            raise MfaRequired(
                role, serial, reason=f"Another stsui is asking for a code of {serial}. Answer there."
            )
        for tried in range(TRIES):
            if tried or isinstance(error, CodeRefused):
                terminal.say(error.sentence)
            if isinstance(error, MfaRequired) and error.not_before:
                terminal.wait_until(error.not_before - store.clock_offset())
            code = terminal.ask(f"Code of {serial or 'the MFA device'} for {role}: ").replace(" ", "")
            try:
                return make(code)
            except (MfaRequired, CodeRefused) as refused:
                error = refused
        raise error


def given_code(context: Context, arguments: argparse.Namespace) -> str | None:
    """The code of the command line or of stdin; None where none was given."""
    given: str | None = arguments.mfa_code
    if given is None:
        return None
    if given != "-":
        context.say("stsui: a code on the command line shows in the process list; use --mfa-code - instead.")
        return given
    line = context.stdin.readline() if context.stdin else ""
    return line.strip().replace(" ", "")
