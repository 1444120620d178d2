"""`stsui export`: a snapshot of a session as variables, for a shell to evaluate or a program to read."""

import argparse

from stsui.cli import asking, describe, finished, roles, times
from stsui.cli.context import Context
from stsui.handover import environ, formats
from stsui.handover.receiver import receiver
from stsui.model.durations import parse_duration
from stsui.model.errors import UsageError
from stsui.model.session import Session
from stsui.sessions.guard import Way

SHORT = 900
IN_FILES = ("credentials-file", "dotenv")
"""Formats that are made to lie in a file."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser, optional=True)
    asking.add_flags(parser)
    parser.add_argument(
        "--format",
        default="",
        metavar="FORMAT",
        help=", ".join(formats.FORMATS) + ", credentials-file; or auto",
    )
    parser.add_argument("--min-ttl", type=_length, default=0, metavar="30m", help="renew first, or fail")
    parser.add_argument("--unset", action="store_true", help="take away what an export set in this shell")
    parser.add_argument("--show", action="store_true", help="print secrets although this is a terminal")
    parser.add_argument("--profile", default="", metavar="NAME", help="section name for credentials-file")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Prints the text; says on stderr what it is and until when."""
    chosen = arguments.format or context.services.catalog.settings.export_format
    name = formats.shell_format(context.environ) if chosen == "auto" else chosen
    if arguments.unset:
        return _unset(name, context)
    if name != "credentials-file":
        formats.find(name)
    asked = (arguments.role or "").strip()
    if context.stdout_is_terminal() and not arguments.show:
        line = formats.find(name).take_in if name != "credentials-file" else "{command}"
        how = line.format(command=f"stsui export {asked}".strip())
        raise UsageError(
            f"The secrets would show on the terminal. Take them in: {how}", hint="--show prints them"
        )
    role = roles.named(context, arguments)
    way: Way = "file" if name in IN_FILES else "variables"
    session = asking.session(context, role, arguments, min_ttl=arguments.min_ttl, way=way)
    table = environ.variables(session, role=role, account=roles.account(context, role))
    if name == "credentials-file":
        text = formats.credentials_file(arguments.profile or role.name, table)
    elif formats.find(name).unset_line:
        kept = environ.restorable(context.environ)
        restore = {environ.RESTORE: kept} if kept else {}
        text = formats.render(name, table | restore, environ.shadowing(table))
    else:
        text = formats.render(name, table)
    context.write(text)
    asking.handed(context, session, way, f"{name} for {receiver()}")
    speech = _speech(session, describe.place(roles.account(context, role)))
    context.say(times.filled(speech, context.services.clock.now()).removesuffix("\n"))
    finished.keep(
        context, text, speech, role=role, session=session, not_on_terminal=True, by_parent=chosen == "auto"
    )
    return 0


def _speech(session: Session, place: str) -> str:
    end = session.expiration - session.clock_offset
    short = times.since(end - SHORT, "stsui: that is under 15 minutes; --min-ttl 30m gives more.\n")
    short = "" if session.ends else short
    return (
        f"stsui: {session.role}  {place}  a snapshot until {times.until(session.expiration)} "
        f"(in {times.left(end)}); it does not renew itself.\n{short}"
    )


def _unset(name: str, context: Context) -> int:
    row = formats.find(name)
    gone = tuple(environ.to_unset(context.environ))
    back = environ.restored(context.environ) if gone else {}
    if row.unset_line is None:
        raise UsageError(f"{row.title} has nothing to unset.")
    context.write(formats.render(name, back, gone))
    if not gone:
        context.say("stsui: this shell has no session of stsui.")
    return 0


def _length(text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
