"""Taking back what is already out: the policy by which AWS refuses every older session of a role.

It is the one that the IAM console's "Revoke active sessions" attaches, under the same name.
Source: IAM User Guide, "Revoke IAM role temporary security credentials".
"""

import json
import shlex
import time
from typing import NamedTuple

from stsui.model.arn import parse_role_arn
from stsui.model.errors import ConfigError
from stsui.model.roles import Role

POLICY_NAME = "AWSRevokeOlderSessions"


class Revocation(NamedTuple):
    """What would be attached to a role."""

    role_name: str
    """At AWS."""
    account_id: str
    before: str
    """Sessions that were issued before are refused everything; UTC."""
    policy: str
    """JSON."""

    @property
    def command(self) -> str:
        """The same by AWS's own command line, to be run by whoever may."""
        parts = ["aws", "iam", "put-role-policy", "--role-name", self.role_name]
        parts += ["--policy-name", POLICY_NAME, "--policy-document", self.policy]
        return shlex.join(parts)


def of_role(role: Role, now: float) -> Revocation:
    """The revocation of every session of the role that was issued before `now` (Unix time, AWS's clock).

    Raises:
        ConfigError: It is no role of IAM, or one that only Identity Center may change.
    """
    if not role.role_arn:
        raise ConfigError(
            f"{role.name} is no role of IAM that could be given a policy. Take its user, keys or permission "
            "set away where they are managed.",
            role=role.name,
        )
    arn = parse_role_arn(role.role_arn)
    if arn.name.startswith("AWSReservedSSO_"):
        raise ConfigError(
            f"{arn.name} belongs to Identity Center, which lets nobody change it. Remove the assignment "
            "there.",
            role=role.name,
        )
    before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    statement = {
        "Effect": "Deny",
        "Action": ["*"],
        "Resource": ["*"],
        "Condition": {"DateLessThan": {"aws:TokenIssueTime": before}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    return Revocation(arn.name, arn.account_id, before, policy)
