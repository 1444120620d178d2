"""Commands and their keys in columns, with a cursor."""

from collections.abc import Mapping, Sequence
from string import digits
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.widget import Widget

from stsui.tui.commands import Command, key_name
from stsui.tui.widgets.wrapping import hung

COLUMN = 34
"""Cells that a column of the page takes at least."""
GAP = 2


class Cell(NamedTuple):
    """A line of a column: a heading, a command's line, or the second line of one."""

    id: str
    text: Content


def keys_of(command: Command, *, ascii_only: bool = False) -> str:
    """`j ↓`: a command's keys as they are written on the screen; `:` for one that only the palette has."""
    if not command.keys:
        return ":"
    if len(command.keys) > 2 and all(key.isdigit() for key in command.keys):
        return f"{command.keys[0]}-{command.keys[-1]}"
    return " ".join(key_name(key, ascii_only=ascii_only) for key in command.keys)


def merged(commands: Sequence[Command]) -> list[Command]:
    """`live.1` to `live.9` as one line; run, it is the first of them."""
    rows: dict[str, Command] = {}
    for command in commands:
        family, _, number = command.id.rpartition(".")
        name = family if number.isdigit() else command.id
        if name in rows:
            rows[name] = rows[name]._replace(
                keys=(*rows[name].keys, *command.keys),
                title=rows[name].title.rstrip(digits + "n") + "n",
                help=rows[name].help.rstrip(digits + "n") + "n",
            )
        else:
            rows[name] = command
    return list(rows.values())


def fits(command: Command, wanted: str) -> bool:
    """Whether a command has that key, or all of those words."""
    wanted = wanted.strip()
    if not wanted:
        return bool(command.keys)
    if wanted in command.keys or wanted in (key_name(key) for key in command.keys):
        return True
    text = f"{command.title} {command.help} {command.group} {' '.join(command.keys)}".lower()
    return all(word in text for word in wanted.lower().split())


def laid_out(groups: Sequence[Sequence[Cell]], columns: int) -> list[list[Cell]]:
    """Whole groups in columns of about one height, in their order."""
    free = Cell("", Content(""))
    total = sum(len(group) + 1 for group in groups)
    pages: list[list[Cell]] = [[]]
    for n, group in enumerate(groups):
        rest = columns - len(pages)
        left = sum(len(g) + 1 for g in groups[n:])
        goal = (len(pages[-1]) + left) / (rest + 1)
        # A group stands where more than half of it is above the height that would be fair.
        if pages[-1] and rest and len(pages[-1]) + len(group) / 2 > min(goal, total / columns + 2):
            pages.append([])
        pages[-1] += [free, *group] if pages[-1] else list(group)
    return pages


class KeyTable(Widget):
    """The commands in columns, with a cursor that the dialog moves."""

    DEFAULT_CSS = """
    KeyTable { height: auto; width: 1fr; }
    """

    class Clicked(Message):
        """A line was clicked, the second time on the cursor."""

    def __init__(self, commands: Sequence[Command], greyed: Mapping[str, str]) -> None:
        super().__init__()
        self._commands, self._greyed = commands, greyed
        self._wanted = ""
        self.current = ""
        self._made: tuple[tuple[int, str], list[list[Cell]]] = ((0, ""), [])

    def _shown(self) -> list[Command]:
        found = [command for command in self._commands if fits(command, self._wanted)]
        # Whoever types a key means that key, not every text with the letter in it.
        exact = [c for c in found if self._wanted.strip() in (*c.keys, *(key_name(k) for k in c.keys))]
        return [*exact, *(c for c in found if c not in exact)] if self._wanted.strip() else found

    def find(self, wanted: str) -> int:
        """Shows what fits; how many commands do."""
        self._wanted = wanted
        shown = self._shown()
        if wanted.strip():
            self.current = shown[0].id if shown else ""
        elif self.current not in {command.id for command in shown}:
            self.current = ""
        self.refresh(layout=True)
        return len(shown)

    def _pages(self, width: int) -> list[list[Cell]]:
        if self._made[0] != (width, self._wanted) or not self._made[1]:
            self._made = ((width, self._wanted), self._lay_out(width))
        return self._made[1]

    def _lay_out(self, width: int) -> list[list[Cell]]:
        columns = max(1, min(3, (width + GAP) // (COLUMN + GAP)))
        room = (width - GAP * (columns - 1)) // columns
        groups = []
        shown = self._shown()
        for name in dict.fromkeys(command.group for command in shown):
            members = [command for command in shown if command.group == name]
            groups.append(self._group(name, members, room))
        return laid_out(groups, columns)

    def _group(self, name: str, members: Sequence[Command], room: int) -> list[Cell]:
        plain = self.screen.has_class("-ascii")
        names = {command.id: keys_of(command, ascii_only=plain) for command in members}
        column = min(13, max(cell_len(text) for text in names.values()))
        cells = [Cell("", Content.styled(name, "bold $text-accent").truncate(room, ellipsis=True))]
        for command in members:
            keys = Content(names[command.id])
            lead = Content.assemble("  ", keys.stylize("bold"), " " * max(1, column - keys.cell_length + 2))
            dead = command.id in self._greyed
            lines = hung(lead, command.help, room)
            cells += [Cell(command.id, line.stylize("$foreground 66%") if dead else line) for line in lines]
        return cells

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The tallest column."""
        return max((len(page) for page in self._pages(width)), default=1) or 1

    def render(self) -> Content:
        """The columns side by side."""
        width = self.content_size.width
        pages = self._pages(width)
        room = (width - GAP * (len(self._columns(width)) - 1)) // max(1, len(self._columns(width)))
        style = "reverse" if self.app.no_color else "$block-cursor-foreground on $block-cursor-background"
        mark = ">" if self.screen.has_class("-ascii") else "▸"
        lines = []
        marked = False
        for y in range(max((len(page) for page in pages), default=0)):
            parts = []
            for page in pages:
                cell = page[y] if y < len(page) else Cell("", Content(""))
                text = cell.text.extend_right(max(0, room - cell.text.cell_length))
                if cell.id and cell.id == self.current:
                    text = Content(f"{' ' if marked else mark}{text.plain[1:]}").stylize(style)
                    marked = True
                parts.append(text)
            lines.append(Content(" " * GAP).join(parts))
        return Content("\n").join(lines) if lines else Content("No key or word like that. esc clears it.")

    def _columns(self, width: int) -> range:
        return range(max(1, min(3, (width + GAP) // (COLUMN + GAP))))

    def move(self, by: int, sideways: int = 0) -> None:
        """The cursor so many commands on, or into the column beside."""
        pages = self._pages(self.content_size.width)
        places: dict[str, tuple[int, int]] = {}
        for x, page in enumerate(pages):
            for y, cell in enumerate(page):
                if cell.id:
                    places.setdefault(cell.id, (x, y))
        if not places:
            return
        order = list(places)
        if self.current not in places:
            self.current = order[0 if by >= 0 else -1]
        elif sideways:
            x, y = places[self.current]
            beside = [(abs(b - y), name) for name, (a, b) in places.items() if a == x + sideways]
            self.current = min(beside)[1] if beside else self.current
        else:
            self.current = order[max(0, min(len(order) - 1, order.index(self.current) + by))]
        self._show(places[self.current][1])

    def _show(self, y: int) -> None:
        self.refresh()
        holder = next((w for w in self.ancestors if isinstance(w, Widget) and w.is_scrollable), None)
        if holder is not None:
            region = Region(0, 0 if y < 2 else y, 1, y + 2 if y < 2 else 2)
            holder.scroll_to_region(region.translate(self.virtual_region.offset), animate=False)

    def on_click(self, event: events.Click) -> None:
        """A click sets the cursor; one on the cursor runs the key."""
        offset = event.get_content_offset(self)
        width = self.content_size.width
        pages = self._pages(width)
        count = len(self._columns(width))
        x = offset.x * count // max(1, width) if offset is not None else 0
        if offset is None or x >= len(pages) or offset.y >= len(pages[x]) or not pages[x][offset.y].id:
            return
        there = self.current == pages[x][offset.y].id
        self.current = pages[x][offset.y].id
        self.refresh()
        if there or event.chain > 1:
            self.post_message(self.Clicked())
