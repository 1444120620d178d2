"""A limited session really is limited: the demo's buckets and machine ask its session policy."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from stsui.model.session import Session
from stsui.sessions.revoke import of_role
from stsui.sessions.wanted import Occasion
from stsui.wiring import revoke
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


def client(service: str, session: Session) -> Any:
    credentials = session.credentials
    return boto3.client(
        service,  # type: ignore[call-overload]
        region_name="eu-west-1",
        aws_access_key_id=credentials.access_key_id,
        aws_secret_access_key=credentials.secret_access_key.reveal(),
        aws_session_token=credentials.session_token.reveal(),
    )


def refused(call: Any, **arguments: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return str(caught.value.response["Error"]["Code"])


def test_someone_needs_one_bucket_for_fifteen_minutes(demo: Demo) -> None:
    store = demo.services().store
    session = store.assume(
        "prod-admin@one-bucket:reports", code=demo.code(), occasion=Occasion("INC-4711", 900)
    )
    s3 = client("s3", session)
    assert [item["Key"] for item in s3.list_objects_v2(Bucket="reports")["Contents"]] == [
        "2026-q3.csv",
        "2026-q4.csv",
    ]
    s3.put_object(Bucket="reports", Key="2026-note.txt", Body=b"checked")
    assert s3.get_object(Bucket="reports", Key="2026-note.txt")["Body"].read() == b"checked"
    assert refused(s3.list_objects_v2, Bucket="payroll") == "AccessDenied"
    assert refused(s3.get_object, Bucket="payroll", Key="2026-november.csv") == "AccessDenied"
    assert refused(client("ec2", session).describe_instances) == "AccessDenied"
    demo.clock.pass_(901)
    assert refused(s3.list_objects_v2, Bucket="reports") == "ExpiredToken"


def test_an_auditor_reads_everything_and_changes_nothing(demo: Demo) -> None:
    store = demo.services().store
    session = store.assume("prod-admin@read-only", code=demo.code(), occasion=Occasion(duration=3_600))
    s3, ec2 = client("s3", session), client("ec2", session)
    assert s3.list_objects_v2(Bucket="payroll")["Contents"]
    (machine,) = ec2.describe_instances()["Reservations"][0]["Instances"]
    assert refused(ec2.stop_instances, InstanceIds=[machine["InstanceId"]]) == "UnauthorizedOperation"
    assert refused(s3.put_object, Bucket="reports", Key="x", Body=b"") == "AccessDenied"


def test_the_whole_role_may_all_of_it(demo: Demo) -> None:
    session = demo.services().store.assume("dev-admin")
    client("s3", session).put_object(Bucket="payroll", Key="x", Body=b"")
    client("ec2", session).stop_instances(InstanceIds=["i-0123456789abcdef0"])


def test_what_a_role_may_only_read_no_session_policy_makes_more(demo: Demo) -> None:
    session = demo.services().store.assume("dev-ro@one-bucket:reports")
    s3 = client("s3", session)
    assert s3.list_objects_v2(Bucket="reports")["Contents"]
    assert refused(s3.put_object, Bucket="reports", Key="x", Body=b"") == "AccessDenied"


def test_a_limited_session_lends_no_further_role(demo: Demo) -> None:
    session = demo.services().store.assume("hub@read-only")
    sts = client("sts", session)
    wanted = {"RoleArn": "arn:aws:iam::333344445555:role/Deploy", "RoleSessionName": "ana"}
    assert refused(sts.assume_role, **wanted) == "AccessDenied"
    assert sts.get_caller_identity()["Account"] == "999900001111"


def test_revoked_sessions_are_refused_and_new_ones_are_not(demo: Demo) -> None:
    store = demo.services().store
    old, other = store.assume("dev-admin"), store.assume("dev-ro")
    demo.clock.pass_(60)
    role = store.catalog.roles["dev-admin"]
    revoke(of_role(role, demo.clock.now()), old, "eu-west-1")
    assert refused(client("s3", old).list_buckets) == "AccessDenied"
    assert client("s3", other).list_buckets()["Buckets"], "another role"
    assert client("s3", store.assume("dev-admin", refresh=True)).list_buckets()["Buckets"]
