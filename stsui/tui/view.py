"""Which lines the list has, in which order: headings and roles, by view, filter, folds and sort. Pure."""

import itertools
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from stsui.config.search import Query, parse_query, row_text
from stsui.tui.listed import Lines, View
from stsui.tui.rows import row_of
from stsui.tui.state import PINNED, PROBLEMS, UNKNOWN, Entry, State

VIEWS = ("all", "live", "needs you", "pinned")
SORTS = ("account", "name", "expiry", "last used")
KEPT = 16
"""Filters of which it is known what they keep."""


class Wanted(NamedTuple):
    """What the person asked the list to show."""

    view: str = "all"
    sort: str = "account"
    query: str = ""
    folded: frozenset[str] = frozenset()
    places: Mapping[str, int] = {}
    """Where each role stands in an order that changes with time, as it was when the person asked for it."""


class Texts:
    """What a filter looks at, per role, made at the first one; and what the last few kept."""

    def __init__(self) -> None:
        self._of: Mapping[str, Entry] | None = None
        self._names: list[str] = []
        self._texts: list[str] = []
        self._found: dict[Query, list[int]] = {}
        """Numbers of the roles that words keep, of the last few: a letter taken back is found here."""

    def forget(self) -> None:
        """To be called with every new catalog."""
        self._of = None

    def hits(self, state: State, text: str) -> list[str]:
        """Names of the roles that the filter keeps, in the catalog's order."""
        return [self._names[n] for n in self.numbers(state, text)]

    def numbers(self, state: State, text: str) -> list[int]:
        """The same as places in the catalog's order."""
        query = parse_query(text)
        if self._of is not state.entries:
            # Limited sessions come and go as rows without a new catalog.
            self._of, self._found = state.entries, {}
            self._names = list(state.entries)
            self._texts = [_text(entry, state) for entry in state.entries.values()]
        words = query._replace(conditions=())
        found = self._found.get(words)
        if found is None:
            found = self._look(words)
            if len(self._found) >= KEPT:
                del self._found[next(iter(self._found))]
            self._found[words] = found
        if query.conditions:
            entries, names = state.entries, self._names
            return [n for n in found if _meets(entries[names[n]], state, query)]
        return found

    def _look(self, query: Query) -> list[int]:
        known = next((before for before in reversed(self._found) if _narrows(before, query)), None)
        texts = self._texts
        numbers: Iterable[int] = self._found[known] if known is not None else range(len(texts))
        for word in query.words:
            numbers = [n for n in numbers if word in texts[n]]
        for word in query.excluded:
            numbers = [n for n in numbers if word not in texts[n]]
        return list(numbers)


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


class Group(NamedTuple):
    """Its roles are those from one place to another in the order of all of them."""

    title: str
    begin: int
    end: int


class Order:
    """All roles where they stand; made when roles, pins or the person's wish became others."""

    def __init__(self) -> None:
        self._made_of: tuple[object, object, object, object] | None = None
        self.groups: list[Group] = []
        self.group_of: list[int] = []
        """By a role's place, the number of its group."""
        self.roles: list[str] = []
        """By place."""
        self.places = array("l")
        """By a role's number in the catalog's order, its place in this one."""
        self.whole = View()
        """All unfolded: the heading of group g is line begin + g, the role at place p is line p + g + 1."""

    def take(self, state: State, wanted: Wanted) -> None:
        """As it is wanted now."""
        made_of = (state.entries, wanted.places, wanted.sort, tuple(state.pins.items()))
        before = self._made_of
        same = before is not None and before[0] is made_of[0] and before[1] is made_of[1]
        if same and before is not None and before[2:] == made_of[2:]:
            return
        self._made_of = made_of
        self.groups, self.group_of, self.roles = [], [], []
        lines: list[str] = []
        for title, names in _grouped(list(state.entries), state, wanted).items():
            self.group_of += [len(self.groups)] * len(names)
            self.groups.append(Group(title, len(self.roles), len(self.group_of)))
            self.roles += names
            lines += ["", *names]
        place = {role: n for n, role in enumerate(self.roles)}
        self.places = array("l", map(place.__getitem__, state.entries))
        begins = [group.begin + n for n, group in enumerate(self.groups)]
        titles = [group.title for group in self.groups]
        sizes = {group.title: group.end - group.begin for group in self.groups}
        total = len(self.places)
        self.whole = View(Lines(lines, begins, titles), total, total, sizes)


def view_of(state: State, wanted: Wanted, texts: Texts, order: Order) -> View:
    """The list's lines. Order changes with what the person asks, never with the time.

    Most letters of a filter keep nearly all roles or few of them, and cost as much as is left out or kept.
    """
    order.take(state, wanted)
    total, asked = len(order.places), bool(wanted.query.strip())
    if not asked and wanted.view == "all":
        return _without(order, set(), wanted.folded)
    if not asked:
        return _only(order, sorted(_in_view(order, state, wanted.view)))
    numbers = texts.numbers(state, wanted.query)
    if wanted.view == "all" and len(numbers) * 2 > total:
        return _without(order, {order.places[n] for n in left_out(numbers, total)}, frozenset())
    chosen = {order.places[n] for n in numbers}
    if wanted.view != "all":
        chosen &= _in_view(order, state, wanted.view)
    return _only(order, sorted(chosen))


def left_out(numbers: Sequence[int], total: int) -> Iterator[int]:
    """Which of `range(total)` are not among the ascending numbers; as quick as there are few of them."""
    at = expected = 0
    while at < len(numbers):
        yield from range(expected, numbers[at])
        # While none is left out, a number and its index differ by the same.
        ahead = numbers[at] - at
        begin, at = at, bisect_right(range(len(numbers)), ahead, lo=at, key=lambda n: numbers[n] - n)
        expected = numbers[begin] + at - begin
    yield from range(expected, total)


def _without(order: Order, missing: set[int], folded: frozenset[str]) -> View:
    """All lines but the roles at those places, and none below a folded heading."""
    others = {order.group_of[place] for place in missing}
    if folded:
        others |= {n for n, group in enumerate(order.groups) if group.title in folded}
    if not others:
        return order.whole
    whole, sizes = order.whole.lines, dict(order.whole.sizes)
    roles: list[str] = []
    begins: list[int] = []
    titles: list[str] = []

    def as_before(at: int, n: int) -> None:
        """Groups of which nothing is missing, some lines further up."""
        begin = whole.begin(at)
        begins.extend(first - begin + len(roles) for first in whole.begins[at:n])
        titles.extend(whole.groups[at:n])
        roles.extend(whole.roles[begin : whole.begin(n)])

    at = 0
    for n in sorted(others):
        as_before(at, n)
        at = n + 1
        title, first, last = order.groups[n]
        kept = [order.roles[place] for place in range(first, last) if place not in missing]
        sizes[title] = len(kept)
        if not kept:
            del sizes[title]
            continue
        begins.append(len(roles))
        titles.append(title)
        roles += ["", *(kept if title not in folded else ())]
    as_before(at, len(order.groups))
    total = len(order.places)
    return View(Lines(roles, begins, titles), total - len(missing), total, sizes)


def _only(order: Order, chosen: Sequence[int]) -> View:
    """The roles at those places, in order, below their headings."""
    roles: list[str] = []
    begins: list[int] = []
    sizes: dict[str, int] = {}
    for n, places in itertools.groupby(chosen, order.group_of.__getitem__):
        begins.append(len(roles))
        roles += ["", *(order.roles[place] for place in places)]
        sizes[order.groups[n].title] = len(roles) - begins[-1] - 1
    return View(Lines(roles, begins, list(sizes)), len(chosen), len(order.places), sizes)


def _in_view(order: Order, state: State, view: str) -> set[int]:
    """Places of the roles that a view keeps."""
    if view == "pinned":
        ours = (group for group in order.groups if group.title == PINNED)
        return {place for group in ours for place in range(group.begin, group.end)}
    if view == "live":
        names = {session.role for session in state.live_by_expiry()}
    else:
        names = {name for name in state.troubles if row_of(state.entries[name], state).needs}
    return {place for place, name in zip(order.places, state.entries, strict=True) if name in names}


def places_of(state: State, sort: str) -> dict[str, int]:
    """Where each role stands now in that order; nothing for the files' own order."""
    if sort == "account":
        return {}
    ordered = sorted(state.entries, key=lambda name: _sort_key(name, state, sort))
    return {name: place for place, name in enumerate(ordered)}


def _grouped(names: list[str], state: State, wanted: Wanted) -> dict[str, list[str]]:
    """Pinned roles first, then the accounts as the files name them, problems last."""
    entries = state.entries
    pinned = state.all_pinned()
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
