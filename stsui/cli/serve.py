"""`stsui serve`: the credential server of slots, in the foreground or the background; on loopback alone."""

import argparse
import os
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from stsui.cli import describe
from stsui.cli.context import Context
from stsui.model.durations import ago
from stsui.model.errors import UsageError

if TYPE_CHECKING:
    from stsui.server.place import Server
    from stsui.wiring import Services


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--background", action="store_true", help="start it, if it does not run, and come back")
    what.add_argument(
        "--stop", action="store_true", help="end it; slots stay, and are served when it is back"
    )
    what.add_argument("--status", action="store_true", help="whether it runs, where and for how many slots")
    what.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--handles", default="", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="as JSON (--status)")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """One of the four; without a flag it serves until Ctrl-C."""
    if arguments.worker:
        return _worker(arguments, context)
    live = context.services.live
    if arguments.status:
        return _status(arguments, context)
    if arguments.stop:
        stopped = live.stop()
        slots = live.slots.names()
        kept = f" {len(slots)} slot{' stays' if len(slots) == 1 else 's stay'}." if slots else ""
        context.say(f"stsui: the server {'is stopped' if stopped else 'did not run'}.{kept}")
        return 0
    if arguments.background:
        server = live.ensure()
        context.say(f"stsui: {_line(context, server)}")
        return 0
    return _foreground(context)


def _foreground(context: Context) -> int:
    from stsui.server.background import refuse_borrowed_root
    from stsui.server.worker import Worker, stop_at
    from stsui.sessions.privacy import keep_memory_private

    refuse_borrowed_root(context.environ)
    live = context.services.live
    running = live.place.running()
    if running is not None:
        context.say(f"stsui: {_line(context, running)} It runs already.")
        return 0
    taken = live.take()
    keep_memory_private()
    worker = Worker(taken.listener, live.place, _opener(context))
    stop_at(worker.door, signal.SIGINT, signal.SIGTERM)
    context.say(f"stsui: {_line(context, taken.server)} Ctrl-C ends it.")
    worker.run()
    live.place.rest()
    # A call of STS that is under way must not keep us.
    os._exit(0)


def _worker(arguments: argparse.Namespace, context: Context) -> int:
    """Below a keeper."""
    from stsui.server.live import WORKER
    from stsui.server.worker import run_below_keeper
    from stsui.sessions.privacy import keep_memory_private

    handles = [int(handle) for handle in arguments.handles.split(",") if handle.isdigit()]
    if len(handles) != 3:
        raise UsageError("--worker is for the server itself.", hint="stsui serve --background")
    keep_memory_private()
    place = context.services.live.place
    code = run_below_keeper(handles, place, _opener(context), WORKER)
    if code == 0:
        place.rest()
    os._exit(code)


def _opener(context: Context) -> "Callable[[str], Services]":
    """The services as a shell with that AWS_REGION has them; this process's own where there is none."""

    def opened(region: str) -> "Services":
        from stsui.wiring import open_services

        own = {name: value for name, value in context.environ.items() if not name.endswith("_REGION")}
        return open_services({**own, "AWS_REGION": region} if region else own)

    return opened


def _status(arguments: argparse.Namespace, context: Context) -> int:
    live = context.services.live
    server = live.place.running()
    slots = [slot for slot in live.slots.all() if not slot.cut_at]
    if arguments.json:
        facts = {**server._asdict(), "address": f"127.0.0.1:{server.port}"} if server else None
        context.write(describe.as_json({"server": facts, "slots": len(slots)}))
        return 0
    count = f"{len(slots)} slot{'' if len(slots) == 1 else 's'}"
    context.write(f"{_line(context, server)}  {count}\n" if server else f"No server runs.  {count}\n")
    return 0


def _line(context: Context, server: "Server") -> str:
    now = context.services.store.clock.now()
    since = time.strftime("%H:%M", time.localtime(server.since))
    at = f"127.0.0.1:{server.port} (pid {server.pid})"
    return f"The server is on {at} since {since}, {ago(now - server.since)}."
