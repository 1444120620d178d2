"""Keeps what was found in Identity Centers, and when; the file changes only when what was found does."""

import contextlib
import os
from collections.abc import Iterator
from typing import NamedTuple

from stsui.config import discovered
from stsui.model.assigned import Discovery
from stsui.model.errors import StoreError
from stsui.model.roles import Center
from stsui.sessions import locks
from stsui.sessions.clock import Clock
from stsui.sessions.memory import Memory
from stsui.sessions.private import PrivateDirectory, close

LARGEST = 8 * 1024 * 1024
LOCK_WAIT = 5.0
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

    def keep(self, center: Center, found: Discovery) -> News:
        """Lays what was found over what was known; accounts that were missed stay as they were."""
        key = discovered.key_of(center)
        with self._alone():
            known = discovered.read(self._path)
            before = known.get(key, Discovery(()))
            missed = {account.account_id for account in found.missed}
            kept = tuple(account for account in before.accounts if account.account_id in missed)
            accounts = tuple(
                sorted((*found.accounts, *kept), key=lambda a: (a.name.casefold(), a.account_id))
            )
            if accounts != before.accounts:
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
