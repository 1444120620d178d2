"""The lines around the list: head, identity, live sessions, footer. What they name can be clicked."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content, Span
from textual.style import Style

from stsui.model.session import Session
from stsui.tui.commands import Command, key_name
from stsui.tui.rows import CHECKING, Counts, row_of, time_text, when
from stsui.tui.state import State
from stsui.tui.widgets.badge import badge


def sides(left: Content, right: Content, width: int) -> Content:
    """One line: left and right, the left one cut if it has to be."""
    room = max(0, width - right.cell_length - 1)
    if left.cell_length > room:
        left = left.truncate(room, ellipsis=True)
    return Content.assemble(left, " " * max(1, width - left.cell_length - right.cell_length), right)


@lru_cache(256)
def pressed(text: str, action: str, style: str = "") -> Content:
    """A text that does an action of the board when it is clicked."""
    return Content.styled(text, style).stylize(_click(action))


@lru_cache(256)
def _click(action: str) -> Style:
    return Style.from_meta({"@click": f"screen.{action}"})


def _if_it_fits(parts: list[Content | str], part: Content, room: int) -> None:
    if Content.assemble(*parts).cell_length + 3 + part.cell_length <= room:
        parts += ["   ", part]


def head_line(state: State, counts: Counts, clock: str, extra: str, width: int) -> Content:
    """` stsui  4 live · 3 need you   next: dev-data 2:10`, and the time."""
    parts, right = _head_left(state, counts, width), _head_right(state, clock, width)
    # The panels say these two as well, and nothing else says what is extra.
    room = width - CLOCK - (cell_len(extra) + 3 if extra else 0)
    live = state.live_by_expiry()
    if live and width >= 100:
        _if_it_fits(parts, pressed(f"next: {live[0].role} {time_text(live[0], state)}", "live(1)"), room)
    what, at = state.person
    if what and at > state.now and width >= PERSON:
        _if_it_fits(parts, pressed(when(what, at), "do('app.roots')", "$foreground 80%"), room)
    if extra:
        parts += ["   ", Content.styled(extra, "$text-accent")]
    return sides(Content.assemble(*parts), right, width)


def fits_in_head(state: State, counts: Counts, text: str, width: int) -> bool:
    """Whether the head has room for the whole of a text; else it needs lines of its own."""
    left, right = Content.assemble(*_head_left(state, counts, width)), _head_right(state, "00:00", width)
    return left.cell_length + 3 + cell_len(text) + 1 + right.cell_length <= width


def _head_left(state: State, counts: Counts, width: int) -> list[Content | str]:
    parts: list[Content | str] = [Content.styled(" stsui", "bold $primary"), "  "]
    live_count = CHECKING if state.unsure else f"{counts.live} live"
    parts.append(pressed(live_count, "view_as('live')"))
    if counts.needs:
        verb = "needs" if counts.needs == 1 else "need"
        needs = pressed(f"{counts.needs} {verb} you", "view_as('needs you')", "bold $text-warning")
        parts += [f" {state.glyphs.dot} ", needs]
    role, who = state.asked
    if role:
        asked = f"{who} waits for {role}" if width >= ROOMY else f"{role} is waited for"
        parts += [f" {state.glyphs.dot} ", pressed(asked, "go_to_asked", "bold $text-warning")]
    return parts


def _head_right(state: State, clock: str, width: int) -> Content:
    right: list[Content | str] = []
    if state.shells and width >= ROOMY:
        count = f"{state.shells} shell{'' if state.shells == 1 else 's'}"
        right += [pressed(count, "do('app.shells')"), "   "]
    if state.paused:
        right += [pressed("renewing paused", "do('app.pause')", "bold $text-warning"), "  "]
    if state.hide_ids:
        right += [pressed("ids hidden", "hide_ids", "$foreground 66%"), "  "]
    return Content.assemble(*right, f"{clock} ")


def identity_line(state: State, width: int) -> Content:
    """Whose credentials a bare `stsui export` gives now."""
    mark = state.glyphs.current
    if state.unsure:
        return Content.styled(f" {mark} {CHECKING}", "$foreground 66%")
    entry = state.entries.get(state.current)
    if entry is None:
        hint = "" if width < ROOMY else " enter on a role starts one."
        return Content.styled(f" {mark} No current session.{hint}", "$foreground 66%")
    session = state.live(entry.name)
    name = pressed(entry.name, "go_to_current", "bold")
    parts: list[Content | str] = [f" {mark} ", name, "  "]
    if entry.environment:
        parts += [badge(entry.environment), "  "]
    account_id = session.account_id if session else entry.account.account_id
    shown = [state.masked(account_id)]
    if width >= ROOMY:
        shown = [entry.account.name, *shown, session.region if session else ""]
        if session is not None and session.identity is None:
            shown.append("checking")
    parts.append("  ".join(part for part in shown if part))
    right = Content.styled("no session ", "$foreground 66%")
    if session is not None:
        tone = "$text-warning" if session.state(state.now) == "expiring" else "$text-success"
        right = Content.styled(f"{time_text(session, state)} ", tone)
    return sides(Content.assemble(*parts), right, width)


def strip_line(state: State, width: int) -> Content:
    """Live sessions in order of their end, numbered; what does not fit is counted."""
    live, gap = state.live_by_expiry(), f" {state.glyphs.separator} "
    shown, spans = " ", []
    used = 1
    for n, session in enumerate(live):
        rest, before = len(live) - n, gap if n else ""
        key = f"{n + 1} " if n < 9 else ""
        glyph = row_of(state.entries[session.role], state).glyph
        text = f"{key}{glyph} {session.role} {time_text(session, state)}"
        # Only names can have signs that are two cells wide; theirs are known, of a new text they are counted.
        cells = len(text) - len(session.role) + cell_len(session.role)
        more = len(f"{gap}+{rest - 1}") if rest > 1 else 0
        if used + len(before) + cells + more > width:
            shown += f"{before}+{rest}"
            break
        begin = len(shown) + len(before)
        spans.append(Span(begin, begin + len(text), _click(f"live({n + 1})")))
        shown += before + text
        used += len(before) + cells
    return Content(shown, spans)


class Key(NamedTuple):
    """One of the footer."""

    command: Command
    text: str
    dead: bool = False
    """It does nothing for the row under the cursor."""


def footer_line(keys: Sequence[Key], more: Command | None, width: int, *, ascii_only: bool) -> Content:
    """The keys that work here, and how to find all others where there is room to say so."""
    if width < ROOMY:
        keys = [key._replace(text="find" if key.command.id == "list.filter" else key.text) for key in keys]
        keys = [key for key in keys if key.command.id in IN_NARROW]
    shown = [_footer_key(key, ascii_only) for key in keys]
    right = _footer_key(Key(more, more.title), ascii_only) if more is not None and more.key else Content("")
    if width >= ROOMY:
        for gap in ("  ", " "):
            left = Content(gap).join(shown)
            if left.cell_length + right.cell_length + 2 <= width:
                return sides(left, right, width)
    left = Content("  ").join(shown)
    return sides(left if left.cell_length < width else Content(" ").join(shown), Content(""), width)


def typing_line(*, ascii_only: bool) -> Content:
    """The keys that are no letters of the filter."""
    keys = [("enter", "keep"), ("esc", "clear"), ("up down" if ascii_only else "↑ ↓", "move")]
    return Content("  ").join(Content.assemble((key, "bold $text-accent"), f" {text}") for key, text in keys)


CLOCK = 8
"""Cells of the time at the right of the head, and the space before it."""
PERSON = 76
"""Cells from which the head says when a person is wanted next."""
ROOMY = 60
"""Cells from which lines say more than the least."""
IN_NARROW = ("role.use", "role.actions", "list.filter", "app.help", "app.quit")


def _footer_key(key: Key, ascii_only: bool) -> Content:
    name = key.command.key
    shown = ("enter" if ascii_only else "⏎") if name == "enter" else key_name(name, ascii_only=ascii_only)
    dim = "$foreground 50%"
    text = Content.assemble(
        (shown, dim if key.dead else "bold $text-accent"), (f" {key.text}", dim if key.dead else "")
    )
    return text.stylize(_click(key.command.action))


def terminal_title(state: State, counts: Counts) -> str:
    """For the terminal's own title: what ends next, or how many live."""
    session: Session | None = state.live(state.current)
    entry = state.entries.get(state.current)
    if session is None or entry is None:
        return f"stsui {counts.live} live"
    word = f" {entry.environment}" if entry.environment else ""
    minutes = int(session.left(state.now)) // 60
    return f"{row_of(entry, state).glyph} {entry.name}{word} {minutes} min"
