"""What the import wizard chooses from: the changes of a review, and the words that find them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from stsui.config.importing import MARKS, OPEN, Change, Review, lines, tables
from stsui.tui.screens.choices import Choice

MOST = 300
"""Changes that are drawn; words find the others, and all that fit can be chosen, drawn or not."""
WORDS = ("PROD", "STAGE", "DEV", "")
"""What an account is called, one after the other, over the guess."""
DETAIL = 28
"""Cells of a role's name at most."""


class Named(NamedTuple):
    """How accounts are shown."""

    account: Callable[[str], str]
    """An account's name by its id, as it is called here; empty where it has none."""
    word: Callable[[str], str]
    """Its environment by its id, as it is configured here; empty where it is not."""
    masked: Callable[[str], str]


class Written(NamedTuple):
    """What is to be written."""

    review: Review
    chosen: frozenset[str]
    """Keys of changes."""
    table: dict[str, dict[str, object]]


class Ways(NamedTuple):
    """What the dialog can have done."""

    load: Callable[[str], None]
    """Has `show_review` or `fails` called for a source: one of the sources' ids, or a path."""
    named: Named
    shown: Callable[[str], str]
    """A path or the name of a source, as a person writes it."""


class Choosing:
    """One review, what is chosen of it and which of it is shown."""

    def __init__(self, review: Review, named: Named) -> None:
        self.review, self._named = review, named
        self.chosen = {change.key for change in review.open() if change.state == "renamed"}
        self.show = ""
        """Words that the shown changes have."""
        self._words: dict[str, str] = {}

    def shown(self) -> list[Change]:
        """The changes that have every word."""
        words = self.show.casefold().split()
        return [change for change in self.review.changes if all(word in self._text(change) for word in words)]

    def choices(self) -> list[Choice]:
        """A line for each of them, below its account."""
        shown = self.shown()
        by_account: dict[str, list[Change]] = {}
        for change in shown[:MOST]:
            by_account.setdefault(change.candidate.account_id, []).append(change)
        found = []
        for account_id, changes in by_account.items():
            found.append(Choice("", self._heading(account_id)))
            width = max(len(change.candidate.detail or change.candidate.name) for change in changes)
            found += [self._choice(change, min(width, DETAIL)) for change in changes]
        if len(shown) > MOST:
            found.append(Choice("", f"{len(shown) - MOST} more; type words to find them"))
        return found or [Choice("", "Nothing matches." if self.review.changes else "Nothing there.")]

    def guessed(self) -> int:
        """How many of the shown accounts have a word that is only guessed."""
        return len({c.candidate.account_id for c in self.shown()} & self.review.guesses.keys())

    def toggle(self, key: str) -> None:
        """Chooses a change, or not."""
        if key:
            self.chosen ^= {key}

    def all(self, chosen: bool) -> None:
        """All that is shown and can be chosen, or nothing of it; what is removed is chosen singly."""
        shown = [change for change in self.shown() if change.state in OPEN]
        if chosen:
            self.chosen |= {change.key for change in shown if change.state != "vanished"}
        else:
            self.chosen -= {change.key for change in shown}

    def next_word(self, key: str) -> None:
        """Another word for the account of that change."""
        change = next((c for c in self.review.changes if c.key == key), None)
        if change is not None and change.candidate.account_id:
            account_id = change.candidate.account_id
            here = self.review.guesses.get(account_id) or self._named.word(account_id)
            now = self._words.get(account_id, here)
            self._words[account_id] = WORDS[(WORDS.index(now) + 1) % len(WORDS) if now in WORDS else 0]

    def table(self) -> dict[str, dict[str, object]]:
        """What is to be written."""
        return tables(self.review, self.chosen, self._words)

    def lines(self) -> list[str]:
        """The very lines of it."""
        return lines(self.table(), self.review.guesses)

    def _text(self, change: Change) -> str:
        candidate = change.candidate
        parts = (change.name, change.before, candidate.detail, candidate.account_id, candidate.kind)
        return " ".join((*parts, self._account(candidate.account_id))).casefold()

    def _account(self, account_id: str) -> str:
        return self.review.account_names.get(account_id, "") or self._named.account(account_id)

    def _heading(self, account_id: str) -> str:
        if not account_id:
            return "Account not known before use"
        word, guess = self._words.get(account_id), self.review.guesses.get(account_id)
        badge = word if word is not None else f"{guess}?" if guess else self._named.word(account_id)
        parts = (self._account(account_id), self._named.masked(account_id), badge)
        return "  ".join(part for part in parts if part)

    def _choice(self, change: Change, width: int) -> Choice:
        candidate = change.candidate
        is_open = change.state in OPEN
        mark = ("x" if change.key in self.chosen else " ") if is_open else MARKS[change.state]
        detail = candidate.detail or candidate.name
        shown = detail if len(detail) <= width else f"{detail[: width - 1]}…"
        parts = [f"[{mark}]", f"{shown:{width}}", f"{candidate.kind:6}", _why(change)]
        if candidate.via and is_open:
            parts.append(f"via {candidate.via}")
        return Choice(change.key if is_open else "", "  ".join(parts).rstrip())


def _why(change: Change) -> str:
    texts: Mapping[str, str] = {
        "new": f"as {change.name}",
        "renamed": f"{change.before} is called {change.name} now",
        "changed": f"differs from {change.name} here",
        "vanished": f"{change.before} has vanished: choose it to remove it",
        "same": "as it is here",
        "here": f"already here as {change.name}",
        "problem": change.candidate.problem,
    }
    return texts[change.state]
