"""botocore's exceptions become `model.errors`, and go no further.

Matched on the code as text, because some codes exist in two spellings and the modelled classes catch only
one; then on AWS's words, where one code means several things. Texts of AWS are cleaned; a raw answer is
never quoted, since botocore's parser errors carry it, secrets included.
Source: STS API reference, "Errors"; the wordings as seen in public reports.
"""

import calendar
import json
import re
import time
from collections.abc import Callable
from typing import NamedTuple

from stsui.model import errors
from stsui.model.durations import rough_duration, short_duration
from stsui.model.errors import StsuiError
from stsui.model.text import clean


class Place(NamedTuple):
    """What a failed call was about, for its sentence."""

    operation: str
    role: str
    """The hop's name in the catalog."""
    caller: str = ""
    """Who signed: the source or role above."""
    target: str = ""
    """The role's name at AWS."""
    serial: str = ""
    region: str = ""
    host: str = ""
    asked_seconds: int = 0


Maker = Callable[[Place, str, str], StsuiError]
"""(place, code, AWS's message) → the error."""


SHELL = "this shell"
"""The caller where no role is meant: whatever the environment holds."""
EXPLAIN = "stsui explain {role}"
"""Shows every hop, parameter and file behind what was refused."""


def refused(kind: type[StsuiError], sentence: str, hint: str = EXPLAIN) -> Maker:
    """A maker whose sentence is filled from the place, `{text}` being AWS's own message."""

    def make(place: Place, code: str, text: str) -> StsuiError:
        filled = sentence.format(**place._asdict(), text=text)
        if place.caller == SHELL:
            filled = filled[0].upper() + filled[1:]
        return kind(filled, hint=_hint(place, hint), role=place.role, code=code, details=text)

    return make


def _hint(place: Place, hint: str) -> str:
    """The command filled in; none where it would name nothing."""
    if "{caller}" in hint and place.caller == SHELL:
        return ""
    return hint.format(**place._asdict()) if place.role or "{role}" not in hint else ""


def _of_a_server(text: str, place: Place) -> str:
    """What a credential server said where it gave nothing: a slot of ours says all there is to say."""
    try:
        said = json.loads(text[text.index("{") :])["message"]
    except (ValueError, KeyError, TypeError):
        said = ""
    if isinstance(said, str) and said:
        return clean(said, 300) if place.caller == SHELL else f"{place.caller}: {clean(said, 300)}"
    said = clean(" ".join(text.rpartition("container-role: ")[2].split()), 200)
    return f"The credential server of {place.caller} gave nothing: {said}"


def _too_long(place: Place, code: str, text: str) -> StsuiError:
    number = re.search(r"\b(\d{3,5})\b", text.split("MaxSessionDuration", 1)[-1])
    asked = short_duration(place.asked_seconds)
    return errors.DurationTooLong(
        f'{asked} is more than {place.role} allows (MaxSessionDuration). Lower its duration, or say "max".',
        maximum=int(number[1]) if number else 0,
        hint=_hint(place, EXPLAIN),
        role=place.role,
        code=code,
        details=text,
    )


def _chaining_cap(place: Place, code: str, text: str) -> StsuiError:
    return errors.DurationTooLong(
        f"{place.role} is assumed from another role, so it lasts one hour at most.",
        maximum=3_600,
        hint=_hint(place, EXPLAIN),
        role=place.role,
        code=code,
        details=text,
    )


_MOMENT = re.compile(r"\b(\d{8}T\d{6}Z)\b", re.ASCII)


def _clock(place: Place, code: str, text: str) -> StsuiError:
    seconds = _seconds_ahead(text)
    how_far = "too far from AWS's"
    if seconds:
        how_far = f"{rough_duration(abs(seconds))} {'ahead of' if seconds > 0 else 'behind'} AWS's"
    return errors.ClockOff(
        f"This computer's clock is {how_far} ({code}). Set the clock; nothing can be signed until then.",
        seconds=seconds,
        role=place.role,
        code=code,
        details=text,
    )


def _seconds_ahead(text: str) -> int:
    """Local time minus AWS's, of "Signature expired: T1 is now earlier than T2 (T3 - 15 min.)".

    T1 is when it was signed, T3 is AWS's own time; 0 where the message has another form.
    """
    try:
        moments = [calendar.timegm(time.strptime(at, "%Y%m%dT%H%M%SZ")) for at in _MOMENT.findall(text)]
    except ValueError:
        return 0
    return moments[0] - moments[-1] if len(moments) > 1 else 0


RULES: tuple[tuple[str, str, Maker], ...] = (
    # codes, words of the message, what it is
    (
        "AccessDenied AccessDeniedException",
        "invalid MFA one time pass code",
        refused(
            errors.CodeRefused,
            "AWS refused that code. Codes work once: wait for the next.",
            "stsui assume {role}",
        ),
    ),
    (
        "AccessDenied AccessDeniedException",
        "unable to validate MFA code",
        refused(
            errors.DeviceUnknown,
            "AWS does not know the MFA device {serial} for {caller} (AccessDenied). Check mfa_serial.",
        ),
    ),
    (
        "AccessDenied AccessDeniedException",
        "with session credentials",
        refused(
            errors.AccessDenied,
            "{caller} holds temporary credentials; {operation} needs the long-term keys of an IAM user.",
        ),
    ),
    (
        "AccessDenied AccessDeniedException",
        "root accounts",
        refused(
            errors.AccessDenied,
            "The root user cannot assume roles. Use an IAM user or Identity Center for {role}.",
        ),
    ),
    (
        "AccessDenied AccessDeniedException",
        "perform: sts:DecodeAuthorizationMessage",
        refused(
            errors.AccessDenied,
            "{caller} may not decode messages: its role needs sts:DecodeAuthorizationMessage.",
            "stsui decode --with ROLE",
        ),
    ),
    (
        "AccessDenied AccessDeniedException",
        "perform: sts:GetAccessKeyInfo",
        refused(
            errors.AccessDenied,
            "{caller} may not ask whose a key is: its role needs sts:GetAccessKeyInfo.",
            "stsui whose --with ROLE",
        ),
    ),
    (
        "InvalidAuthorizationMessageException",
        "",
        refused(
            errors.RefusedByAws,
            "AWS cannot decode this message: it has expired, or was cut when it was copied.",
            "",
        ),
    ),
    (
        "AccessDenied AccessDeniedException",
        "",
        refused(
            errors.AccessDenied,
            "{caller} may not assume {target} (AccessDenied). Its trust policy, a policy of {caller}, the "
            "external ID or a missing MFA code can be the cause.",
        ),
    ),
    ("ValidationError", "MaxSessionDuration", _too_long),
    ("ValidationError", "role chaining", _chaining_cap),
    ("ValidationError", "", refused(errors.RefusedByAws, "AWS rejected the request for {role}: {text}")),
    (
        "ExpiredToken ExpiredTokenException",
        "must be redeemed",
        refused(errors.TokenRefused, "The SAML response of {role} is too old. Get a new one."),
    ),
    (
        "ExpiredToken ExpiredTokenException",
        "web identity",
        refused(errors.TokenRefused, "The identity token of {role} has expired. Get a new one."),
    ),
    (
        "ExpiredToken ExpiredTokenException",
        "",
        refused(errors.SourceExpired, "The credentials of {caller} have expired.", "stsui assume {caller}"),
    ),
    (
        "InvalidClientTokenId UnrecognizedClientException",
        "",
        refused(
            errors.KeysUnknown,
            "AWS does not know the keys of {caller} (InvalidClientTokenId). They were deleted, are inactive, "
            "or belong to another partition.",
        ),
    ),
    ("SignatureDoesNotMatch InvalidSignatureException", "Signature expired", _clock),
    ("SignatureDoesNotMatch InvalidSignatureException", "not yet current", _clock),
    ("RequestExpired RequestTimeTooSkewed", "", _clock),
    (
        "SignatureDoesNotMatch InvalidSignatureException",
        "",
        refused(errors.KeysUnknown, "The secret key of {caller} does not belong to its key id."),
    ),
    (
        "MalformedPolicyDocument MalformedPolicyDocumentException",
        "",
        refused(errors.PolicyRefused, "The session policy of {role} is not valid: {text}"),
    ),
    (
        "PackedPolicyTooLarge PackedPolicyTooLargeException",
        "",
        refused(
            errors.PolicyRefused,
            "Tags and policy of {role} together are too large (PackedPolicyTooLarge): {text}",
        ),
    ),
    (
        "RegionDisabledException",
        "",
        refused(
            errors.RegionDisabled,
            "{region} is not enabled for STS in this account (RegionDisabled). "
            "Choose another region for {role}.",
        ),
    ),
    (
        "IDPRejectedClaim InvalidIdentityToken IDPRejectedClaimException InvalidIdentityTokenException",
        "",
        refused(errors.TokenRefused, "The identity provider's token for {role} was refused: {text}"),
    ),
    (
        "IDPCommunicationError",
        "",
        refused(
            errors.ServiceFailing, "AWS could not reach the identity provider of {role}. Try again soon.", ""
        ),
    ),
    (
        "Throttling ThrottlingException TooManyRequestsException RequestLimitExceeded Throttled",
        "",
        refused(
            errors.Throttled,
            "AWS asked to slow down. Try again soon; sessions that are held keep working.",
            "",
        ),
    ),
    (
        "NoSuchEntity",
        "",
        refused(errors.AccessDenied, "{target} no longer exists, or its trust was changed (NoSuchEntity)."),
    ),
    (
        "InternalFailure InternalError ServiceUnavailable ServiceFailure",
        "",
        refused(
            errors.ServiceFailing,
            "STS in {region} is not answering properly. Try again soon; sessions that are held keep working.",
            "",
        ),
    ),
)


def from_code(place: Place, code: str, message: str, status: int) -> StsuiError:
    """The error for an answer of AWS with a code."""
    text, shown = clean(message), clean(code, 60)
    make = _rule(code, message) or _rule(_by_status(status), message)
    if make:
        return make(place, shown, text)
    if not code or code == str(status) or not re.fullmatch(r"[A-Za-z][\w.]*", code):
        return not_sts(place)
    return errors.RefusedByAws(
        f"AWS refused {place.operation} for {place.role} ({shown}): {text}",
        hint=_hint(place, EXPLAIN),
        role=place.role,
        code=shown,
        details=text,
    )


def _rule(code: str, message: str) -> Maker | None:
    fitting = (
        make for codes, words, make in RULES if code in codes.split() and words.lower() in message.lower()
    )
    return next(fitting, None)


def _by_status(status: int) -> str:
    """The code that an answer stands for whose own code nobody knows."""
    if status == 429:
        return "Throttling"
    return "ServiceUnavailable" if status >= 500 else ""


def not_sts(place: Place) -> StsuiError:
    """Something answered, and it was not STS."""
    return errors.NotSts(
        f"The answer of {place.host or 'the endpoint'} was not from STS (captive portal or proxy?).",
        role=place.role,
        code="NotSts",
    )


def translate(error: Exception, place: Place) -> StsuiError:
    """Any exception of a boto call as ours; what nobody foresaw counts as "not STS's answer"."""
    from botocore import exceptions as boto

    if isinstance(error, StsuiError):
        return error
    if isinstance(error, boto.ClientError):
        facts = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return from_code(place, str(facts.get("Code", "")), str(facts.get("Message", "")), int(status))
    host = place.host or "STS"
    if isinstance(error, boto.SSLError):
        return errors.TlsRefused(
            f"The TLS certificate of {host} is not trusted. Behind a proxy: set AWS_CA_BUNDLE.",
            role=place.role,
            code="TLS",
        )
    if isinstance(error, boto.ConnectTimeoutError | boto.ReadTimeoutError):
        return errors.Unreachable(
            f"{host} did not answer in time. Offline?", role=place.role, code="timed out"
        )
    if isinstance(error, boto.ConnectionError | boto.HTTPClientError):
        return errors.Unreachable(
            f"{host} cannot be reached. Offline, VPN or proxy?", role=place.role, code="offline"
        )
    if isinstance(error, boto.UnauthorizedSSOTokenError | boto.SSOTokenLoadError | boto.TokenRetrievalError):
        return sign_in_required(place)
    if type(error).__name__.startswith("Login"):
        sentence = f"{place.caller} is signed out of aws login."
        return errors.AwsLoginRequired(place.role, place.caller, sentence)
    if isinstance(error, boto.ConfigParseError):
        return errors.ConfigError(
            f"{clean(str(error), 200)}; {place.caller} is signed in by AWS's tools, which want all of it.",
            hint="stsui config check",
            role=place.role,
        )
    if isinstance(error, boto.MissingDependencyException):
        return errors.NoSource(
            f"{place.caller} needs botocore's native part: pip install 'stsui[login]'.", role=place.role
        )
    if isinstance(error, boto.CredentialRetrievalError) and error.kwargs.get("provider") == "container-role":
        return errors.NoSource(_of_a_server(str(error), place), role=place.role, code="NoCredentials")
    if isinstance(error, boto.CredentialRetrievalError):
        # Its text is what the user's own command printed on stderr; a secret in it would be their choice.
        # One stsui behind another says it once.
        said = " ".join(str(error).rpartition("custom-process: ")[2].removeprefix("stsui: ").split())
        return errors.NoSource(
            f"The credential process of {place.caller} failed: {clean(said, 200)}", role=place.role
        )
    if isinstance(error, boto.PartialCredentialsError | boto.NoCredentialsError | boto.ProfileNotFound):
        return errors.NoSource(
            f"{place.caller} has no usable credentials.", role=place.role, code="NoCredentials"
        )
    if isinstance(error, boto.ParamValidationError):
        return errors.ConfigError(
            f"{place.role}: {place.operation} would be refused: {clean(str(error), 200)}", role=place.role
        )
    no_endpoint = isinstance(error, ValueError) and str(error).startswith("Invalid endpoint")
    if no_endpoint or isinstance(
        error, boto.NoRegionError | boto.InvalidRegionError | boto.EndpointProviderError
    ):
        return errors.ConfigError(
            f'{place.role}: no endpoint for STS in region "{clean(place.region, 60)}". '
            "Check region and endpoint_url.",
            role=place.role,
        )
    return not_sts(place)


def unusable(error: Exception, place: Place) -> StsuiError:
    """A source gave nothing that can be used: what nobody foresaw is its own fault, and no answer of STS."""
    known = translate(error, place)
    if not isinstance(known, errors.NotSts) or isinstance(error, StsuiError):
        return known
    return errors.NoSource(
        f"What {place.caller} gives as credentials cannot be used ({type(error).__name__}).",
        hint=_hint(place, EXPLAIN),
        role=place.role,
    )


def sign_in_required(place: Place) -> StsuiError:
    """Identity Center wants a browser sign-in."""
    return errors.SignInRequired(
        place.role,
        place.caller,
        f"{place.caller} is signed out of Identity Center.",
        hint=f"aws sso login --profile {place.caller}",
    )
