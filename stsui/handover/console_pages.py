"""Pages of the AWS console by short names, and the browser that an account is opened with."""

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from stsui.model.errors import ConfigError
from stsui.model.roles import Account
from stsui.model.text import clean


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
PAGES = {
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
SERVICES = (
    *PAGES,
    *("acm", "apigateway", "athena", "billing", "cloudformation", "cloudfront", "cloudtrail", "codebuild"),
    *(
        "codepipeline",
        "cognito",
        "config",
        "ec2",
        "ecr",
        "ecs",
        "efs",
        "eks",
        "elasticache",
        "events",
        "glue",
    ),
    *("guardduty", "iam", "kms", "lambda", "organizations", "rds", "redshift", "s3", "secretsmanager"),
    *("servicequotas", "singlesignon", "states", "support", "systems-manager", "wafv2"),
)
"""What completion offers; every other name is taken as the console's own path."""
_PLACES = frozenset({"eu", "us", "ap", "sa", "ca", "me", "af", "il", "cn", "mx"})
_SIDES = {
    "n": "north", "s": "south", "e": "east", "w": "west", "c": "central",
    "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest",
}  # fmt: skip
COLORS = ("blue", "turquoise", "green", "yellow", "orange", "red", "pink", "purple")
"""What a container of Firefox can have; the first is taken for any other."""


def region_name(text: str) -> str:
    """`euw1` → `eu-west-1`, `usge1` → `us-gov-east-1`; a full name stays as it is."""
    short = text.strip().lower()
    place, side, number = short[:2], short[2:-1], short[-1:]
    government = place == "us" and side.startswith("g") and side[1:] in _SIDES
    side = side[1:] if government else side
    if "-" in short or place not in _PLACES or side not in _SIDES or not number.isdecimal():
        return short
    return "-".join((place, *(("gov",) if government else ()), _SIDES[side], number))


def hosts(partition: str) -> Hosts:
    """Of a partition.

    Raises:
        ConfigError: Its console is not known.
    """
    try:
        return HOSTS[partition]
    except KeyError:
        raise ConfigError(f"The console of the partition {partition} is not known to stsui.") from None


def destination(partition: str, service: str, region: str) -> str:
    """The console page of a service; the console's home when none is named.

    Raises:
        ConfigError: The partition's console is not known, or the service is no name.
    """
    console = hosts(partition).console
    path = PAGES.get(service.lower(), service.lower() or "console")
    if not all(part.isascii() and part.replace("-", "").isalnum() for part in path.split("#")[0].split("/")):
        raise ConfigError(f'"{clean(service, 60)}" is not the name of a service; write s3, ec2, lambda …')
    page, _, fragment = path.partition("#")
    page = page if "/" in page else f"{page}/home"
    query = f"?region={quote(region)}" if region else ""
    return f"https://{console}/{page}{query}" + (f"#{fragment}" if fragment else "")


def browser_command(template: Sequence[str], url: str, account: Account, role: str) -> list[str]:
    """The command that opens a link, with its places filled in. It holds the link, which is a secret.

    A container is called like the account and has its colour. `{container}` is understood by the extension
    "Open external links in a container", `{granted}` by "Granted Containers".
    """
    name = account.name or account.account_id or role
    color = account.color if account.color in COLORS else COLORS[0]
    named = f"name={quote(name, safe='')}&url={quote(url, safe='')}&color={color}&icon=fingerprint"
    places = {
        "{url}": url,
        "{container}": f"ext+container:{named}",
        "{granted}": f"ext+granted-containers:{named}",
        "{account}": name,
        "{account_id}": account.account_id,
        "{role}": role,
    }
    return [_filled(word, places) for word in template]


def _filled(word: str, places: dict[str, str]) -> str:
    """One pass, so that nothing in a value is taken for another place."""
    return re.sub(r"\{\w+\}", lambda found: places.get(found[0], found[0]), word)
