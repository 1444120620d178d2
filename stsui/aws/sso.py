"""The portal of Identity Center: what a sign-in may use, and the credentials of a role."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from stsui.aws.answers import server_time, temporary
from stsui.aws.errors import Place
from stsui.aws.sign_in import renewed
from stsui.aws.sso_errors import not_portal
from stsui.aws.unsigned import Unsigned
from stsui.model.errors import NoSource, SignInRequired
from stsui.model.roles import Center, Source
from stsui.model.token import Token
from stsui.sessions.actions import Answer
from stsui.sessions.sign_ins import SignIns

ATTEMPTS = 3
PAGE = 100
Told = TypeVar("Told")


class Portal:
    """Everything that an access token opens; thread-safe."""

    def __init__(self, unsigned: Unsigned, sign_ins: SignIns, now: Callable[[], float] = time.time) -> None:
        self._unsigned, self._sign_ins, self._now = unsigned, sign_ins, now

    def role_credentials(self, source: Source) -> Answer:
        """GetRoleCredentials: the session of a permission set, with the end that AWS gave it.

        Raises:
            StsuiError: Signed out, not assigned, or no answer.
        """
        center = source.center
        if center is None:  # pragma: no cover - the config never makes such a source
            raise NoSource(f"{source.name} belongs to no Identity Center.", role=source.name)
        target = f"{source.role_name} in {source.account_id}"
        place = Place("GetRoleCredentials", source.name, center.name, target, region=center.region)
        answer = self.with_token(center, lambda token: self._credentials(center, source, token, place))
        given = answer.get("roleCredentials")
        if not isinstance(given, dict):
            raise not_portal(place)
        names = ("accessKeyId", "secretAccessKey", "sessionToken", "expiration")
        key_id, secret, session_token, milliseconds = (given.get(name) for name in names)
        seconds = milliseconds // 1000 if isinstance(milliseconds, int) else None
        credentials = temporary(key_id, secret, session_token, seconds)
        if credentials is None:
            raise not_portal(place)
        return Answer(credentials, server_time=server_time(answer))

    def with_token(self, center: Center, ask: Callable[[Token], Told]) -> Told:
        """What `ask` gives with a good token; one that AWS does not take any more is renewed once.

        Raises:
            SignInRequired: Only a person can go on.
        """

        def renew(token: Token) -> Token:
            return renewed(self._unsigned, center, token, self._now())

        token = self._sign_ins.token(center, renew)
        try:
            return ask(token)
        except SignInRequired:
            self._sign_ins.reject(token)
        token = self._sign_ins.token(center, renew)
        try:
            return ask(token)
        except SignInRequired:
            self._sign_ins.reject(token)
            raise

    def accounts(self, center: Center, token: Token) -> Iterator[Mapping[str, Any]]:
        """ListAccounts, page by page."""
        place = Place("ListAccounts", "", center.name, region=center.region)
        return self._pages(
            center, "list_accounts", "accountList", place, accessToken=token.access_token.reveal()
        )

    def roles(self, center: Center, token: Token, account_id: str) -> Iterator[Mapping[str, Any]]:
        """ListAccountRoles, page by page."""
        place = Place("ListAccountRoles", "", center.name, account_id, region=center.region)
        return self._pages(
            center,
            "list_account_roles",
            "roleList",
            place,
            accessToken=token.access_token.reveal(),
            accountId=account_id,
        )

    def sign_out(self, center: Center, token: Token) -> None:
        """Logout: the token is worth nothing from then on.

        Raises:
            StsuiError: AWS did not hear of it. A token that it knew no more is no error.
        """
        place = Place("Logout", "", center.name, region=center.region)
        try:
            self._unsigned.ask(
                center, "logout", place, attempts=ATTEMPTS, accessToken=token.access_token.reveal()
            )
        except SignInRequired:
            return

    def _credentials(self, center: Center, source: Source, token: Token, place: Place) -> dict[str, Any]:
        return self._unsigned.ask(
            center,
            "get_role_credentials",
            place,
            attempts=ATTEMPTS,
            roleName=source.role_name,
            accountId=source.account_id,
            accessToken=token.access_token.reveal(),
        )

    def _pages(
        self, center: Center, method: str, name: str, place: Place, **parameters: Any
    ) -> Iterator[Mapping[str, Any]]:
        """The entries of every page; each page is one attempt, whoever reads decides about the next."""
        seen: set[str] = set()
        while True:
            answer = self._unsigned.ask(center, method, place, maxResults=PAGE, **parameters)
            entries, mark = answer.get(name), answer.get("nextToken")
            if not isinstance(entries, list):
                raise not_portal(place)
            yield from (entry for entry in entries if isinstance(entry, dict))
            if not isinstance(mark, str) or not mark:
                return
            if mark in seen:
                raise not_portal(place)
            seen.add(mark)
            parameters["nextToken"] = mark
