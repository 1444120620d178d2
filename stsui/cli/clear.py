"""`stsui clear`: forgets sessions. Copies that were handed out live until they expire."""

import argparse

from stsui.cli import describe, roles
from stsui.cli.context import Context
from stsui.model.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser, optional=True)
    parser.add_argument(
        "--all", action="store_true", help="every session, also of roles no longer configured"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Forgets one or all, and says what stays valid elsewhere."""
    store = context.services.store
    if arguments.all:
        if arguments.role:
            raise UsageError("Name a role or say --all, not both.")
        count = store.drop_all()
        context.say(
            f"stsui: {count} session{'' if count == 1 else 's'} forgotten. Copies live until they expire."
        )
        return 0
    if not arguments.role:
        raise UsageError("Name the role, or forget every session with --all.", hint="stsui clear --all")
    role = roles.named(context, arguments)
    session = store.peek(role.name)
    found = store.drop(role.name)
    copies = f" Copies live until {describe.until(session)}." if session else ""
    context.say(
        f"stsui: {role.name} is forgotten.{copies}" if found else f"stsui: {role.name} had no session."
    )
    return 0
