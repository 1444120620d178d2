"""The STS operations over botocore: one session, one client for each Region, endpoint and patience.

Not over boto3 itself, whose import takes as long again as everything below it, for S3 transfers.

The session belongs to no profile: a stray AWS_PROFILE must not decide who signs. What a profile says about
endpoints, FIPS and dual-stack is botocore's to read and comes with its source.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import botocore.session
from botocore import UNSIGNED
from botocore.config import Config

from stsui.aws import endpoint_table, sources
from stsui.aws.answers import server_time, temporary
from stsui.aws.boto import ATTEMPTS, encode_once, neutral_session, patience
from stsui.aws.bounded import bound
from stsui.aws.errors import Place, not_sts, translate, unusable
from stsui.aws.lent import Lent
from stsui.aws.sso import Portal
from stsui.model.arn import ACCOUNT_ID, parse_role_arn
from stsui.model.credentials import Credentials
from stsui.model.identity import Identity
from stsui.model.roles import Source, Transport
from stsui.model.text import clean
from stsui.sessions.actions import Answer
from stsui.sessions.plan import Step
from stsui.sessions.turns import turn


class _Where(NamedTuple):
    """An endpoint, and how it is reached."""

    region: str
    endpoint_url: str
    transport: Transport


def _where(step: Step) -> _Where:
    return _Where(step.region, step.endpoint_url, step.transport)


class StsActions:
    """`sessions.actions.Actions` over the network; thread-safe."""

    def __init__(self, environ: Mapping[str, str], portal: Portal | None = None) -> None:
        """`portal` gives the roles of Identity Centers, where somebody may sign in."""
        self._environ = environ
        self._portal = portal
        self._guard = threading.Lock()
        self._boto_session: botocore.session.Session | None = None
        self._lent = Lent()
        self._clients: dict[tuple[_Where, bool, int], Any] = {}

    def source_credentials(self, source: Source, asking: Sequence[str]) -> Answer:
        """The first credentials of a chain, as botocore finds them; those of an Identity Center as we do."""
        if source.kind == "sso" and self._portal is not None:
            return self._portal.role_credentials(source)
        place = Place("credentials", source.name, source.name, host=source.detail)
        try:
            return sources.credentials(source, self._environ, asking)
        except Exception as error:
            raise unusable(error, place) from None

    def call(self, step: Step, signer: Credentials | None, code: str | None, *, once: bool = False) -> Answer:
        """The call of a plan's step.

        Raises:
            StsuiError: AWS refused it, did not answer, or gave something that cannot be credentials.
        """
        parameters = dict(step.parameters)
        if code is not None:
            parameters["TokenCode"] = code
        if step.operation == "AssumeRoleWithWebIdentity" and step.source is not None:
            parameters["WebIdentityToken"] = sources.web_identity_token(step.role, step.source)
        if step.operation == "AssumeRoleWithSAML" and step.source is not None:
            parameters["SAMLAssertion"] = sources.saml_assertion(step.role, step.source.argv, self._environ)
        place = self._place(step)
        answer = self._ask(step.operation, parameters, signer, _where(step), place, once=once)
        return _answer(answer, place)

    def identity(self, credentials: Credentials, step: Step) -> Identity:
        """Who AWS says holds these credentials."""
        place = Place("GetCallerIdentity", "", "the session", region=step.region)
        answer = self._ask("GetCallerIdentity", {}, credentials, _where(step), place)
        values = [answer.get(name) for name in ("Account", "Arn", "UserId")]
        if not all(isinstance(value, str) and value for value in values):
            raise not_sts(place)
        return Identity(*(clean(str(value)) for value in values))

    def decoded(self, credentials: Credentials, step: Step, message: str) -> str:
        """What an encoded authorization message says, as JSON text."""
        place = Place("DecodeAuthorizationMessage", step.role, step.role, region=step.region)
        given = {"EncodedMessage": message}
        answer = self._ask("DecodeAuthorizationMessage", given, credentials, _where(step), place)
        text = answer.get("DecodedMessage")
        if not isinstance(text, str):
            raise not_sts(place)
        return text

    def account_of_key(self, credentials: Credentials, step: Step, access_key_id: str) -> str:
        """The account that an access key belongs to."""
        place = Place("GetAccessKeyInfo", step.role, step.role, region=step.region)
        given = {"AccessKeyId": access_key_id}
        answer = self._ask("GetAccessKeyInfo", given, credentials, _where(step), place)
        account = answer.get("Account")
        if not isinstance(account, str) or not ACCOUNT_ID.fullmatch(account):
            raise not_sts(place)
        return account

    def _ask(
        self,
        operation: str,
        parameters: Mapping[str, object],
        signer: Credentials | None,
        where: _Where,
        place: Place,
        *,
        once: bool = False,
    ) -> dict[str, Any]:
        try:
            client = self._client(where, signer is not None, 1 if once else self._attempts())
            place = place._replace(host=urlsplit(client.meta.endpoint_url).hostname or "")
            method = getattr(client, _METHODS[operation])
            with self._lent.to_this_thread(signer), turn.taken():
                answer: dict[str, Any] = method(**parameters)
            return answer
        except Exception as error:  # KeyError and parser errors too: a 200 that is not STS's raises them
            # `from None`: a chained botocore error can carry the raw answer into a traceback.
            raise translate(error, place) from None

    def _client(self, where: _Where, signed: bool, attempts: int) -> Any:
        key = (where, signed, attempts)
        with self._guard:
            if key not in self._clients:
                self._clients[key] = self._new_client(*key)
                encode_once(self._clients[key])
                bound(self._clients[key])
            return self._clients[key]

    def _new_client(self, where: _Where, signed: bool, attempts: int) -> Any:
        if self._boto_session is None:
            self._boto_session = neutral_session()
            endpoint_table.shorten(self._boto_session, self._environ)
            self._lent.lend_to(self._boto_session)
        # Each of these is said, so that nothing of [default] decides it.
        how = Config(
            use_fips_endpoint=where.transport.fips,
            use_dualstack_endpoint=where.transport.dualstack,
            signature_version=None if signed else UNSIGNED,
        )
        return self._boto_session.create_client(
            "sts",
            region_name=where.region,
            endpoint_url=where.endpoint_url or None,
            verify=where.transport.ca_bundle or self._environ.get("REQUESTS_CA_BUNDLE") or True,
            config=patience(attempts).merge(how),
        )

    def _attempts(self) -> int:
        """AWS_MAX_ATTEMPTS counts only downwards: a person waits at the other end."""
        said = self._environ.get("AWS_MAX_ATTEMPTS", "")
        return min(ATTEMPTS, max(1, int(said))) if said.isascii() and said.isdigit() else ATTEMPTS

    def _place(self, step: Step) -> Place:
        asked = step.parameters.get("DurationSeconds", 0)
        return Place(
            step.operation,
            step.role,
            step.caller,
            parse_role_arn(step.role_arn).name if step.role_arn else step.role,
            step.mfa_serial,
            step.region,
            asked_seconds=asked if isinstance(asked, int) else 0,
        )


_METHODS = {
    "AssumeRole": "assume_role",
    "AssumeRoleWithWebIdentity": "assume_role_with_web_identity",
    "AssumeRoleWithSAML": "assume_role_with_saml",
    "GetFederationToken": "get_federation_token",
    "GetSessionToken": "get_session_token",
    "GetCallerIdentity": "get_caller_identity",
    "DecodeAuthorizationMessage": "decode_authorization_message",
    "GetAccessKeyInfo": "get_access_key_info",
}


def _answer(answer: Mapping[str, Any], place: Place) -> Answer:
    """The values of an answer, each checked before anybody relies on it."""
    given = answer.get("Credentials")
    if not isinstance(given, dict):
        raise not_sts(place)
    values = [given.get(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
    expiration: Any = given.get("Expiration")
    ends = int(expiration.timestamp()) if hasattr(expiration, "timestamp") else None
    credentials = temporary(values[0], values[1], values[2], ends)
    if credentials is None:
        raise not_sts(place)
    user = answer.get("AssumedRoleUser") or answer.get("FederatedUser") or {}
    packed = answer.get("PackedPolicySize")
    return Answer(
        credentials,
        clean(str(user.get("Arn", ""))),
        packed if isinstance(packed, int) else 0,
        server_time(answer),
    )
