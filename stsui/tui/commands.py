"""Every key that works, once: bindings, footer, palette, help and documentation are made from these rows."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from textual.binding import Binding


class Command(NamedTuple):
    """One thing that a key does."""

    id: str
    """What `[keys]` of the config names it by."""
    keys: tuple[str, ...]
    """As Textual names them."""
    action: str
    """Textual's action, of the main screen."""
    title: str
    """A word or two, for the footer and the menu of a row."""
    help: str
    """What it does, for the help page."""
    group: str
    """Its heading on the help page."""
    footer: bool = False
    palette: str = ""
    """How the palette calls it; empty where a palette entry would make no sense."""


_ROWS = (
    ("list.down", ("j", "down"), "move(1)", "next", "next row", "MOVE"),
    ("list.up", ("k", "up"), "move(-1)", "previous", "previous row", "MOVE"),
    ("list.first", ("g", "home"), "first", "first", "first row", "MOVE"),
    ("list.last", ("G", "end"), "last", "last", "last row", "MOVE"),
    ("list.page-down", ("pagedown",), "page(1.0)", "page down", "a page down", "MOVE"),
    ("list.page-up", ("pageup",), "page(-1.0)", "page up", "a page up", "MOVE"),
    ("list.half-down", ("ctrl+d",), "page(0.5)", "half page down", "half a page down", "MOVE"),
    ("list.half-up", ("ctrl+u",), "page(-0.5)", "half page up", "half a page up", "MOVE"),
    (
        "list.prev-account",
        ("left_square_bracket",),
        "account(-1)",
        "account before",
        "account before",
        "MOVE",
    ),
    ("list.next-account", ("right_square_bracket",), "account(1)", "account after", "account after", "MOVE"),
    ("list.fold", ("h", "left"), "fold(True)", "fold", "fold the group", "MOVE"),
    ("list.unfold", ("l", "right"), "fold(False)", "unfold", "unfold the group", "MOVE"),
    ("list.fold-all", ("minus",), "fold_all(True)", "fold all", "fold every group", "MOVE"),
    ("list.unfold-all", ("equals_sign",), "fold_all(False)", "unfold all", "unfold every group", "MOVE"),
    *(
        (f"live.{n}", (str(n),), f"live({n})", f"live {n}", f"cursor to live session {n}", "MOVE")
        for n in range(1, 10)
    ),
    ("panel.next", ("tab",), "panel(1)", "next panel", "next panel; in a narrow window list or role", "MOVE"),
    ("panel.prev", ("shift+tab",), "panel(-1)", "panel before", "panel before", "MOVE"),
    ("role.use", ("enter",), "use", "use", "use: assume, type the code, sign in, retry", "SESSION"),
    ("role.renew", ("r",), "renew", "renew", "renew now", "SESSION"),
    ("role.auto", ("a",), "auto", "auto-renew", "auto-renew on or off", "SESSION"),
    ("role.drop", ("x",), "drop", "drop", "forget this session", "SESSION"),
    ("app.drop-all", ("X",), "drop_all", "drop all", "forget every session", "SESSION"),
    ("role.verify", ("w",), "verify", "verify", "who am I: ask GetCallerIdentity now", "SESSION"),
    ("app.pause", ("P",), "pause", "pause", "pause or resume all renewing", "SESSION"),
    ("role.copy-command", ("y",), "copy_command", "copy", "copy the command; it holds no secret", "HAND OFF"),
    ("role.handoff", ("Y",), "handoff", "hand off", "hand off as …", "HAND OFF"),
    ("role.shell", ("s",), "shell", "shell", "a shell here with these credentials", "HAND OFF"),
    ("role.console", ("o",), "console", "console", "the AWS console in the browser", "HAND OFF"),
    ("role.actions", ("space",), "actions", "actions", "everything this row can do", "ROLE"),
    ("role.details", ("i",), "details", "details", "everything known of the role", "ROLE"),
    ("role.pin", ("p",), "pin", "pin", "pin, unpin", "ROLE"),
    ("list.filter", ("slash",), "filter", "filter", "filter: words, !word, is:live, needs:me", "LIST"),
    ("list.view", ("v",), "view", "view", "all, live, needs you, pinned", "LIST"),
    ("list.sort", ("comma",), "sort", "sort", "by account, name, expiry", "LIST"),
    ("app.hide-ids", ("H",), "hide_ids", "hide ids", "hide ids, for a shared screen", "LIST"),
    ("app.help", ("question_mark", "f1"), "help", "help", "this page", "APP"),
    ("app.palette", ("colon", "ctrl+p"), "command_palette", "commands", "every command by name", "APP"),
    ("app.reload", ("ctrl+r",), "reload", "reload", "read the config again", "APP"),
    ("app.redraw", ("ctrl+l",), "redraw", "redraw", "draw the screen anew", "APP"),
    ("app.suspend", ("ctrl+z",), "suspend_process", "background", "to the background; fg returns", "APP"),
    ("back", ("escape",), "back", "back", "close, clear the filter, stop waiting; never quits", "APP"),
    ("app.quit", ("q", "ctrl+q"), "quit", "quit", "quit; sessions stay until they expire", "APP"),
    ("app.interrupt", ("ctrl+c",), "interrupt", "interrupt", "twice: quit", "APP"),
)

_FOOTER = (
    "role.use",
    "role.copy-command",
    "role.renew",
    "role.drop",
    "list.filter",
    "role.actions",
    "app.help",
    "app.quit",
)
"""In the order in which they stand there."""

_PALETTE = {
    "app.drop-all": "Drop every session",
    "app.pause": "Pause or resume renewing",
    "list.filter": "Filter roles",
    "list.view": "Show all, live, needs you, pinned",
    "list.sort": "Sort by account, name, expiry",
    "list.fold-all": "Fold every group",
    "list.unfold-all": "Unfold every group",
    "app.hide-ids": "Screen-share mode: hide ids",
    "app.help": "Keys",
    "app.reload": "Reload config",
    "app.redraw": "Draw the screen anew",
    "app.quit": "Quit",
}

COMMANDS: tuple[Command, ...] = tuple(
    Command(*row, footer=row[0] in _FOOTER, palette=_PALETTE.get(row[0], "")) for row in _ROWS
)
BY_ID = {command.id: command for command in COMMANDS}
FOOTER = tuple(BY_ID[name] for name in _FOOTER)

KEY_NAMES = {
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "minus": "-",
    "equals_sign": "=",
    "slash": "/",
    "comma": ",",
    "colon": ":",
    "question_mark": "?",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "escape": "esc",
    "f1": "F1",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}

_ASCII_NAMES = {"down": "down", "up": "up", "left": "left", "right": "right"}


def key_name(key: str, *, ascii_only: bool = False) -> str:
    """How a key is written on the screen: `/` for Textual's `slash`."""
    if ascii_only and key in _ASCII_NAMES:
        return _ASCII_NAMES[key]
    return KEY_NAMES.get(key, key)


def bindings() -> "list[Binding]":
    """The main screen's bindings; ids let `[keys]` of the config move them."""
    from textual.binding import Binding

    return [
        Binding(
            ",".join(command.keys),
            command.action,
            command.title,
            show=False,
            id=command.id,
        )
        for command in COMMANDS
    ]
