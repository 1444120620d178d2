"""Every command by its name: those of the command table, and for each role what can be done with it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple, Protocol, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape

from stsui.tui.commands import COMMANDS, Command, key_name

VERBS = tuple((c.id, c.verb, c.needs in ("session", "live")) for c in COMMANDS if c.verb)
"""A role's commands: id, how the palette calls it, whether it takes a session."""
MOST_WORDS = max(len(verb.split()) for _, verb, _ in VERBS)
PAUSE = 100
"""Roles that are looked at before the screen gets its turn."""
FIRST = 1_000.0
"""What a role scores above everything else where the query begins with a verb."""
MOST = 30
"""Roles that a search shows; more letters find the others."""


class PaletteRole(NamedTuple):
    """A role as the palette shows it."""

    name: str
    account: str
    environment: str
    state: str
    """`expiring 4:31`, `idle`."""
    live: bool

    @property
    def shown(self) -> str:
        """`acme-prod PROD / prod-ro`."""
        place = " ".join(part for part in (self.account, self.environment) if part)
        return f"{place} / {self.name}" if place else self.name


class Extra(NamedTuple):
    """A command for one thing that is no role, such as an Identity Center."""

    title: str
    help: str
    run: Callable[[], object]


class Host(Protocol):
    """What the app has for the palette."""

    @property
    def commands(self) -> Sequence[Command]:
        """Every command with its keys."""

    def palette_roles(self) -> Sequence[PaletteRole]:
        """Every role, in the order of the list."""

    def palette_extras(self) -> Sequence[Extra]:
        """Commands for what is no role."""

    def run_command(self, command_id: str, role: str = "") -> None:
        """Does what the key of that command does; with a role, as if the cursor stood there."""


class Commands(Provider):
    """The app's one provider. It asks the app for its roles at each search and keeps nothing."""

    @property
    def _host(self) -> Host:
        return cast(Host, self.app)

    async def discover(self) -> Hits:
        """Before anything is typed: what is live, then the commands."""
        for role in self._host.palette_roles():
            if role.live:
                yield DiscoveryHit(
                    _with_state(Content(f"Use {role.shown}"), role), self._run("role.use", role)
                )
        for command in self._host.commands:
            if command.palette:
                yield DiscoveryHit(
                    Content(command.palette), self._run(command.id), command.palette, _keys(command)
                )
        for extra in self._host.palette_extras():
            yield DiscoveryHit(Content(extra.title), extra.run, extra.title, extra.help)

    async def search(self, query: str) -> Hits:
        """Commands and roles that have the letters, the nearest first."""
        matcher = self.matcher(query)
        words = query.casefold().split()
        for command in self._host.commands:
            text = f"{command.palette} {command.help}".casefold()
            # Letters that only stand somewhere in the text in that order are chance in a sentence.
            if command.palette and all(word in text for word in words):
                score = matcher.match(command.palette) or 0.1
                shown = matcher.highlight(escape(command.palette))
                yield Hit(score, shown, self._run(command.id), command.palette, _keys(command))
        for extra in self._host.palette_extras():
            if all(word in f"{extra.title} {extra.help}".casefold() for word in words):
                shown = matcher.highlight(escape(extra.title))
                yield Hit(matcher.match(extra.title) or 0.1, shown, extra.run, extra.title, extra.help)
        verbs, wanted = split_query(query)
        named = FIRST if len(verbs) < len(VERBS) else 0
        matcher = self.matcher(wanted or query)
        found = []
        async for role in self._roles(wanted):
            score = matcher.match(role.shown) if wanted else 0.5
            if score > 0:
                found.append((score, role))
        found.sort(key=lambda pair: -pair[0])
        for score, role in found[:MOST]:
            for n, (id, verb, needs_session) in enumerate(verbs):
                if not needs_session or role.live:
                    text = f"{verb} {role.shown}"
                    name = matcher.highlight(escape(role.shown)) if wanted else Content(role.shown)
                    shown = _with_state(Content.assemble(f"{verb} ", name), role)
                    yield Hit(named + score * (1 - n / 50), shown, self._run(id, role), text)

    async def _roles(self, wanted: str) -> AsyncIterator[PaletteRole]:
        """Roles that have all the letters in order; the screen gets its turn in between."""
        letters = wanted.casefold().replace(" ", "")
        for n, role in enumerate(self._host.palette_roles()):
            if n % PAUSE == PAUSE - 1:
                await asyncio.sleep(0)
            if in_order(letters, role.shown.casefold()):
                yield role

    def _run(self, id: str, role: PaletteRole | None = None) -> "partial[None]":
        return partial(self._host.run_command, id, role.name if role else "")


def split_query(query: str) -> tuple[list[tuple[str, str, bool]], str]:
    """The verbs that a query may mean and the rest of it: `renew pr` is the verb Renew and `pr`."""
    words = query.split()
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        start = " ".join(words[:count]).casefold()
        named = [row for row in VERBS if row[1].casefold() == start]
        if named:
            return named, " ".join(words[count:])
    started = [row for row in VERBS if words and row[1].casefold().split()[0] == words[0].casefold()]
    return (started, " ".join(words[1:])) if started else (list(VERBS), query.strip())


def in_order(letters: Iterable[str], text: str) -> bool:
    """Whether the letters stand in the text in that order; far cheaper than a fuzzy match."""
    at = 0
    for letter in letters:
        at = text.find(letter, at) + 1
        if not at:
            return False
    return True


def _with_state(name: Content, role: PaletteRole) -> Content:
    return Content.assemble(name, (f"   {role.state}", "dim")) if role.state else name


def _keys(command: Command) -> str:
    keys = " ".join(key_name(key) for key in command.keys)
    return f"{keys}: {command.help}" if keys else command.help
