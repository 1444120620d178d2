"""`stsui list`: every role with its state; from the files alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stsui.cli import describe, roles
from stsui.cli.context import Context
from stsui.config.catalog import Catalog, account_of
from stsui.config.chain import Faults
from stsui.config.paths import with_tilde
from stsui.model.durations import spoken
from stsui.model.roles import Role
from stsui.model.session import Session
from stsui.model.text import clean

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument(
        "filter", metavar="FILTER", nargs="*", help="as in the board: prod is:live !admin needs:me"
    )
    parser.add_argument("--live", action="store_true", help="only roles with a live session")
    parser.add_argument(
        "--roots", action="store_true", help="what a person has to renew, until when it is good, what is next"
    )
    parser.add_argument(
        "--discover", action="store_true", help="look first for new accounts and roles in each [sso.NAME]"
    )
    parser.add_argument(
        "--watch", action="store_true", help="go on, with a line for each change; for screen readers and logs"
    )
    parser.add_argument("--plain", action="store_true", help="words alone: no columns, no signs")
    parser.add_argument("--json", action="store_true", help="as JSON; with --watch one document a line")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """One line a role; broken entries last, with their file and line."""
    if arguments.discover:
        from stsui.cli import discovering
        from stsui.cli.terminal import Terminal

        for center in context.services.catalog.sso.values():
            if center.lists_roles:
                discovering.look(context, center, Terminal.owned())
    if arguments.roots:
        from stsui.cli import root_list

        return root_list.run(context, as_json=arguments.json)
    services = context.services
    catalog, store = services.catalog, services.store
    now = store.clock.now()
    held = store.held()
    words = [*arguments.filter, *(["is:live"] if arguments.live else [])]
    rows = roles.fitting(context, " ".join(words), _with_limited(context, held), held)
    if arguments.watch:
        from stsui.cli import watching

        return watching.run(context, watching.lasting(arguments.filter), as_json=arguments.json)
    current = store.current()
    faults = Faults(catalog)
    if arguments.json:
        listed = []
        for role in rows:
            account = account_of(catalog, role)
            session = held.get(role.name)
            if session:
                described = describe.session(session, role, account, now)
            else:
                fault = _fault(catalog, faults, role)
                state = {"state": "broken", "reason": fault} if fault else {"state": "idle"}
                described = {**describe.describe_role(role, account), **state}
            listed.append({**described, "current": role.name == current})
        problems = [
            {"name": p.name, "file": p.origin.file, "line": p.origin.line, "reason": p.reason}
            for p in catalog.problems
        ]
        context.write(describe.as_json({"roles": listed, "problems": problems}))
        return 0
    if arguments.plain:
        context.write("".join(_plain(context, role, held, role.name == current, faults) for role in rows))
    else:
        context.write(_table(context, rows, held, current, faults))
    for problem in catalog.problems:
        context.say(f"stsui: {problem}")
    if not rows:
        context.say("stsui: no role fits." if catalog.roles else f"stsui: {_none_yet(context)}")
    return 0


def _none_yet(context: Context) -> str:
    paths = context.services.catalog.paths
    files = ", ".join(
        with_tilde(clean(path), context.environ) for path in (paths.aws_config, paths.aws_credentials)
    )
    own = with_tilde(clean(paths.config_file), context.environ)
    return (
        f"there is no role yet: neither {files} nor {own} has one.\n"
        "       Try: stsui help sources, or stsui demo to look around"
    )


def _table(
    context: Context, rows: list[Role], held: Mapping[str, Session], current: str, faults: Faults
) -> str:
    """In columns, with a sign for the current session."""
    catalog, now = context.services.catalog, context.services.store.clock.now()
    width = max((len(role.name) for role in rows), default=0)
    places = {role.name: describe.place(account_of(catalog, role)) for role in rows}
    wide = max(map(len, places.values()), default=0)
    lines = []
    for role in rows:
        fault = _fault(catalog, faults, role)
        idle = f"broken: {fault}" if fault else "idle"
        shown = describe.left(held[role.name], now) if role.name in held else idle
        mark = "»" if role.name == current else " "
        lines.append(f"{mark} {role.name:{width}}  {places[role.name]:{wide}}  {shown}\n")
    return "".join(lines)


def _plain(context: Context, role: Role, held: Mapping[str, Session], current: bool, faults: Faults) -> str:
    """`prod-ro, PROD acme-prod, expiring, 4 minutes left, current`."""
    catalog, now = context.services.catalog, context.services.store.clock.now()
    session, account = held.get(role.name), account_of(catalog, role)
    place = " ".join(part for part in (account.environment, account.name or account.account_id) if part)
    fault = _fault(catalog, faults, role)
    parts = [role.name, place, session.state(now) if session else f"broken: {fault}" if fault else "idle"]
    if session is not None and session.left(now) > 0:
        parts.append(f"{spoken(session.left(now))} left")
    return ", ".join([*(part for part in parts if part), *(["current"] if current else [])]) + "\n"


def _with_limited(context: Context, held: Mapping[str, Session]) -> list[Role]:
    """Every role, each followed by its sessions that are held beside the one that its bare name means."""
    catalog = context.services.catalog
    beside: dict[str, list[Role]] = {}
    for name in held:
        if name not in catalog.roles:
            role = roles.of_session(context, name)
            beside.setdefault(context.services.store.named(name).role.name, []).append(role)
    return [row for role in catalog.roles.values() for row in (role, *beside.get(role.name, ()))]


def _fault(catalog: Catalog, faults: Faults, role: Role) -> str:
    """Why the role cannot be reached; empty when it can."""
    error = faults.of(role.name) if role.name in catalog.roles else None
    return str(error) if error else ""
