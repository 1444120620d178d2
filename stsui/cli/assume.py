"""`stsui assume`: a session now, made current."""

import argparse

from stsui.cli import asking, describe, roles
from stsui.cli.context import Context


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser)
    asking.add_flags(parser)
    parser.add_argument("--no-current", action="store_true", help="leave the current session as it is")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Assumes, verifies with GetCallerIdentity, and says who one is until when."""
    role = roles.named(context, arguments)
    store = context.services.store
    asking.session(context, role, arguments)
    session = store.verify(role.name)
    if not arguments.no_current:
        store.set_current(role.name)
    account = roles.account(context, role)
    now = store.clock.now()
    if arguments.json:
        context.write(describe.as_json({"session": describe.session(session, role, account, now)}))
        return 0
    for note in session.notes:
        context.say(f"stsui: {note}")
    if session.packed_policy_size:
        context.say(f"stsui: session policy and tags take {session.packed_policy_size} % of what AWS allows.")
    context.write(describe.line(session, role, account, now) + "\n")
    return 0
