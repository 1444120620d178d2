"""`stsui exec`: a command with a role's credentials in its environment, instead of this process."""

import argparse
import os
import subprocess

from stsui.cli import asking, describe, live, roles
from stsui.cli.context import Context
from stsui.cli.export import SHORT, length
from stsui.handover.environ import child_environment
from stsui.model.durations import countdown
from stsui.model.errors import UsageError

NOT_FOUND, NOT_EXECUTABLE = 127, 126


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags; everything after -- is the command."""
    roles.add_role(parser, optional=True)
    asking.add_flags(parser)
    parser.add_argument("--need", type=length, default=0, metavar="45m", help="renew first if less is left")
    live.add_flags(parser)
    many = parser.add_argument_group("many roles")
    many.add_argument("--each", metavar="FILTER", help="every role that the words fit: 'prod !admin is:live'")
    many.add_argument("--jobs", type=_jobs, default=4, metavar="N", help="so many at a time (4)")
    many.add_argument("--quiet", action="store_true", help="no output of the commands, only the summary")
    many.add_argument("--json", action="store_true", help="one document with every role's output and code")
    many.add_argument("--into", default="", metavar="DIR", help="output into files, ROLE.out and ROLE.err")
    parser.usage = (
        f"{parser.prog} [ROLE] [--need 45m] [--live] [-- COMMAND …]   (no command: your shell)\n"
        f"       {parser.prog} --each FILTER [--jobs 4] [--quiet | --json | --into DIR] -- COMMAND …"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Replaces this process by the command (on Windows: waits for it and gives its code)."""
    if arguments.each is not None:
        if arguments.live:
            raise UsageError("--live is for one role; --each gives every command a copy of its own.")
        from stsui.cli import each

        return each.run(arguments, context)
    if arguments.quiet or arguments.json or arguments.into:
        raise UsageError("--quiet, --json and --into go with --each.")
    command: list[str] = arguments.command
    own_shell = [context.environ.get("SHELL") or context.environ.get("COMSPEC") or "/bin/sh"]
    if arguments.live:
        session = live.session(context, arguments, min_ttl=arguments.need, way="exec")
        child = live.child(context, session.role, arguments.slot, command or own_shell)
        return _become(command or own_shell, child, context)
    role = roles.named(context, arguments)
    session = asking.session(context, role, arguments, min_ttl=arguments.need, way="exec")
    account = roles.account(context, role)
    child = child_environment(context.environ, session, role, account)
    left = session.left(context.services.store.clock.now())
    if not command:
        command = own_shell
        context.say(
            f"stsui: a shell as {role.name}  {describe.place(account)}  until {describe.until(session)} "
            f"(in {countdown(left)}). exit leaves it."
        )
    elif left < SHORT and not session.ends:
        context.say(f"stsui: {role.name} ends in {countdown(left)}; --need 45m gives more.")
    asking.handed(context, session, "exec", os.path.basename(command[0]))
    return _become(command, child, context)


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number from 1 to 64')
    return int(text)


def _become(command: list[str], child: dict[str, str], context: Context) -> int:
    try:
        if os.name == "posix":
            os.execvpe(command[0], command, child)  # noqa: S606 - no shell is the point
        return subprocess.run(command, env=child, check=False).returncode
    except FileNotFoundError:
        context.say(f"stsui: {command[0]}: command not found")
        return NOT_FOUND
    except OSError as error:
        context.say(f"stsui: {command[0]}: {error.strerror}")
        return NOT_EXECUTABLE
