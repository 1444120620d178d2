"""`stsui clear`: forgets sessions. Copies that were handed out live until they expire or are revoked."""

import argparse

from stsui.cli import describe, roles
from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.model.errors import ConfirmationRequired, UsageError
from stsui.sessions import asking_aws
from stsui.sessions.revoke import Revocation, of_role


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser, optional=True)
    parser.add_argument(
        "--all",
        action="store_true",
        help="every session and slot, and our sections of the credentials file",
    )
    parser.add_argument(
        "--sign-out", action="store_true", help="with --all: out of every Identity Center too"
    )
    parser.add_argument(
        "--revoke",
        action="store_true",
        help="print the policy that makes AWS refuse every older session of the role; run it after a yes",
    )
    parser.add_argument(
        "--with", dest="signer", default="", metavar="ROLE", help="the live session that attaches the policy"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Forgets one or all, and says what stays valid elsewhere."""
    store = context.services.store
    if arguments.all:
        if arguments.role or arguments.revoke:
            raise UsageError("--all forgets every session here; it goes with neither a role nor --revoke.")
        done = context.services.forget_everything(sign_out=arguments.sign_out)
        context.say(f"stsui: {done}. Copies live until they expire.")
        return 0
    if arguments.sign_out:
        raise UsageError("--sign-out goes with --all.", hint="stsui logout NAME")
    if not arguments.role:
        raise UsageError("Name the role, or forget every session with --all.", hint="stsui clear --all")
    role = roles.named(context, arguments)
    if arguments.revoke:
        return _revoke(arguments, context, store.named(role.name).role.name)
    name = store.named(role.name).role.name
    wanted = [role.name] if role.name != store.named(name).name else _sessions_of(context, name)
    ends = [session for one in wanted if (session := store.peek(one))]
    dropped = [one for one in wanted if store.drop(one)]
    for one in wanted:
        context.services.remove_copies(one)
    if not dropped:
        context.say(f"stsui: {role.name} had no session.")
        return 0
    copies = f" Copies live until {describe.until(max(ends, key=lambda s: s.expiration))}." if ends else ""
    verb = "is" if len(dropped) == 1 else "are"
    context.say(f"stsui: {', '.join(dropped)} {verb} forgotten.{copies}")
    return 0


def _sessions_of(context: Context, role: str) -> list[str]:
    """Every session of a role, limited ones too; the bare name's first."""
    store = context.services.store
    bare = store.named(role).name
    return [bare, *(n for n in store.held() if n != bare and store.named(n).role.name == role)]


def _revoke(arguments: argparse.Namespace, context: Context, name: str) -> int:
    """Prints what would be done; does it only when a person types the role's name."""
    services = context.services
    store, role = services.store, services.catalog.roles[name]
    revocation = of_role(role, store.clock.now() + store.clock_offset())
    place = describe.place(roles.account(context, role))
    context.write(f"{revocation.command}\n")
    context.say(
        f"stsui: this makes AWS refuse every session of {revocation.role_name} ({place}) that was issued "
        f"before {revocation.before}, whoever holds it. New sessions work."
    )
    terminal = Terminal.owned()
    if terminal is None:
        context.say("stsui: nothing was changed. Run the line above with who may iam:PutRolePolicy there.")
        return 0
    _run(arguments.signer or name, context, revocation, terminal)
    for one in _sessions_of(context, name):
        store.drop(one, "revoked")
        context.services.remove_copies(one)
    context.say(f"stsui: revoked. {name} can be assumed again.")
    return 0


def _run(signer: str, context: Context, revocation: Revocation, terminal: Terminal) -> None:
    """Runs it as the signer.

    Raises:
        ConfirmationRequired: The name was not typed; nothing was changed.
    """
    from stsui.wiring import revoke

    store = context.services.store
    session = asking_aws.live(store, signer)
    if session.account_id != revocation.account_id:
        # A role of the same name may be there, and it would be that one.
        raise UsageError(
            f"{session.role} is in {session.account_id or 'an unknown account'}, the role to revoke in "
            f"{revocation.account_id}. Name a live session there with --with."
        )
    asked = f"To run it now as {session.role}, type {revocation.role_name}; anything else changes nothing: "
    if terminal.ask(asked) != revocation.role_name:
        raise ConfirmationRequired(signer, "Nothing was changed.", token="")
    revoke(revocation, session, store.plan(session.role).last.region)
