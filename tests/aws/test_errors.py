"""Every answer that says no becomes one sentence: what, who, and what to do; never the raw answer."""

import pytest
from botocore import exceptions as boto
from hypothesis import given, settings
from hypothesis import strategies as st

from stsui.aws.errors import Place, from_code, translate
from stsui.model import errors
from stsui.model.errors import StsuiError

PLACE = Place(
    "AssumeRole", "prod-deploy", "hub", "Deploy", "arn:aws:iam::444455556666:mfa/ana", "eu-west-1",
    "sts.eu-west-1.amazonaws.com", 43_200,
)  # fmt: skip
NOT_AUTHORIZED = (
    "User: arn:aws:sts::444455556666:assumed-role/Hub/ana is not authorized to perform: sts:AssumeRole on resource: "
    "arn:aws:iam::111122223333:role/Deploy"
)
CODES = [
    ("AccessDenied", 403, NOT_AUTHORIZED, errors.AccessDenied, "hub may not assume Deploy (AccessDenied)"),
    ("AccessDenied", 403, "MultiFactorAuthentication failed with invalid MFA one time pass code.", errors.CodeRefused,
     "AWS refused that code. Codes work once: wait for the next."),
    ("AccessDenied", 403, "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA "
     "serial number is valid and associated with this user.", errors.DeviceUnknown, "does not know the MFA device"),
    ("AccessDenied", 403, "Cannot call GetSessionToken with session credentials", errors.AccessDenied,
     "hub holds temporary credentials"),
    ("AccessDenied", 403, "Roles may not be assumed by root accounts.", errors.AccessDenied, "root user"),
    ("ValidationError", 400, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
     errors.DurationTooLong, "12h is more than prod-deploy allows."),
    ("ValidationError", 400, "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
     "chaining", errors.DurationTooLong, "one hour at most"),
    ("ValidationError", 400, "Value 'x' at 'externalId' failed", errors.RefusedByAws, "AWS rejected the request"),
    ("ExpiredToken", 403, "The security token included in the request is expired", errors.SourceExpired,
     "The credentials of hub have expired."),
    ("ExpiredTokenException", 400, "The security token included in the request is expired", errors.SourceExpired,
     "The credentials of hub have expired."),
    ("ExpiredTokenException", 400, "Token expired: current date must be before the expiration (web identity)",
     errors.TokenRefused, "identity token of prod-deploy has expired"),
    ("InvalidClientTokenId", 403, "The security token included in the request is invalid.", errors.KeysUnknown,
     "AWS does not know the keys of hub (InvalidClientTokenId)."),
    ("SignatureDoesNotMatch", 403, "Signature expired: 20261124T010203Z is now earlier than", errors.ClockOff,
     "This computer's clock is too far from AWS's"),
    ("SignatureDoesNotMatch", 403, "Signature not yet current: 20261124T010203Z is still later", errors.ClockOff,
     "clock"),
    ("SignatureDoesNotMatch", 403, "The request signature we calculated does not match", errors.KeysUnknown,
     "The secret key of hub does not belong to its key id."),
    ("RequestExpired", 400, "Request has expired.", errors.ClockOff, "clock"),
    ("MalformedPolicyDocument", 400, "Syntax errors in policy.", errors.PolicyRefused, "Syntax errors in policy."),
    ("PackedPolicyTooLarge", 400, "Packed policy consumes 113%", errors.PolicyRefused, "too large"),
    ("RegionDisabledException", 403, "STS is not activated in this region", errors.RegionDisabled,
     "eu-west-1 is not enabled"),
    ("IDPRejectedClaim", 403, "no OpenIDConnect provider found", errors.TokenRefused, "no OpenIDConnect provider"),
    ("InvalidIdentityToken", 400, "Couldn't retrieve verification key", errors.TokenRefused, "was refused"),
    ("IDPCommunicationError", 400, "", errors.ServiceFailing, "identity provider"),
    ("Throttling", 400, "Rate exceeded", errors.Throttled, "AWS asked to slow down."),
    ("SomethingElse", 429, "", errors.Throttled, "AWS asked to slow down."),
    ("InternalFailure", 500, "", errors.ServiceFailing, "STS in eu-west-1"),
    ("Whatever", 503, "", errors.ServiceFailing, "STS in eu-west-1"),
    ("NewCode", 400, "words of AWS", errors.RefusedByAws, "AWS refused AssumeRole for prod-deploy (NewCode): words"),
    ("404", 404, "Not Found", errors.NotSts, "was not from STS"),
    ("", 302, "", errors.NotSts, "was not from STS"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "status", "message", "kind", "words"), CODES)
def test_a_refusal_is_a_sentence(
    code: str, status: int, message: str, kind: type[StsuiError], words: str
) -> None:
    error = from_code(PLACE, code, message, status)
    assert type(error) is kind
    assert words in error.sentence and error.sentence.rstrip(".)?").strip()
    assert error.role == "prod-deploy"


@pytest.mark.parametrize(
    ("message", "maximum"),
    [
        ("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 0),
        ("The requested DurationSeconds exceeds the MaxSessionDuration (7200) set for this role.", 7_200),
    ],
)
def test_the_longest_duration_is_taken_from_the_message_where_it_stands(message: str, maximum: int) -> None:
    error = from_code(PLACE, "ValidationError", message, 400)
    assert isinstance(error, errors.DurationTooLong) and error.maximum == maximum


HOST = "https://sts.eu-west-1.amazonaws.com/"
CAUSES = [
    (boto.EndpointConnectionError(endpoint_url=HOST), errors.Unreachable),
    (boto.ConnectTimeoutError(endpoint_url=HOST), errors.Unreachable),
    (boto.ReadTimeoutError(endpoint_url=HOST), errors.Unreachable),
    (boto.ProxyConnectionError(proxy_url="http://proxy"), errors.Unreachable),
    (boto.ConnectionClosedError(endpoint_url=HOST), errors.Unreachable),
    (boto.SSLError(endpoint_url=HOST, error="self signed"), errors.TlsRefused),
    (boto.NoCredentialsError(), errors.NoSource),
    (boto.ProfileNotFound(profile="x"), errors.NoSource),
    (boto.CredentialRetrievalError(provider="custom-process", error_msg="boom"), errors.NoSource),
    (boto.UnauthorizedSSOTokenError(), errors.SignInRequired),
    (boto.SSOTokenLoadError(error_msg="no token"), errors.SignInRequired),
    (boto.InvalidRegionError(region_name="x y"), errors.ConfigError),
    (KeyError("AssumeRoleResult"), errors.NotSts),
    (RecursionError(), errors.NotSts),
]


@pytest.mark.parametrize(("cause", "kind"), CAUSES, ids=lambda value: type(value).__name__)
def test_whatever_botocore_raises_is_ours(cause: Exception, kind: type[StsuiError]) -> None:
    assert type(translate(cause, PLACE)) is kind


def test_a_raw_answer_is_never_quoted() -> None:
    secret = "<SecretAccessKey>wJalrXUtnFEMI</SecretAccessKey>"
    error = translate(boto.ClientError({"Error": {"Code": secret, "Message": ""}}, "AssumeRole"), PLACE)
    assert "wJalr" not in str(error) + error.details + error.hint + error.code
    error = translate(Exception(f"unable to parse response: {secret}"), PLACE)
    assert "wJalr" not in str(error) + error.details


@settings(max_examples=500)
@given(st.text(max_size=80), st.text(max_size=300), st.integers(100, 599))
def test_no_code_and_no_message_breaks_it(code: str, message: str, status: int) -> None:
    error = from_code(PLACE, code, message, status)
    for text in (error.sentence, error.details, error.code, error.word):
        assert text.isprintable()
