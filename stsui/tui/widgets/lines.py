"""The lines around the list: head, identity, strip of live sessions, footer; and the labelled panels."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widgets import Static

from stsui.model.session import Session
from stsui.tui.commands import Command, key_name
from stsui.tui.facts import Fact, clock_text, short_clock
from stsui.tui.rows import Counts, row_of, time_text
from stsui.tui.state import State
from stsui.tui.widgets.badge import badge

_TONES = {
    "dim": "$foreground 66%",
    "error": "$text-error",
    "warning": "$text-warning",
    "success": "$text-success",
}


class Quiet(Static):
    """A text that is drawn only when it became another one."""

    ALLOW_SELECT = False

    def __init__(self, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._drawn: Content | None = None

    def draw(self, content: Content) -> None:
        """Shows the content; laid out anew only where the number of lines is another."""
        before = self._drawn
        if before is None or not content.is_same(before):
            self._drawn = content
            lines = content.plain.count("\n")
            self.update(content, layout=before is None or lines != before.plain.count("\n"))


def sides(left: Content, right: Content, width: int) -> Content:
    """One line: left and right, the left one cut if it has to be."""
    room = max(0, width - right.cell_length - 1)
    if left.cell_length > room:
        left = left.truncate(room, ellipsis=True)
    return Content.assemble(left, " " * max(1, width - left.cell_length - right.cell_length), right)


def head_line(state: State, counts: Counts, clock: str, extra: str, width: int) -> Content:
    """` stsui  4 live · 3 need you   next: dev-data 2:10`, and the time."""
    parts: list[Content | str | tuple[str, str]] = [(" stsui", "bold $primary"), f"  {counts.live} live"]
    if counts.needs:
        verb = "needs" if counts.needs == 1 else "need"
        parts += [f" {state.glyphs.dot} ", (f"{counts.needs} {verb} you", "bold $text-warning")]
    live = state.live_by_expiry()
    if live and width >= 100:
        parts.append(f"   next: {live[0].role} {time_text(live[0], state)}")
    if extra:
        parts += ["   ", (extra, "$text-accent")]
    right: list[Content | str | tuple[str, str]] = []
    if state.paused:
        right.append(("renewing paused  ", "bold $text-warning"))
    if state.hide_ids:
        right.append(("ids hidden  ", "$foreground 66%"))
    return sides(Content.assemble(*parts), Content.assemble(*right, f"{clock} "), width)


def identity_line(state: State, width: int) -> Content:
    """Whose credentials a bare `stsui export` gives now."""
    mark = state.glyphs.current
    entry = state.entries.get(state.current)
    if entry is None:
        return Content.styled(f" {mark} No current session. enter on a role starts one.", "$foreground 66%")
    session = state.live(entry.name)
    parts: list[Content | str] = [f" {mark} ", Content.styled(entry.name, "bold"), "  "]
    if entry.environment:
        parts += [badge(entry.environment), "  "]
    account_id = session.account_id if session else entry.account.account_id
    shown = [state.masked(account_id)]
    if width >= 60:
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
    items = []
    for number, session in enumerate(state.live_by_expiry(), 1):
        entry = state.entries.get(session.role)
        if entry is not None:
            row = row_of(entry, state)
            key = f"{number} " if number < 10 else ""
            items.append(f"{key}{row.glyph} {session.role} {time_text(session, state)}")
    gap = f" {state.glyphs.separator} "
    line = ""
    for n, item in enumerate(items):
        rest = len(items) - n
        more = f"{gap}+{rest - 1}" if rest > 1 else ""
        if cell_len(line + gap + item + more) > width - 1:
            return Content(f" {line}{gap}+{rest}" if line else f" +{rest}")
        line = f"{line}{gap}{item}" if line else item
    return Content(f" {line}")


def footer_line(
    commands: Sequence[Command], verb: str, width: int, *, typing: bool, ascii_only: bool
) -> Content:
    """The keys that work here; the first one says what enter does."""
    if typing:
        keys = [("enter", "keep"), ("esc", "clear"), ("up down" if ascii_only else "↑ ↓", "move")]
    elif width < NARROW:
        names = {"role.use": verb, "list.filter": "find"}
        keys = [
            (_key(command.key, ascii_only), names.get(command.id, command.title))
            for command in commands
            if command.id in ("role.use", "role.actions", "list.filter", "app.help", "app.quit")
        ]
    else:
        keys = [
            (_key(command.key, ascii_only), verb if command.id == "role.use" else command.title)
            for command in commands
        ]
    shown = [Content.assemble((key, "bold $text-accent"), f" {text}") for key, text in keys]
    left = Content("  ").join(shown)
    if left.cell_length >= width:
        left = Content(" ").join(shown)
    right = Content.styled("^p palette", "$foreground 66%") if width >= 84 and not typing else Content("")
    return sides(left, right, width)


NARROW = 60
ACCOUNT = 22
"""Cells of an account's name and word in the table of live sessions."""


def _key(key: str, ascii_only: bool) -> str:
    if key == "enter":
        return "enter" if ascii_only else "⏎"
    return key_name(key, ascii_only=ascii_only)


def panel(facts: Sequence[Fact], width: int) -> Content:
    """Labelled lines; a long text goes on below itself."""
    labels = max((cell_len(fact.label) for fact in facts if fact.label), default=0) + 1
    lines: list[Content] = []
    for fact in facts:
        style = _TONES.get(fact.tone, "")
        if not fact.text and not fact.label:
            lines.append(Content(""))
            continue
        indent = labels if fact.label or fact.tone in ("success", "warning", "also") else 0
        label = Content.styled(f"{fact.label:{indent}}", "$foreground 66%") if indent else Content("")
        for n, part in enumerate(_wrapped(fact.text, max(8, width - indent))):
            text = Content.styled(part, style) if style else Content(part)
            lines.append(Content.assemble(label if n == 0 else " " * indent, text))
    return Content("\n").join(lines)


def live_table(state: State, width: int) -> Content:
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
    return Content("\n").join(lines)


def activity(state: State, width: int) -> Content:
    """What happened while the app ran, the newest first."""
    if not state.events:
        return Content.styled("Nothing yet today.", "$foreground 66%")
    names = min(16, max(len(event.role) for event in state.events))
    lines = []
    for event in state.events:
        role = set_cell_size(event.role, names)
        text = f"{event.what} {event.text}".rstrip()
        line = Content.assemble((f"{clock_text(event.at)} ", "$foreground 66%"), f"{role} {text}")
        lines.append(line.truncate(width, ellipsis=True))
    return Content("\n").join(lines)


def _wrapped(text: str, width: int) -> list[str]:
    """Broken at spaces, and inside a word where it is longer than the line, such as an ARN."""
    lines, line = [], ""
    for word in text.split(" "):
        while cell_len(word) > width:
            room = width - cell_len(line) - (1 if line else 0)
            if room < 8 and line:
                lines.append(line)
                line = ""
                continue
            cut = word.rfind(":", 0, room) + 1 or word.rfind("/", 0, room) + 1 or room
            lines.append(f"{line} {word[:cut]}" if line else word[:cut])
            line, word = "", word[cut:]
        joined = f"{line} {word}" if line else word
        if cell_len(joined) > width:
            lines.append(line)
            line = word
        else:
            line = joined
    return [*lines, line]


def terminal_title(state: State, counts: Counts) -> str:
    """For the terminal's own title: what ends next, or how many live."""
    session: Session | None = state.live(state.current)
    entry = state.entries.get(state.current)
    if session is None or entry is None:
        return f"stsui {counts.live} live"
    word = f" {entry.environment}" if entry.environment else ""
    minutes = int(session.left(state.now)) // 60
    return f"{row_of(entry, state).glyph} {entry.name}{word} {minutes} min"
