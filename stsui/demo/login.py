"""The service behind `aws login`, as far as a program renews what a person signed in for.

Source: botocore/data/signin (CreateOAuth2Token) and credentials.LoginCredentialFetcher.
"""

import secrets
from collections.abc import Callable

from stsui.demo.operations import Principal, Sts
from stsui.demo.wire import Reply, Request, as_error, as_json
from stsui.demo.world import IDENTITY_ACCOUNT

QUARTER = 900


class Login:
    """Every refresh token is taken once; the answer holds the next."""

    def __init__(self, sts: Sts, clock: Callable[[], float]) -> None:
        self._sts, self._clock = sts, clock
        self._refresh: dict[str, str] = {}

    def sign_in(self, user: str) -> dict[str, object]:
        """What `aws login` of a user writes into its file, the key for DPoP aside."""
        token = f"DEMOTOKENlogin{secrets.token_hex(16)}"
        self._refresh[token] = user
        ends = int(self._clock()) + QUARTER
        return {
            "accessToken": {**self._lent(user), "accountId": IDENTITY_ACCOUNT, "expiresAt": _written(ends)},
            "refreshToken": token,
            "idToken": "DEMOTOKENid",
            "clientId": "arn:aws:signin:::devtools/same-device",
            "tokenType": "urn:aws:params:oauth:token-type:access_token_sigv4",
        }

    def end_sessions(self) -> None:
        """As if the person had signed out everywhere."""
        self._refresh.clear()

    def operation(self, request: Request) -> str:
        """What is asked."""
        return "CreateOAuth2Token" if (request.method, request.path) == ("POST", "/v1/token") else ""

    def answer(self, operation: str, request: Request) -> Reply:
        """The next quarter of an hour."""
        user = self._refresh.pop(str(request.document().get("refreshToken")), None)
        if user is None or "dpop" not in request.headers:
            return as_error(400, "AccessDeniedException", "Expired", error="TOKEN_EXPIRED")
        token = f"DEMOTOKENlogin{secrets.token_hex(16)}"
        self._refresh[token] = user
        lent = self._lent(user)
        return as_json(
            {
                "accessToken": lent,
                "tokenType": "urn:aws:params:oauth:token-type:access_token_sigv4",
                "expiresIn": QUARTER,
                "refreshToken": token,
            }
        )

    def _lent(self, user: str) -> dict[str, str]:
        arn = f"arn:aws:iam::{IDENTITY_ACCOUNT}:user/{user}"
        given = self._sts.lend(Principal(arn, "AIDALOGIN", IDENTITY_ACCOUNT, "", kind="session"), QUARTER)
        return {
            "accessKeyId": given["AccessKeyId"],
            "secretAccessKey": given["SecretAccessKey"],
            "sessionToken": given["SessionToken"],
        }


def _written(moment: int) -> str:
    import time

    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
