"""`stsui export`: a snapshot of a session as variables, for a shell to evaluate or a program to read."""

import argparse

from stsui.cli import asking, describe, finished, live, roles, times
from stsui.cli.context import Context
from stsui.handover import environ, formats
from stsui.handover.receiver import receiver
from stsui.model.durations import parse_duration
from stsui.model.errors import UsageError
from stsui.model.roles import Role
from stsui.model.session import Session
from stsui.server import processes
from stsui.sessions.guard import Way

SHORT = 900
FILE = "credentials-file"
"""The one format that is not for a shell or a program's input but a section of a file of AWS's."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser, optional=True)
    asking.add_flags(parser)
    parser.add_argument(
        "--format", default="", metavar="FORMAT", help=f"{', '.join(formats.FORMATS)}, {FILE}; or auto"
    )
    parser.add_argument("--min-ttl", type=length, default=0, metavar="30m", help="renew first, or fail")
    parser.add_argument("--unset", action="store_true", help="take away what an export set in this shell")
    parser.add_argument("--show", action="store_true", help="print secrets although this is a terminal")
    live.add_flags(parser)
    parser.add_argument("--write", action="store_true", help=f"{FILE}: put the section into the file")
    parser.add_argument(
        "--profile", default="", metavar="NAME", help=f"{FILE}: name of the section; stsui-ROLE"
    )
    parser.epilog = (
        f"--format {FILE} --write puts [stsui-ROLE] into the credentials file, and takes it out when the\n"
        f"session ends; with --unset at once. Sections that are not stsui's stay as they are.\n\n"
        f"{parser.epilog}"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Prints the text; says on stderr what it is and until when."""
    chosen = arguments.format or context.services.catalog.settings.export_format
    name = formats.shell_format(context.environ) if chosen == "auto" else chosen
    if name == FILE:
        if arguments.live:
            raise UsageError("A credentials file holds a snapshot; a slot cannot be written into it.")
        return _section(arguments, context)
    row = formats.find(name)
    if arguments.write or arguments.profile:
        raise UsageError(f"--write and --profile go with --format {FILE}.")
    if arguments.unset:
        return _unset(row, context)
    _refuse_terminal(arguments, context, row.take_in)
    if arguments.live:
        return _live(name, arguments, context)
    way: Way = "file" if row.name == "dotenv" else "variables"
    role, session, table = _had(arguments, context, way)
    if row.unset_line:
        text = formats.render(name, *environ.taken_in(table, context.environ))
    else:
        text = formats.render(name, table)
    context.write(text)
    asking.handed(context, session, way, f"{name} for {receiver()}")
    speech = _speech(session, describe.place(roles.account(context, role)), "a snapshot")
    context.say(times.filled(speech, context.services.clock.now()).removesuffix("\n"))
    finished.keep(
        context, text, speech, role=role, session=session, not_on_terminal=True, by_parent=chosen == "auto"
    )
    return 0


def _had(arguments: argparse.Namespace, context: Context, way: Way) -> tuple[Role, Session, dict[str, str]]:
    role = roles.named(context, arguments)
    session = asking.session(context, role, arguments, min_ttl=arguments.min_ttl, way=way)
    return role, session, environ.variables(session, role=role, account=roles.account(context, role))


def _refuse_terminal(arguments: argparse.Namespace, context: Context, take_in: str) -> None:
    if context.stdout_is_terminal() and not arguments.show:
        line = f"stsui export {(arguments.role or '').strip()}".strip()
        raise UsageError(
            f"The secrets would show on the terminal. Take them in: {take_in.format(command=line)}",
            hint="--show prints them",
        )


def _speech(session: Session, place: str, what: str) -> str:
    end = session.expiration - session.clock_offset
    short = times.since(end - SHORT, "stsui: that is under 15 minutes; --min-ttl 30m gives more.\n")
    short = "" if session.ends else short
    return (
        f"stsui: {session.role}  {place}  {what} until {times.until(session.expiration)} "
        f"(in {times.left(end)}); it does not renew itself.\n{short}"
    )


def _live(name: str, arguments: argparse.Namespace, context: Context) -> int:
    """A slot for this shell; without a role the one that follows the current session."""
    slot_name = live.shell_slot_name(context, arguments.slot, not arguments.role)
    role = live.session(context, arguments, min_ttl=arguments.min_ttl).role if arguments.role else ""
    table = live.hand_over(context, role, slot_name, None if arguments.slot else processes.shell())
    context.write(live.rendered(context, name, table))
    context.say(live.speech(context, context.services.live.slots.get(slot_name)))
    return 0


def _section(arguments: argparse.Namespace, context: Context) -> int:
    """The section of the credentials file, on stdout or into the file."""
    from stsui.handover import credentials_file

    paths = context.services.catalog.paths
    if arguments.unset:
        name = roles.named(context, arguments).name if arguments.role else ""
        gone = context.services.remove_copies(name)
        context.say(f"stsui: {paths.aws_credentials} {'is cleared of it' if gone else 'had none of ours'}.")
        return 0
    if not arguments.write:
        _refuse_terminal(arguments, context, "{command} >> FILE")
    role, session, table = _had(arguments, context, "file")
    name = arguments.profile or credentials_file.default_name(session.role)
    place, now = describe.place(roles.account(context, role)), context.services.clock.now()
    if not arguments.write:
        context.write(credentials_file.section(name, table))
        asking.handed(context, session, "file", f"{FILE} for {receiver()}")
        context.say(times.filled(_speech(session, place, "a snapshot"), now).removesuffix("\n"))
        return 0
    context.services.write_copy(name, table)
    asking.handed(context, session, "file", f"[{name}] in {paths.aws_credentials}")
    what = f"[{name}] in {paths.aws_credentials}"
    context.say(times.filled(_speech(session, place, what), now).removesuffix("\n"))
    context.say(f"stsui: it is taken out at the end. Use it with AWS_PROFILE={name}, or --profile {name}.")
    return 0


def _unset(row: formats.Format, context: Context) -> int:
    if row.unset_line is None:
        raise UsageError(f"{row.title} has nothing to unset.")
    gone = tuple(environ.to_unset(context.environ))
    context.write(formats.render(row.name, environ.restored(context.environ) if gone else {}, gone))
    if not gone:
        context.say("stsui: this shell has no session of stsui.")
    slot = context.environ.get("STSUI_SLOT", "")
    if slot:
        context.services.live.slots.leave(slot, context.services.clock.now())
    return 0


def length(text: str) -> int:
    """A length of time from the command line, in seconds."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
