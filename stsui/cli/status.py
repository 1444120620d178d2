"""`stsui status`: the current session; from the files alone."""

import argparse

from stsui.cli import describe, finished, roles, times
from stsui.cli.context import Context
from stsui.config.catalog import Catalog, account_of
from stsui.model.roles import Role
from stsui.model.session import Session


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("--json", action="store_true", help="as JSON, with every held session")
    parser.add_argument("--prompt", action="store_true", help="a few words for a shell prompt, or nothing")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """The current session in a line, as JSON, or as a prompt's few words."""
    services = context.services
    catalog, store = services.catalog, services.store
    now = store.clock.now()
    name = store.current()
    session = store.peek(name) if name else None
    role = roles.of_session(context, name) if name else None
    if arguments.json:
        held = [
            describe.session(s, held_role, account_of(catalog, held_role), now)
            for n, s in store.held().items()
            for held_role in (roles.of_session(context, n),)
        ]
        current = None
        if session and role:
            current = describe.session(session, role, account_of(catalog, role), now)
        context.write(describe.as_json({"current": current, "current_role": name or None, "sessions": held}))
        return 0
    text = _text(arguments.prompt, name, role, session, catalog, now)
    context.write(times.filled(text, now))
    finished.keep(context, text, role=role, session=session)
    return 0


def _text(
    prompt: bool, name: str, role: Role | None, session: Session | None, catalog: Catalog, now: float
) -> str:
    """The current session in a line, or in a prompt's few words."""
    account = account_of(catalog, role) if role else None
    if prompt:
        if not (session and role and account):
            return ""
        parts = (name, account.environment, times.left(session.expiration - session.clock_offset))
        return " ".join(part for part in parts if part) + "\n"
    if session and role and account:
        return describe.template(session, role, account, now) + "\n"
    if role and account:
        return f"{name}  {describe.place(account)}  no live session\n"
    return "No current session.\n"
