"""Identity Center in miniature: who may sign in, what they are assigned, and the portal that lends it.

The sign-in itself (sso-oidc) is in `sign_in.py`. Source: API reference of the Identity Center portal.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from stsui.demo.operations import Principal, Sts
from stsui.demo.wire import Reply, Request, as_error, as_json
from stsui.demo.world import World

START_URL = "https://acme.awsapps.com/start"
USER = "ana@acme.example"
HOUR = 3_600
_OPERATIONS = {
    ("GET", "/assignment/accounts"): "ListAccounts",
    ("GET", "/assignment/roles"): "ListAccountRoles",
    ("GET", "/federation/credentials"): "GetRoleCredentials",
    ("POST", "/logout"): "Logout",
}


class Assigned(NamedTuple):
    """An account that the user sees in the portal, and the permission sets they have there."""

    account_id: str
    name: str
    email: str
    roles: tuple[str, ...]


class Access(NamedTuple):
    """An access token that was given out."""

    start_url: str
    ends: float
    sign_in: str
    """Which sign-in it belongs to; a sign-out ends all of them."""


class IdentityCenter:
    """The portal's state; thread-safe. Every attribute may be set while it runs."""

    def __init__(self, world: World, sts: Sts, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.assigned: dict[str, list[Assigned]] = {START_URL: list(_assigned(world))}
        """What the user has, by start URL; each of those is an organisation of its own."""
        self.page_size = 100
        """Entries of a page; AWS gives 100 at most."""
        self.per_second = 0.0
        """Portal requests that are let through in a second; 0: all of them."""
        self.lives: dict[str, int] = {"PowerUser": 4 * HOUR}
        """Permission set → seconds that its role credentials last; an hour where it is not named."""
        self.tokens: dict[str, Access] = {}
        self.ended: set[str] = set()
        """Sign-ins that were signed out of."""
        self._sts = sts
        self._lock = threading.Lock()
        self._let_through = 0.0
        self._measured_at = time.monotonic()

    def role_arn(self, account_id: str, role_name: str) -> str:
        """The IAM role that stands behind a permission set, without its path, as trust policies name it."""
        digest = hashlib.sha256(f"{account_id} {role_name}".encode()).hexdigest()[:16]
        return f"arn:aws:iam::{account_id}:role/AWSReservedSSO_{role_name}_{digest}"

    def give_token(self, start_url: str, ends: float, sign_in: str) -> str:
        """A new access token."""
        token = f"DEMOTOKENsso{secrets.token_hex(16)}"
        with self._lock:
            self.tokens[token] = Access(start_url, ends, sign_in)
        return token

    def end_sign_in(self, sign_in: str) -> None:
        """Every token of that sign-in is worth nothing from now on."""
        with self._lock:
            self.ended.add(sign_in)
            self.tokens = {
                token: access for token, access in self.tokens.items() if access.sign_in != sign_in
            }

    def revoke(self) -> None:
        """As if an administrator ended every session."""
        with self._lock:
            self.tokens.clear()

    def operation(self, request: Request) -> str:
        """What the portal is asked for."""
        return _OPERATIONS.get((request.method, request.path), "")

    def answer(self, operation: str, request: Request) -> Reply:
        """One of the four operations."""
        if not self._in_time():
            return as_error(429, "TooManyRequestsException", "HTTP 429 Unknown Code")
        access = self.tokens.get(request.headers.get("x-amz-sso_bearer_token", ""))
        if access is None or access.ends <= self.clock():
            return as_error(401, "UnauthorizedException", "Session token not found or invalid")
        if operation == "Logout":
            self.end_sign_in(access.sign_in)
            return Reply(200, b"", ())
        assigned = self.assigned.get(access.start_url, [])
        if operation == "ListAccounts":
            entries = [
                {"accountId": one.account_id, "accountName": one.name, "emailAddress": one.email}
                for one in assigned
            ]
            return self._page("accountList", entries, request)
        account = next((one for one in assigned if one.account_id == request.query.get("account_id")), None)
        if operation == "ListAccountRoles":
            if account is None:
                return as_error(404, "ResourceNotFoundException", "Account not found")
            entries = [{"roleName": name, "accountId": account.account_id} for name in account.roles]
            return self._page("roleList", entries, request)
        return self._role_credentials(account, request)

    def _role_credentials(self, account: Assigned | None, request: Request) -> Reply:
        role_name = request.query.get("role_name", "")
        if account is None or role_name not in account.roles:
            return as_error(403, "ForbiddenException", "No access")
        arn = self.role_arn(account.account_id, role_name)
        name = arn.rpartition("/")[2]
        lent = Principal(
            f"arn:aws:sts::{account.account_id}:assumed-role/{name}/{USER}",
            "AROA" + hashlib.sha256(arn.encode()).hexdigest()[:17].upper() + f":{USER}",
            account.account_id,
            "",
            kind="role",
            role_arn=arn,
        )
        given = self._sts.lend(lent, self.lives.get(role_name, HOUR))
        principal = self._sts.principal(given["AccessKeyId"])
        return as_json(
            {
                "roleCredentials": {
                    "accessKeyId": given["AccessKeyId"],
                    "secretAccessKey": given["SecretAccessKey"],
                    "sessionToken": given["SessionToken"],
                    "expiration": int(principal.ends * 1000),
                }
            },
            account_id=account.account_id,
            role_name=role_name,
        )

    def _page(self, name: str, entries: list[dict[str, str]], request: Request) -> Reply:
        most = request.query.get("max_result", "")
        size = min(self.page_size, int(most)) if most.isdigit() and int(most) else self.page_size
        mark = request.query.get("next_token", "0")
        begin = int(mark) if mark.isdigit() else 0
        document: dict[str, object] = {name: entries[begin : begin + size]}
        if begin + size < len(entries):
            document["nextToken"] = str(begin + size)
        return as_json(document, account_id=request.query.get("account_id", ""))

    def _in_time(self) -> bool:
        """Whether the request is within what is let through, measured by the computer's own clock."""
        if not self.per_second:
            return True
        with self._lock:
            now = time.monotonic()
            gained = (now - self._measured_at) * self.per_second
            self._measured_at = now
            self._let_through = max(0.0, self._let_through - gained)
            if self._let_through >= self.per_second:
                return False
            self._let_through += 1
            return True


def many(accounts: int, roles: int) -> list[Assigned]:
    """A large organisation."""
    return [
        Assigned(
            f"{700_000_000_000 + n:012d}",
            f"unit-{n:03d}-{('prod', 'staging', 'dev')[n % 3]}",
            f"aws+unit-{n:03d}@acme.example",
            tuple(f"Role{m:02d}" for m in range(roles)),
        )
        for n in range(accounts)
    ]


def _assigned(world: World) -> Iterable[Assigned]:
    """The demo's own accounts; one of them without a role."""
    sets = {
        "acme-prod": ("ReadOnly", "Billing"),
        "acme-staging": ("AdministratorAccess", "ReadOnly"),
        "acme-dev": ("AdministratorAccess", "PowerUser", "ReadOnly"),
        "sandbox": ("AdministratorAccess", "PowerUser"),
    }
    for account in world.accounts:
        if account.name in sets or account.name == "partner-eu":
            email = f"aws+{account.name}@acme.example"
            yield Assigned(account.account_id, account.name, email, sets.get(account.name, ()))
