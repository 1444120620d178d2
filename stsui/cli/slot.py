"""`stsui slot`: the pointers that live shells hold: listed, made, pointed at another role, cut off."""

import argparse
from collections.abc import Sequence

from stsui.cli import asking, describe, live, roles
from stsui.cli.context import Context
from stsui.cli.live_profile import profile_for
from stsui.handover import formats
from stsui.handover.environ import utc
from stsui.handover.slots import CURRENT
from stsui.model.durations import ago, countdown
from stsui.model.errors import UsageError
from stsui.server.prompts import account_of_session
from stsui.server.shown import Row

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
        return _list(arguments, context)
    if not arguments.name and not (arguments.action == "cut" and arguments.all):
        raise UsageError(f"slot {arguments.action}: which slot?", hint="stsui slot list")
    return {"new": _new, "env": _env, "point": _point, "cut": _cut}[arguments.action](arguments, context)


def _list(arguments: argparse.Namespace, context: Context) -> int:
    rows = context.services.live.shown.rows()
    now = context.services.store.clock.now()
    store = context.services.store
    if arguments.json:
        context.write(describe.as_json({"slots": [_document(row, context, now) for row in rows]}))
        return 0
    lines = [("SLOT", "ROLE", "", "LEFT", "LAST FETCH", "WHO")]
    for row in rows:
        badge = account_of_session(store, row.role).environment
        left = countdown(row.session.left(now)) if row.session else "-"
        fetched = ago(now - row.fetched.at) if row.fetched.at else "never"
        follows = " »" if row.slot.follows else ""
        lines.append((row.slot.name, f"{row.role or '-'}{follows}", badge, left, fetched, _who(row)))
    context.write(_table(lines) if rows else "")
    for row in rows:
        if row.note:
            context.say(f"stsui: {row.slot.name}: {row.note}")
    if not rows:
        context.say('stsui: no shell holds a slot. One that does: eval "$(stsui export ROLE --live)"')
    return 0


def _who(row: Row) -> str:
    if row.slot.cut_at:
        return "cut off"
    if row.running:
        return ", ".join(process.text for process in row.running)
    return f"{row.ended.text}, ended" if row.ended else "a program" if row.fetched.at else ""


def _table(lines: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(line[n]) for line in lines) for n in range(len(lines[0]))]
    padded = (
        "  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)) for line in lines
    )
    return "".join(f"{line.rstrip()}\n" for line in padded)


def _document(row: Row, context: Context, now: float) -> dict[str, object]:
    held = row.session
    return {
        "slot": row.slot.name,
        "role": row.role,
        "follows_current": row.slot.follows,
        "environment": account_of_session(context.services.store, row.role).environment,
        "expiration": utc(held.expiration) if held else None,
        "seconds_left": int(held.left(now)) if held else 0,
        "fetches": row.fetched.times,
        "last_fetch": utc(row.fetched.at) if row.fetched.at else None,
        "consumers": [
            {
                **each.process._asdict(),
                "at": utc(each.at),
                "fetches": each.times,
                "runs": each.process in row.running,
            }
            for each in row.fetched.consumers
        ],
        "shell": row.slot.owner._asdict() if row.slot.owner.pid else None,
        "shell_runs": row.owned,
        "cut_off": bool(row.slot.cut_at),
        "note": row.note,
    }


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
