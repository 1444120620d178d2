"""`stsui credential-process`: what an SDK runs. JSON on stdout or nothing; never a question."""

import argparse

from stsui.cli import asking, finished, guard, roles
from stsui.cli.context import Context
from stsui.handover.formats import credential_process
from stsui.handover.receiver import receiver
from stsui.model.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser, optional=True)
    asking.add_fresh_flags(parser)
    parser.add_argument("--current", action="store_true", help="whatever session is current")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Prints the session as an SDK wants it."""
    if arguments.current and arguments.role:
        raise UsageError("Name a role or say --current, not both.")
    role = roles.named(context, arguments)
    passed, _ = guard.pass_or_raise(context, role.name, "process", None)
    session = context.services.store.assume(role.name, refresh=arguments.refresh, passed=passed)
    document = credential_process(session)
    context.write(document)
    asking.handed(context, session, "process", receiver())
    finished.keep(context, document, role=role, session=session)
    return 0
