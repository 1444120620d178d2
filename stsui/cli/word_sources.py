"""What the index of words is made of: the catalog's roles, and the arguments that the commands declare."""

import argparse
import importlib
from collections.abc import Iterator, Mapping

from stsui.cli import words
from stsui.cli.main import COMMANDS, HIDDEN, parser_of
from stsui.config.catalog import account_of, load
from stsui.handover.console_pages import SERVICES
from stsui.handover.formats import FORMATS
from stsui.handover.shells import SHELLS
from stsui.help import TOPICS
from stsui.model.text import clean

LISTS = {
    words.FORMAT: ["auto", *FORMATS, "credentials-file"],
    words.SHELL: list(SHELLS),
    words.SERVICE: list(SERVICES),
    words.TOPIC: list(TOPICS),
}
KINDS = {
    "ROLE": words.ROLE,
    "SOURCE": words.ROLE,
    "FORMAT": words.FORMAT,
    "SHELL": words.SHELL,
    "SERVICE": words.SERVICE,
    "TOPIC": words.TOPIC,
}
"""Kind of word by the argument's metavar."""


def role_lines(environ: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The files that say which roles there are, and a line for each role."""
    catalog = load(environ)
    files = [path for path, _, _ in catalog.stamp]
    files.append(catalog.paths.conf_dir)
    lines = []
    for role in catalog.roles.values():
        account = account_of(catalog, role)
        about = " ".join(part for part in (account.environment, account.name or account.account_id) if part)
        lines.append(f"role {role.name}\t{about}" if about else f"role {role.name}")
    return files, lines


def command_lines() -> Iterator[str]:
    """A line for each command, each of its flags, and what it takes beside them."""
    for kind, listed in LISTS.items():
        yield f"list {kind}\t" + "\t".join(listed)
    for command, (module_name, about) in COMMANDS.items():
        parser = parser_of(command)
        importlib.import_module(f"stsui.cli.{module_name}").add_arguments(parser)
        if command not in HIDDEN:
            yield f"command {command}\t{about}"
        places = []
        for action in parser._actions:
            if action.help == argparse.SUPPRESS:
                continue
            if action.option_strings:
                kind = "" if action.nargs == 0 else _kind(action) or "-"
                yield f"flag {command}\t{action.option_strings[-1]}\t{kind}\t{clean(action.help or '')}"
            else:
                places.append((_kind(action) or "-") + ("*" if action.nargs in ("*", "+") else ""))
        if places:
            yield f"place {command}\t" + "\t".join(places)


def _kind(action: argparse.Action) -> str:
    if action.choices:
        return "|".join(str(choice) for choice in action.choices)
    return KINDS.get(str(action.metavar or action.dest).upper(), "")
