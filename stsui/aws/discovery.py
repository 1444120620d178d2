"""Everything that a sign-in may use: all accounts, and the roles of each, several at once.

AWS is asked at the pace that it allows: a 429 makes everybody wait and fewer go at once. What is found is
told as it comes. Source: Identity Center portal, ListAccounts, ListAccountRoles, TooManyRequestsException.
"""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from stsui.aws.sso import Portal
from stsui.config.discovered import PERMISSION_SET
from stsui.model.arn import ACCOUNT_ID
from stsui.model.assigned import Assigned, Discovery, Missed
from stsui.model.errors import SignInRequired, StsuiError, Throttled, Unavailable
from stsui.model.roles import Center
from stsui.model.text import clean
from stsui.model.token import Token

AT_ONCE = 8
TRIES = 3
"""Of a request that finds no answer."""
PATIENCE = 120.0
"""Seconds for which a throttled request is repeated."""
LONGEST_WAIT = 8.0

Told = Callable[[Assigned, int, int], None]
"""(an account that was looked at, how many were, how many there are so far)"""
Value = TypeVar("Value")


class Pace:
    """How many may ask at a time, and from when; shared by all who do."""

    def __init__(self, at_once: int) -> None:
        self._most = self._allowed = at_once
        self._under_way = 0
        self._wait = 0.0
        self._until = 0.0
        self._free = threading.Condition()
        self.ended = False
        """Somebody said to stop."""

    def enter(self) -> bool:
        """Waits for one's turn; False where all is over."""
        with self._free:
            while not self.ended:
                left = self._until - time.monotonic()
                if left <= 0 and self._under_way < self._allowed:
                    self._under_way += 1
                    return True
                self._free.wait(left if left > 0 else None)
            return False

    def leave(self, *, throttled: bool) -> None:
        """One is through, or was told to slow down."""
        with self._free:
            self._under_way -= 1
            now = time.monotonic()
            if throttled and now >= self._until:  # those who went together are told together
                self._allowed = max(1, self._allowed // 2)
                self._wait = min(LONGEST_WAIT, max(0.25, self._wait * 2))
                self._until = now + self._wait
            elif not throttled:
                self._wait /= 2
                self._allowed = min(self._most, self._allowed + 1)
            self._free.notify_all()

    def end(self) -> None:
        """Nobody goes on."""
        with self._free:
            self.ended = True
            self._free.notify_all()


def discover(portal: Portal, center: Center, token: Token, told: Told | None = None) -> Discovery:
    """Every account and role of a sign-in; what cannot be listed is `missed`, and stops nothing else.

    Args:
        told: Called from the threads, one call at a time. Raising ends the look.

    Raises:
        SignInRequired: The token is not taken any more.
        StsuiError: The accounts cannot be listed.
    """
    return _Look(portal, center, token, told).all()


class _Look:
    def __init__(self, portal: Portal, center: Center, token: Token, told: Told | None) -> None:
        self._portal, self._center, self._token, self._told = portal, center, token, told
        self._pace = Pace(AT_ONCE)
        self._telling = threading.Lock()
        self._done = self._total = 0

    def all(self) -> Discovery:
        workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="discover")
        looks: list[tuple[Assigned, Future[tuple[str, ...]]]] = []
        seen: set[str] = set()
        try:
            for entry in self._patiently(self._accounts):
                account = _account(entry)
                if account is not None and account.account_id not in seen:
                    seen.add(account.account_id)
                    self._total += 1
                    looks.append((account, workers.submit(self._roles, account)))
            return _gathered(looks)
        finally:
            self._pace.end()
            workers.shutdown(cancel_futures=True)

    def _accounts(self) -> list[Mapping[str, Any]]:
        return list(self._portal.accounts(self._center, self._token))

    def _roles(self, account: Assigned) -> tuple[str, ...]:
        def listed() -> tuple[str, ...]:
            entries = self._portal.roles(self._center, self._token, account.account_id)
            names = (entry.get("roleName") for entry in entries)
            return tuple(n for n in names if isinstance(n, str) and PERMISSION_SET.fullmatch(n))

        roles = self._patiently(listed)
        with self._telling:
            self._done += 1
            if self._told is not None:
                self._told(account._replace(roles=roles), self._done, self._total)
        return roles

    def _patiently(self, ask: Callable[[], Value]) -> Value:
        """The answer of `ask`, slower where AWS wants that, again where nobody answered."""
        end, tries = time.monotonic() + PATIENCE, 0
        while True:
            if not self._pace.enter():
                raise Unavailable("The look was ended.")
            throttled = False
            try:
                return ask()
            except Throttled:
                throttled = True
                if time.monotonic() > end:
                    raise
            except SignInRequired:
                self._pace.end()
                raise
            except Unavailable:
                tries += 1
                if tries >= TRIES:
                    raise
            finally:
                self._pace.leave(throttled=throttled)


def _account(entry: Mapping[str, Any]) -> Assigned | None:
    account_id, name, email = (entry.get(key) for key in ("accountId", "accountName", "emailAddress"))
    if not isinstance(account_id, str) or not ACCOUNT_ID.fullmatch(account_id):
        return None
    return Assigned(account_id, _shown(name), _shown(email), ())


def _shown(text: object) -> str:
    return clean(text, 120).strip() if isinstance(text, str) else ""


def _gathered(looks: list[tuple[Assigned, Future[tuple[str, ...]]]]) -> Discovery:
    found, missed = [], []
    for account, look in looks:
        try:
            found.append(account._replace(roles=tuple(sorted(look.result()))))
        except SignInRequired:
            raise
        except StsuiError as error:
            missed.append(Missed(account.account_id, account.name, error.sentence))
    return Discovery(tuple(found), tuple(missed))
