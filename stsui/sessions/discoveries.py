"""Keeps what was found in Identity Centers, and when; the file changes only when what was found does."""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stsui.config import discovered
from stsui.model.assigned import Assigned, Discovery
from stsui.model.errors import StoreError
from stsui.model.roles import Center
from stsui.sessions import locks
from stsui.sessions.clock import Clock
from stsui.sessions.memory import Memory
from stsui.sessions.private import PrivateDirectory, close

LARGEST = 8 * 1024 * 1024
LOCK_WAIT = 5.0
PART = 2.0
"""Seconds after which what has come so far is kept, so that it is listed before the rest has come."""
OLD = 12 * 3_600
"""Seconds after which it is looked again, where somebody is signed in."""


class News(NamedTuple):
    """What a look at an Identity Center brought."""

    accounts: int
    roles: int
    new: int
    gone: int
    missed: int
    """Accounts that could not be listed; what was known of them is kept."""


class Discoveries:
    """The file in the state directory, shared by every process of the user."""

    def __init__(self, path: str, memory: Memory, clock: Clock) -> None:
        self._files = PrivateDirectory(os.path.dirname(path), LARGEST)
        self._path, self._name = path, os.path.basename(path)
        self._memory, self._clock = memory, clock
        self.warning = ""
        """Why it cannot be kept, while it is so."""

    def age(self, center: Center) -> float | None:
        """Seconds since the last complete look; None: there was none."""
        at = self._memory.discovered_at(discovered.key_of(center))
        return None if not at else max(0.0, self._clock.now() - at)

    def is_old(self, center: Center) -> bool:
        """Whether it is time to look again."""
        age = self.age(center)
        return age is None or age > OLD

    def known(self, center: Center) -> Discovery:
        """What was found there before."""
        return discovered.read(self._path).get(discovered.key_of(center), Discovery(()))

    def add(self, center: Center, accounts: Iterable[Assigned]) -> None:
        """Keeps accounts of a look that is not over; the others stay as they were."""
        looked_at = {account.account_id: account for account in accounts}
        key = discovered.key_of(center)
        with self._alone():
            known = discovered.read(self._path)
            before = known.get(key, Discovery(())).accounts
            laid = _sorted((*looked_at.values(), *(a for a in before if a.account_id not in looked_at)))
            if laid != before:
                self._write(discovered.text_of({**known, key: Discovery(laid)}))

    def keep(self, center: Center, found: Discovery, before: Discovery) -> News:
        """Lays what was found over what was known; accounts that were missed stay as they were.

        Args:
            before: What was known when the look began, for the news.
        """
        key = discovered.key_of(center)
        with self._alone():
            known = discovered.read(self._path)
            now = known.get(key, Discovery(()))
            missed = {account.account_id for account in found.missed}
            kept = tuple(account for account in now.accounts if account.account_id in missed)
            accounts = _sorted((*found.accounts, *kept))
            if accounts != now.accounts:
                self._write(discovered.text_of({**known, key: Discovery(accounts)}))
        if not missed:
            self._memory.remember_discovery(key, self._clock.now())
        had = {(a.account_id, role) for a in before.accounts for role in a.roles}
        have = {(a.account_id, role) for a in accounts for role in a.roles}
        return News(len(accounts), len(have), len(have - had), len(had - have), len(missed))

    def forget(self, center: Center) -> None:
        """Nothing of it is listed any more."""
        with self._alone():
            known = discovered.read(self._path)
            if known.pop(discovered.key_of(center), None) is not None:
                self._write(discovered.text_of(known))

    def _write(self, text: str) -> None:
        try:
            self._files.write(self._name, text.encode())
            self.warning = ""
        except StoreError as error:
            self.warning = error.sentence

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._files.ensure()
            handle = locks.open_lock(f"{self._path}.lock")
        except (OSError, StoreError):
            yield
            return
        try:
            locks.acquire(handle, LOCK_WAIT)
            yield
        finally:
            close(handle)


class Gathering:
    """Accounts of one look, kept some seconds' worth at a time."""

    def __init__(self, discoveries: Discoveries, center: Center) -> None:
        self._discoveries, self._center = discoveries, center
        self.before = discoveries.known(center)
        self._waiting: list[Assigned] = []
        self._kept_at = time.monotonic()

    def add(self, account: Assigned) -> None:
        """One more; to be called by one thread at a time."""
        self._waiting.append(account)
        if time.monotonic() - self._kept_at > PART:
            self.keep()

    def keep(self) -> None:
        """What has come since the last time."""
        if self._waiting:
            self._discoveries.add(self._center, self._waiting)
        self._waiting, self._kept_at = [], time.monotonic()


def _sorted(accounts: Iterable[Assigned]) -> tuple[Assigned, ...]:
    return tuple(sorted(accounts, key=lambda a: (a.name.casefold(), a.account_id)))
