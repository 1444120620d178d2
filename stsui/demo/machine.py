"""The addresses from which a machine and a container of AWS's get their role's credentials.

Source: EC2 user guide, "Instance metadata" (IMDSv2); ECS developer guide, "Task IAM role".
"""

import secrets

from stsui.demo.operations import Principal, Sts
from stsui.demo.wire import Reply, Request, as_error, as_json
from stsui.demo.world import IDENTITY_ACCOUNT

ROLE_NAME = "Machine"
ROLE_ARN = f"arn:aws:iam::{IDENTITY_ACCOUNT}:role/{ROLE_NAME}"
CONTAINER_TOKEN = "DEMOTOKENcontainer"
_PATH = "/latest/meta-data/iam/security-credentials"


class Machine:
    """Both of them; anybody who reaches them is the machine's role."""

    def __init__(self, sts: Sts) -> None:
        self._sts = sts
        self.lives = 6 * 3_600
        self._tokens: set[str] = set()

    def operation(self, request: Request) -> str:
        """What is asked of the machine."""
        if request.path == "/latest/api/token" and request.method == "PUT":
            return "MetadataToken"
        if request.path.startswith(_PATH) and request.method == "GET":
            return "MetadataCredentials"
        return "ContainerCredentials" if request.path == "/container/credentials" else ""

    def answer(self, operation: str, request: Request) -> Reply:
        """The token, the role's name, or its credentials."""
        if operation == "MetadataToken":
            token = secrets.token_hex(16)
            self._tokens.add(token)
            return Reply(200, token.encode(), (("x-aws-ec2-metadata-token-ttl-seconds", "21600"),))
        if operation == "ContainerCredentials":
            if request.headers.get("authorization") != CONTAINER_TOKEN:
                return as_error(403, "AccessDenied", "The token is not this container's")
            return as_json(self._credentials())
        if request.headers.get("x-aws-ec2-metadata-token") not in self._tokens:
            return Reply(401, b"", (), "Unauthorized")
        if request.path.rstrip("/") == _PATH:
            return Reply(200, ROLE_NAME.encode(), (("Content-Type", "text/plain"),))
        return as_json({"Code": "Success", "Type": "AWS-HMAC", **self._credentials()})

    def _credentials(self) -> dict[str, str]:
        arn = f"arn:aws:sts::{IDENTITY_ACCOUNT}:assumed-role/{ROLE_NAME}/i-0123456789abcdef0"
        lent = Principal(
            arn, "AROAMACHINE:i-0123456789abcdef0", IDENTITY_ACCOUNT, "", kind="role", role_arn=ROLE_ARN
        )
        given = self._sts.lend(lent, self.lives)
        return {
            "AccessKeyId": given["AccessKeyId"],
            "SecretAccessKey": given["SecretAccessKey"],
            "Token": given["SessionToken"],
            "Expiration": given["Expiration"],
            "LastUpdated": "2026-11-24T00:00:00Z",
        }
