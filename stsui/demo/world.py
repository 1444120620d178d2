"""The made-up AWS: accounts, users, devices, roles and who may assume them; the same every time."""

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable
from typing import Literal, NamedTuple

CODE_STEP = 30
IDENTITY_ACCOUNT = "999900001111"
ISSUER = "https://token.demo.example"


class Account(NamedTuple):
    """An AWS account with the badge that stsui's config gives it."""

    account_id: str
    name: str
    environment: str = ""
    guard: str = "none"


class User(NamedTuple):
    """An IAM user with long-term keys, and a device where they have one."""

    name: str
    account_id: str
    access_key_id: str
    secret_access_key: str
    device: str = ""
    """ARN of the MFA device."""
    seed: bytes = b""
    """Its TOTP secret."""

    @property
    def arn(self) -> str:
        """As IAM names it."""
        return f"arn:aws:iam::{self.account_id}:user/{self.name}"


Behaviour = Literal["", "denied", "throttled", "another account", "no such region"]


class Role(NamedTuple):
    """An IAM role: who may assume it and for how long."""

    account_id: str
    name: str
    trusted: tuple[str, ...]
    """ARNs of users and roles (without path), account ids, or the issuer of web identity tokens."""
    path: str = ""
    needs_mfa: bool = False
    external_id: str = ""
    max_seconds: int = 3_600
    behaviour: Behaviour = ""
    lives: int = 0
    """Seconds that its sessions really last, so that a renewal can be watched; 0: as asked."""

    @property
    def arn(self) -> str:
        """With its path, as AssumeRole is given it."""
        return f"arn:aws:iam::{self.account_id}:role/{self.path}{self.name}"


class World(NamedTuple):
    """Everything there is."""

    accounts: tuple[Account, ...]
    users: tuple[User, ...]
    roles: dict[str, Role]
    """By ARN."""
    token_key: bytes
    """Signs web identity tokens."""
    clock: Callable[[], float]

    def code(self, device: str, at: float | None = None) -> str:
        """What the device shows (RFC 6238, six digits, 30 s)."""
        user = next(user for user in self.users if user.device == device)
        return totp(user.seed, self.clock() if at is None else at)

    def web_identity_token(self, subject: str = "repo:acme/app", lives: int = 86_400) -> str:
        """A token of the made-up issuer, good for `lives` seconds."""
        return mint(
            self.token_key, {"iss": ISSUER, "sub": subject, "aud": "sts", "exp": int(self.clock()) + lives}
        )


def totp(seed: bytes, at: float) -> str:
    """The code of a device at a Unix time."""
    digest = hmac.new(seed, struct.pack(">Q", int(at) // CODE_STEP), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def mint(key: bytes, claims: dict[str, object]) -> str:
    """A signed token (HS256) with these claims."""
    import json

    def part(value: object) -> str:
        raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    head = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    return f"{head}.{part(hmac.new(key, head.encode(), hashlib.sha256).digest())}"


PROD, STAGING, DEV = "111122223333", "222233334444", "333344445555"
SANDBOX, PARTNER = "444455556666", "555566667777"
ACCOUNTS = (
    Account(PROD, "acme-prod", "PROD", "again"),
    Account(STAGING, "acme-staging", "STAGE"),
    Account(DEV, "acme-dev", "DEV"),
    Account(SANDBOX, "sandbox"),
    Account(PARTNER, "partner-eu"),
)
ANA = f"arn:aws:iam::{IDENTITY_ACCOUNT}:user/ana"
HUB = f"arn:aws:iam::{IDENTITY_ACCOUNT}:role/Hub"
DEVICE = f"arn:aws:iam::{IDENTITY_ACCOUNT}:mfa/ana-phone"
_ROLES = (
    Role(IDENTITY_ACCOUNT, "Hub", (ANA,), max_seconds=43_200),
    Role(PROD, "AdministratorAccess", (ANA,), needs_mfa=True, max_seconds=43_200),
    Role(PROD, "ReadOnly", (ANA,), needs_mfa=True),
    Role(PROD, "Deploy", (HUB,), behaviour="denied"),
    Role(PROD, "Billing", (ANA,), needs_mfa=True, path="finance/"),
    Role(PROD, "BreakGlass", (ANA,), needs_mfa=True, max_seconds=43_200),
    Role(STAGING, "AdministratorAccess", (ANA,), max_seconds=28_800),
    Role(STAGING, "ReadOnly", (ANA,)),
    Role(STAGING, "Deploy", (HUB,)),
    Role(STAGING, "Busy", (ANA,), behaviour="throttled"),
    Role(DEV, "AdministratorAccess", (ANA,)),
    Role(DEV, "ReadOnly", (ANA,)),
    Role(DEV, "CiRunner", (ISSUER,)),
    Role(DEV, "DataEngineer", (ANA,), lives=150),
    Role(DEV, "Deploy", (HUB,)),
    Role(DEV, "Nightly", (ANA,), lives=40),
    Role(SANDBOX, "PowerUser", (ANA,), max_seconds=43_200),
    Role(SANDBOX, "Mixed", (ANA,), behaviour="another account"),
    Role(SANDBOX, "FarAway", (ANA,), behaviour="no such region"),
    Role(PARTNER, "Support", (HUB,), external_id="acme/4711"),
    Role(PARTNER, "Audit", (HUB,), path="third-party/", external_id="acme/4711"),
    Role(PARTNER, "Forgotten", (HUB,), external_id="acme/4711"),
)


def make_world(roles: int = 24, clock: Callable[[], float] = time.time) -> World:
    """The world of the pictures; with more than 24 `roles`, further accounts with ten roles each."""
    users = (
        User("ana", IDENTITY_ACCOUNT, *_keys("ana"), DEVICE, hashlib.sha256(b"ana-phone").digest()[:20]),
        User(
            "bob", IDENTITY_ACCOUNT, *_keys("bob"), f"arn:aws:iam::{IDENTITY_ACCOUNT}:mfa/bob-key", b"bob" * 7
        ),
    )
    accounts, made = list(ACCOUNTS), list(_ROLES)
    for n in range(max(0, roles - 24)):
        account_id = f"{600_000_000_000 + n // 10:012d}"
        if n % 10 == 0:
            accounts.append(Account(account_id, f"team-{n // 10:03d}", ("DEV", "STAGE", "")[n // 10 % 3]))
        made.append(Role(account_id, f"Role{n % 10}", (ANA,)))
    key = hashlib.sha256(b"demo issuer").digest()
    return World(tuple(accounts), users, {role.arn: role for role in made}, key, clock)


def _keys(name: str) -> tuple[str, str]:
    """Long-term keys, visibly made up so that a search for leaks finds them."""
    digest = base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()
    return f"AKIADEMO{digest[:12]}", f"DEMOSECRET{digest[12:42]}"
