"""Which files are made, and of what."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from shipped import manpage, schema, tables
from stsui.handover import shells

ROOT = Path(__file__).parent.parent
_REGION = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
TABLES: Mapping[str, Callable[[], str]] = {
    "keys": tables.keys,
    "settings": tables.settings,
    "rules": tables.rules,
    "commands": tables.commands,
}
"""What stands between `<!-- made: NAME -->` and `<!-- end -->`."""


def made() -> dict[Path, str]:
    """Every made file with what it should hold."""
    topics = sorted((ROOT / "stsui" / "help").glob("*.md"))
    return {
        ROOT / "shipped" / "stsui.1": manpage.page(),
        ROOT / "shipped" / "_stsui": _zsh(),
        ROOT / "stsui" / "config" / "schema.json": json.dumps(schema.document(), indent=1, ensure_ascii=False)
        + "\n",
        **{path: with_tables(path.read_text(encoding="utf-8")) for path in topics},
    }


def with_tables(text: str) -> str:
    """The text with its tables as they are now."""
    return _REGION.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}\n{found[3]}", text)


def _zsh() -> str:
    """For a directory of $fpath: zsh calls the file itself the first time."""
    return f'#compdef stsui sts\n{shells.completion("zsh")}_stsui_complete "$@"\n'
