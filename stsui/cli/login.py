"""`stsui login`: pays what a person owes, before it is needed: a sign-in, or a code."""

import argparse
import subprocess
import sys
import time

from stsui.cli import asking, discovering, signing_in
from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.config import centers, new_center
from stsui.config.user_config_edit import write_entry
from stsui.handover import aws_login
from stsui.model.errors import AwsLoginRequired, ConfigError, MfaRequired, SignInRequired, UsageError
from stsui.model.session import Session
from stsui.model.text import clean, nearest
from stsui.sessions.roots import Root, named


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument(
        "root",
        metavar="ROOT",
        nargs="?",
        default="",
        help="an Identity Center, an IAM user, or a role below one, as in `stsui list --roots`; or the start "
        "URL of a new Identity Center",
    )
    parser.add_argument(
        "--region", default="", help="where an Identity Center is that is given by its start URL, and new"
    )
    parser.add_argument("--if-needed", action="store_true", help="do nothing while it is good")
    parser.add_argument("--device-code", action="store_true", help="by a code, although a browser is here")
    parser.add_argument("--mfa-code", metavar="-", help="read the code from stdin: --mfa-code -")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Renews one root and says until when it is good."""
    text = arguments.root
    if "://" in text and (arguments.region or centers.named(context.services.catalog.sso, text) is None):
        return _new(text, arguments, context)
    if arguments.region:
        raise UsageError("--region goes with the start URL of a new Identity Center.")
    root = _meant(text, context)
    now = context.services.clock.now()
    if root.needs == "nothing":
        context.say(f"stsui: {root.name} ({root.called}) needs nobody.")
        return 0
    if arguments.if_needed and root.good(now):
        context.say(f"stsui: {root.name} is good {until(root)}.")
        return 0
    if root.kind == "sso" and root.center is not None:
        terminal = Terminal.owned()
        signing_in.sign_in(context, root.center, terminal, device_code=arguments.device_code)
        if root.center.lists_roles:
            discovering.look(context, root.center, terminal)
    elif root.kind in ("mfa", "role mfa"):
        _code(root, arguments, context)
    elif root.kind == "login":
        _aws_login(root, context)
    else:
        raise _elsewhere(root)
    renewed = next(one for one in context.services.lookout.roots() if one.key == root.key)
    context.say(f"stsui: {renewed.name} is good {until(renewed)}.")
    return 0


def _new(start_url: str, arguments: argparse.Namespace, context: Context) -> int:
    """Signs in at an Identity Center that no file knows, and writes it down."""
    services, terminal = context.services, Terminal.owned()
    try:
        center = new_center.made(services.catalog.sso, start_url, arguments.region, "")
    except ValueError as error:
        raise UsageError(
            f"No Identity Center with that start URL is known yet, and its {error}.",
            hint=f"stsui login {start_url} --region eu-west-1",
        ) from None
    if not services.sign_ins.standing(center).signed_in:
        if terminal is None:
            again = f"stsui login {center.start_url} --region {center.region}"
            raise SignInRequired("", center.name, f"Nobody has signed in to {center.name} yet.", hint=again)
        signing_in.sign_in(context, center, terminal, device_code=arguments.device_code)
    path = write_entry(services.catalog.paths.conf_dir, new_center.FILE, new_center.table(center))
    context.say(f"stsui: wrote [sso.{center.name}] to {clean(path)}.")
    services.reload()
    discovering.look(context, center, terminal)
    return 0


def until(root: Root) -> str:
    """Until when a root is good, for a sentence."""
    if root.good_until is None:
        return "for as long as its program says"
    form = "%H:%M" if root.good_until - time.time() < 20 * 3_600 else "%Y-%m-%d %H:%M"
    about = "" if root.exact else "about "
    return f"until {about}{time.strftime(form, time.localtime(root.good_until))}"


def _meant(text: str, context: Context) -> Root:
    """The root that was named; the only one that needs a person where none was.

    Raises:
        ConfigError: Nothing has that name.
        UsageError: Several could be meant.
    """
    roots, now = context.services.lookout.roots(), context.services.clock.now()
    needing = [root for root in roots if root.needs != "nothing"]
    if text:
        fitting = named(roots, text)
        if not fitting:
            near = nearest(text, [root.name for root in needing], 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ConfigError(
                f'Nothing to sign in to is called "{clean(text)}".{hint}', hint="stsui list --roots"
            )
    else:
        fitting = [root for root in needing if not root.good(now)] or needing
        if not fitting:
            hint = "stsui list --roots" if context.services.catalog.roles else "stsui help sources"
            raise UsageError("Nothing here needs a sign-in or a code.", hint=hint)
    if len(fitting) > 1:
        names = ", ".join(root.name for root in fitting[:6])
        raise UsageError(f"Name what to renew: {names}.", hint=f"stsui login {fitting[0].name}")
    return fitting[0]


def _code(root: Root, arguments: argparse.Namespace, context: Context) -> None:
    """A new session by a code, although the old one is good."""
    store = context.services.store
    role = root.roles[0]

    def renew(code: str) -> Session:
        return store.renew_root(role, code)

    try:
        store.renew_root(role, asking.given_code(context, arguments))
    except MfaRequired as error:
        terminal = Terminal.owned()
        if terminal is None:
            error.hint = f"stsui login {root.name}"
            raise
        asking.with_code(context, root.name, root.serial, terminal, error, renew)
    context.tell_warnings()


def _aws_login(root: Root, context: Context) -> None:
    """Has the AWS CLI sign in, on the terminal that is ours.

    Raises:
        AwsLoginRequired: There is no terminal, no AWS CLI, or it did not sign in.
    """
    argv = aws_login.command(root.name, context.environ)
    if Terminal.owned() is None or not argv:
        missing = "" if argv else " It is not on the PATH."
        raise AwsLoginRequired("", root.name, f"{root.name} is signed in by the AWS CLI.{missing}")
    context.say(f"stsui: {' '.join(['aws', *argv[1:]])}")
    code = subprocess.call(argv, env=dict(context.environ), stdout=sys.stderr)
    if code:
        raise AwsLoginRequired("", root.name, f"aws login did not sign in; it ended with code {code}.")


def _elsewhere(root: Root) -> SignInRequired:
    """What stsui cannot renew itself, with what does."""
    sentence = f"{root.name} has temporary keys in ~/.aws/credentials; whoever put them there renews them."
    return SignInRequired("", root.name, sentence, hint="stsui list --roots")
