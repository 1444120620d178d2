"""`stsui whoami`: which credentials are used here and why, and who AWS says that is."""

import argparse

from stsui.cli import asking, describe, roles
from stsui.cli.context import Context
from stsui.handover.in_use import in_use
from stsui.model.errors import SourceExpired


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser, optional=True)
    asking.add_flags(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """A role's identity, or that of whatever this shell's programs would use."""
    if arguments.role:
        return _role(arguments, context)
    from stsui.wiring import ambient_identity

    services = context.services
    found = in_use(context.environ, services.catalog.paths, services.clock.now())
    if not arguments.json:
        for sentence in (*found.credentials, f"Region: {found.region}."):
            context.say(f"stsui: {sentence}")
    if found.expired:
        # botocore would not even ask, and has no word for it.
        raise SourceExpired("The keys of this shell have expired.", hint=found.hint)
    identity = ambient_identity(context.environ)
    if arguments.json:
        why = {"reasons": list(found.credentials), "region": found.region}
        context.write(describe.as_json({**why, "identity": identity._asdict()}))
    else:
        context.write(f"{identity.arn}\n")
    return 0


def _role(arguments: argparse.Namespace, context: Context) -> int:
    role = roles.named(context, arguments)
    store = context.services.store
    asking.session(context, role, arguments)
    session = store.verify(role.name)
    account, now = roles.account(context, role), store.clock.now()
    if arguments.json:
        context.write(describe.as_json({"session": describe.session(session, role, account, now)}))
    elif session.identity:
        context.write(f"{session.identity.arn}\n")
        context.say(f"stsui: {role.name}  {describe.place(account)}  {describe.left(session, now)}")
    return 0
