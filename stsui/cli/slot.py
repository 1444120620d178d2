"""`stsui slot`: the pointers that live shells hold: listed, made, pointed at another role, cut off."""

import argparse

from stsui.cli import asking, describe, live, roles, slot_list
from stsui.cli.context import Context
from stsui.cli.live_profile import profile_for
from stsui.handover import formats
from stsui.handover.slots import CURRENT
from stsui.model.errors import UsageError

ACTIONS = ("list", "new", "env", "point", "cut")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """list; new NAME [ROLE]; env NAME; point NAME ROLE; cut NAME."""
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument(
        "name", nargs="?", default="", metavar="SLOT", help="the slot; . is the one that this shell holds"
    )
    roles.add_role(parser, optional=True)
    asking.add_flags(parser)
    parser.add_argument("--all", action="store_true", help="cut: every slot")
    parser.add_argument("--format", default="", metavar="FORMAT", help="new, env: as for export")
    parser.add_argument("--show", action="store_true", help="new, env: print although this is a terminal")
    parser.add_argument("--json", action="store_true", help="list: as JSON")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """One of the five."""
    if arguments.name == ".":
        arguments.name = context.environ.get("STSUI_SLOT", "")
        if not arguments.name:
            raise UsageError("This shell holds no slot.", hint='eval "$(stsui export ROLE --live)"')
    if arguments.action == "list":
        return slot_list.run(context, as_json=arguments.json)
    if not arguments.name and not (arguments.action == "cut" and arguments.all):
        raise UsageError(f"slot {arguments.action}: which slot?", hint="stsui slot list")
    return {"new": _new, "env": _env, "point": _point, "cut": _cut}[arguments.action](arguments, context)


def _new(arguments: argparse.Namespace, context: Context) -> int:
    text_format = _format(arguments, context)
    if arguments.role:
        name = live.session(context, arguments).role
        table = live.hand_over(context, name, live.shell_slot_name(context, arguments.name, False), None)
    else:
        table = live.hand_over(context, "", live.shell_slot_name(context, arguments.name, True), None)
    return _give(context, text_format, table)


def _env(arguments: argparse.Namespace, context: Context) -> int:
    text_format = _format(arguments, context)
    profile = profile_for(context)
    handed = context.services.live.settings(arguments.name)
    return _give(context, text_format, live.variables(context, handed, profile))


def _give(context: Context, text_format: str, table: dict[str, str]) -> int:
    context.write(live.rendered(context, text_format, table))
    slot = context.services.live.slots.get(table["STSUI_SLOT"])
    context.say(live.speech(context, slot))
    return 0


def _format(arguments: argparse.Namespace, context: Context) -> str:
    chosen = arguments.format or context.services.catalog.settings.export_format
    name = formats.shell_format(context.environ) if chosen == "auto" else chosen
    row = formats.find(name)
    if context.stdout_is_terminal() and not arguments.show:
        words = " ".join(word for word in (arguments.action, arguments.name, arguments.role) if word)
        raise UsageError(
            "The slot's token would show on the terminal. Take it in: "
            + row.take_in.format(command=f"stsui slot {words}"),
            hint="--show prints it",
        )
    return name


def _point(arguments: argparse.Namespace, context: Context) -> int:
    service = context.services.live
    before = service.slots.get(arguments.name)
    if not arguments.role:
        raise UsageError("slot point: at which role?", hint=f"stsui slot point {arguments.name} ROLE")
    if before.name == CURRENT:
        raise UsageError(
            f'The slot "{CURRENT}" follows the current session. Choose another: stsui assume ROLE'
        )
    session = live.session(context, arguments)
    service.point(before.name, session.role)
    service.ensure()
    context.say(live.speech(context, service.slots.get(before.name)))
    if before.given_region != session.region:
        context.say(
            f"stsui: its shell keeps the Region it was given ({before.given_region or 'its own'}); "
            f"{session.role} has {session.region or 'none'}."
        )
    return 0


def _cut(arguments: argparse.Namespace, context: Context) -> int:
    service = context.services.live
    if arguments.all and arguments.name:
        raise UsageError("Name a slot or say --all, not both.")
    names = [s.name for s in service.slots.all() if not s.cut_at] if arguments.all else [arguments.name]
    for name in names:
        role = service.role_of(service.slots.get(name))
        session = context.services.store.peek(role) if role else None
        service.cut(name)
        copies = f" What it gave before lives until {describe.until(session)}." if session else ""
        context.say(f"stsui: {name} is cut off.{copies}")
    if not names:
        context.say("stsui: there is no slot.")
    return 0
