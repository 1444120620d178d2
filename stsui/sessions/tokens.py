"""Tokens of Identity Center in the AWS CLI's own files, so that one sign-in serves both.

A file that cannot be a token of that start URL is not there. Written whole, for us alone, under a lock.
Source: AWS CLI, botocore/utils.py (SSOTokenLoader, BaseSSOTokenFetcher, JSONFileCache).
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

from stsui.model.credentials import Secret
from stsui.model.errors import StoreError
from stsui.model.roles import Center
from stsui.model.token import Client, Token
from stsui.sessions import locks
from stsui.sessions.private import SharedDirectory, close


class TokenFiles:
    """`~/.aws/sso/cache`, for one user."""

    def __init__(self, directory: str) -> None:
        self.files = SharedDirectory(directory)
        self._unwritten: dict[str, Token] = {}

    def read(self, center: Center) -> Token | None:
        """The token of that Identity Center that lasts longest, over or not; None where there is none."""
        found = [token for name in center.token_names if (token := self._read(name, center))]
        kept = self._unwritten.get(center.start_url)
        return max([*found, *([kept] if kept else [])], key=lambda token: token.expires_at, default=None)

    def write(self, center: Center, token: Token) -> None:
        """Keeps a token where it was read from, else where the AWS CLI looks for it.

        Raises:
            StoreError: It is kept for this process alone; says why.
        """
        name = token.file_name or file_name(center.token_names[0])
        self._unwritten[center.start_url] = token
        document: dict[str, object] = {
            "startUrl": token.start_url,
            "region": token.region,
            "accessToken": token.access_token.reveal(),
            "expiresAt": written(token.expires_at),
        }
        if token.client_id:
            document |= {
                "clientId": token.client_id,
                "clientSecret": token.client_secret.reveal(),
                "registrationExpiresAt": written(token.client_ends_at),
            }
        if token.refresh_token:
            document["refreshToken"] = token.refresh_token.reveal()
        self.files.write(name, json.dumps(document).encode())
        del self._unwritten[center.start_url]

    def remove(self, center: Center) -> None:
        """Forgets every token of that Identity Center."""
        self._unwritten.pop(center.start_url, None)
        for name in center.token_names:
            if self._read(name, center) is not None:
                self.files.remove(file_name(name))

    def read_client(self, center: Center, grants: tuple[str, ...], now: float) -> Client | None:
        """A registered client for these grants that lasts another quarter of an hour."""
        document = _document(self.files.read(self._client_file(center)))
        scopes, kept = document.get("scopes") or [], tuple(document.get("grantTypes") or ())
        ends_at = moment(document.get("expiresAt"))
        secret = document.get("clientSecret")
        if not isinstance(document.get("clientId"), str) or not isinstance(secret, str):
            return None
        if ends_at - now < 900 or kept != grants or not all(isinstance(scope, str) for scope in scopes):
            return None
        return Client(document["clientId"], Secret(secret), ends_at, tuple(scopes), kept)

    def write_client(self, center: Center, client: Client) -> None:
        """Keeps a registered client for the next sign-ins; one that cannot be kept is registered again."""
        document: dict[str, object] = {
            "clientId": client.client_id,
            "clientSecret": client.client_secret.reveal(),
            "expiresAt": written(client.ends_at),
        }
        if client.scopes:
            document["scopes"] = list(client.scopes)
        if client.grants:
            document["grantTypes"] = list(client.grants)
        with contextlib.suppress(StoreError):
            self.files.write(self._client_file(center), json.dumps(document).encode())

    @contextlib.contextmanager
    def lock(self, center: Center, wait: float, what: str = "renew") -> Iterator[bool]:
        """The right to renew the token, or to ask a person for one; whether it was got in `wait` seconds.

        Where no lock file can be made everybody gets it.
        """
        name = file_name(center.token_names[0]).replace(".json", f".{what}.lock")
        try:
            self.files.ensure()
            handle = locks.open_lock(os.path.join(self.files.path, name))
        except (OSError, StoreError):
            yield True
            return
        try:
            yield locks.acquire(handle, wait)
        finally:
            close(handle)

    def _read(self, name: str, center: Center) -> Token | None:
        file = file_name(name)
        token = _decode(_document(self.files.read(file)))
        if token is None or token.start_url.rstrip("/#") != center.start_url.rstrip("/#"):
            return None  # another organisation's sso-session of the same name
        return token._replace(file_name=file, written_at=self.files.written_at(file))

    def _client_file(self, center: Center) -> str:
        named = center.token_names[0] != center.start_url
        facts = {
            "tool": "botocore",
            "startUrl": center.start_url,
            "region": center.region,
            "scopes": list(center.scopes) or None,
            "session_name": center.token_names[0] if named else None,
        }
        return file_name(json.dumps(facts, sort_keys=True))


def file_name(text: str) -> str:
    """The file that the AWS CLI keeps something under."""
    import hashlib

    return f"{hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()}.json"


def digest(secret: Secret) -> str:
    """Names a token without telling it."""
    import hashlib

    return hashlib.sha256(secret.reveal().encode()).hexdigest()[:32]


def written(moment: int) -> str:
    """A time as the AWS CLI writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))


def _document(raw: bytes | None) -> Mapping[str, Any]:
    with contextlib.suppress(ValueError, RecursionError):
        document = json.loads(raw or b"")
        if isinstance(document, dict):
            return document
    return {}


def _decode(document: Mapping[str, Any]) -> Token | None:
    """The token in a file; None where a value that it needs is missing or no text."""
    needed = [document.get(name) for name in ("startUrl", "region", "accessToken")]
    expires_at = moment(document.get("expiresAt"))
    if not all(isinstance(value, str) and value for value in needed) or not expires_at:
        return None
    others = [document.get(name) for name in ("refreshToken", "clientId", "clientSecret")]
    refresh_token, client_id, client_secret = (one if isinstance(one, str) else "" for one in others)
    return Token(
        document["startUrl"],
        document["region"],
        Secret(document["accessToken"]),
        expires_at,
        Secret(refresh_token),
        client_id,
        Secret(client_secret),
        moment(document.get("registrationExpiresAt")),
    )


def moment(text: object) -> int:
    """Unix time of what one of three generations of the AWS CLI wrote; 0 where it is none of them."""
    from datetime import UTC, datetime

    if not isinstance(text, str):
        return 0
    try:
        moment = datetime.fromisoformat(text.replace("UTC", "Z"))
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0
