"""What STS does with a request, and why it refuses one: limits, trust, MFA, chaining, in AWS's words.

Source: STS API reference; the wordings as seen in public reports.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from stsui.demo.policies import Decision, decide
from stsui.demo.saml import read_assertion
from stsui.demo.signature import Signature, fault
from stsui.demo.world import CODE_STEP, ISSUER, Role, User, World

Parameters = Mapping[str, str]
_NAME = re.compile(r"[\w+=,.@-]*", re.ASCII)
_EXTERNAL = re.compile(r"[\w+=,.@:/-]*", re.ASCII)


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Principal(NamedTuple):
    """Who signs: a user, or a session that was lent."""

    arn: str
    user_id: str
    account_id: str
    secret: str
    token: str = ""
    ends: float = 0.0
    kind: str = "user"
    """`user`, `session` (GetSessionToken), `role` or `federated`."""
    mfa: bool = False
    device: str = ""
    role_arn: str = ""
    chained: bool = False
    """Lent to who was lent credentials."""
    tags: tuple[tuple[str, str], ...] = ()
    """Transitive ones."""
    source_identity: str = ""
    issued: float = 0.0
    session_policies: tuple[str, ...] = ()
    """JSON, or ARNs of managed ones; none: all that the role may."""


class Sts:
    """The state behind the endpoint; thread-safe."""

    def __init__(self, world: World, clock: Callable[[], float], signing_clock: Callable[[], float]) -> None:
        self.world = world
        self.clock = clock
        self._signing_clock = signing_clock
        self.lives: dict[str, int] = {}
        """Role ARN → seconds its sessions really last; beside what the world says."""
        self._principals = {user.access_key_id: _as_principal(user) for user in world.users}
        self._used: dict[tuple[str, int], str] = {}
        self.attached: dict[str, dict[str, str]] = {}
        """Role ARN → policies that were attached to it, by name."""
        self._lock = threading.Lock()

    def principal(self, access_key_id: str) -> Principal:
        """Who holds that key."""
        return self._principals[access_key_id]

    def authenticate(self, signature: Signature | None, headers: Mapping[str, str], body: bytes) -> Principal:
        """Who signed the request; Refused when nobody did rightly."""
        if signature is None:
            raise Refused(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
        principal = self._principals.get(signature.access_key_id)
        token = headers.get("x-amz-security-token", "")
        if principal is None or token != principal.token:
            raise Refused(
                403, "InvalidClientTokenId", "The security token included in the request is invalid."
            )
        wrong = fault(signature, principal.secret, headers, body, self._signing_clock())
        if wrong:
            raise Refused(403, "SignatureDoesNotMatch", wrong)
        if principal.ends and self.clock() >= principal.ends:
            raise Refused(403, "ExpiredToken", "The security token included in the request is expired")
        return principal

    def holder(self, access_key_id: str, token: str) -> Principal:
        """Whose key that is; Refused when it is nobody's or over."""
        principal = self._principals.get(access_key_id)
        if principal is None or token != principal.token:
            raise Refused(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist.")
        if principal.ends and self.clock() >= principal.ends:
            raise Refused(400, "ExpiredToken", "The provided token has expired.")
        return principal

    def decide(self, caller: Principal, action: str, resource: str) -> Decision:
        """Whether the caller may do that; users and what is no role's session may do everything."""
        if caller.kind != "role":
            return Decision(True)
        attached = self.attached.get(caller.role_arn, {}).values()
        name = caller.role_arn.rpartition("/")[2]
        return decide(name, caller.session_policies, attached, caller.issued, action, resource)

    def _allow(self, caller: Principal, action: str, resource: str) -> None:
        if not self.decide(caller, action, resource).allowed:
            on = f" on resource: {resource}" if resource != "*" else ""
            message = f"User: {caller.arn} is not authorized to perform: {action}{on}"
            raise Refused(403, "AccessDenied", message)

    def assume_role(self, caller: Principal, given: Parameters) -> dict[str, Any]:
        """AssumeRole."""
        self._allow(caller, "sts:AssumeRole", given.get("RoleArn", ""))
        role = self._role(caller.arn, given)
        mfa = self._check_code(caller, given)
        _check_name("roleSessionName", given.get("RoleSessionName", ""), 2, 64, _NAME)
        if caller.arn.endswith(":root"):
            raise Refused(403, "AccessDenied", "Roles may not be assumed by root accounts.")
        trusts = caller.role_arn in role.trusted or caller.arn in role.trusted
        external = given.get("ExternalId", "")
        if external:
            _check_name("externalId", external, 2, 1_224, _EXTERNAL)
        if (
            not trusts
            or role.behaviour == "denied"
            or (role.needs_mfa and not (mfa or caller.mfa))
            or (role.external_id and external != role.external_id)
        ):
            raise _denied(caller.arn, given["RoleArn"])
        if role.behaviour == "throttled":
            raise Refused(400, "Throttling", "Rate exceeded")
        if role.behaviour == "no such region":
            raise Refused(
                403,
                "RegionDisabledException",
                "STS is not activated in this region for account:" + role.account_id,
            )
        seconds = _duration(given, role, chained=caller.kind != "user")
        return self._lend_role(role, given, seconds, caller, extra={})

    def assume_role_with_web_identity(self, given: Parameters) -> dict[str, Any]:
        """AssumeRoleWithWebIdentity; nobody signs it."""
        claims = self._claims(given.get("WebIdentityToken", ""))
        subject = str(claims["sub"])
        role = self._role(subject, given)
        _check_name("roleSessionName", given.get("RoleSessionName", ""), 2, 64, _NAME)
        if ISSUER not in role.trusted:
            raise Refused(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        seconds = _duration(given, role, chained=False)
        caller = Principal(subject, subject, role.account_id, "")
        extra = {"SubjectFromWebIdentityToken": subject, "Audience": "sts", "Provider": ISSUER}
        return self._lend_role(role, given, seconds, caller, extra=extra)

    def assume_role_with_saml(self, given: Parameters) -> dict[str, Any]:
        """AssumeRoleWithSAML; nobody signs it."""
        assertion = read_assertion(self.world.token_key, given.get("SAMLAssertion", ""))
        if assertion is None:
            raise Refused(400, "InvalidIdentityToken", "Invalid SAML response")
        role = self._role(assertion.subject, given)
        provider = given.get("PrincipalArn", "")
        if provider not in role.trusted or (role.arn, provider) != (assertion.role_arn, assertion.provider):
            raise Refused(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
        now = self.clock()
        if now > assertion.issued + 300:
            raise Refused(400, "ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance")
        seconds = min(_duration(given, role, chained=False), int(assertion.not_on_or_after - now))
        named = {**given, "RoleSessionName": assertion.subject}
        caller = Principal(assertion.subject, assertion.subject, role.account_id, "")
        extra = {"Subject": assertion.subject, "SubjectType": "persistent", "Issuer": assertion.issuer}
        return self._lend_role(role, named, seconds, caller, extra=extra)

    def get_session_token(self, caller: Principal, given: Parameters) -> dict[str, Any]:
        """GetSessionToken."""
        if caller.kind != "user":
            raise Refused(403, "AccessDenied", "Cannot call GetSessionToken with session credentials")
        seconds = _seconds(given, 43_200, 129_600)
        mfa = self._check_code(caller, given)
        lent = caller._replace(kind="session", mfa=mfa)
        return {"Credentials": self.lend(lent, seconds)}

    def get_federation_token(self, caller: Principal, given: Parameters) -> dict[str, Any]:
        """GetFederationToken."""
        if caller.kind != "user":
            raise Refused(403, "AccessDenied", "Cannot call GetFederationToken with session credentials")
        name = given.get("Name", "")
        _check_name("name", name, 2, 32, _NAME)
        seconds = _seconds(given, 43_200, 129_600)
        arn = f"arn:aws:sts::{caller.account_id}:federated-user/{name}"
        user_id = f"{caller.account_id}:{name}"
        lent = caller._replace(arn=arn, user_id=user_id, kind="federated")
        return {
            "Credentials": self.lend(lent, seconds),
            "FederatedUser": {"Arn": arn, "FederatedUserId": user_id},
            "PackedPolicySize": _packed(given),
        }

    def get_caller_identity(self, caller: Principal, given: Parameters) -> dict[str, Any]:
        """GetCallerIdentity."""
        return {"Arn": caller.arn, "UserId": caller.user_id, "Account": caller.account_id}

    def get_access_key_info(self, caller: Principal, given: Parameters) -> dict[str, Any]:
        """GetAccessKeyInfo."""
        self._allow(caller, "sts:GetAccessKeyInfo", "*")
        known = self._principals.get(given.get("AccessKeyId", ""))
        if known is None:
            raise Refused(400, "ValidationError", "The access key ID could not be found")
        return {"Account": known.account_id}

    def decode_authorization_message(self, caller: Principal, given: Parameters) -> dict[str, Any]:
        """DecodeAuthorizationMessage; messages are base64 of their JSON here."""
        self._allow(caller, "sts:DecodeAuthorizationMessage", "*")
        try:
            decoded = base64.b64decode(given.get("EncodedMessage", ""), validate=True).decode()
            json.loads(decoded)
        except ValueError:
            raise Refused(
                400, "InvalidAuthorizationMessageException", "Message is not valid or has expired"
            ) from None
        return {"DecodedMessage": decoded}

    def _role(self, caller_arn: str, given: Parameters) -> Role:
        arn = given.get("RoleArn", "")
        if not 20 <= len(arn) <= 2_048:
            raise _invalid("roleArn", arn, "Member must have length greater than or equal to 20")
        role = self.world.roles.get(arn)
        if role is None:
            # AWS does not tell whether a role exists.
            raise _denied(caller_arn, arn)
        return role

    def _check_code(self, caller: Principal, given: Parameters) -> bool:
        """Whether a right code came with the request; each one is taken once, whatever for."""
        serial, code = given.get("SerialNumber", ""), given.get("TokenCode", "")
        if not serial and not code:
            return False
        if not re.fullmatch(r"\d{6}", code, re.ASCII):
            raise _invalid("tokenCode", code, r"Member must satisfy regular expression pattern: [\d]*")
        if caller.kind not in ("user", "session") or serial != caller.device:
            raise Refused(
                403,
                "AccessDenied",
                "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA "
                "serial number is valid and associated with this user.",
            )
        step = int(self.clock()) // CODE_STEP
        with self._lock:
            for n in (step, step - 1):
                if self.world.code(serial, n * CODE_STEP) == code and (serial, n) not in self._used:
                    self._used[serial, n] = code
                    return True
        raise Refused(
            403, "AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. "
        )

    def _claims(self, token: str) -> dict[str, Any]:
        head, _, signature = token.rpartition(".")
        wanted = hmac.new(self.world.token_key, head.encode(), hashlib.sha256).digest()
        try:
            right = hmac.compare_digest(base64.urlsafe_b64decode(signature + "=="), wanted)
            claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(head.split(".")[1] + "=="))
        except (ValueError, IndexError):
            right, claims = False, {}
        if not right or claims.get("iss") != ISSUER:
            raise Refused(400, "InvalidIdentityToken", "The web identity token that was passed is not valid")
        if claims["exp"] <= self.clock():
            raise Refused(
                400,
                "ExpiredTokenException",
                f"Token expired: current date/time {int(self.clock())} must be before the expiration "
                f"date/time {claims['exp']} of the web identity token",
            )
        return claims

    def _lend_role(
        self, role: Role, given: Parameters, seconds: int, caller: Principal, extra: Mapping[str, object]
    ) -> dict[str, Any]:
        name = given["RoleSessionName"]
        tags, transitive = _tags(given, caller)
        packed = _packed(given)
        account = "999988887777" if role.behaviour == "another account" else role.account_id
        arn = f"arn:aws:sts::{account}:assumed-role/{role.name}/{name}"
        role_id = "AROA" + hashlib.sha256(role.arn.encode()).hexdigest()[:17].upper()
        source_identity = given.get("SourceIdentity", "") or caller.source_identity
        if caller.source_identity and source_identity != caller.source_identity:
            raise _denied(caller.arn, role.arn)
        lent = Principal(
            arn,
            f"{role_id}:{name}",
            account,
            "",
            kind="role",
            role_arn=role.arn,
            chained=caller.kind != "user",
            tags=tuple((key, value) for key, value in tags if key in transitive),
            source_identity=source_identity,
            issued=self.clock(),
            session_policies=_session_policies(given),
        )
        lives = self.lives.get(role.arn) or role.lives
        answer: dict[str, Any] = {
            **extra,
            "Credentials": self.lend(lent, min(seconds, lives) if lives else seconds),
            "AssumedRoleUser": {"AssumedRoleId": f"{role_id}:{name}", "Arn": arn},
        }
        if packed:
            answer["PackedPolicySize"] = packed
        if source_identity:
            answer["SourceIdentity"] = source_identity
        return answer

    def lend(self, principal: Principal, seconds: int) -> dict[str, str]:
        """Temporary credentials of that principal, as STS answers them."""
        key_id = "ASIADEMO" + secrets.token_hex(6).upper()
        secret = "DEMOSECRET" + secrets.token_hex(15)
        token = "DEMOTOKEN" + base64.b64encode(secrets.token_bytes(420)).decode()
        ends = int(self.clock()) + seconds
        lent = principal._replace(secret=secret, token=token, ends=ends)
        with self._lock:
            self._principals[key_id] = lent
        return {
            "AccessKeyId": key_id,
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ends)),
        }


def _as_principal(user: User) -> Principal:
    user_id = "AIDA" + hashlib.sha256(user.arn.encode()).hexdigest()[:17].upper()
    return Principal(user.arn, user_id, user.account_id, user.secret_access_key, device=user.device)


def _denied(caller: str, role_arn: str) -> Refused:
    return Refused(
        403,
        "AccessDenied",
        f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {role_arn}",
    )


def _invalid(name: str, value: str, rule: str) -> Refused:
    return Refused(
        400,
        "ValidationError",
        f"1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: {rule}",
    )


def _check_name(name: str, value: str, least: int, most: int, pattern: re.Pattern[str]) -> None:
    if len(value) < least:
        raise _invalid(name, value, f"Member must have length greater than or equal to {least}")
    if len(value) > most:
        raise _invalid(name, value, f"Member must have length less than or equal to {most}")
    if not pattern.fullmatch(value):
        raise _invalid(name, value, f"Member must satisfy regular expression pattern: {pattern.pattern}")


def _seconds(given: Parameters, default: int, most: int) -> int:
    text = given.get("DurationSeconds", "")
    seconds = int(text) if text.isascii() and text.isdigit() else default
    if seconds < 900:
        raise _invalid("durationSeconds", text, "Member must have value greater than or equal to 900")
    if seconds > most:
        raise _invalid("durationSeconds", text, f"Member must have value less than or equal to {most}")
    return seconds


def _duration(given: Parameters, role: Role, chained: bool) -> int:
    seconds = _seconds(given, 3_600, 43_200)
    if chained and seconds > 3_600:
        raise Refused(
            400,
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
            "role chaining",
        )
    if seconds > role.max_seconds:
        raise Refused(
            400,
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )
    return seconds


def _tags(given: Parameters, caller: Principal) -> tuple[list[tuple[str, str]], set[str]]:
    """Every session tag, inherited ones too, and the names of those that go further down the chain."""
    tags: list[tuple[str, str]] = []
    n = 1
    while f"Tags.member.{n}.Key" in given:
        tags.append((given[f"Tags.member.{n}.Key"], given.get(f"Tags.member.{n}.Value", "")))
        n += 1
    if n > 51:
        raise _invalid("tags", str(n - 1), "Member must have length less than or equal to 50")
    inherited = {key.lower() for key, _ in caller.tags}
    for key, value in tags:
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise _invalid("tags", key, "Member must have length between 1 and 128")
        if key.lower() in inherited:
            raise Refused(
                400, "InvalidParameterValue", f"Tag {key} was set as transitive and cannot be changed"
            )
    transitive = {value for name, value in given.items() if name.startswith("TransitiveTagKeys.member.")}
    return [*caller.tags, *tags], transitive | {key for key, _ in caller.tags}


def _session_policies(given: Parameters) -> tuple[str, ...]:
    arns = [value for name, value in given.items() if name.startswith("PolicyArns.member.")]
    return (*([given["Policy"]] if given.get("Policy") else []), *arns)


def _packed(given: Parameters) -> int:
    """Percent of what a session policy and tags may take."""
    policy = given.get("Policy", "")
    if policy:
        try:
            json.loads(policy)
        except ValueError:
            raise Refused(400, "MalformedPolicyDocument", "Syntax errors in policy.") from None
    arns = [value for name, value in given.items() if name.startswith("PolicyArns.member.")]
    if len(arns) > 10:
        raise _invalid("policyArns", "", "Member must have length less than or equal to 10")
    tags = sum(len(value) for name, value in given.items() if name.startswith("Tags."))
    size = (len(policy) + sum(map(len, arns)) + tags) * 100 // 2_048
    if size > 100:
        raise Refused(
            400,
            "PackedPolicyTooLarge",
            f"Packed policy consumes {size}% of allotted space, please use smaller policy.",
        )
    return size
