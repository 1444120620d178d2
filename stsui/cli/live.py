"""Slots on the command line: what a shell is given, and that every SDK will really ask for it."""

import argparse
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stsui.cli import asking, roles
from stsui.cli.context import Context
from stsui.cli.describe import place
from stsui.handover import environ, formats
from stsui.handover.environ import Pointer, live_variables
from stsui.handover.slots import CURRENT, Process, Slot
from stsui.model.errors import UsageError
from stsui.model.session import Session
from stsui.server import processes
from stsui.server.prompts import account_of_session, role_of
from stsui.sessions.guard import Way

if TYPE_CHECKING:
    from stsui.server.live import Handed


def add_flags(parser: argparse.ArgumentParser) -> None:
    """--live and --slot."""
    parser.add_argument(
        "--live", action="store_true", help="a slot: renewed, re-pointed and cut off by stsui"
    )
    parser.add_argument("--slot", metavar="SLOT", default="", help="with --live: the slot's name")


def session(
    context: Context, arguments: argparse.Namespace, *, min_ttl: int = 0, way: Way = "variables"
) -> Session:
    """The session that a slot is to lead to, its guards passed as for any other hand-over.

    Raises:
        UsageError: The server could not know which role that is.
    """
    if getattr(arguments, "source", None):
        raise UsageError("A role that is given as an ARN with --from is no server's to know; give it a name.")
    return asking.session(context, roles.named(context, arguments), arguments, min_ttl=min_ttl, way=way)


def hand_over(
    context: Context, role: str, name: str, owner: Process | None, *, brief: bool = False
) -> dict[str, str]:
    """A slot's variables for a shell or program; the slot is made, or the one of that name pointed.

    Args:
        role: Name in the catalog; empty for the slot that follows the current session.
        brief: It is for one command, and goes soon after that.

    Raises:
        StsuiError: No SDK would ask for it, or it cannot be kept or served.
    """
    from stsui.cli.live_profile import profile_for

    profile = profile_for(context)
    live = context.services.live
    before = context.environ.get("STSUI_SLOT", "")
    handed = live.hand_over(role, name, owner, brief=brief)
    if before != name and not brief:
        live.slots.leave(before, context.services.store.clock.now())
    held = context.services.store.peek(live.role_of(handed.slot))
    if held is not None:
        asking.handed(context, held, "slot", f"slot {name}")
    return variables(context, handed, profile)


def child(context: Context, role: str, name: str, command: Sequence[str]) -> dict[str, str]:
    """The environment of a command that gets a slot of its own."""
    program = os.path.basename(command[0])
    owner = processes.process(os.getpid())._replace(command=program)
    name = name or context.services.live.slots.free_name(program)
    table = hand_over(context, role, name, owner, brief=True)
    context.say(speech(context, context.services.live.slots.get(name)))
    return environ.child_of(context.environ, table)


def variables(context: Context, handed: "Handed", profile: str) -> dict[str, str]:
    """What a shell needs to use the slot; says what else has to be known."""
    if handed.warning:
        context.say(f"stsui: {handed.warning}")
    store, name = context.services.store, handed.slot.role
    role = role_of(store, name)
    pointer = Pointer(
        handed.slot.name, handed.url, handed.token, handed.token_file, handed.info_file, profile
    )
    named = role._replace(name=name) if role else None
    return live_variables(pointer, context.environ, role=named, account=account_of_session(store, name))


def rendered(context: Context, text_format: str, table: dict[str, str]) -> str:
    """The text that a shell or file takes in, with what has to be unset first."""
    form = formats.find(text_format)
    if form.name == "docker":
        table = {name: value for name, value in table.items() if name not in environ.HERE}
    if not form.unset_line:
        return formats.render(text_format, table)
    return formats.render(text_format, *environ.taken_in(table, context.environ))


def speech(context: Context, slot: Slot) -> str:
    """What a slot is, for stderr."""
    role = context.services.live.role_of(slot)
    where = place(account_of_session(context.services.store, role))
    said = "  ".join(part for part in (role or "no session is current", where) if part)
    if slot.follows:
        return f"stsui: {said}  live: the slot {slot.name} follows the current session and renews itself."
    return (
        f"stsui: {said}  live in the slot {slot.name}: it renews itself.\n"
        f"       Lead it elsewhere: t on the board, or stsui slot point {slot.name} ROLE"
    )


def shell_slot_name(context: Context, given: str, follows: bool) -> str:
    """The name of the slot that a shell is given: as asked, `current`, else after its terminal."""
    if follows:
        if given not in ("", CURRENT):
            raise UsageError(f'The slot that follows the current session is called "{CURRENT}". Name a role.')
        return CURRENT
    if given == CURRENT:
        raise UsageError(f'The slot "{CURRENT}" follows the current session; it cannot be given a role.')
    owner = processes.shell()
    stem = f"term-{os.path.basename(owner.tty)}" if owner.tty else owner.command
    return given or context.services.live.slots.free_name(stem or "shell")
