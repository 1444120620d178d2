"""What the index of words is made of: the catalog's roles, and the arguments that the commands declare."""

import argparse
import importlib
from collections.abc import Iterator, Mapping

from stsui.cli import words
from stsui.cli.main import COMMANDS, HIDDEN, parser_of
from stsui.config.catalog import account_of
from stsui.config.variants import FULL
from stsui.handover.console_pages import SERVICES
from stsui.handover.formats import FORMATS
from stsui.handover.shells import SHELLS
from stsui.help import TOPICS
from stsui.model.roles import Policy
from stsui.model.text import clean
from stsui.server.place import find
from stsui.wiring import open_services

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
    "ROOT": words.ROOT,
    "CENTER": words.CENTER,
    "SLOT": words.SLOT,
    "REGION": words.REGION,
}
"""Kind of word by the argument's metavar."""


def role_lines(environ: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The files that say which roles there are, and a line for each role and for what else they name."""
    services = open_services(environ)
    catalog = services.catalog
    files = [path for path, _, _ in catalog.stamp]
    files.append(catalog.paths.conf_dir)
    lines = []
    for role in catalog.roles.values():
        account = account_of(catalog, role)
        about = " ".join(part for part in (account.environment, account.name or account.account_id) if part)
        lines.append(f"role {role.name}\t{about}" if about else f"role {role.name}")
    roots = dict.fromkeys(root.name for root in services.lookout.roots() if root.needs != "nothing")
    named = {
        words.ROOT: list(roots),
        words.CENTER: list(catalog.sso),
        words.VARIANT: [*map(_variant, catalog.policies.values()), FULL],
        words.REGION: sorted({role.region for role in catalog.roles.values() if role.region}),
        words.SLOT: [find(catalog.paths, environ).slots.path],
    }
    return files, [
        *lines,
        *(f"list {kind}\t" + "\t".join(listed) for kind, listed in named.items() if listed),
    ]


def _variant(policy: Policy) -> str:
    given = ",".join(f"{name}=" for name in policy.parameters)
    return f"{policy.name}:{given}" if given else policy.name


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
