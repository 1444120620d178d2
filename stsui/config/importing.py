"""Importing as a review: what is new, renamed, changed or gone against what is here; chosen, shown, written.

One file of conf.d is kept in step with each source. The wizard on the screen and `stsui import` are two faces
of `review`, `tables` and `lines`.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal, NamedTuple

from stsui.config import files
from stsui.config.catalog import Catalog
from stsui.config.environment import guessed
from stsui.config.import_sources import Candidate, Offer, identity_of
from stsui.config.user_config_edit import file_path
from stsui.model.roles import Role
from stsui.model.text import clean

State = Literal["new", "renamed", "changed", "vanished", "same", "here", "problem"]
MARKS: Mapping[State, str] = {
    "new": "+",
    "renamed": "~",
    "changed": "~",
    "vanished": "-",
    "same": "=",
    "here": "=",
    "problem": "!",
}
OPEN: tuple[State, ...] = ("new", "renamed", "changed", "vanished")
"""What can be chosen."""
Known = Mapping[str, str]
"""What each identity was called at its source when it was last imported."""


class Change(NamedTuple):
    """One line of a review."""

    state: State
    candidate: Candidate
    name: str
    """What it will be called here."""
    before: str = ""
    """What it is called here now; empty for what is new."""

    @property
    def key(self) -> str:
        """Names the line."""
        return f"{self.candidate.section} {self.before or self.name}"


class Review(NamedTuple):
    """What importing from a source would mean."""

    title: str
    file: str
    changes: tuple[Change, ...]
    account_names: Mapping[str, str]
    """Names of accounts that have none here."""
    guesses: Mapping[str, str]
    """The word that such a name suggests; a guess, and never written as more than that."""

    def open(self) -> list[Change]:
        """What can be chosen."""
        return [change for change in self.changes if change.state in OPEN]


def review(catalog: Catalog, offer: Offer, known: Known) -> Review:
    """Lays what a source offers beside what is here."""
    present = _Present(catalog, offer.file)
    changes = [present.named_freely(_change(c, present, known)) for c in offer.candidates]
    offered = {candidate.identity for candidate in offer.candidates if candidate.identity}
    for (section, name), entry in present.ours.items():
        identity = present.identities.get((section, name), "")
        account = str(entry.get("sso_account_id") or "")
        if section == "roles" and identity and identity not in offered and account not in offer.incomplete:
            gone = Candidate(section, identity, name, "entry", account, entry=entry)
            changes.append(Change("vanished", gone, name, name))
    names = {n: name for n, name in offer.account_names.items() if name and n not in present.accounts}
    words = {n: word for n, name in names.items() if (word := guessed(name)) and not _word(catalog, n)}
    return Review(offer.title, offer.file, tuple(changes), names, words)


def _word(catalog: Catalog, account_id: str) -> str:
    account = catalog.accounts.get(account_id)
    return "" if account is None or account.environment_guessed else account.environment


class _Present:
    """What is here: entries of the file that is kept in step, and every other entry of the user's."""

    def __init__(self, catalog: Catalog, file: str) -> None:
        path = file_path(catalog.paths.conf_dir, file)
        self.ours = _entries(path)
        self.identities: dict[tuple[str, str], str] = {}
        self.elsewhere: dict[str, str] = {}
        self.accounts = {
            n for n, account in catalog.accounts.items() if account.name and not account.name_found
        }
        self.holders = {**catalog.sources, **catalog.roles}
        self._given: set[str] = set()
        for name, role in self.holders.items():
            identity = identity_of(role)
            if role.origin.file == clean(path):
                self.identities["roles", name] = identity
            elif identity and not role.from_aws_files and not is_discovered(role):
                self.elsewhere.setdefault(identity, name)
        for section, name in self.ours:
            self.identities.setdefault((section, name), f"{section} {name}" if section != "roles" else "")

    def named_freely(self, change: Change) -> Change:
        """The change under a name that means nothing else here: with the account's id, or a number."""
        if change.state not in ("new", "renamed") or change.candidate.section != "roles":
            return change
        name, number = change.name, 1
        while not self._is_free(name, change):
            account = change.candidate.account_id
            number += 1
            name = f"{change.name}-{account}" if account and number == 2 else f"{change.name}-{number}"
        self._given.add(name)
        return change._replace(name=name)

    def _is_free(self, name: str, change: Change) -> bool:
        holder = self.holders.get(name)
        ours = holder is None or name == change.before or identity_of(holder) == change.candidate.identity
        covered = change.candidate.covers and holder is not None and holder.from_aws_files
        return (ours or covered) and name not in self._given

    def named(self, identity: str, section: str) -> str:
        """What an identity is called in our file; empty where it is not there."""
        return next((n for (s, n), i in self.identities.items() if (s, i) == (section, identity) and i), "")


def is_discovered(role: Role) -> bool:
    """Whether it is listed only because an Identity Center has it."""
    return (
        role.source is not None
        and role.source.center is not None
        and role.origin == role.source.center.origin
    )


def _entries(path: str) -> dict[tuple[str, str], Mapping[str, Any]]:
    import tomllib

    try:
        document = tomllib.loads(files.read(path).text)
    except (ValueError, RecursionError):
        return {}
    return {
        (section, name): entry
        for section, table in document.items()
        if isinstance(table, dict)
        for name, entry in table.items()
        if isinstance(entry, dict)
    }


def _change(candidate: Candidate, present: _Present, known: Known) -> Change:
    if candidate.problem:
        return Change("problem", candidate, candidate.name)
    before = present.named(candidate.identity, candidate.section)
    if before:
        was = known.get(candidate.identity, "")
        if was and was != candidate.name and before == was:
            return Change("renamed", candidate, candidate.name, before)
        entry = present.ours.get((candidate.section, before), {})
        differs = {key: entry.get(key) for key in candidate.entry} != dict(candidate.entry)
        return Change("changed" if differs else "same", candidate, before, before)
    here = present.elsewhere.get(candidate.identity, "")
    if here and candidate.section == "roles":
        return Change("here", candidate, here, here)
    return Change("new", candidate, candidate.name)


def tables(
    shown: Review, chosen: Collection[str], words: Mapping[str, str] = {}
) -> dict[str, dict[str, Any]]:
    """What is laid over the review's file: None removes an entry.

    Args:
        chosen: Keys of changes.
        words: The environment that a person gave an account, over the guess.
    """
    chosen = _with_centers(shown, chosen)
    made: dict[str, dict[str, Any]] = {}
    for change in shown.open():
        if change.key not in chosen:
            continue
        section = made.setdefault(change.candidate.section, {})
        if (change.before and change.before != change.name) or change.state == "vanished":
            section[change.before] = None
        if change.state != "vanished":
            section[change.name] = dict(change.candidate.entry)
    accounts = {change.candidate.account_id for change in shown.open() if change.key in chosen}
    for number in sorted(accounts):
        entry = {"name": shown.account_names[number]} if number in shown.account_names else {}
        if words.get(number):
            entry["environment"] = words[number]
        if entry:
            made.setdefault("accounts", {}).setdefault(number, {}).update(entry)
    return made


def _with_centers(shown: Review, chosen: Iterable[str]) -> set[str]:
    """What was chosen, and the new Identity Centers without which chosen roles lead nowhere."""
    wanted = set(chosen)
    needed = {c.candidate.entry.get("sso_session") for c in shown.open() if c.key in wanted}
    return wanted | {
        c.key for c in shown.open() if c.state == "new" and c.candidate.section == "sso" and c.name in needed
    }


def lines(table: Mapping[str, Mapping[str, Any]], guesses: Mapping[str, str] = {}) -> list[str]:
    """The very lines that are written, with `+`, and what goes, with `-`."""
    import tomli_w

    shown: list[str] = []
    for section, entries in table.items():
        for name, entry in entries.items():
            if entry is None:
                shown.append(f"- [{section}.{_key(name)}]")
                continue
            text = tomli_w.dumps({section: {name: dict(entry)}}, multiline_strings=True)
            shown += [f"+ {line}" for line in text.splitlines() if line and line != f"[{section}]"]
            if section == "accounts" and name in guesses and "environment" not in entry:
                shown.append(f"  # {guesses[name]} is guessed from the name, and stays a guess")
    return shown


def recorded(shown: Review, chosen: Iterable[str], known: Known) -> dict[str, str]:
    """What identities are called at their source from now on: by it a later rename is seen."""
    wanted = _with_centers(shown, chosen)
    now = {c.candidate.identity: c.candidate.name for c in shown.changes if c.state in ("same", "changed")}
    now |= {c.candidate.identity: c.candidate.name for c in shown.open() if c.key in wanted}
    kept = {identity: name for identity, name in known.items() if identity not in now}
    renamed = {c.candidate.identity for c in shown.changes if c.state == "renamed" and c.key not in wanted}
    return {**kept, **{i: n for i, n in now.items() if i and i not in renamed}}


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else f'"{name}"'
