"""Signing in at an Identity Center: by a code on any device, or in a browser of this computer.

A person's answer is waited for by whoever began; nothing here opens a browser or writes on a screen.
Source: IAM Identity Center OIDC; RFC 8628 (device codes), RFC 7636 (PKCE), RFC 8252 (loopback redirect).
"""

import base64
import hashlib
import secrets
from collections.abc import Callable
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from stsui.aws.errors import Place
from stsui.aws.sso_errors import Pending, login, not_portal
from stsui.aws.unsigned import Unsigned
from stsui.model.credentials import Secret
from stsui.model.durations import rough_duration
from stsui.model.errors import AccessDenied, SignInRequired, TokenRefused, Unavailable
from stsui.model.roles import Center
from stsui.model.text import clean
from stsui.model.token import Client, Invitation, Token
from stsui.sessions.tokens import TokenFiles

CLIENT_NAME = "stsui"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
BROWSER_GRANTS = ("authorization_code", "refresh_token")
INTERVAL, SLOWER = 5, 5
BROWSER_SECONDS = 600
LOOK = 0.2

Pause = Callable[[float], bool]
"""Lets that many seconds go by; False: the person gave up."""
Now = Callable[[], float]


class SignIn(Protocol):
    """One sign-in under way."""

    invitation: Invitation

    def wait(self, pause: Pause) -> Token | None:
        """The token, once the person has answered; None where `pause` said to give up.

        Raises:
            AccessDenied: The person said no.
            SignInRequired: Nobody answered in time.
            StsuiError: Anything else.
        """


def begin(unsigned: Unsigned, files: TokenFiles, center: Center, now: Now, *, browser: bool) -> SignIn:
    """Registers where need be, and gives what the person has to be shown.

    Args:
        browser: A browser of this computer will be sent to the link; it comes back by itself.

    Raises:
        StsuiError: There is no Identity Center there, or it did not answer.
    """
    return Browser(unsigned, files, center, now) if browser else Device(unsigned, files, center, now)


class Device:
    """By a code that the person compares, in a browser anywhere."""

    def __init__(self, unsigned: Unsigned, files: TokenFiles, center: Center, now: Now) -> None:
        self._unsigned, self._center, self._now = unsigned, center, now
        self._place = _place("StartDeviceAuthorization", center)
        try:
            self._client = _client(unsigned, files, center, now(), ())
            answer = self._start()
        except TokenRefused:
            # The kept client is unknown at AWS by now.
            self._client = _client(unsigned, files, center, now(), (), anew=True)
            answer = self._start()
        texts = [answer.get(n) for n in ("deviceCode", "userCode", "verificationUri")]
        lasts, interval = answer.get("expiresIn"), answer.get("interval", INTERVAL)
        if not all(isinstance(text, str) and text for text in texts) or not isinstance(lasts, int):
            raise not_portal(self._place)
        code, user_code, page = (str(text) for text in texts)
        self._code = Secret(code)
        self._lasts = lasts
        self._interval = interval if isinstance(interval, int) else INTERVAL
        whole = str(answer.get("verificationUriComplete") or page)
        self.invitation = Invitation(clean(whole, 2_000), clean(user_code, 40), clean(page), now() + lasts)

    def wait(self, pause: Pause) -> Token | None:
        interval = self._interval
        while True:
            if self._now() > self.invitation.ends_at:
                raise _too_late(self._center, self._lasts)
            if not pause(interval):
                return None
            try:
                return self._ask()
            except Pending as pending:
                interval += SLOWER if pending.slower else 0
            except Unavailable:
                continue  # a moment without network is no reason to ask the person again
            except TokenRefused:
                raise _too_late(self._center, self._lasts) from None

    def _start(self) -> dict[str, Any]:
        return self._unsigned.ask(
            self._center,
            "start_device_authorization",
            self._place,
            clientId=self._client.client_id,
            clientSecret=self._client.client_secret.reveal(),
            startUrl=self._center.start_url,
        )

    def _ask(self) -> Token:
        place = _place("CreateToken", self._center)
        answer = self._unsigned.ask(
            self._center,
            "create_token",
            place,
            grantType=DEVICE_GRANT,
            clientId=self._client.client_id,
            clientSecret=self._client.client_secret.reveal(),
            deviceCode=self._code.reveal(),
        )
        return _token(answer, self._center.start_url, self._center.region, self._client, self._now(), place)


class Browser:
    """In a browser of this computer, which comes back to a port on loopback."""

    def __init__(self, unsigned: Unsigned, files: TokenFiles, center: Center, now: Now) -> None:
        # A web server, which a board is without that nobody signs in at.
        from stsui.aws.callback import Callback

        self._unsigned, self._center, self._now = unsigned, center, now
        self._client = _client(unsigned, files, center, now(), BROWSER_GRANTS)
        self._verifier = Secret(secrets.token_urlsafe(48))
        state = secrets.token_urlsafe(24)
        self._callback = Callback(state)
        digest = hashlib.sha256(self._verifier.reveal().encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._client.client_id,
            "redirect_uri": self._callback.url,
            "state": state,
            "code_challenge_method": "S256",
            "scopes": " ".join(self._client.scopes),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        }
        url = f"{unsigned.sign_in_address(center)}/authorize?{urlencode(query, quote_via=quote)}"
        self.invitation = Invitation(url, ends_at=now() + BROWSER_SECONDS)

    def wait(self, pause: Pause) -> Token | None:
        try:
            while not self._callback.answered():
                if self._now() > self.invitation.ends_at:
                    raise _too_late(self._center, BROWSER_SECONDS)
                if not pause(LOOK):
                    return None
        finally:
            self._callback.close()
        code = self._callback.code
        if not code:
            raise AccessDenied(
                f"The sign-in at {self._center.name} was denied in the browser.",
                hint=login(self._center.name),
                code="AccessDenied",
            )
        place = _place("CreateToken", self._center)
        answer = self._unsigned.ask(
            self._center,
            "create_token",
            place,
            grantType=BROWSER_GRANTS[0],
            clientId=self._client.client_id,
            clientSecret=self._client.client_secret.reveal(),
            code=code.reveal(),
            redirectUri=self._callback.url,
            codeVerifier=self._verifier.reveal(),
        )
        return _token(answer, self._center.start_url, self._center.region, self._client, self._now(), place)


def renewed(unsigned: Unsigned, center: Center, token: Token, now: float) -> Token:
    """The next token of a sign-in, without a person. Sent once: each refresh token is taken once.

    Raises:
        TokenRefused: The sign-in is over.
        StsuiError: No answer.
    """
    client = Client(token.client_id, token.client_secret, token.client_ends_at, ())
    place = _place("CreateToken", center)
    answer = unsigned.ask(
        center,
        "create_token",
        place,
        grantType="refresh_token",
        clientId=token.client_id,
        clientSecret=token.client_secret.reveal(),
        refreshToken=token.refresh_token.reveal(),
    )
    new = _token(answer, token.start_url, token.region, client, now, place)
    return new if new.refresh_token else new._replace(refresh_token=token.refresh_token)


def _client(
    unsigned: Unsigned,
    files: TokenFiles,
    center: Center,
    now: float,
    grants: tuple[str, ...],
    *,
    anew: bool = False,
) -> Client:
    """A registered client, kept for the weeks that AWS lets it live."""
    known = None if anew else files.read_client(center, grants, now)
    if known is not None:
        return known
    place = _place("RegisterClient", center)
    parameters: dict[str, object] = {"clientName": CLIENT_NAME, "clientType": "public"}
    if center.scopes:
        parameters["scopes"] = list(center.scopes)
    if grants:
        from stsui.aws.callback import Callback

        redirect = Callback.without_port
        parameters |= {"grantTypes": list(grants), "redirectUris": [redirect], "issuerUrl": center.start_url}
    answer = unsigned.ask(center, "register_client", place, attempts=3, **parameters)
    texts = [answer.get(name) for name in ("clientId", "clientSecret")]
    ends_at = answer.get("clientSecretExpiresAt")
    if not all(isinstance(text, str) and text for text in texts) or not isinstance(ends_at, int):
        raise not_portal(place)
    client = Client(str(texts[0]), Secret(str(texts[1])), ends_at, center.scopes, grants)
    files.write_client(center, client)
    return client


def _token(
    answer: dict[str, Any], start_url: str, region: str, client: Client, now: float, place: Place
) -> Token:
    access_token, lasts = answer.get("accessToken"), answer.get("expiresIn")
    refresh_token = answer.get("refreshToken") or ""
    if not isinstance(access_token, str) or not isinstance(lasts, int) or not isinstance(refresh_token, str):
        raise not_portal(place)
    return Token(
        start_url,
        region,
        Secret(access_token),
        int(now) + lasts,
        Secret(refresh_token),
        client.client_id,
        client.client_secret,
        client.ends_at,
    )


def _place(operation: str, center: Center) -> Place:
    return Place(operation, "", center.name, center.start_url, region=center.region)


def _too_late(center: Center, seconds: float) -> SignInRequired:
    return SignInRequired(
        "",
        center.name,
        f"The sign-in at {center.name} was not finished in {rough_duration(seconds)}.",
        hint=login(center.name),
    )
