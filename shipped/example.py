"""What config.example.toml says of each key."""

import re
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
_KEY = re.compile(r'(\w+) = [^#]*?(?:"[^"]*"[^#]*?)*# (.+)')
_SECTION = re.compile(r"\[(\w+)[.\]]")


def comments() -> dict[str, dict[str, str]]:
    """By section and key, the comment behind it where it stands first."""
    found: dict[str, dict[str, str]] = {}
    section = ""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        header, key = _SECTION.match(line), _KEY.match(line)
        if header:
            section = header[1]
        elif key:
            found.setdefault(section, {}).setdefault(key[1], key[2].strip())
    return found


def values() -> dict[str, dict[str, str]]:
    """By section and key, the value as it is written there first."""
    found: dict[str, dict[str, str]] = {}
    section = ""
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        header = _SECTION.match(line)
        key, equals, rest = line.partition(" = ")
        if header:
            section = header[1]
        elif equals and key.isidentifier():
            found.setdefault(section, {}).setdefault(key, rest.split("  #")[0].strip())
    return found
