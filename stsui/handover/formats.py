"""Variables in the form that each shell, file or program reads. Every format is a row of `FORMATS`.

Quoting is by each shell's own rules; control characters are refused everywhere, so that a format never has to
be clever about line ends.
"""

import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from stsui.handover.environ import KEYS, SHADOWS, utc
from stsui.model.errors import ConfigError, UsageError
from stsui.model.session import Session
from stsui.model.text import clean, masked_key_id, nearest

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_BARE = re.compile(r"[\w/+=:.,@-]*", re.ASCII)
"""What no shell and no file stumbles over."""
STARS = "********"


class Format(NamedTuple):
    """One way to write variables down."""

    name: str
    title: str
    set_line: Callable[[str, str], str]
    unset_line: Callable[[str], str] | None
    """None where the format cannot take a name away."""
    take_in: str
    """How a person uses it; `{command}` is the stsui command line."""
    head: str = ""
    tail: str = ""
    separator: str = "\n"
    warning: Callable[[Sequence[str]], str] | None = None
    """A line that says which of the names could not be taken away."""


def posix(value: str) -> str:
    """For sh, bash, zsh, ksh: nothing is special inside single quotes but the quote."""
    return "'" + value.replace("'", "'\\''") + "'"


def fish(value: str) -> str:
    """Inside single quotes fish knows `\\\\` and `\\'`."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def tcsh(value: str) -> str:
    """History expansion works inside single quotes too."""
    return "'" + value.replace("'", "'\\''").replace("!", "\\!") + "'"


def elvish(value: str) -> str:
    """Nothing is special inside single quotes but the quote, which is doubled."""
    return "'" + value.replace("'", "''") + "'"


def powershell(value: str) -> str:
    """PowerShell takes typographic quotes for quotes."""
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", value) + "'"


def cmd(value: str) -> str:
    """For `set "N=V"`: a quote cannot be written, a percent sign is doubled as in a batch file."""
    if '"' in value:
        raise ConfigError("cmd cannot take a value with a double quote. Use --format powershell.")
    return value.replace("%", "%%")


def dotenv(value: str) -> str:
    """Bare where every reader agrees, else in single quotes."""
    if _BARE.fullmatch(value):
        return value
    if "'" in value:
        raise ConfigError("A .env file cannot take a value with a quote that every reader reads alike.")
    return f"'{value}'"


def _universal(names: Sequence[str]) -> str:
    """fish cannot hide a universal variable from one shell."""
    return (
        f'for n in {" ".join(names)}; set -qU $n; and echo "stsui: $n is a universal variable of fish '
        'and may win over the session. To remove it: set -eU $n" >&2; end; true'
    )


def _json_line(name: str, value: str) -> str:
    return f"  {json.dumps(name)}: {json.dumps(value)}"


_FORMATS = (
    Format(
        "bash",
        "bash, zsh, sh",
        lambda n, v: f"export {n}={posix(v)}",
        lambda n: f"unset {n}",
        'eval "$({command})"',
    ),
    Format(
        "fish",
        "fish",
        lambda n, v: f"set -gx {n} {fish(v)}",
        # Without -g a universal variable would go, in every fish and for good.
        lambda n: f"set -eg {n}",
        "{command} | source",
        warning=_universal,
    ),
    Format(
        "powershell",
        "PowerShell",
        lambda n, v: f"$Env:{n} = {powershell(v)}",
        lambda n: f"Remove-Item Env:{n} -ErrorAction SilentlyContinue",
        "{command} | Out-String | Invoke-Expression",
    ),
    Format(
        "cmd",
        "cmd.exe",
        lambda n, v: f'set "{n}={cmd(v)}"',
        lambda n: f'set "{n}="',
        "{command} > %TEMP%\\s.cmd && call %TEMP%\\s.cmd && del %TEMP%\\s.cmd",
        separator="\r\n",
    ),
    Format(
        "nushell",
        "nushell",
        _json_line,
        # What is null reaches no program.
        lambda n: f"  {json.dumps(n)}: null",
        "{command} | from json | load-env",
        head="{\n",
        tail="\n}",
        separator=",\n",
    ),
    Format(
        "xonsh",
        "xonsh",
        lambda n, v: f"${{{n!r}}} = {v!r}",
        lambda n: f"if {n!r} in ${{...}}: del ${{{n!r}}}",
        "execx($({command}))",
    ),
    Format(
        "tcsh",
        "tcsh",
        lambda n, v: f"setenv {n} {tcsh(v)};",
        lambda n: f"unsetenv {n};",
        'eval "`{command}`"',
    ),
    Format(
        "elvish",
        "elvish",
        lambda n, v: f"set-env {n} {elvish(v)}",
        lambda n: f"unset-env {n}",
        "eval ({command} | slurp)",
    ),
    Format("dotenv", ".env file", lambda n, v: f"{n}={dotenv(v)}", None, "{command} > .env"),
    Format("json", "JSON", _json_line, None, "{command}", head="{\n", tail="\n}", separator=",\n"),
    Format(
        "docker",
        "docker -e flags",
        # Without quotes where none are needed: those in $(…) would become part of the value.
        lambda n, v: f"-e {n}={v}" if _BARE.fullmatch(v) else f"-e {posix(f'{n}={v}')}",
        None,
        "docker run $({command}) …",
        separator=" ",
    ),
)
FORMATS: Mapping[str, Format] = {row.name: row for row in _FORMATS}
ALIASES = {"zsh": "bash", "sh": "bash", "dash": "bash", "ksh": "bash", "posix": "bash", "pwsh": "powershell",
           "nu": "nushell", "env": "dotenv", "csh": "tcsh"}  # fmt: skip


def find(name: str) -> Format:
    """The format of that name or of a shell that reads the same.

    Raises:
        UsageError: There is none; names the nearest.
    """
    found = FORMATS.get(ALIASES.get(name, name))
    if found is None:
        near = nearest(name, [*FORMATS, *ALIASES], 1)
        hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(FORMATS)}."
        raise UsageError(f'There is no format "{clean(name)}". {hint}')
    return found


def render(format_name: str, variables: Mapping[str, str], unset: Sequence[str] = ()) -> str:
    """Text that takes `unset` away and sets `variables`; ends with a line end.

    Raises:
        StsuiError: No such format, or a value that it cannot carry.
    """
    row = find(format_name)
    gone = [name for name in unset if name not in variables] if row.unset_line else []
    lines = [row.unset_line(name) for name in gone] if row.unset_line else []
    for name, value in variables.items():
        if not _NAME.fullmatch(name):
            raise ConfigError(f'"{clean(name)}" cannot be the name of a variable.')
        if not value.isprintable():
            raise ConfigError(f"The value of {name} has a control character; it is not handed over.")
        lines.append(row.set_line(name, value))
    shadows = [name for name in gone if name in SHADOWS]
    if row.warning and shadows:
        lines.append(row.warning(shadows))
    end = "\r\n" if row.separator == "\r\n" else "\n"
    return f"{row.head}{row.separator.join(lines)}{row.tail}{end}"


def preview(format_name: str, variables: Mapping[str, str], unset: Sequence[str] = ()) -> str:
    """The same text with stars for every secret, always of one length."""
    shown = {
        name: masked_key_id(value) if name == KEYS[0] else STARS if name in KEYS else value
        for name, value in variables.items()
    }
    return render(format_name, shown, unset)


def shell_format(environ: Mapping[str, str]) -> str:
    """The format of the shell that called us: the parent process where that can be seen, else $SHELL."""
    for name in (_parent_command(), os.path.basename(environ.get("SHELL", ""))):
        stem = name.removesuffix(".exe").lstrip("-")
        if stem in ALIASES or (stem in FORMATS and FORMATS[stem].unset_line):
            return ALIASES.get(stem, stem)
    return "powershell" if os.name == "nt" else "bash"


def _parent_command() -> str:
    try:
        with open(f"/proc/{os.getppid()}/comm", encoding="utf-8") as file:
            return file.read().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def credential_process(session: Session) -> str:
    """What an SDK reads from a `credential_process`: one JSON object.

    Source: AWS SDKs and Tools, "Process credential provider".
    """
    credentials = session.credentials
    document: dict[str, object] = {
        "Version": 1,
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key.reveal(),
        "SessionToken": credentials.session_token.reveal(),
        "Expiration": utc(session.expiration),
    }
    if session.account_id:
        document["AccountId"] = session.account_id
    return json.dumps(document) + "\n"


def container_credentials(session: Session) -> str:
    """What an SDK reads from a container's credentials address: `Token`, not `SessionToken`; all on one line.

    Source: botocore, utils.ContainerMetadataFetcher; AWS SDKs and Tools, "Container credential provider".
    """
    credentials = session.credentials
    document = {
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key.reveal(),
        "Token": credentials.session_token.reveal(),
        "Expiration": utc(session.expiration),
    }
    if session.account_id:
        document["AccountId"] = session.account_id
    return json.dumps(document)
