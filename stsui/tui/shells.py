"""Slots and snapshots in words, for the screen of shells. Pure."""

import os
from collections.abc import Sequence

from rich.cells import set_cell_size

from stsui.handover.slots import Process
from stsui.model.durations import ago, countdown
from stsui.sessions.ledger import Event
from stsui.tui.rows import short_clock
from stsui.tui.services import SlotRow

NAME, ROLE, LEFT, LAST = 12, 22, 6, 9
"""Cells of the columns; what is left of the line is who fetched."""
ROOMY = 66
"""Cells from which every column is there."""


def heading(width: int) -> str:
    """Over the columns."""
    if width < ROOMY:
        return ""
    return f"  {'slot':<{NAME}}  {'role':<{ROLE}}  {'left':>{LEFT}}  {'last':>{LAST}}  who"


def line(row: SlotRow, environment: str, now: float, width: int) -> str:
    """`term-3  prod-ro PROD  4:31  3s ago  terraform 41822`; in a narrow dialog without the last two."""
    word = f" {environment}" if environment else ""
    lost = "none" if not row.role else row.role
    left = countdown(row.session.left(now)) if row.session and not row.slot.cut_at else "-"
    if width < ROOMY:
        room = max(8, width - NAME - LEFT - 6)
        role = set_cell_size(lost, room - len(word)).rstrip() + word
        left = "cut" if row.slot.cut_at else left
        return f"{set_cell_size(row.slot.name, NAME)}  {set_cell_size(role, room)}  {left:>{LEFT}}"
    mark = " »" if row.slot.follows else ""
    role = set_cell_size(lost, ROLE - len(word) - len(mark)).rstrip() + word + mark
    last = ago(now - row.fetched.at) if row.fetched.at else "never"
    columns = (
        set_cell_size(row.slot.name, NAME),
        set_cell_size(role, ROLE),
        f"{left:>{LEFT}}",
        f"{last:>{LAST}}",
    )
    return "  ".join((*columns, _who(row)))


def _who(row: SlotRow) -> str:
    if row.slot.cut_at:
        return "cut off"
    if row.running:
        names = dict.fromkeys(process.command or "a program" for process in row.running)
        return row.running[0].text if len(row.running) == 1 else ", ".join(names)
    if row.abandoned:
        return "its shell left it" if row.owned else "its shell is gone"
    if row.ended:
        return f"{row.ended.text}, ended"
    return "a program" if row.fetched.at else "nobody yet"


def facts(row: SlotRow, now: float, home: str) -> list[tuple[str, str]]:
    """Everything known of a slot, in labelled lines."""
    slot = row.slot
    used = (
        f"{row.fetched.times} time{'' if row.fetched.times == 1 else 's'}" if row.fetched.times else "never"
    )
    last = f", last {ago(now - row.fetched.at)}" if row.fetched.at else ""
    running = [f"{process.text}{_place(process, home)}" for process in row.running]
    found = [
        ("", row.note),  # first: on a small screen it may be all that is seen
        ("Shell", f"{_shell(row, home)}   opened {short_clock(slot.made_at)}"),
        ("Fetched", f"{used}{last}"),
        *(("Runs" if not n else "", text) for n, text in enumerate(running)),
        ("By", f"{row.ended.text}{_place(row.ended, home)}, ended" if row.ended else ""),
    ]
    return [(label, text) for label, text in found if text]


def _shell(row: SlotRow, home: str) -> str:
    owner = row.slot.owner
    if not owner.pid:
        return "whoever was given it"
    words = f"{owner.text} on {owner.tty}" if owner.tty else owner.text
    left = "   it holds another slot now" if row.slot.left_at else "" if row.owned else "   it is gone"
    return f"{words}{_place(owner, home)}{left}"


def _place(process: Process, home: str) -> str:
    """`  ~/src/infra`, where the system tells."""
    cwd = process.cwd
    if home and (cwd == home or cwd.startswith(home.rstrip(os.sep) + os.sep)):
        cwd = "~" + cwd[len(home.rstrip(os.sep)) :]
    return f"  {cwd}" if cwd else ""


def snapshot(event: Event) -> str:
    """`14:19:50  stg-admin  variables → bash for zsh 4711  until 17:44`."""
    given = " → ".join(part for part in (event.way, event.to) if part)
    return f"{short_clock(event.at)}  {event.role}  {given}  until {short_clock(event.until)}"


def question(
    row: SlotRow, role: str, environment: str, regions: tuple[str, str], same_account: bool
) -> Sequence[str]:
    """What a person has to know before a slot is led elsewhere; empty where nothing needs a word."""
    lines = []
    if environment:
        lines.append(f"{role} is {environment}.")
    if row.running and not same_account:
        names = ", ".join(process.text for process in row.running)
        lines.append(f"Running there: {names}. They get {role} at their next fetch.")
    before, after = regions
    if before != after:
        lines.append(f"AWS_REGION in the shell stays {before or 'its own'}; {role} has {after or 'none'}.")
    return lines
