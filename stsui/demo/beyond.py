"""What sessions are for: buckets, a machine and role policies, so that a limited one is seen to be limited.

S3 (list, get, put), EC2 (DescribeInstances, StopInstances) and IAM (PutRolePolicy) as far as the example in
the README needs them. Whose key it is is checked, signatures are not: STS does that here.
"""

import base64
import json
import re
import secrets
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape

from stsui.demo.operations import Principal, Refused, Sts

_SIGNED_FOR = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/\d{8}/[\w-]+/(s3|ec2|iam)/aws4_request", re.ASCII
)
_MACHINE = "i-0123456789abcdef0"
_S3 = "http://s3.amazonaws.com/doc/2006-03-01/"
_EC2 = "http://ec2.amazonaws.com/doc/2016-11-15/"


class Reply(NamedTuple):
    """What is sent back."""

    operation: str
    caller: Principal | None
    status: int
    body: bytes
    parameters: Mapping[str, str] = {}
    code: str = ""


class Beyond:
    """The services beside STS that a session is used for."""

    def __init__(self, sts: Sts) -> None:
        self._sts = sts
        self.buckets: dict[str, dict[str, bytes]] = {
            "reports": {"2026-q3.csv": b"region,total\neu,42\n", "2026-q4.csv": b"region,total\neu,43\n"},
            "payroll": {"2026-november.csv": b"name,amount\n"},
        }
        """Objects by bucket and key."""

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Reply | None:
        """The answer to a request that is signed for one of them; None for every other request."""
        signed = _SIGNED_FOR.match(headers.get("authorization", ""))
        if signed is None:
            return None
        key_id, service = signed.groups()
        path, _, query = target.partition("?")
        caller, operation, given = None, service, dict(parse_qsl(query))
        try:
            caller = self._sts.holder(key_id, headers.get("x-amz-security-token", ""))
            if service == "s3":
                return self._s3(caller, method, unquote(path), given, body)
            given = dict(parse_qsl(body.decode("utf-8", "replace")))
            operation = given.get("Action", "")
            return self._query_service(caller, operation, given)
        except Refused as refusal:
            error = _ec2_error if service == "ec2" else _s3_error if service == "s3" else _iam_error
            text = error(refusal.code, refusal.message)
            return Reply(operation, caller, refusal.status, text.encode(), given, refusal.code)

    def _s3(self, caller: Principal, method: str, path: str, given: Mapping[str, str], body: bytes) -> Reply:
        bucket, _, key = path.lstrip("/").partition("/")
        facts = {"Bucket": bucket, "Key": key}
        if not bucket:
            self._allow(caller, "s3:ListAllMyBuckets", "*")
            rows = "".join(f"<Bucket><Name>{name}</Name></Bucket>" for name in self.buckets)
            text = f'<ListAllMyBucketsResult xmlns="{_S3}"><Buckets>{rows}</Buckets></ListAllMyBucketsResult>'
            return Reply("ListBuckets", caller, 200, text.encode())
        arn = f"arn:aws:s3:::{bucket}"
        if not key:
            self._allow(caller, "s3:ListBucket", arn)
            return Reply("ListObjectsV2", caller, 200, self._listed(bucket, given.get("prefix", "")), facts)
        if method == "PUT":
            self._allow(caller, "s3:PutObject", f"{arn}/{key}")
            self._objects(bucket)[key] = body
            return Reply("PutObject", caller, 200, b"", facts)
        self._allow(caller, "s3:GetObject", f"{arn}/{key}")
        content = self._objects(bucket).get(key)
        if content is None:
            raise Refused(404, "NoSuchKey", "The specified key does not exist.")
        return Reply("GetObject", caller, 200, content, facts)

    def _objects(self, bucket: str) -> dict[str, bytes]:
        if bucket not in self.buckets:
            raise Refused(404, "NoSuchBucket", "The specified bucket does not exist")
        return self.buckets[bucket]

    def _listed(self, bucket: str, prefix: str) -> bytes:
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(content)}</Size>"
            "<LastModified>2026-11-24T06:00:00.000Z</LastModified></Contents>"
            for key, content in sorted(self._objects(bucket).items())
            if key.startswith(prefix)
        )
        head = f"<Name>{bucket}</Name><Prefix>{escape(prefix)}</Prefix><IsTruncated>false</IsTruncated>"
        return f'<ListBucketResult xmlns="{_S3}">{head}{rows}</ListBucketResult>'.encode()

    def _query_service(self, caller: Principal, operation: str, given: Mapping[str, str]) -> Reply:
        answers: Mapping[str, Callable[[Principal, Mapping[str, str]], str]] = {
            "DescribeInstances": self._describe_instances,
            "StopInstances": self._stop_instances,
            "PutRolePolicy": self._put_role_policy,
        }
        if operation not in answers:
            raise Refused(400, "InvalidAction", f"Could not find operation {operation}")
        return Reply(operation, caller, 200, answers[operation](caller, given).encode(), given)

    def _describe_instances(self, caller: Principal, given: Mapping[str, str]) -> str:
        self._allow(caller, "ec2:DescribeInstances", "*")
        machine = f"<instanceId>{_MACHINE}</instanceId><instanceState><name>running</name></instanceState>"
        rows = f"<item><instancesSet><item>{machine}</item></instancesSet></item>"
        return _ec2(f"<reservationSet>{rows}</reservationSet>", "DescribeInstances")

    def _stop_instances(self, caller: Principal, given: Mapping[str, str]) -> str:
        machine = given.get("InstanceId.1", _MACHINE)
        resource = f"arn:aws:ec2:eu-west-1:{caller.account_id}:instance/{machine}"
        self._allow(caller, "ec2:StopInstances", resource, encoded=True)
        row = f"<item><instanceId>{escape(machine)}</instanceId></item>"
        return _ec2(f"<instancesSet>{row}</instancesSet>", "StopInstances")

    def _put_role_policy(self, caller: Principal, given: Mapping[str, str]) -> str:
        name = given.get("RoleName", "")
        self._allow(caller, "iam:PutRolePolicy", f"arn:aws:iam::{caller.account_id}:role/{name}")
        wanted = [
            r.arn
            for r in self._sts.world.roles.values()
            if (r.account_id, r.name) == (caller.account_id, name)
        ]
        if not wanted:
            raise Refused(404, "NoSuchEntity", f"The role with name {name} cannot be found.")
        json.loads(given.get("PolicyDocument", ""))
        self._sts.attached.setdefault(wanted[0], {})[given.get("PolicyName", "")] = given["PolicyDocument"]
        request = f"<ResponseMetadata><RequestId>{secrets.token_hex(16)}</RequestId></ResponseMetadata>"
        return (
            '<PutRolePolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
            f"{request}</PutRolePolicyResponse>"
        )

    def _allow(self, caller: Principal, action: str, resource: str, *, encoded: bool = False) -> None:
        """Refuses what the caller may not do, as the services word it."""
        decision = self._sts.decide(caller, action, resource)
        if decision.allowed:
            return
        because = "with an explicit deny" if decision.explicit else "because no policy allows it"
        message = (
            f"User: {caller.arn} is not authorized to perform: {action} on resource: {resource} {because}"
        )
        if encoded:
            secret = base64.b64encode(_explanation(caller, action, resource, decision).encode()).decode()
            message = (
                f"You are not authorized to perform this operation. User: {caller.arn} is not authorized to "
                f"perform: {action} on resource: {resource}. Encoded authorization failure message: {secret}"
            )
            raise Refused(403, "UnauthorizedOperation", message)
        raise Refused(403, "AccessDenied", message)


def _explanation(caller: Principal, action: str, resource: str, decision: object) -> str:
    """What DecodeAuthorizationMessage will say."""
    from stsui.demo.policies import Decision, as_list

    assert isinstance(decision, Decision)
    statement = decision.statement
    matched = []
    if statement:
        matched.append(
            {
                "statementId": statement.get("Sid", ""),
                "effect": "DENY",
                "actions": {"items": [{"value": value} for value in as_list(statement.get("Action"))]},
                "resources": {"items": [{"value": value} for value in as_list(statement.get("Resource"))]},
            }
        )
    return json.dumps(
        {
            "allowed": False,
            "explicitDeny": decision.explicit,
            "matchedStatements": {"items": matched},
            "context": {
                "principal": {"id": caller.user_id, "arn": caller.arn},
                "action": action,
                "resource": resource,
                "conditions": {
                    "items": [{"key": "ec2:Region", "values": {"items": [{"value": "eu-west-1"}]}}]
                },
            },
        }
    )


def _ec2(inner: str, operation: str) -> str:
    return (
        f'<{operation}Response xmlns="{_EC2}"><requestId>{secrets.token_hex(16)}</requestId>'
        f"{inner}</{operation}Response>"
    )


def _ec2_error(code: str, message: str) -> str:
    error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return f"<Response><Errors>{error}</Errors><RequestID>{secrets.token_hex(16)}</RequestID></Response>"


def _s3_error(code: str, message: str) -> str:
    return f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"


def _iam_error(code: str, message: str) -> str:
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    return f"<ErrorResponse>{error}<RequestId>{secrets.token_hex(16)}</RequestId></ErrorResponse>"
