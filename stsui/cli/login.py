"""`stsui login`: pays what a person owes, before it is needed: a sign-in, or a code."""

import argparse
import time

from stsui.cli import asking, discovering, signing_in
from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.model.errors import ConfigError, MfaRequired, SignInRequired, UsageError
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
        help="an Identity Center, an IAM user, or a role below one; as in `stsui list --roots`",
    )
    parser.add_argument("--if-needed", action="store_true", help="do nothing while it is good")
    parser.add_argument("--device-code", action="store_true", help="by a code, although a browser is here")
    parser.add_argument("--mfa-code", metavar="-", help="read the code from stdin: --mfa-code -")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Renews one root and says until when it is good."""
    root = _meant(arguments.root, context)
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
    else:
        raise _elsewhere(root)
    renewed = next(one for one in context.services.lookout.roots() if one.key == root.key)
    context.say(f"stsui: {renewed.name} is good {until(renewed)}.")
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
        if not fitting and text.startswith("https://"):
            raise ConfigError(
                "No Identity Center with that start URL is known yet: [sso.NAME] in config.toml, "
                "with start_url and region, makes it so.",
                hint="stsui config edit, or stsui help sources",
            )
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


def _elsewhere(root: Root) -> SignInRequired:
    """What stsui cannot renew itself, with what does."""
    if root.kind == "login":
        sentence = f"{root.name} is signed in by the AWS CLI."
        return SignInRequired("", root.name, sentence, hint=f"aws login --profile {root.name}")
    sentence = f"{root.name} has temporary keys in ~/.aws/credentials; whoever put them there renews them."
    return SignInRequired("", root.name, sentence, hint="stsui list --roots")
