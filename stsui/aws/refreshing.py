"""A boto3 session whose credentials are asked for again before they end."""

from collections.abc import Callable
from datetime import UTC, datetime

import boto3
import botocore.session
from botocore.credentials import CredentialProvider, CredentialResolver, RefreshableCredentials
from botocore.credentials import Credentials as StaticCredentials

from stsui.aws.boto import neutral_session
from stsui.model.session import Session

BotoSession = boto3.Session
METHOD = "stsui"


def boto_session(ask: Callable[[], Session], region: str, now: Callable[[], float]) -> BotoSession:
    """A session that signs with what `ask` gives, and asks again from 15 minutes before its end.

    Args:
        ask: A role's session, renewed where it is due. Its errors reach whoever made the call.
        region: Empty: the one of the first answer, or what the environment says.
        now: Unix time.

    Source: botocore/credentials.py, RefreshableCredentials.
    """
    first = ask()
    session = neutral_session()
    if region or first.region:
        session.set_config_variable("region", region or first.region)
    session.register_component("credential_provider", CredentialResolver([_Provider(ask, first, now)]))
    return boto3.Session(botocore_session=session)


class _Provider(CredentialProvider):
    """The only source of credentials that the session has."""

    METHOD = METHOD

    def __init__(self, ask: Callable[[], Session], first: Session, now: Callable[[], float]) -> None:
        super().__init__(botocore.session.get_session())
        self._ask, self._first, self._now = ask, first, now

    def load(self) -> StaticCredentials:
        values = _values(self._first)
        if not self._first.expiration:
            return StaticCredentials(
                values["access_key"], values["secret_key"], values["token"], method=METHOD
            )
        return RefreshableCredentials(
            values["access_key"],
            values["secret_key"],
            values["token"],
            _moment(self._first),
            refresh_using=lambda: _values(self._ask()),
            method=METHOD,
            time_fetcher=lambda: datetime.fromtimestamp(self._now(), UTC),
        )


def _values(session: Session) -> dict[str, str]:
    """As botocore wants them, the end by this computer's clock."""
    credentials = session.credentials
    return {
        "access_key": credentials.access_key_id,
        "secret_key": credentials.secret_access_key.reveal(),
        "token": credentials.session_token.reveal(),
        "expiry_time": _moment(session).isoformat(),
        "account_id": session.account_id,
    }


def _moment(session: Session) -> datetime:
    return datetime.fromtimestamp(session.expiration - session.clock_offset, UTC)
