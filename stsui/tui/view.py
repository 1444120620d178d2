"""Which lines the list has, in which order: headings and roles, by view, filter, folds and sort. Pure."""

import itertools
import operator
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stsui.config.search import Query, parse_query, row_text
from stsui.tui.rows import row_of
from stsui.tui.state import PINNED, PROBLEMS, UNKNOWN, Entry, State

VIEWS = ("all", "live", "needs you", "pinned")
SORTS = ("account", "name", "expiry", "last used")


class Line(NamedTuple):
    """A heading (`role` is empty) or a role under it."""

    group: str
    role: str = ""


class Wanted(NamedTuple):
    """What the person asked the list to show."""

    view: str = "all"
    sort: str = "account"
    query: str = ""
    folded: frozenset[str] = frozenset()
    places: Mapping[str, int] = {}
    """Where each role stands in an order that changes with time, as it was when the person asked for it."""


class View(NamedTuple):
    """The lines, and how many roles are among them."""

    lines: tuple[Line, ...]
    shown: int
    total: int
    sizes: dict[str, int]
    """Roles in each group, folded or not."""


class Texts:
    """What a filter looks at, per role: made at the first filter, narrowed while the words only grow."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._of: dict[str, Entry] = {}
        self._before: tuple[Query, list[str]] = (Query(), [])

    def forget(self) -> None:
        """To be called with every new catalog."""
        self._texts.clear()
        self._before = (Query(), [])

    def hits(self, state: State, text: str) -> list[str]:
        """Names of the roles that the filter keeps, in the catalog's order."""
        query = parse_query(text)
        if not self._texts or self._of is not state.entries:
            # Limited sessions come and go as rows without a new catalog.
            self.forget()
            self._of = state.entries
            self._texts = {name: _text(entry, state) for name, entry in state.entries.items()}
        texts = self._texts
        known, found = self._before
        names: Iterable[str] = found if _narrows(known, query) else texts
        for word in query.words:
            names = [name for name in names if word in texts[name]]
        for word in query.excluded:
            names = [name for name in names if word not in texts[name]]
        found = list(names)
        self._before = (query._replace(conditions=()), found)
        if query.conditions:
            found = [name for name in found if _meets(state.entries[name], state, query)]
        return found


def _narrows(before: Query, after: Query) -> bool:
    """Whether what `after` keeps is among what `before` kept."""
    if not before.words or before.excluded or after.excluded:
        return False
    return len(before.words) <= len(after.words) and all(
        word in after.words[n] for n, word in enumerate(before.words)
    )


def _text(entry: Entry, state: State) -> str:
    if entry.role is None:
        return f"{entry.name}\n{entry.problem}".lower()
    return row_text(state.catalog, entry.role)


def _meets(entry: Entry, state: State, query: Query) -> bool:
    row = row_of(entry, state)
    facts = {row.kind.replace("_", "-"), entry.environment.lower()}
    if row.live:
        facts.add("live")
    if row.needs:
        facts.add("needs:me")
    if row.kind in ("problem", "failed"):
        facts.add("failed")
    if state.pinned(entry.name):
        facts.add("pinned")
    return all((name in facts) is wanted for name, wanted in query.conditions)


class Order:
    """Every role's line where it stands; made when roles, pins or the person's wish became others."""

    def __init__(self) -> None:
        self._made_of: tuple[object, object, object, object] | None = None
        self._lines: list[Line] = []

    def lines(self, state: State, wanted: Wanted) -> list[Line]:
        """Grouped, without headings."""
        made_of = (state.entries, wanted.places, wanted.sort, tuple(state.pins.items()))
        before = self._made_of
        same = before is not None and before[0] is made_of[0] and before[1] is made_of[1]
        if not same or before is None or before[2:] != made_of[2:]:
            groups = _grouped(list(state.entries), state, wanted)
            self._lines = [Line(group, name) for group, names in groups.items() for name in names]
            self._made_of = made_of
        return self._lines


def view_of(state: State, wanted: Wanted, texts: Texts, order: Order) -> View:
    """The list's lines. Order changes with what the person asks, never with the time."""
    members = order.lines(state, wanted)
    asked = bool(wanted.query.strip())
    if asked:
        hits = set(texts.hits(state, wanted.query))
        members = [line for line in members if line.role in hits]
    if wanted.view != "all":
        members = _in_view(members, state, wanted.view)
    searching = asked or wanted.view != "all"
    lines: list[Line] = []
    sizes = {}
    for group, some in itertools.groupby(members, operator.itemgetter(0)):
        in_group = list(some)
        sizes[group] = len(in_group)
        lines.append(Line(group))
        if searching or group not in wanted.folded:
            lines += in_group
    return View(tuple(lines), len(members), len(state.entries), sizes)


def _in_view(lines: list[Line], state: State, view: str) -> list[Line]:
    if view == "pinned":
        return [line for line in lines if line.group == PINNED]
    if view == "live":
        names = {session.role for session in state.live_by_expiry()}
    else:
        names = {name for name in state.troubles if row_of(state.entries[name], state).needs}
    return [line for line in lines if line.role in names]


def places_of(state: State, sort: str) -> dict[str, int]:
    """Where each role stands now in that order; nothing for the files' own order."""
    if sort == "account":
        return {}
    ordered = sorted(state.entries, key=lambda name: _sort_key(name, state, sort))
    return {name: place for place, name in enumerate(ordered)}


def _grouped(names: list[str], state: State, wanted: Wanted) -> dict[str, list[str]]:
    """Pinned roles first, then the accounts as the files name them, problems last."""
    entries = state.entries
    pinned = [name for name in names if state.pinned(name)]
    taken = set(pinned)
    groups: dict[str, list[str]] = {PINNED: pinned} if pinned else {}
    if wanted.sort == "account":
        last: dict[str, list[str]] = {}
        for name in names:
            if name not in taken:
                group = entries[name].group
                table = last if group in (UNKNOWN, PROBLEMS) else groups
                table.setdefault(group, []).append(name)
        for group in (UNKNOWN, PROBLEMS):
            if group in last:
                groups[group] = last[group]
        return groups
    rest = [name for name in names if name not in taken]
    if rest:
        end = len(wanted.places)
        groups[f"\0by {wanted.sort}"] = sorted(rest, key=lambda name: wanted.places.get(name, end))
    return groups


def _sort_key(name: str, state: State, sort: str) -> tuple[float, str]:
    if sort == "last used":
        return -state.used.get(name, 0.0), name.casefold()
    session = state.live(name)
    soonest = float(session.expiration) if sort == "expiry" and session else float("inf")
    return soonest, name.casefold()


class Heading(NamedTuple):
    """A group's heading."""

    title: str
    environment: str
    account_id: str


def heading_of(group: str, state: State, members: Iterable[str] = ()) -> Heading:
    """What stands in a heading: the account's name, word and id, or the group's own name."""
    named = {PINNED: "Pinned", PROBLEMS: "Config problems", UNKNOWN: "No account in the config"}
    if group in named:
        return Heading(named[group], "", "")
    if group.startswith("\0by "):
        return Heading(group[1:].capitalize(), "", "")
    account = state.catalog.accounts.get(group)
    if account is None:
        return Heading(group, "", "")
    if not account.name:
        return Heading(state.masked(account.account_id), account.environment, "")
    return Heading(account.name, account.environment, state.masked(account.account_id))
