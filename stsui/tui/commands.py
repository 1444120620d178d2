"""Every command once: bindings, footer, menu, palette, help and documentation are made from these rows.

A row is all that makes a command known; what it does is a function in `deeds/`, loaded when it is first run.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from textual.binding import Binding

_DEED = re.compile(r"[a-z_]+\.[a-z_]+")


class Command(NamedTuple):
    """One thing that a key does."""

    id: str
    """What `[keys]` of the config names it by."""
    keys: tuple[str, ...]
    """As Textual names them."""
    does: str
    """`module.function` below `deeds`, which is handed the frame and the role under the cursor, or an action
    of the board, such as `move(1)`."""
    title: str
    """A word or two, for the footer and the menu of a row."""
    help: str
    """What it does, for the help page."""
    needs: str = ""
    """What the row under the cursor must have: `row`, `role`, `session` (a dead one will do) or `live`."""
    menu: str = ""
    """Its line in the menu of a row; empty: not there."""
    palette: str = ""
    """How the palette calls it; empty where a palette entry would make no sense."""
    verb: str = ""
    """How the palette calls it before a role's name."""
    group: str = ""
    """Its heading on the help page."""

    @property
    def key(self) -> str:
        """The first of its keys, as Textual names it; empty where it has none."""
        return self.keys[0] if self.keys else ""

    @property
    def deed(self) -> str:
        """`module.function` below `deeds`; empty for an action of the board."""
        return self.does if _DEED.fullmatch(self.does) else ""

    @property
    def action(self) -> str:
        """Textual's action, of the main screen."""
        return f"do('{self.id}')" if self.deed else self.does


C = Command
# fmt: off
_MOVE = (
    # id, keys, what it does, title, help
    C("list.down", ("j", "down"), "move(1)", "next", "next row"),
    C("list.up", ("k", "up"), "move(-1)", "previous", "previous row"),
    C("list.first", ("g", "home"), "first", "first", "first row"),
    C("list.last", ("G", "end"), "last", "last", "last row"),
    C("list.page-down", ("pagedown",), "page(1.0)", "page down", "a page down"),
    C("list.page-up", ("pageup",), "page(-1.0)", "page up", "a page up"),
    C("list.half-down", ("ctrl+d",), "page(0.5)", "half page down", "half a page down"),
    C("list.half-up", ("ctrl+u",), "page(-0.5)", "half page up", "half a page up"),
    C("list.prev-account", ("left_square_bracket",), "account(-1)", "account before", "account before"),
    C("list.next-account", ("right_square_bracket",), "account(1)", "account after", "account after"),
    C("list.fold", ("h", "left"), "fold(True)", "fold", "fold the group"),
    C("list.unfold", ("l", "right"), "fold(False)", "unfold", "unfold the group"),
    C("list.fold-all", ("minus",), "fold_all(True)", "fold all", "fold every group",
      palette="Fold every group"),
    C("list.unfold-all", ("equals_sign",), "fold_all(False)", "unfold all", "unfold every group",
      palette="Unfold every group"),
    *(C(f"live.{n}", (f"{n}",), f"live({n})", f"live {n}", f"cursor to live session {n}")
      for n in range(1, 10)),
    C("panel.next", ("tab",), "panel(1)", "next panel", "next panel; in a narrow window list or role"),
    C("panel.prev", ("shift+tab",), "panel(-1)", "panel before", "panel before"),
)
_SESSION = (
    C("role.use", ("enter",), "sessions.use", "use", "use: assume, type the code, sign in, retry",
      needs="row", menu="use in new shells", verb="Use"),
    C("role.use-with", ("m",), "limiting.use_with", "use with …", "use with a limit, a time, a reason, tags",
      needs="role", menu="use with …", verb="Use with …"),
    C("role.use-read-only", ("R",), "limiting.use_read_only", "read-only", "use, limited to reading",
      needs="role", menu="use read-only", verb="Use read-only"),
    C("role.renew", ("r",), "sessions.renew", "renew", "renew now",
      needs="session", menu="renew now", verb="Renew"),
    C("role.auto", ("a",), "saving.auto", "auto-renew", "auto-renew on or off",
      needs="role", menu="auto-renew"),
    C("role.verify", ("w",), "sessions.verify", "verify", "who am I: ask GetCallerIdentity now",
      needs="live", menu="verify identity"),
    C("role.drop", ("x",), "sessions.drop", "drop", "forget this session",
      needs="session", menu="drop session", verb="Drop"),
    C("app.drop-all", ("X",), "sessions.drop_all", "drop all", "forget every session",
      palette="Drop every session"),
    C("app.renew-all", (), "sessions.renew_all", "renew all", "renew every live session now",
      palette="Renew everything"),
    C("app.verify-all", (), "sessions.verify_all", "verify all", "ask AWS who every live session is",
      palette="Verify every live session"),
    C("app.pause", ("P",), "sessions.pause", "pause", "pause or resume all renewing",
      palette="Pause or resume renewing"),
)
_HAND_OFF = (
    C("role.copy-command", ("y",), "handing.copy_command", "copy", "copy the command; it holds no secret",
      needs="role", menu="copy the command", verb="Copy command for"),
    C("role.handoff", ("Y",), "handing.handoff", "hand off", "hand off as …",
      needs="live", menu="hand off as …", verb="Hand off"),
    C("role.shell", ("s",), "handing.shell", "shell", "a shell here with these credentials",
      needs="live", menu="shell here"),
    C("role.pane", ("T",), "handing.pane", "tmux", "a pane of tmux: send it the command, or open one",
      needs="role", menu="tmux pane …", verb="tmux pane for"),
    C("app.shells", ("t",), "shells.shells", "shells", "live shells: who holds what; lead elsewhere, cut off",
      palette="Shells: slots and copies"),
    C("role.live", (), "shells.copy_live", "live shell", "copy the command of a live shell",
      needs="role", verb="Copy live settings for"),
    C("app.start-server", (), "serving.start", "start server", "start the server that serves live shells",
      palette="Start the credential server"),
    C("app.stop-server", (), "serving.stop", "stop server", "stop it; live shells get nothing new then",
      palette="Stop the credential server"),
    C("role.console", ("o",), "handing.console", "console", "the AWS console in the browser",
      needs="live", menu="open AWS console", verb="Open console for"),
)
_ROLE = (
    C("role.actions", ("space",), "looking.actions", "actions", "everything this row can do", needs="row"),
    C("role.details", ("i",), "looking.details", "details", "everything known of the role",
      needs="row", menu="details"),
    C("role.new", ("n",), "editing.new", "new", "new role", palette="New role"),
    C("role.edit", ("e",), "editing.edit", "edit", "edit the role", needs="row", menu="edit", verb="Edit"),
    C("role.delete", ("D",), "editing.delete", "delete", "delete the role, or hide it",
      needs="role", menu="delete role", verb="Delete"),
    C("role.pin", ("p",), "saving.pin", "pin", "pin, unpin", needs="role", menu="pin"),
)
_LIST = (
    C("list.filter", ("slash",), "filter", "filter", "filter: words, !word, is:live, needs:me",
      palette="Filter roles"),
    C("list.view", ("v",), "view", "view", "all, live, needs you, pinned"),
    C("list.sort", ("comma",), "sort", "sort", "by account, name, expiry, last use"),
    *(C(f"view.{view.replace(' ', '-')}", (), f"show_view('{view}')", view, f"show {view}",
        palette=f"Show {view}") for view in ("all", "live", "needs you", "pinned")),
    *(C(f"sort.{sort.replace(' ', '-')}", (), f"sort_by('{sort}')", sort, f"sort by {sort}",
        palette=f"Sort by {sort}") for sort in ("account", "name", "expiry", "last used")),
    C("app.problems", (), "problems", "problems", "entries of the config that cannot be used",
      palette="Show config problems"),
    C("app.hide-ids", ("H",), "hide_ids", "hide ids", "hide ids, for a shared screen",
      palette="Screen-share mode: hide ids"),
)
_APP = (
    C("app.log", ("L",), "telling.activity", "activity", "what happened today, from every stsui here",
      palette="Activity"),
    C("app.export-log", (), "telling.export", "export", "today's activity to a file, ids hidden",
      palette="Export activity (redacted)"),
    C("app.roots", ("b",), "roots.roots", "roots", "what you have to renew, and when you are needed next",
      palette="Roots: sign in, renew early, sign out"),
    C("app.import", ("I",), "importing.wizard", "import", "take roles over, as a review",
      palette="Import roles"),
    C("app.center", (), "centers.new", "new center", "sign in to an Identity Center that no file knows yet",
      palette="Add an Identity Center"),
    C("app.discover", (), "signing.discover", "discover", "look for new roles at your Identity Centers",
      palette="Look for roles at Identity Centers"),
    C("app.decode", (), "telling.decode", "decode", "read an encoded authorization message",
      palette="Decode an authorization message"),
    C("app.help", ("question_mark", "f1"), "looking.help", "help", "this page", palette="Keys"),
    C("app.palette", ("colon", "ctrl+p"), "command_palette", "commands", "every command by name"),
    C("app.reload", ("ctrl+r",), "looking.reload", "reload", "read the config again",
      palette="Reload config"),
    C("app.settings", ("S",), "saving.settings", "settings", "settings, tried at once and saved",
      palette="Settings"),
    C("app.theme", (), "showing.theme", "theme", "themes, looked at before one is taken", palette="Theme …"),
    C("app.contrast", (), "showing.contrast", "contrast", "the theme of high contrast on or off",
      palette="High contrast"),
    C("app.ascii", (), "showing.ascii", "ascii", "signs in ASCII alone on or off", palette="ASCII glyphs"),
    C("app.diagnostics", (), "showing.diagnostics", "diagnostics", "versions, paths, terminal, clock",
      palette="Diagnostics"),
    C("app.picture", (), "showing.picture", "picture", "the screen as an SVG, ids hidden",
      palette="Take a picture (SVG, ids hidden)"),
    C("app.demo", (), "showing.demo", "demo", "the board against a made-up AWS",
      palette="Look around in the demo"),
    C("app.about", (), "showing.about", "about", "what this is", palette="About"),
    C("app.editor", (), "editing.editor", "config", "open the config in $EDITOR",
      palette="Open config in editor"),
    C("app.close-file", ("f",), "closing.close", "close file", "close a file that others can read to them",
      palette="Close a file to others"),
    C("app.undo", ("u",), "saving.undo", "undo", "take back what was saved last",
      palette="Undo the last change"),
    C("app.redraw", ("ctrl+l",), "redraw", "redraw", "draw the screen anew", palette="Draw the screen anew"),
    C("app.suspend", ("ctrl+z",), "suspend_process", "background", "to the background; fg returns"),
    C("back", ("escape",), "back", "back", "close, clear the filter, stop waiting; never quits"),
    C("app.quit", ("q", "ctrl+q"), "quit", "quit", "quit; sessions stay until they expire", palette="Quit"),
    C("app.interrupt", ("ctrl+c",), "interrupt", "interrupt", "twice: quit"),
)
# fmt: on
GROUPS = (
    ("MOVE", _MOVE),
    ("SESSION", _SESSION),
    ("HAND OFF", _HAND_OFF),
    ("ROLE", _ROLE),
    ("LIST", _LIST),
    ("APP", _APP),
)
"""Headings of the help page; the menu of a row has the same order."""
COMMANDS: tuple[Command, ...] = tuple(row._replace(group=name) for name, rows in GROUPS for row in rows)
BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}
FOOTER = (
    "role.use",
    "role.copy-command",
    "role.renew",
    "role.drop",
    "list.filter",
    "role.actions",
    "app.help",
    "app.quit",
)
"""Ids, in the order in which they stand there."""

NO_KEY = "f24"
"""No terminal sends it: stands for the key of a command that has none until the user gives it one."""
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


def with_keys(keymap: Mapping[str, str]) -> tuple[Command, ...]:
    """The commands with the keys that the user gave them."""
    return tuple(
        command._replace(keys=tuple(keymap[command.id].split(","))) if command.id in keymap else command
        for command in COMMANDS
    )


def by_id(commands: Iterable[Command], ids: Sequence[str]) -> list[Command]:
    """Those commands, in the order of the ids."""
    found = {command.id: command for command in commands}
    return [found[id] for id in ids if id in found]


def bindings() -> "list[Binding]":
    """The main screen's bindings; ids let `[keys]` of the config move them."""
    from textual.binding import Binding

    return [
        Binding(",".join(command.keys) or NO_KEY, command.action, command.title, show=False, id=command.id)
        for command in COMMANDS
    ]
