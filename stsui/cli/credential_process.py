"""`stsui credential-process`: what an SDK runs. JSON on stdout or nothing; never a question."""

import argparse

from stsui.cli import asking, finished, guard, roles
from stsui.cli.context import Context
from stsui.handover.environ import running
from stsui.handover.formats import credential_process
from stsui.handover.receiver import receiver
from stsui.model.errors import ConfigError, UsageError


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
    _refuse_circle(context, role.name)
    passed, _ = guard.pass_or_raise(context, role.name, "process", None)
    session = context.services.store.assume(role.name, refresh=arguments.refresh, passed=passed)
    document = credential_process(session)
    context.write(document)
    asking.handed(context, session, "process", receiver())
    finished.keep(context, document, role=role, session=session)
    return 0


def _refuse_circle(context: Context, name: str) -> None:
    """A role whose chain begins with a command that waits for this very answer can never be had.

    Raises:
        ConfigError: It is such a role; says which way round.
    """
    above = running(context.environ)
    if above and context.services.store.plan(name).chain.source.name in above:
        way = " > ".join((*above, above[0]))
        raise ConfigError(
            f"The credential_process of {way} goes round in a circle. Change one of them.", role=name
        )
