"""`stsui console`: the AWS console as a role. The link is a secret for its fifteen minutes."""

import argparse
import os
import subprocess
import sys
import webbrowser

from stsui.cli import asking, describe, roles
from stsui.cli.context import Context
from stsui.cli.export import length
from stsui.cli.terminal import Terminal
from stsui.handover import beside
from stsui.handover.console_pages import browser_command
from stsui.model.arn import parse_role_arn
from stsui.model.credentials import Secret
from stsui.model.errors import ConfirmationRequired, UsageError
from stsui.model.roles import TEMPORARY, Role
from stsui.model.text import clean
from stsui.sessions.memory import argv_token
from stsui.sessions.plan import Plan

TEXT_BROWSERS = ("www-browser", "links", "links2", "elinks", "lynx", "w3m", "browsh", "carbonyl")
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
LONGEST = 43_200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser, optional=True)
    asking.add_flags(parser)
    parser.add_argument(
        "service",
        nargs="?",
        default="",
        metavar="SERVICE",
        help="s3, ec2, lambda …; none: the console's home",
    )
    parser.add_argument("--region", default="", metavar="REGION", help="eu-west-1, or short: euw1")
    parser.add_argument("--print", dest="show", action="store_true", help="print the link instead")
    parser.add_argument(
        "--session-duration",
        type=length,
        default=0,
        metavar="8h",
        help="of the console, where AWS allows that; else it lasts as long as the session",
    )
    parser.epilog = (
        'Which browser: browser = ["firefox", "{container}"] of [settings] or of an account, with {url}, or\n'
        "{container} or {granted} for an extension of Firefox that opens it in a container of the account's\n"
        "name and colour. Over SSH, and where only a text browser is there, the link is printed.\n\n"
        f"{parser.epilog}"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Opens the browser, or prints where there is none to open."""
    from stsui.wiring import console_url

    role = roles.named(context, arguments)
    account = roles.account(context, role)
    show = arguments.show or _remote(context)
    template = () if show else account.browser or context.services.catalog.settings.browser
    if template:
        _confirm(context, role, template)
    show = show or not (template or _default_browser())
    session = asking.session(context, role, arguments, way="console")
    partition = parse_role_arn(role.role_arn).partition if role.role_arn else "aws"
    region = arguments.region or role.region
    seconds = _session_duration(arguments, context, role)
    url = console_url(session, partition, arguments.service, region, context.environ, seconds)
    place = describe.place(account)
    if show:
        context.write(f"{url.reveal()}\n")
        asking.handed(context, session, "console", "a printed link")
        context.say(f"stsui: {role.name}  {place}  this link signs anyone in; it is good for 15 minutes.")
        return 0
    context.say(f"stsui: opening the console as {role.name}  {place}")
    if template:
        _start(browser_command(template, url.reveal(), account, role.name), context)
    else:
        _open(url)
    asking.handed(context, session, "console", os.path.basename(template[0]) if template else "the browser")
    return 0


def _session_duration(arguments: argparse.Namespace, context: Context, role: Role) -> int:
    """What is asked of the sign-in; 0 where AWS would refuse it, and that is said."""
    seconds: int = arguments.session_duration
    if not seconds:
        return 0
    if not 900 <= seconds <= LONGEST:
        raise UsageError("--session-duration can be 15m to 12h.")
    if _from_long_term_keys(context.services.store.plan(role.name)):
        return seconds
    context.say(
        f"stsui: AWS takes no --session-duration for {role.name}, which comes from temporary credentials; "
        "the console lasts as long as the session."
    )
    return 0


def _from_long_term_keys(plan: Plan) -> bool:
    """One AssumeRole, signed with an IAM user's keys. Source: IAM user guide, "custom identity broker"."""
    first = plan.steps[0]
    static = first.source is not None and first.source.kind == "static" and first.source.detail != TEMPORARY
    return len(plan.steps) == 1 and first.operation == "AssumeRole" and static


def _confirm(context: Context, role: Role, template: tuple[str, ...]) -> None:
    """A command from a config file is agreed to once.

    Raises:
        ConfirmationRequired: It was not.
    """
    store, token = context.services.store, argv_token(template)
    if store.is_confirmed(token):
        return
    terminal, shown = Terminal.owned(), " ".join(template)
    sentence = f"The console of {role.name} is opened by a command of the config. Run it from now on?"
    if terminal is None or not terminal.agrees(f"{sentence}\n  {clean(shown)}\n"):
        error = ConfirmationRequired(role.name, sentence, token=token, shown=shown)
        error.hint = f"stsui console {role.name}"
        raise error
    store.confirm(token)


def _start(command: list[str], context: Context) -> None:
    """Beside us, for as long as it likes.

    Raises:
        UsageError: It cannot be started.
    """
    try:
        beside.start(command, context.environ)
    except OSError as error:
        raise UsageError(
            f"The browser {clean(command[0])} cannot be started ({error.strerror}).",
            hint="stsui console ROLE --print",
        ) from None  # the command line holds the link


def _open(url: Secret) -> None:
    if not webbrowser.open(url.reveal()):
        raise UsageError("No browser could be opened.", hint="stsui console ROLE --print")


def _remote(context: Context) -> bool:
    """Whether the person looks at another computer's screen."""
    return bool(context.environ.get("SSH_CONNECTION") or context.environ.get("SSH_TTY"))


def _default_browser() -> bool:
    """Whether there is one that is not a text browser."""
    if sys.platform == "linux" and not any(os.environ.get(name) for name in SCREENS):
        return False
    try:
        name = webbrowser.get().name
    except (webbrowser.Error, OSError, subprocess.SubprocessError):
        return False
    return os.path.basename(name) not in TEXT_BROWSERS
