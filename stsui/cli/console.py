"""`stsui console`: the AWS console as a role. The link is a secret for its fifteen minutes."""

import argparse

from stsui.cli import asking, describe, roles
from stsui.cli.context import Context
from stsui.handover import browser
from stsui.model.arn import parse_role_arn
from stsui.model.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser, optional=True)
    asking.add_flags(parser)
    parser.add_argument("service", nargs="?", default="", help="s3, ec2, lambda …; none: the console's home")
    parser.add_argument("--region", default="", help="eu-west-1, or short: euw1")
    parser.add_argument("--print", dest="show", action="store_true", help="print the link instead")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Opens the browser, or prints where there is none to open."""
    from stsui.wiring import console_url

    role = roles.named(context, arguments)
    session = asking.session(context, role, arguments, way="console")
    partition = parse_role_arn(role.role_arn).partition if role.role_arn else "aws"
    url = console_url(session, partition, arguments.service, arguments.region or role.region, context.environ)
    place = describe.place(roles.account(context, role))
    if arguments.show or not browser.available(context.environ):
        if context.stdout_is_terminal() and not arguments.show:
            raise UsageError(
                "No browser can be opened here. The link signs anyone in for 15 minutes.",
                hint=f"stsui console {role.name} --print",
            )
        context.write(f"{url.reveal()}\n")
        asking.handed(context, session, "console", "a printed link")
        context.say(f"stsui: {role.name}  {place}  this link signs anyone in; it is good for 15 minutes.")
        return 0
    context.say(f"stsui: opening the console as {role.name}  {place}")
    browser.open_link(url.reveal())
    asking.handed(context, session, "console", "the browser")
    return 0
