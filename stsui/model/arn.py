"""ARNs, account ids and partitions, by the forms AWS documents."""

import re
from typing import NamedTuple

ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)
_ROLE_ARN = re.compile(
    r"arn:(aws[a-z-]*):iam::(\d{12}):role/((?:[\x21-\x7e]+/)*)([\w+=,.@-]{1,64})", re.ASCII
)
DEFAULT_REGIONS = {
    "aws": "us-east-1",
    "aws-cn": "cn-northwest-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
}
"""Where a role's STS call goes when nothing names a Region. Source: botocore's partitions.json."""


class RoleArn(NamedTuple):
    """`arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`; `path` ends in a slash or is empty."""

    partition: str
    account_id: str
    path: str
    name: str


class SessionArn(NamedTuple):
    """Who an answer of STS speaks of; the role's path is not part of it."""

    partition: str
    account_id: str
    kind: str
    """`assumed-role`, `federated-user`, `user` or `root`."""
    name: str
    """Role or user name; empty for root."""
    session_name: str


def parse_role_arn(text: str) -> RoleArn:
    """The parts of a role's ARN.

    Raises:
        ValueError: Says which part is wrong.

    Source: IAM, "IAM identifiers"; STS AssumeRole, RoleArn (20 to 2,048 characters).
    """
    match = _ROLE_ARN.fullmatch(text) if len(text) <= 2_048 else None
    if match:
        return RoleArn(*match.groups())
    parts = text.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        raise ValueError("it is not an ARN (arn:aws:iam::ACCOUNT:role/NAME)")
    if parts[2] != "iam" or not parts[5].startswith("role/"):
        raise ValueError("it is not the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)")
    if not ACCOUNT_ID.fullmatch(parts[4]):
        raise ValueError(f'its account "{parts[4]}" is not twelve digits')
    raise ValueError("its partition, path or name has a character that IAM does not allow")


def parse_session_arn(text: str) -> SessionArn:
    """The parts of an ARN as GetCallerIdentity and AssumedRoleUser give it.

    Raises:
        ValueError: It is none of the four forms.
    """
    parts = text.split(":", 5)
    if (
        len(parts) != 6
        or parts[0] != "arn"
        or parts[2] not in ("iam", "sts")
        or not ACCOUNT_ID.fullmatch(parts[4])
    ):
        raise ValueError("it is not an identity's ARN")
    kind, _, rest = parts[5].partition("/")
    if kind == "assumed-role":
        name, _, session_name = rest.partition("/")
        return SessionArn(parts[1], parts[4], kind, name, session_name)
    if kind in ("user", "federated-user"):
        return SessionArn(parts[1], parts[4], kind, rest.rsplit("/", 1)[-1], "")
    if kind == "root":
        return SessionArn(parts[1], parts[4], kind, "", "")
    raise ValueError("it is not an identity's ARN")
