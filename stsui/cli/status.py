"""`stsui status`: the current session; from the files alone."""

import argparse

from stsui.cli import describe
from stsui.cli.context import Context
from stsui.config.catalog import account_of
from stsui.model.durations import countdown


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument("--json", action="store_true", help="as JSON, with every held session")
    parser.add_argument("--prompt", action="store_true", help="a few words for a shell prompt, or nothing")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """The current session in a line, as JSON, or as a prompt's few words."""
    services = context.services
    catalog, store = services.catalog, services.store
    now = store.clock.now()
    name = store.current()
    session = store.peek(name) if name else None
    role = catalog.roles.get(name)
    if arguments.json:
        held = [
            describe.session(s, catalog.roles[n], account_of(catalog, catalog.roles[n]), now)
            for n, s in store.held().items()
        ]
        current = None
        if session and role:
            current = describe.session(session, role, account_of(catalog, role), now)
        context.write(describe.as_json({"current": current, "current_role": name or None, "sessions": held}))
        return 0
    if arguments.prompt:
        if session and role:
            parts = (name, account_of(catalog, role).environment, countdown(session.left(now)))
            context.write(" ".join(part for part in parts if part) + "\n")
        return 0
    if session and role:
        context.write(describe.line(session, role, account_of(catalog, role), now) + "\n")
    elif role:
        context.write(f"{name}  {describe.place(account_of(catalog, role))}  no live session\n")
    else:
        context.write("No current session.\n")
    return 0
