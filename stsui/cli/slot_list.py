"""`stsui slot list`: which shells hold what, who fetched last, and which copies are out beside them."""

import time
from collections.abc import Sequence

from stsui.cli import describe
from stsui.cli.context import Context
from stsui.handover.environ import utc
from stsui.model.durations import ago, countdown
from stsui.server.prompts import account_of_session
from stsui.server.shown import Row
from stsui.sessions.ledger import Event

MOST = 10
"""Copies that are listed; JSON has all of them."""


def run(context: Context, *, as_json: bool) -> int:
    """Slots and copies on stdout, what is wrong with a slot on stderr."""
    rows, copies = context.services.live.shown.rows(), context.services.live.shown.snapshots()
    now = context.services.store.clock.now()
    store = context.services.store
    if as_json:
        slots = [_document(row, context, now) for row in rows]
        context.write(describe.as_json({"slots": slots, "copies": [*map(_copy, copies)]}))
        return 0
    lines = [("SLOT", "ROLE", "", "LEFT", "LAST FETCH", "WHO")]
    for row in rows:
        badge = account_of_session(store, row.role).environment
        left = countdown(row.session.left(now)) if row.session and not row.slot.cut_at else "-"
        fetched = ago(now - row.fetched.at) if row.fetched.at else "never"
        follows = " »" if row.slot.follows else ""
        lines.append((row.slot.name, f"{row.role or '-'}{follows}", badge, left, fetched, _who(row)))
    context.write(_table(lines) if rows else "")
    _copies(context, copies, after=bool(rows))
    for row in rows:
        if row.note and not row.slot.cut_at:  # which the column says
            context.say(f"stsui: {row.slot.name}: {row.note}")
    if not rows:
        context.say('stsui: no shell holds a slot. One that does: eval "$(stsui export ROLE --live)"')
    return 0


def _copies(context: Context, copies: Sequence[Event], *, after: bool) -> None:
    if not copies:
        return
    lines = [("COPY OF", "GIVEN", "AS", "UNTIL")]
    for event in copies[:MOST]:
        given = " → ".join(part for part in (event.way, event.to) if part)
        lines.append((event.role, _clock(event.at), given, _clock(event.until)))
    context.write(("\n" if after else "") + _table(lines))
    more = len(copies) - MOST
    if more > 0:
        context.say(f"stsui: and {more} more {'copy' if more == 1 else 'copies'}: stsui slot list --json")
    context.say("stsui: copies cannot be renewed or taken back.")


def _clock(at: float) -> str:
    return time.strftime("%H:%M", time.localtime(at))


def _copy(event: Event) -> dict[str, object]:
    return {
        "role": event.role,
        "way": event.way,
        "to": event.to,
        "at": utc(event.at),
        "expiration": utc(event.until),
        "access_key_id": event.access_key_id,
    }


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
