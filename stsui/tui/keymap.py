"""The user's `[keys]`: checked by us, because Textual takes nonsense and silently drops what clashes."""

from collections.abc import Mapping

from textual.keys import Keys, _character_to_key

from stsui.model.text import nearest
from stsui.tui.commands import BY_ID, COMMANDS

_NAMED = frozenset(key.value for key in Keys) | frozenset({"space", "enter", "tab", "escape", "backspace"})


def checked(wanted: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
    """The keymap to set, as Textual takes it, and a sentence for each entry that cannot be used."""
    keymap: dict[str, str] = {}
    problems: list[str] = []
    taken = {key: command.id for command in COMMANDS for key in command.keys if command.id not in wanted}
    for id, value in wanted.items():
        if id not in BY_ID:
            near = nearest(id, BY_ID)
            meant = f' Did you mean "{near[0]}"?' if near else ""
            problems.append(f'[keys]: there is no command "{id}".{meant}')
            continue
        keys = [_named(part) for part in _parts(value)]
        bad = next((part for part, key in zip(_parts(value), keys, strict=True) if not key), None)
        if bad is not None or not keys:
            problems.append(f'[keys] {id}: "{bad or ""}" is not the name of a key.')
            continue
        clash = next((key for key in keys if key in taken), None)
        if clash is not None:
            problems.append(f"[keys] {id}: {clash} is the key of {taken[clash]} already.")
            continue
        taken.update(dict.fromkeys(keys, id))
        keymap[id] = ",".join(keys)
    return keymap, problems


def _parts(value: object) -> list[str]:
    if isinstance(value, str):
        return [","] if value == "," else [part.strip() for part in value.split(",")]
    return [str(part) for part in value] if isinstance(value, list | tuple) else [""]


def _named(key: str) -> str:
    """Textual's name of a key; empty when it has none."""
    if len(key) == 1 and key.isprintable():
        return _character_to_key(key)
    *modifiers, last = key.split("+")
    if any(modifier not in ("ctrl", "shift", "alt") for modifier in modifiers):
        return ""
    if key in _NAMED or last in _NAMED or (modifiers and len(last) == 1 and last.isalnum()):
        return key
    return ""
