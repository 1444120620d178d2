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
    name = store.named(role.name).role.name
    dropped = [role.name] if "@" in arguments.role else _sessions_of(context, name)
    ends = [session for one in dropped if (session := store.peek(one))]
    if not sum(store.drop(one) for one in dropped):
        context.say(f"stsui: {role.name} had no session.")
        return 0
    copies = f" Copies live until {describe.until(max(ends, key=lambda s: s.expiration))}." if ends else ""
    and_more = f" and {len(dropped) - 1} more" if len(dropped) > 1 else ""
    context.say(f"stsui: {dropped[0]}{and_more} is forgotten.{copies}")
    return 0


def _sessions_of(context: Context, role: str) -> list[str]:
    """Every session of a role that is held, limited ones too; the bare name's first."""
    store = context.services.store
    bare = store.named(role).name
    return [bare, *(n for n in store.held() if n != bare and store.named(n).role.name == role)]
