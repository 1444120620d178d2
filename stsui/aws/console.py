"""Credentials become a sign-in URL of the AWS console. The URL is a secret for its fifteen minutes.

SessionDuration is left out: it is refused for role-chained and Identity Center credentials, and without it
the console session lasts as long as the credentials.
Source: IAM user guide, "Enable custom identity broker access to the AWS console".
"""

import json
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

from stsui.aws.bounded import read_bounded
from stsui.aws.errors import Place, not_sts, translate
from stsui.model import errors
from stsui.model.credentials import Secret
from stsui.model.session import Session

ISSUER = "stsui"
TIMEOUT = 10


class Hosts(NamedTuple):
    """Where a partition signs in, and where its console is."""

    sign_in: str
    """`{region}` is filled in where the partition's sign-in is regional."""
    console: str


HOSTS = {
    "aws": Hosts("signin.aws.amazon.com", "console.aws.amazon.com"),
    "aws-cn": Hosts("signin.amazonaws.cn", "console.amazonaws.cn"),
    "aws-us-gov": Hosts("signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"),
    "aws-eusc": Hosts("{region}.signin.amazonaws-eusc.eu", "console.amazonaws-eusc.eu"),
}
SERVICES = {
    "cfn": "cloudformation",
    "cloudwatch": "cloudwatch",
    "cw": "cloudwatch",
    "ddb": "dynamodbv2",
    "dynamodb": "dynamodbv2",
    "eb": "elasticbeanstalk",
    "home": "console",
    "logs": "cloudwatch/home#logsV2:log-groups",
    "params": "systems-manager/parameters",
    "r53": "route53/v2",
    "route53": "route53/v2",
    "secrets": "secretsmanager",
    "sfn": "states",
    "sm": "secretsmanager",
    "sqs": "sqs/v3",
    "sns": "sns/v3",
    "ssm": "systems-manager",
    "vpc": "vpcconsole",
}
"""Short names whose console path is not the name itself."""
_PLACES = {
    "eu": "eu", "us": "us", "ap": "ap", "sa": "sa", "ca": "ca", "me": "me", "af": "af", "il": "il",
    "cn": "cn", "mx": "mx",
}  # fmt: skip
_SIDES = {
    "n": "north", "s": "south", "e": "east", "w": "west", "c": "central",
    "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest",
}  # fmt: skip


def region_name(text: str) -> str:
    """`euw1` → `eu-west-1`; a full name stays as it is."""
    short = text.strip().lower()
    place, side, number = short[:2], short[2:-1], short[-1:]
    if "-" not in short and place in _PLACES and side in _SIDES and number.isdigit():
        return f"{_PLACES[place]}-{_SIDES[side]}-{number}"
    return short


def destination(partition: str, service: str, region: str) -> str:
    """The console page of a service; the console's home when none is named.

    Raises:
        ConfigError: The partition's console is not known, or the service is no name.
    """
    hosts = _hosts(partition)
    path = SERVICES.get(service.lower(), service.lower() or "console")
    if not all(part.isascii() and part.replace("-", "").isalnum() for part in path.split("#")[0].split("/")):
        raise errors.ConfigError(f'"{service}" is not the name of a service; write s3, ec2, lambda …')
    page, _, fragment = path.partition("#")
    page = page if "/" in page else f"{page}/home"
    query = f"?region={quote(region)}" if region else ""
    return f"https://{hosts.console}/{page}{query}" + (f"#{fragment}" if fragment else "")


def sign_in_url(
    session: Session, partition: str, page: str, region: str, environ: Mapping[str, str]
) -> Secret:
    """A link that signs a browser in as the session; good for fifteen minutes.

    Raises:
        StsuiError: The session cannot sign in, or the sign-in service did not answer.
    """
    if ":assumed-role/" not in session.assumed_arn and ":federated-user/" not in session.assumed_arn:
        raise errors.ConfigError(
            f"{session.role} is a session of a user's own, which cannot open the console. Use a role.",
            role=session.role,
        )
    sign_in = environ.get("AWS_ENDPOINT_URL_SIGNIN") or "https://" + _hosts(partition).sign_in.format(
        region=region
    )
    credentials = session.credentials
    values = {
        "sessionId": credentials.access_key_id,
        "sessionKey": credentials.secret_access_key.reveal(),
        "sessionToken": credentials.session_token.reveal(),
    }
    query = urlencode({"Action": "getSigninToken", "Session": json.dumps(values, separators=(",", ":"))})
    token = _token(f"{sign_in.rstrip('/')}/federation?{query}", session.role)
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


def _hosts(partition: str) -> Hosts:
    try:
        return HOSTS[partition]
    except KeyError:
        raise errors.ConfigError(f"The console of the partition {partition} is not known to stsui.") from None
