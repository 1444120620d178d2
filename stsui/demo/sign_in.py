"""The sign-in of Identity Center in miniature: clients, device codes, authorization codes, tokens.

Source: API reference of IAM Identity Center OIDC; RFC 8628 (device codes), RFC 7636 (PKCE).
"""

import base64
import hashlib
import html
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from stsui.demo.identity_center import IdentityCenter
from stsui.demo.wire import Reply, Request, as_error, as_json, as_page

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
REFRESHABLE = "sso:account:access"
_OPERATIONS = {
    ("POST", "/client/register"): "RegisterClient",
    ("POST", "/device_authorization"): "StartDeviceAuthorization",
    ("POST", "/token"): "CreateToken",
    ("GET", "/authorize"): "Authorize",
    ("GET", "/device"): "DevicePage",
    ("POST", "/device"): "DevicePage",
}
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


class Client(NamedTuple):
    """A program that registered itself."""

    secret: str
    ends: float
    scopes: tuple[str, ...]
    redirects: tuple[str, ...] = ()
    start_url: str = ""


class Device(NamedTuple):
    """A device code, and what its person said."""

    client_id: str
    start_url: str
    user_code: str
    begun: float
    ends: float
    said: str = ""
    """`allow`, `deny`, or nothing yet."""


class Granted(NamedTuple):
    """An authorization code on its way back through a browser."""

    client_id: str
    redirect: str
    challenge: str
    ends: float


class SignedIn(NamedTuple):
    """What a refresh token stands for."""

    client_id: str
    start_url: str
    sign_in: str
    ends: float


class SignIn:
    """The service's state; thread-safe. Every attribute may be set while it runs."""

    def __init__(self, center: IdentityCenter, clock: Callable[[], float], url: Callable[[], str]) -> None:
        self.center = center
        self.clock = clock
        self.session_seconds = 8 * 3_600
        """How long a sign-in is good for; AWS's own default."""
        self.token_seconds = 3_600
        """How long an access token lasts that can be refreshed; another one lasts as long as the sign-in."""
        self.code_seconds = 600
        self.client_seconds = 90 * 86_400
        self.interval = 1
        self.allows_after: float | None = None
        """Seconds after which the made-up person allows a device by themselves; None: they never do."""
        self.denies = False
        """In a browser the person says no."""
        self.devices: dict[str, Device] = {}
        self._clients: dict[str, Client] = {}
        self._granted: dict[str, Granted] = {}
        self._refresh: dict[str, SignedIn] = {}
        self._lock = threading.RLock()
        self._url = url

    def say(self, user_code: str, answer: str) -> bool:
        """The person allows or denies; whether such a code is waiting."""
        with self._lock:
            for code, device in self.devices.items():
                if device.user_code == user_code and device.ends > self.clock() and not device.said:
                    self.devices[code] = device._replace(said=answer)
                    return True
        return False

    def allow(self) -> bool:
        """The person allows whatever waits."""
        said = [self.say(device.user_code, "allow") for device in list(self.devices.values())]
        return any(said)

    def end_sessions(self) -> None:
        """As if an administrator ended every sign-in."""
        with self._lock:
            self._refresh.clear()
        self.center.revoke()

    def operation(self, request: Request) -> str:
        """What is asked."""
        return _OPERATIONS.get((request.method, request.path), "")

    def answer(self, operation: str, request: Request) -> Reply:
        """One operation, or a page."""
        with self._lock:
            if operation == "Authorize":
                return self._authorize(request.query)
            if operation == "DevicePage":
                return self._device_page(request)
            given = request.document()
            if operation == "RegisterClient":
                return self._register(given)
            client = self._clients.get(str(given.get("clientId")))
            if client is None or client.secret != given.get("clientSecret") or client.ends <= self.clock():
                return _oauth(401, "InvalidClientException", "invalid_client", "Invalid client")
            if operation == "StartDeviceAuthorization":
                return self._start_device(given)
            return self._create_token(client, given)

    def _register(self, given: Mapping[str, Any]) -> Reply:
        if given.get("clientType") != "public" or not given.get("clientName"):
            return _oauth(400, "InvalidClientMetadataException", "invalid_client_metadata", "clientType")
        for redirect in given.get("redirectUris") or ():
            if urlsplit(redirect).hostname != "127.0.0.1" or urlsplit(redirect).path != "/oauth/callback":
                return _oauth(400, "InvalidRedirectUriException", "invalid_redirect_uri", redirect)
        client_id, secret = secrets.token_urlsafe(16), f"DEMOTOKENclient{secrets.token_hex(16)}"
        ends = self.clock() + self.client_seconds
        self._clients[client_id] = Client(
            secret,
            ends,
            tuple(given.get("scopes") or ()),
            tuple(given.get("redirectUris") or ()),
            str(given.get("issuerUrl") or ""),
        )
        return as_json(
            {
                "clientId": client_id,
                "clientSecret": secret,
                "clientIdIssuedAt": int(self.clock()),
                "clientSecretExpiresAt": int(ends),
            },
            clientName=str(given["clientName"]),
            grantTypes=",".join(given.get("grantTypes") or ()),
        )

    def _start_device(self, given: Mapping[str, Any]) -> Reply:
        start_url = str(given.get("startUrl"))
        known = self._known(start_url)
        if not known:
            return _oauth(400, "InvalidRequestException", "invalid_request", "Invalid start url provided")
        letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
        user_code, now = f"{letters[:4]}-{letters[4:]}", self.clock()
        device_code = f"DEMOTOKENdevice{secrets.token_hex(16)}"
        device = Device(str(given["clientId"]), known, user_code, now, now + self.code_seconds)
        self.devices[device_code] = device
        page = f"{self._url()}/device"
        return as_json(
            {
                "deviceCode": device_code,
                "userCode": user_code,
                "verificationUri": page,
                "verificationUriComplete": f"{page}?{urlencode({'user_code': user_code})}",
                "expiresIn": self.code_seconds,
                "interval": self.interval,
            },
            startUrl=start_url,
        )

    def _known(self, start_url: str) -> str:
        """The organisation of a start URL as it is written anywhere; empty where there is none."""
        plain = start_url.rstrip("/#")
        return next((url for url in self.center.assigned if url.rstrip("/#") == plain), "")

    def _create_token(self, client: Client, given: Mapping[str, Any]) -> Reply:
        grant = str(given.get("grantType"))
        if grant == DEVICE_GRANT:
            reply = self._by_device(client, given)
        elif grant == "refresh_token":
            reply = self._by_refresh(client, given)
        elif grant == "authorization_code":
            reply = self._by_code(client, given)
        else:
            reply = _oauth(400, "UnsupportedGrantTypeException", "unsupported_grant_type", grant)
        return reply._replace(parameters={"grantType": grant})

    def _by_device(self, client: Client, given: Mapping[str, Any]) -> Reply:
        code = str(given.get("deviceCode"))
        device = self.devices.get(code)
        if device is None or device.client_id != given.get("clientId"):
            return _oauth(400, "InvalidGrantException", "invalid_grant", "Invalid grant provided")
        if device.ends <= self.clock():
            del self.devices[code]
            return _oauth(400, "ExpiredTokenException", "expired_token", "Device code has expired")
        said = device.said
        if not said and self.allows_after is not None and device.begun + self.allows_after <= self.clock():
            said = "allow"
        if said == "deny":
            del self.devices[code]
            return _oauth(400, "AccessDeniedException", "access_denied", "Authorization was denied")
        if said != "allow":
            return _oauth(400, "AuthorizationPendingException", "authorization_pending", "Pending")
        del self.devices[code]
        return self._signed_in(client, str(given["clientId"]), device.start_url)

    def _by_code(self, client: Client, given: Mapping[str, Any]) -> Reply:
        granted = self._granted.pop(str(given.get("code")), None)
        verifier = str(given.get("codeVerifier") or "")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if (
            granted is None
            or granted.client_id != given.get("clientId")
            or granted.redirect != given.get("redirectUri")
            or granted.challenge != challenge
            or granted.ends <= self.clock()
        ):
            return _oauth(400, "InvalidGrantException", "invalid_grant", "Invalid grant provided")
        return self._signed_in(client, granted.client_id, self._known(client.start_url))

    def _by_refresh(self, client: Client, given: Mapping[str, Any]) -> Reply:
        """Each refresh token is taken once; the answer holds the next."""
        signed_in = self._refresh.pop(str(given.get("refreshToken")), None)
        now = self.clock()
        if (
            signed_in is None
            or signed_in.client_id != given.get("clientId")
            or signed_in.ends <= now
            or signed_in.sign_in in self.center.ended
        ):
            return _oauth(400, "InvalidGrantException", "invalid_grant", "Invalid refresh token provided")
        return self._tokens(client, signed_in)

    def _signed_in(self, client: Client, client_id: str, start_url: str) -> Reply:
        ends = self.clock() + self.session_seconds
        return self._tokens(client, SignedIn(client_id, start_url, secrets.token_hex(8), ends))

    def _tokens(self, client: Client, signed_in: SignedIn) -> Reply:
        now = self.clock()
        refreshable = REFRESHABLE in client.scopes
        ends = min(now + self.token_seconds, signed_in.ends) if refreshable else signed_in.ends
        document: dict[str, object] = {
            "accessToken": self.center.give_token(signed_in.start_url, ends, signed_in.sign_in),
            "tokenType": "Bearer",
            "expiresIn": int(ends - now),
        }
        if refreshable:
            refresh = f"DEMOTOKENrefresh{secrets.token_hex(16)}"
            self._refresh[refresh] = signed_in
            document["refreshToken"] = refresh
        return as_json(document)

    def _authorize(self, query: Mapping[str, str]) -> Reply:
        """The page a browser is sent to; the made-up person answers at once."""
        client = self._clients.get(query.get("client_id", ""))
        redirect = query.get("redirect_uri", "")
        parts = urlsplit(redirect)
        without_port = f"{parts.scheme}://{parts.hostname}{parts.path}"
        if client is None or without_port not in client.redirects:
            return as_page("<p>This program or its address is not known here.</p>", 400)
        if query.get("code_challenge_method") != "S256" or query.get("response_type") != "code":
            return as_page("<p>The request is not one that is answered here.</p>", 400)
        if self.denies or not self._known(client.start_url):
            back = {"error": "access_denied", "state": query.get("state", "")}
        else:
            code = f"DEMOTOKENcode{secrets.token_hex(16)}"
            granted = Granted(query["client_id"], redirect, query["code_challenge"], self.clock() + 600)
            self._granted[code] = granted
            back = {"code": code, "state": query.get("state", "")}
        location = f"{redirect}?{urlencode(back)}"
        return as_page("<p>Going back.</p>", 302)._replace(headers=(("Location", location),))

    def _device_page(self, request: Request) -> Reply:
        """Where the person reads the code again and allows or denies it."""
        user_code = request.query.get("user_code", "")
        if request.method == "POST":
            given = dict(parse_qsl(request.body.decode("utf-8", "replace")))
            answer = "allow" if given.get("answer") == "allow" else "deny"
            known = self.say(given.get("user_code", "").upper(), answer)
            said = {"allow": "Allowed. Go back to stsui.", "deny": "Denied."}[answer]
            return as_page(f"<p>{said if known else 'There is no such code, or it is over.'}</p>")
        return as_page(
            "<h1>Made-up Identity Center</h1><form method=post action=/device>"
            f"<p>Code <input name=user_code value='{html.escape(user_code, quote=True)}'></p>"
            "<p>A program wants to use your accounts. Does it show this code?</p>"
            "<button name=answer value=allow>Allow</button> "
            "<button name=answer value=deny>Deny</button></form>"
        )


def _oauth(status: int, code: str, error: str, description: str) -> Reply:
    return as_error(status, code, description, error=error, error_description=description)


def browse(url: str) -> str:
    """What a browser would do with a link, redirects followed: the text of the last page."""
    import urllib.request

    with urllib.request.urlopen(url, timeout=10) as page:
        text: str = page.read().decode()
    return text


def query_of(url: str) -> dict[str, str]:
    """The parameters of a link."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
