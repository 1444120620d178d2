"""Labelled panels, the table of live sessions, and the list of what happened."""

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from stsui.tui.facts import Fact, clock_text
from stsui.tui.rows import short_clock, time_text
from stsui.tui.state import State
from stsui.tui.widgets.badge import badge
from stsui.tui.widgets.wrapping import wrapped

TONES = {
    "dim": "$foreground 66%",
    "error": "$text-error",
    "warning": "$text-warning",
    "success": "$text-success",
}
ACCOUNT = 20
"""Cells of an account's name and word in the table of live sessions."""


def panel(facts: Sequence[Fact], width: int) -> list[Content]:
    """Labelled lines; a long text goes on below itself."""
    labels = max((cell_len(fact.label) for fact in facts if fact.label), default=0) + 1
    return [line for fact in facts for line in _fact_lines(fact, labels, width)]


@lru_cache(256)
def _fact_lines(fact: Fact, labels: int, width: int) -> Sequence[Content]:
    if not fact.text and not fact.label:
        return (Content(""),)
    style = TONES.get(fact.tone, "")
    indent = labels if fact.label or fact.tone in ("success", "warning", "also") else 0
    label = Content.styled(f"{fact.label:{indent}}", "$foreground 66%") if indent else Content("")
    lines = []
    for n, part in enumerate(wrapped(fact.text, max(8, width - indent))):
        text = Content.styled(part, style) if style else Content(part)
        lines.append(Content.assemble(label if n == 0 else " " * indent, text))
    return lines


def live_table(state: State, width: int) -> list[Content]:
    """Every live session with its end, the next to end first."""
    names = max(0, width - 2 - 1 - ACCOUNT - 8 - 7 - 7)
    head = f"{'#':2}{'session':{names}} {'account':{ACCOUNT}} {'left':>7}  {'ends':5}  renew"
    lines = [Content.styled(head, "$foreground 66%")]
    for number, session in enumerate(state.live_by_expiry(), 1):
        entry = state.entries.get(session.role)
        if entry is None:
            continue
        account = Content(entry.account.name or state.masked(session.account_id))
        account = Content.assemble(account, " ", badge(entry.environment))
        account = account.truncate(ACCOUNT, ellipsis=True)
        account = account.extend_right(max(0, ACCOUNT - account.cell_length))
        name = Content(session.role).truncate(names, ellipsis=True)
        name = name.extend_right(max(0, names - name.cell_length))
        end = short_clock(session.expiration - session.clock_offset) if session.expiration else "never"
        renew = "auto" if state.renews(session.role) else "off"
        key = f"{number:<2}" if number < 10 else "  "
        rest = f" {time_text(session, state):>7}  {end:5}  {renew}"
        lines.append(Content.assemble(key, name, " ", account, rest))
    return lines


def activity(state: State, width: int) -> list[Content]:
    """What happened today, here and in other processes, the newest first."""
    if state.unsure:
        return []
    if not state.events:
        return [Content.styled("Nothing yet today.", "$foreground 66%")]
    names = min(16, max(len(event.role) for event in state.events))
    lines = []
    for event in state.events:
        role = set_cell_size(event.role, names)
        text = state.veiled(f"{event.what} {event.text}".rstrip())
        line = Content.assemble((f"{clock_text(event.at)} ", "$foreground 66%"), f"{role} {text}")
        lines.append(line.truncate(width, ellipsis=True))
    return lines
