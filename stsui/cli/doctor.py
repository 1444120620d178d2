"""`stsui doctor`: what could be in the way, each with the command that mends it; made to be pasted."""

import argparse
import importlib
from collections.abc import Iterable

from stsui.cli import describe
from stsui.cli.checkup.finding import Finding, fix
from stsui.cli.context import Context
from stsui.model.errors import ConfigError, StsuiError

ROOMS = {
    "program": "stsui itself",
    "files": "files",
    "surroundings": "shell and terminal",
    "serving": "live shells and sign-ins",
}
"""Module of `checkup`, and its heading."""
ONLINE = {"online": "AWS"}
SECURITY = {"threats": "threats, and how they stand here (SECURITY.md)"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument(
        "--online", action="store_true", help="also ask STS whether it answers, and its clock"
    )
    parser.add_argument("--security", action="store_true", help="each threat, and how it stands here")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.epilog = (
        "ok: well; note: worth knowing; fix: the command stands behind ->, and the exit code is 2.\n"
        "Home directory, account ids and keys are left out, so that it can be pasted into a report.\n\n"
        f"{parser.epilog}"
    )


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Looks, and changes nothing."""
    context.revives = False
    rooms = SECURITY if arguments.security else {**ROOMS, **(ONLINE if arguments.online else {})}
    found = {heading: _findings(room, context) for room, heading in rooms.items()}
    if arguments.json:
        listed = [{"room": heading, **one._asdict()} for heading, each in found.items() for one in each]
        context.write(describe.as_json({"findings": listed}))
    else:
        context.write("\n".join(_lines(heading, each) for heading, each in found.items()))
    wrong = sum(one.level == "fix" for each in found.values() for one in each)
    if not arguments.json:
        context.say(f"stsui: {wrong} to fix." if wrong else "stsui: all is well.")
    return ConfigError.exit_code if wrong else 0


def _findings(room: str, context: Context) -> list[Finding]:
    try:
        look = importlib.import_module(f"stsui.cli.checkup.{room}").look
        found: list[Finding] = list(look(context.services))
    except StsuiError as error:
        found = [fix(room, error.sentence, error.hint)]
    return [one.shown(context.environ) for one in found]


def _lines(heading: str, found: Iterable[Finding]) -> str:
    rows = list(found)
    width = max((len(one.about) for one in rows), default=0)
    lines = [heading.upper() if heading.islower() else heading]
    for one in rows:
        mend = f"\n{'':{width + 8}}-> {one.mend}" if one.mend else ""
        lines.append(f"  {one.level:4} {one.about:{width}} {one.text}{mend}")
    return "\n".join(lines) + "\n"
