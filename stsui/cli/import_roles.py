"""`stsui import`: what a source has beside what is here, and the very lines that taking it over writes."""

import argparse
import os

from stsui.cli import asking, describe, discovering, roles, signing_in
from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.config import centers, discovered, importing
from stsui.config.import_sources import Offer, from_aws, from_center, from_file
from stsui.config.importing import MARKS, Change, Review
from stsui.config.other_tools import TOOLS, from_tool
from stsui.config.user_config_edit import file_path, write_entry
from stsui.model.errors import PersonNeeded, SignInRequired, UsageError
from stsui.model.roles import Center
from stsui.model.text import clean, nearest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    parser.add_argument(
        "source",
        metavar="SOURCE",
        nargs="?",
        default="aws",
        help="aws (the profiles of ~/.aws), an Identity Center's name, or a TOML file that a team shares",
    )
    parser.add_argument(
        "filter", metavar="WORD", nargs="*", help="only what has every word in name or account"
    )
    parser.add_argument(
        "--all", action="store_true", help="choose everything that is new, renamed or changed"
    )
    parser.add_argument("--remove", action="store_true", help="also remove what has vanished from the source")
    parser.add_argument("--write", action="store_true", help="write without asking")
    parser.add_argument(
        "--names-from", metavar="ROLE", help="names of accounts from Organizations, as that role sees them"
    )
    parser.add_argument(
        "--from", dest="tool", choices=tuple(TOOLS), help="what another tool has: its own files, or SOURCE"
    )
    parser.add_argument("--json", action="store_true", help="the review as JSON; nothing is written")
    asking.add_flags(parser)


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Shows the review; writes what was chosen once somebody agreed."""
    services = context.services
    offer = _offer(arguments, context)
    if arguments.names_from:
        offer = offer._replace(account_names={**offer.account_names, **_names(arguments, context)})
    known = services.imported(offer.file)
    shown = importing.review(services.catalog, offer, known)
    fitting = [change for change in shown.changes if _fits(change, shown, arguments.filter)]
    if arguments.json:
        context.write(describe.as_json(_document(shown, fitting, offer.notes)))
        return 0
    _print(context, shown, fitting)
    for note in offer.notes:
        context.say(f"stsui: {note}")
    wanted = ("new", "renamed", "changed", *(("vanished",) if arguments.remove else ()))
    chosen = {change.key for change in fitting if change.state in wanted}
    if not (arguments.all or arguments.filter or arguments.remove):
        if chosen:
            context.say(
                "stsui: nothing is chosen yet: --all, or words that the names have; nothing was written."
            )
        return 0
    table = importing.tables(shown, chosen)
    if not table:
        context.say("stsui: nothing to do; what is here is what the source has.")
        return 0
    path = file_path(services.catalog.paths.conf_dir, offer.file)
    context.write("\n" + "\n".join(importing.lines(table, shown.guesses)) + "\n")
    if not arguments.write and not _agreed(path, context):
        return 0
    write_entry(services.catalog.paths.conf_dir, offer.file, table)
    services.remember_imported(offer.file, importing.recorded(shown, chosen, known))
    context.say(f"stsui: wrote {clean(path)}; what is in it may be edited or removed there.")
    problems = services.reload().problems
    for problem in problems:
        if problem.origin.file == clean(path):
            context.say(f"stsui: {problem}")
    return 0


def _agreed(path: str, context: Context) -> bool:
    terminal = Terminal.owned()
    if terminal is None:
        context.say("stsui: nothing was written; --write does it.")
        return False
    if terminal.agrees(f"Write this to {clean(path)}? "):
        return True
    context.say("stsui: nothing was written.")
    return False


def _offer(arguments: argparse.Namespace, context: Context) -> Offer:
    """What the named source has.

    Raises:
        ConfigError: There is no such source.
    """
    name = arguments.source
    if arguments.tool:
        return _of_tool(arguments, context)
    if name == "aws":
        return from_aws(context.environ, context.services.catalog)
    known = context.services.catalog.sso
    center = centers.named(known, name)
    if center is not None:
        return _of_center(center, context)
    if os.path.exists(name) or name.endswith(".toml"):
        return from_file(name)
    near = nearest(name, ["aws", *known], 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise UsageError(
        f'"{clean(name)}" is neither aws, nor an Identity Center, nor a file.{hint}', hint="stsui import aws"
    )


def _of_tool(arguments: argparse.Namespace, context: Context) -> Offer:
    """Of another tool; the first word is its file where there is one of that name."""
    word = arguments.source
    file = word if word != "aws" and (os.path.exists(word) or os.sep in word or "." in word) else ""
    if word != "aws" and not file:
        arguments.filter.insert(0, word)
    return from_tool(arguments.tool, context.environ, context.services.catalog, file)


def _of_center(center: Center, context: Context) -> Offer:
    """A fresh look; what was found before where nobody can sign in now."""
    services, terminal = context.services, Terminal.owned()
    try:
        try:
            discovering.look(context, center, terminal)
        except SignInRequired:
            signing_in.sign_in(context, center, terminal)
            discovering.look(context, center, terminal)
    except PersonNeeded as error:
        found = discovered.read(services.catalog.paths.discovered).get(discovered.key_of(center))
        if found is None:
            raise
        context.say(f"stsui: {error.sentence} This is what was found before.")
        return from_center(center, found)
    return from_center(center, services.found(center))


def _names(arguments: argparse.Namespace, context: Context) -> dict[str, str]:
    named = argparse.Namespace(**{**vars(arguments), "role": arguments.names_from, "source": None})
    role = roles.named(context, named)
    asking.session(context, role, arguments)
    return context.services.account_names(role.name)


def _fits(change: Change, shown: Review, words: list[str]) -> bool:
    candidate = change.candidate
    account = shown.account_names.get(candidate.account_id, "")
    text = " ".join(
        (change.name, change.before, candidate.detail, candidate.account_id, account, candidate.kind)
    )
    return all(word.casefold() in text.casefold() for word in words)


def _print(context: Context, shown: Review, fitting: list[Change]) -> None:
    opened = sum(change.state in importing.OPEN for change in fitting)
    context.write(f"{shown.title}: {len(fitting)} of {len(shown.changes)} shown, {opened} to choose from\n")
    width = max((len(change.name) for change in fitting), default=0)
    kinds = max((len(change.candidate.kind) for change in fitting), default=0)
    for change in fitting:
        candidate = change.candidate
        name = shown.account_names.get(candidate.account_id) or _account(context, candidate.account_id)
        guess = shown.guesses.get(candidate.account_id)
        place = " ".join(
            part for part in (name, candidate.account_id, f"({guess}?)" if guess else "") if part
        )
        head = f"  {MARKS[change.state]} {change.name:{width}}  {candidate.kind:{kinds}}"
        context.write(f"{head}  {place}  {_why(change)}".rstrip() + "\n")


def _why(change: Change) -> str:
    if change.state == "problem":
        return change.candidate.problem
    words = {
        "new": "",
        "renamed": f"was {change.before}",
        "changed": "differs from what is here",
        "vanished": "is not there any more",
        "same": "",
        "here": "already here" if change.name == change.candidate.name else f"already here as {change.name}",
    }
    return words[change.state]


def _account(context: Context, account_id: str) -> str:
    account = context.services.catalog.accounts.get(account_id)
    return account.name if account else ""


def _document(shown: Review, fitting: list[Change], notes: tuple[str, ...]) -> dict[str, object]:
    return {
        "source": shown.title,
        "file": shown.file,
        "changes": [
            {
                "state": change.state,
                "section": change.candidate.section,
                "name": change.name,
                "before": change.before,
                "kind": change.candidate.kind,
                "account_id": change.candidate.account_id,
                "role_name": change.candidate.detail,
                "entry": dict(change.candidate.entry),
                "problem": change.candidate.problem,
            }
            for change in fitting
        ],
        "account_names": dict(shown.account_names),
        "guesses": dict(shown.guesses),
        "notes": list(notes),
    }
