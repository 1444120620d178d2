"""`stsui ledger`: who had which session, and who was given it; and where CloudTrail tells the rest."""

import argparse
import time

from stsui.cli import describe
from stsui.cli.context import Context
from stsui.model.arn import DEFAULT_REGIONS, parse_role_arn
from stsui.model.durations import parse_duration
from stsui.model.errors import ConfigError, UsageError
from stsui.model.text import clean, nearest
from stsui.sessions.cloudtrail import lookup_url
from stsui.sessions.ledger import KINDS, Event, document

ONE_DAY = 86_400


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument(
        "--since", default="1d", metavar="8h", help="how far back (1d), or a date: 2026-11-24"
    )
    parser.add_argument("--role", default="", metavar="ROLE", help="of that role, its limited sessions too")
    parser.add_argument("--kind", default="", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument(
        "--cloudtrail", action="store_true", help="a link for each session to what was done with it"
    )
    parser.add_argument("--json", action="store_true", help="JSON lines, as they are written")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """One line an event, oldest first."""
    store = context.services.store
    since = _since(arguments.since, store.clock.now())
    if arguments.kind and arguments.kind not in KINDS:
        near = nearest(arguments.kind, KINDS, 1)
        raise UsageError(
            f'No event is called "{clean(arguments.kind)}".' + (f" Did you mean {near[0]}?" if near else "")
        )
    found = [event for event in store.ledger.read(since) if _wanted(event, arguments.role, arguments.kind)]
    if arguments.cloudtrail:
        _links(context, found)
        return 0
    if arguments.json:
        context.write("".join(describe.as_line(document(event)) for event in found))
        return 0
    context.write("".join(line(event) + "\n" for event in found))
    if not found:
        context.say(
            f"stsui: nothing of that kind since {time.strftime('%Y-%m-%d %H:%M', time.localtime(since))}."
        )
    return 0


def line(event: Event) -> str:
    """`2026-11-24 14:19:50  hand-over  stg-admin  variables → bash for zsh 4711  until 17:44  "INC-4711"`."""
    at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event.at))
    given = " → ".join(part for part in (event.way, event.to) if part)
    until = f"until {time.strftime('%H:%M', time.localtime(event.until))}" if event.until else ""
    reason = f'"{event.reason}"' if event.reason else ""
    parts = (at, f"{event.kind:9}", event.role, given, event.text, until, reason)
    return "  ".join(part for part in parts if part)


def _wanted(event: Event, role: str, kind: str) -> bool:
    fits = not role or event.role == role or event.role.startswith(f"{role}@")
    return fits and kind in ("", event.kind)


def _since(text: str, now: float) -> float:
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"):
        try:
            return time.mktime(time.strptime(text, form))
        except ValueError:
            continue
    try:
        return now - parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--since {error}, or a date such as 2026-11-24.") from error


def _links(context: Context, events: list[Event]) -> None:
    """One link for each session, newest last."""
    sessions = {event.access_key_id: event for event in events if event.access_key_id}
    for event in sessions.values():
        context.write(f"{event.role}  {event.session_arn}\n  {_url(context, event)}\n")
    if not sessions:
        context.say("stsui: no session is in that part of the ledger.")


def _url(context: Context, event: Event) -> str:
    try:
        role = context.services.store.named(event.role).role
    except ConfigError:
        return lookup_url(event, "us-east-1")
    partition = parse_role_arn(role.role_arn).partition if role.role_arn else "aws"
    return lookup_url(event, role.region or DEFAULT_REGIONS.get(partition, "us-east-1"), partition)
