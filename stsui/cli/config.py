"""`stsui config`: where files are, what is wrong in them, how one is written; profiles for other tools."""

import argparse
import os
import shutil
import subprocess
import sys

from stsui.cli import describe
from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.config import aws_config_edit, shadow, user_config
from stsui.config.profiles import names as profile_names
from stsui.model.errors import ConfigError, ConfirmationRequired, UsageError
from stsui.model.roles import Origin, Problem, Settings
from stsui.model.text import clean

_ACTIONS = """\
  path      every file that is read or kept
  check     every entry that cannot be used, with file, line and what to do
  edit      config.toml in $EDITOR
  example   a config.toml with every key and what it is for
  schema    its JSON schema, for editors
  profiles  a marked block for ~/.aws/config with which every AWS tool asks stsui
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What it does, and flags."""
    parser.add_argument("action", choices=("path", "check", "edit", "example", "schema", "profiles"))
    parser.add_argument("--json", action="store_true", help="path, check: as JSON")
    parser.add_argument("--write", action="store_true", help="profiles: put them into ~/.aws/config")
    parser.add_argument("--remove", action="store_true", help="profiles: take them out again")
    parser.add_argument("--yes", action="store_true", help="profiles: write without asking")
    parser.epilog = f"{_ACTIONS}\n{parser.epilog}"


def run(arguments: argparse.Namespace, context: Context) -> int:
    """One of them."""
    deeds = {
        "path": _path,
        "check": _check,
        "edit": _edit,
        "example": _example,
        "schema": _schema,
        "profiles": _profiles,
    }
    return deeds[arguments.action](arguments, context)


def _path(arguments: argparse.Namespace, context: Context) -> int:
    paths = context.services.catalog.paths
    named = {name: str(value) for name, value in paths._asdict().items()}
    if arguments.json:
        context.write(describe.as_json({"paths": named}))
        return 0
    for name, value in named.items():
        there = "" if os.path.exists(value) else "  (not there yet)"
        context.write(f"{name.replace('_', ' '):16} {clean(value)}{there}\n")
    return 0


def _check(arguments: argparse.Namespace, context: Context) -> int:
    catalog = context.services.catalog
    problems = [*catalog.problems, *_of_the_board(context)]
    unreached = {name: why for name in catalog.roles if (why := _why_not(context, name))}
    if arguments.json:
        listed = [
            {"name": p.name, "file": p.origin.file, "line": p.origin.line, "reason": p.reason}
            for p in problems
        ]
        document = {"roles": len(catalog.roles), "problems": listed, "out_of_reach": unreached}
        context.write(describe.as_json(document))
        return ConfigError.exit_code if problems or unreached else 0
    for sentence in (*problems, *unreached.values()):
        context.write(f"{sentence}\n")
    context.say(
        f"stsui: {len(catalog.roles)} roles, {len(unreached)} out of reach, {len(problems)} problems."
    )
    return ConfigError.exit_code if problems or unreached else 0


def _of_the_board(context: Context) -> list[Problem]:
    """What only the board can judge: names of themes and keys. Nothing is loaded where none is named."""
    catalog, found = context.services.catalog, list[str]()
    if catalog.settings.theme != Settings().theme:
        from stsui.tui import themes

        found += themes.wrong(catalog.settings.theme)
    if catalog.keys:
        from stsui.tui import keymap

        found += keymap.checked(catalog.keys)[1]
    return [Problem(Origin(clean(catalog.paths.config_file), 0), reason) for reason in found]


def _why_not(context: Context, role: str) -> str:
    """Why its chain leads nowhere; empty where it leads somewhere."""
    try:
        context.services.store.plan(role)
    except ConfigError as error:
        return str(error)
    return ""


def _edit(arguments: argparse.Namespace, context: Context) -> int:
    import shlex

    editor = context.environ.get("VISUAL") or context.environ.get("EDITOR") or ""
    if not editor:
        raise UsageError("$EDITOR is not set.", hint="EDITOR=nano stsui config edit")
    path = context.services.catalog.paths.config_file
    os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
    try:
        code = subprocess.run([*shlex.split(editor), str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        raise UsageError(f"{clean(editor)} cannot be started: {error}.") from error
    for problem in context.services.reload().problems:
        context.say(f"stsui: {problem}")
    return code


def _example(arguments: argparse.Namespace, context: Context) -> int:
    """A config.toml with every key and what it is for."""
    del arguments
    beside = os.path.join(os.path.dirname(user_config.__file__), "example.toml")
    # In a clone it lies where people look for it first.
    path = beside if os.path.exists(beside) else os.path.join(_clone(), "config.example.toml")
    return _printed(path, context)


def _schema(arguments: argparse.Namespace, context: Context) -> int:
    """The JSON schema of config.toml, for editors."""
    del arguments
    return _printed(os.path.join(os.path.dirname(user_config.__file__), "schema.json"), context)


def _clone() -> str:
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def _printed(path: str, context: Context) -> int:
    with open(path, encoding="utf-8") as file:
        context.write(file.read())
    return 0


def _profiles(arguments: argparse.Namespace, context: Context) -> int:
    path = context.services.catalog.paths.aws_config
    old = aws_config_edit.read(path)
    block = _block(context, old)
    if not arguments.write and not arguments.remove:
        context.write(_text(block))
        return 0
    new = aws_config_edit.with_block(old, b"" if arguments.remove else block)
    if new == old:
        context.say(f"stsui: {path} is as it should be.")
        return 0
    from stsui.wiring import aws_tools_refuse

    broken = aws_tools_refuse(path) if old else ""
    if broken and not arguments.remove:
        raise ConfigError(f"AWS's tools refuse {path} ({broken}). Mend it first; nothing was written.")
    _show_difference(context, path, old, new)
    terminal = None if arguments.yes else Terminal.owned()
    if not arguments.yes and (terminal is None or not terminal.agrees(f"Write this to {path}? ")):
        raise ConfirmationRequired("", f"{path} was not changed; --yes writes it.", token="")
    # Taking our block out of a file that was broken before makes it no worse.
    backup = aws_config_edit.write(path, new, (lambda _: "") if broken else aws_tools_refuse, old)
    kept = f" The first version is kept as {backup}." if backup else ""
    context.say(f"stsui: {path} is written.{kept}")
    return 0


def _block(context: Context, old: bytes) -> bytes:
    """Our block for a file that now has these bytes."""
    catalog = context.services.catalog
    outside = aws_config_edit.with_block(old, b"")
    taken = profile_names(_text(outside), _text(aws_config_edit.read(catalog.paths.aws_credentials)))
    default = catalog.roles.get("default") or catalog.sources.get("default")
    region = catalog.settings.region or (default.region if default else "")
    wanted = aws_config_edit.profiles(catalog.roles.values(), taken, region)
    if aws_config_edit.has_live_profile(old) or shadow.of(catalog.paths, context.environ):
        wanted.append(aws_config_edit.Profile(shadow.LIVE_PROFILE, "", region))
    return aws_config_edit.block(wanted, _command(), aws_config_edit.newline_of(old))


def _show_difference(context: Context, path: str, old: bytes, new: bytes) -> None:
    import difflib

    before, after = (_text(text).splitlines() for text in (old, new))
    for line in difflib.unified_diff(before, after, path, path, lineterm="", n=1):
        context.say(clean(line))


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _command() -> str:
    """The absolute path of this very program."""
    return shutil.which("stsui") or os.path.abspath(sys.argv[0])
