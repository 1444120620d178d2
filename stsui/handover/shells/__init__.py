"""What a shell evaluates at its start: the function `sts`, completion, and a segment for its prompt.

The texts lie beside this file, each in its shell's own language.
"""

import os
from typing import NamedTuple

from stsui.model.errors import UsageError
from stsui.model.text import clean, nearest


class Shell(NamedTuple):
    """A shell that has a start-up text, in parts."""

    function: tuple[str, ...]
    """Files with `sts` and what makes the segment."""
    completion: str
    """File with the completion of `sts` and `stsui`."""
    prompt: str
    """File that puts the segment before the prompt."""
    take_in: str
    """How a person uses it; `{command}` is the stsui command line."""
    place: str
    """Where that line goes."""


SHELLS = {
    "bash": Shell(
        ("posix.sh", "bash.sh"), "bash_completion.sh", "bash_prompt.sh", 'eval "$({command})"', "in ~/.bashrc"
    ),
    "zsh": Shell(
        ("posix.sh", "zsh.zsh"), "zsh_completion.zsh", "zsh_prompt.zsh", 'eval "$({command})"', "in ~/.zshrc"
    ),
    "fish": Shell(
        ("fish.fish",),
        "fish_completion.fish",
        "fish_prompt.fish",
        "{command} | source",
        "in ~/.config/fish/config.fish",
    ),
    "powershell": Shell(
        ("powershell.ps1",),
        "powershell_completion.ps1",
        "powershell_prompt.ps1",
        "{command} | Out-String | Invoke-Expression",
        "in $PROFILE",
    ),
    "nushell": Shell(
        ("nushell.nu",),
        "nushell_completion.nu",
        "nushell_prompt.nu",
        '{command} | save -f ($nu.user-autoload-dirs | first | path join "stsui.nu")',
        "once, and after an update of stsui",
    ),
}
ALIASES = {"pwsh": "powershell", "nu": "nushell"}


def startup(name: str, *, prompt: bool = False) -> str:
    """The text for a shell's start-up file to evaluate; the same twice does no harm.

    Args:
        prompt: The segment also goes before the prompt that the shell has by then.

    Raises:
        UsageError: There is none for that shell; names the nearest.
    """
    shell = find(name)
    files = (*shell.function, shell.completion, *((shell.prompt,) if prompt else ()))
    return "\n".join(map(_text, files))


def completion(name: str) -> str:
    """The completion alone, without `sts` and the segment.

    Raises:
        UsageError: There is none for that shell; names the nearest.
    """
    return _text(find(name).completion)


def find(name: str) -> Shell:
    """The shell of that name.

    Raises:
        UsageError: There is none; names the nearest.
    """
    found = SHELLS.get(ALIASES.get(name, name))
    if found is None:
        near = nearest(name, [*SHELLS, *ALIASES], 1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(SHELLS)}."
        raise UsageError(
            f'There is no start-up text for "{clean(name)}". {hint}',
            hint="stsui help hand-over",
        )
    return found


def _text(file: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), file), encoding="utf-8", newline="") as stream:
        return stream.read()
