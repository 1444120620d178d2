"""What the board shows, as one line for each thing that changes: for screen readers, logs, other programs."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from stsui.cli import describe
from stsui.cli.context import Context
from stsui.config.catalog import Catalog, account_of
from stsui.config.search import Query, RowFacts, parse_query, row_text
from stsui.model.durations import ago, spoken
from stsui.model.errors import Unavailable
from stsui.model.session import Session

PASSING = frozenset({"live", "idle", "active", "expiring", "expired", "failed", "me"})
EVERY = 1.0
"""Seconds between two looks; a second in which nothing was written costs some calls of stat."""


class Seen(NamedTuple):
    """A role at a moment."""

    state: str = "idle"
    expiration: int = 0
    issued_at: int = 0
    current: bool = False


class Change(NamedTuple):
    """What became of a role."""

    role: str
    what: str
    """`active`, `renewed`, `expiring`, `expired`, `dropped`, `current`."""
    session: Session | None


def seen(held: Mapping[str, Session], current: str, now: float) -> dict[str, Seen]:
    """Every role that is not idle."""
    found = {
        name: Seen(session.state(now), session.expiration, session.issued_at, name == current)
        for name, session in held.items()
    }
    if current and current not in found:
        found[current] = Seen(current=True)
    return found


def changes(
    before: Mapping[str, Seen], after: Mapping[str, Seen], held: Mapping[str, Session]
) -> Iterator[Change]:
    """What is another thing than a moment ago, role by role."""
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name, Seen()), after.get(name, Seen())
        what = _state_change(old, new)
        if what:
            yield Change(name, what, held.get(name))
        if new.current and not old.current:
            yield Change(name, "current", held.get(name))


def _state_change(old: Seen, new: Seen) -> str:
    if new.state == "idle":
        return "dropped" if old.state != "idle" else ""
    if new.issued_at != old.issued_at and new.state in ("active", "expiring"):
        return "active" if old.state in ("idle", "expired") else "renewed"
    return new.state if new.state != old.state else ""


def sentence(change: Change, catalog: Catalog, now: float) -> str:
    """`prod-ro PROD expiring, 10 minutes left`."""
    role = catalog.roles.get(change.role)
    word = account_of(catalog, role).environment if role else ""
    name = f"{change.role} {word}".rstrip()
    session = change.session
    left = f", {spoken(session.left(now))} left" if session is not None and session.left(now) > 0 else ""
    if change.what == "current":
        return f"{name} is current{left}"
    if change.what == "renewed" and session is not None:
        return f"{name} renewed, until {describe.until(session)}"
    if change.what == "expired" and session is not None:
        return f"{name} expired {ago(now - session.expiration)}"
    return f"{name} {change.what}{left}"


def lasting(words: Sequence[str]) -> str:
    """A filter without what changes as one watches, such as `is:live`: that is what is to be told."""
    return " ".join(word for word in words if word.lstrip("!").partition(":")[2] not in PASSING)


def run(context: Context, query: str, *, as_json: bool, sleep: Callable[[float], None] = time.sleep) -> int:
    """Says what is, then what changes, until it is interrupted or nobody reads on.

    Args:
        query: A filter of names, accounts and environments.

    Raises:
        Unavailable: The terminal went, or stdout takes nothing any more.
    """
    services = context.services
    store, wanted = services.store, parse_query(query)
    terminal = context.stdout_is_terminal()
    context.say("stsui: watching; Ctrl-C ends.")
    before: dict[str, Seen] = {}
    stamp: object = None
    held: dict[str, Session] = {}
    while not terminal or context.stdout_is_terminal():
        if services.changed():
            before = _reread(context, before, as_json)
        now = store.clock.now()
        if stamp != (stamp := store.stamp()):
            held = store.held()
        kept = {name: session for name, session in held.items() if _keeps(context, name, wanted)}
        current = store.current()
        after = seen(kept, current if _keeps(context, current, wanted) else "", now)
        _say(context, changes(before, after, held), now, as_json)
        before = after
        sleep(EVERY)
    raise Unavailable("The terminal is gone.")


def _keeps(context: Context, name: str, wanted: Query) -> bool:
    catalog = context.services.catalog
    role = catalog.roles.get(name) or catalog.roles.get(name.rpartition("@")[0])
    if role is None:
        return False
    environment = account_of(catalog, role).environment
    return wanted.keeps(RowFacts(row_text(catalog, role), "", role.pin, environment))


def _reread(context: Context, before: dict[str, Seen], as_json: bool) -> dict[str, Seen]:
    catalog = context.services.reload()
    if not as_json:
        count = len(catalog.roles)
        at = _clock(context.services.store.clock.now())
        context.write(f"{at} config read, {count} role{'' if count == 1 else 's'}\n")
    return before


def _say(context: Context, made: Iterator[Change], now: float, as_json: bool) -> None:
    catalog = context.services.catalog
    for change in made:
        role = catalog.roles.get(change.role)
        if not as_json:
            context.write(f"{_clock(now)} {sentence(change, catalog, now)}\n")
        elif role is not None:
            session, account = change.session, account_of(catalog, role)
            facts = (
                describe.session(session, role, account, now)
                if session is not None
                else describe.describe_role(role, account)
            )
            context.write(describe.as_line({"change": change.what, **facts}))


def _clock(at: float) -> str:
    return time.strftime("%H:%M", time.localtime(at))
