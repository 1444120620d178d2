"""What Identity Center refuses, in words. Its 429 is never a sign-out, and its 401 always is.

Source: API references of the Identity Center portal and of IAM Identity Center OIDC, "Errors".
"""

import re
import shlex

from stsui.aws.errors import Maker, Place, refused
from stsui.aws.errors import translate as translate_any
from stsui.model import errors
from stsui.model.errors import StsuiError
from stsui.model.text import clean


class Pending(errors.PersonNeeded):
    """The person has not answered yet; `slower` where AWS wants to be asked less often."""

    def __init__(self, *, slower: bool) -> None:
        super().__init__("The sign-in is not finished yet.", code="AuthorizationPending")
        self.slower = slower


def _signed_out(place: Place, code: str, text: str) -> StsuiError:
    sentence = f"{place.caller} was signed out at AWS."
    return errors.SignInRequired(place.role, place.caller, sentence, hint=login(place.caller))


def login(center: str) -> str:
    """What signs in there."""
    return f"stsui login {shlex.quote(center)}"


_SIGN_IN = "stsui login {caller}"
RULES: tuple[tuple[str, Maker], ...] = (
    # codes, some of them of one operation alone, and what it is
    ("UnauthorizedException", _signed_out),
    (
        "ForbiddenException AccessDeniedException:GetRoleCredentials",
        refused(
            errors.AccessDenied,
            "{caller} does not give you {target}. The assignment was taken away, or never made.",
            _SIGN_IN,
        ),
    ),
    (
        "ResourceNotFoundException",
        refused(
            errors.AccessDenied,
            "{caller} does not know {target}. The account or its permission set was deleted.",
            _SIGN_IN,
        ),
    ),
    (
        "TooManyRequestsException ThrottlingException",
        refused(errors.Throttled, "Identity Center in {region} asked to slow down.", ""),
    ),
    (
        "InvalidRequestException:StartDeviceAuthorization InvalidRequestException:RegisterClient",
        refused(
            errors.ConfigError,
            "There is no Identity Center at {target} in {region}. Check its start URL and its Region.",
            "stsui config path",
        ),
    ),
    (
        "InvalidGrantException ExpiredTokenException InvalidClientException UnauthorizedClientException",
        refused(errors.TokenRefused, "The sign-in at {caller} cannot be prolonged ({text}).", _SIGN_IN),
    ),
    (
        "AccessDeniedException",
        refused(errors.AccessDenied, "The sign-in at {caller} was denied in the browser.", _SIGN_IN),
    ),
)


def translate(error: Exception, place: Place) -> StsuiError:
    """Any exception of a call of Identity Center as ours."""
    from botocore import exceptions as boto

    if isinstance(error, boto.ClientError):
        facts = error.response.get("Error", {})
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        message = str(facts.get("Message", "")) or str(error.response.get("error_description", ""))
        return from_code(place, str(facts.get("Code", "")), clean(message), status)
    known = translate_any(error, place)
    if isinstance(known, errors.NotSts):
        return not_portal(place)
    if isinstance(known, errors.Unreachable) and known.code == "offline":
        return errors.Unreachable(
            f"{place.host} cannot be reached. Offline, or is there no Identity Center in {place.region}?",
            code=known.code,
            role=place.role,
        )
    return known


def from_code(place: Place, code: str, message: str, status: int) -> StsuiError:
    """The error for an answer with a code."""
    if code in ("AuthorizationPendingException", "SlowDownException") and place.operation == "CreateToken":
        return Pending(slower=code == "SlowDownException")
    known = "TooManyRequestsException" if status == 429 else code
    shown = clean(known, 60)
    for codes, make in RULES:
        if known in codes.split() or f"{known}:{place.operation}" in codes.split():
            return make(place, shown, message)
    if status >= 500:
        return errors.ServiceFailing(
            f"Identity Center in {place.region} is not answering properly.", role=place.role, code=shown
        )
    if not re.fullmatch(r"[A-Za-z][\w.]*", known):
        return not_portal(place)
    return errors.RefusedByAws(
        f"Identity Center refused {place.operation} for {place.caller} ({shown}): {message}",
        role=place.role,
        code=shown,
        details=message,
    )


def not_portal(place: Place) -> StsuiError:
    """Something answered, and it was not Identity Center."""
    return errors.NotSts(
        f"The answer of {place.host or 'the endpoint'} was not from Identity Center "
        "(captive portal or proxy?).",
        role=place.role,
        code="NotSts",
    )
