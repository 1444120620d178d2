"""Credentials become a sign-in URL of the AWS console. The URL is a secret for its fifteen minutes.

Without SessionDuration the console lasts as long as the credentials. It is refused for what comes from
temporary credentials: role chains, Identity Center, GetSessionToken.
Source: IAM user guide, "Enable custom identity broker access to the AWS console".
"""

import json
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

from stsui.aws.bounded import read_bounded
from stsui.aws.errors import Place, not_sts, translate
from stsui.handover.console_pages import Hosts
from stsui.model import errors
from stsui.model.credentials import Secret
from stsui.model.session import Session

ISSUER = "stsui"
TIMEOUT = 10


def sign_in_url(
    session: Session, hosts: Hosts, page: str, region: str, environ: Mapping[str, str], seconds: int = 0
) -> Secret:
    """A link that signs a browser in as the session; good for fifteen minutes.

    Args:
        seconds: SessionDuration, where the caller knows that it is allowed; 0: as long as the credentials.

    Raises:
        StsuiError: The session cannot sign in, or the sign-in service did not answer.
    """
    if ":assumed-role/" not in session.assumed_arn and ":federated-user/" not in session.assumed_arn:
        raise errors.ConfigError(
            f"{session.role} is a session of a user's own, which cannot open the console. Use a role.",
            role=session.role,
        )
    sign_in = environ.get("AWS_ENDPOINT_URL_SIGNIN") or "https://" + hosts.sign_in.format(region=region)
    credentials = session.credentials
    values = {
        "sessionId": credentials.access_key_id,
        "sessionKey": credentials.secret_access_key.reveal(),
        "sessionToken": credentials.session_token.reveal(),
    }
    asked = {"Action": "getSigninToken", "Session": json.dumps(values, separators=(",", ":"))}
    if seconds:
        asked["SessionDuration"] = str(seconds)
    token = _token(f"{sign_in.rstrip('/')}/federation?{urlencode(asked)}", session.role)
    login = urlencode({"Action": "login", "Issuer": ISSUER, "Destination": page, "SigninToken": token})
    return Secret(f"{sign_in.rstrip('/')}/federation?{login}")


def _token(url: str, role: str) -> str:
    host = urlsplit(url).hostname or ""
    place = Place("getSigninToken", role, role, host=host)
    try:
        http = URLLib3Session(proxies=get_environ_proxies(url), timeout=TIMEOUT)
        request = AWSRequest("GET", url).prepare()
        request.stream_output = True
        answer = http.send(request)
        body = read_bounded(answer.raw, f"https://{host}")
    except Exception as error:
        # `from None`: botocore's errors name the whole URL, and the credentials are in it.
        raise translate(error, place) from None
    if answer.status_code == 400:
        raise errors.AccessDenied(f"AWS does not sign {role} in to the console (400).", role=role, code="400")
    try:
        token = json.loads(body)["SigninToken"]
    except (ValueError, KeyError, TypeError):
        raise not_sts(place) from None
    if answer.status_code != 200 or not isinstance(token, str) or not token:
        raise not_sts(place)
    return token
