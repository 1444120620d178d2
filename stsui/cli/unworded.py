"""What argparse makes of no words at all, without loading it: so `list` and the board are mostly called."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

_PRESET = {"store_true": False, "store_false": True}


class Unworded:
    """Is told of a command's arguments as a parser is, and has the value of each where nothing was typed."""

    def __init__(self, name: str) -> None:
        self.prog, self.usage, self.epilog = f"stsui {name}", "", ""
        self.enough = True
        """Nothing has to be typed."""
        self.values = SimpleNamespace()

    def add_argument(
        self,
        *names: str,
        action: str = "store",
        nargs: str | None = None,
        default: Any = None,
        dest: str = "",
        required: bool = False,
        type: Callable[[str], Any] | None = None,
        **said: Any,
    ) -> None:
        """As a parser's; what is only for the help is not looked at.

        Source: argparse, ArgumentParser.parse_known_args, and `_get_values` for positionals.
        """
        option = names[0].startswith("-")
        if required or not (option or nargs in ("?", "*")):
            self.enough = False
        if default is None:
            default = _PRESET.get(action, [] if not option and nargs == "*" else None)
        if type is not None and isinstance(default, str):
            default = type(default)
        long = next((name for name in names if name.startswith("--")), names[0])
        setattr(self.values, dest or long.lstrip("-").replace("-", "_"), default)

    def add_argument_group(self, *said: object, **more: object) -> "Unworded":
        """Groups are for the help."""
        return self

    def add_mutually_exclusive_group(self, *, required: bool = False) -> "Unworded":
        """Of nothing, nothing excludes another."""
        if required:
            self.enough = False
        return self
