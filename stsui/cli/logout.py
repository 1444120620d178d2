"""`stsui logout`: signs out of an Identity Center here and at AWS, and forgets the sessions below it."""

import argparse

from stsui.cli.context import Context
from stsui.config import centers
from stsui.model.errors import ConfigError, UsageError
from stsui.model.roles import Center
from stsui.model.text import clean, nearest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("center", metavar="CENTER", nargs="?", default="", help="the Identity Center")
    parser.add_argument("--all", action="store_true", help="every Identity Center")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Says what is over, and what is not: credentials that were given out live until they expire."""
    for center in _meant(arguments, context):
        signed_in = context.services.sign_ins.standing(center).signed_in
        done = context.services.sign_out(center)
        over = f"signed out of {center.name}" if signed_in else f"nobody was signed in to {center.name}"
        context.say(f"stsui: {over}; {_sessions(done.dropped)} forgotten.")
        if done.unheard:
            context.say(f"stsui: AWS was not told: {done.unheard} The sign-in there ends by itself.")
    context.say("stsui: credentials that were handed out work until they expire.")
    return 0


def _meant(arguments: argparse.Namespace, context: Context) -> list[Center]:
    known = context.services.catalog.sso
    if arguments.all:
        return list(known.values())
    if arguments.center:
        found = centers.named(known, arguments.center)
        if found is None:
            near = nearest(arguments.center, known, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ConfigError(f'No Identity Center is called "{clean(arguments.center)}".{hint}')
        return [found]
    if len(known) != 1:
        names = ", ".join(known) or "there is none"
        raise UsageError(f"Name the Identity Center: {names}.", hint="stsui logout --all")
    return list(known.values())


def _sessions(dropped: int) -> str:
    return f"{dropped} session{'' if dropped == 1 else 's'} below it {'is' if dropped == 1 else 'are'}"
