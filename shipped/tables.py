"""Tables of the help topics that say what a table of the program says."""

from collections.abc import Iterable, Sequence

from shipped.example import comments, values
from stsui.cli import main
from stsui.config import keys as config_keys
from stsui.tui.commands import COMMANDS, key_name


def keys() -> str:
    """Every key of the board, in its groups."""
    rows: list[Sequence[str]] = []
    group = ""
    live = [command for command in COMMANDS if command.id.startswith("live.")]
    for command in COMMANDS:
        if command in live[1:]:
            continue
        if command.group != group:
            group = command.group
            rows.append((f"**{group.capitalize()}**", "", ""))
        names = [f"`{key_name(key)}`" for key in command.keys] or ["only by `:`"]
        if command in live:
            rows.append(("`1` to `9`", "cursor to that live session of the strip", "`live.1` to `live.9`"))
        else:
            rows.append((" ".join(names), command.help, f"`{command.id}`"))
    return _table(("key", "does", "its name in `[keys]`"), rows)


def settings() -> str:
    """Every key of [settings], as the example explains it."""
    return _explained("settings", config_keys.SETTINGS)


def rules() -> str:
    """Every rule of an account, a pattern or a role."""
    return _explained("accounts", config_keys.RULES)


def commands() -> str:
    """Every command with its line of --help."""
    shown = [
        (f"`stsui {name}`", line) for name, (_, line) in main.COMMANDS.items() if name not in main.HIDDEN
    ]
    return _table(("command", "does"), shown)


def _explained(section: str, names: Iterable[str]) -> str:
    said, value = comments()[section], values()[section]
    return _table(("key", ""), [(f"`{name} = {value[name]}`", said.get(name, "")) for name in names])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
