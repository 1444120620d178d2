"""What is done in botocore's place gives what botocore gives."""

import datetime
from pathlib import Path

import botocore.utils
import pytest
from botocore.awsrequest import AWSRequest

from stsui.aws.boto import _encode, _moment
from tests.worlds import demo_world

MOMENTS = (
    "2026-11-24T21:30:00Z",
    "2026-11-24T21:30:00.123Z",
    "2026-11-24T21:30:00+02:00",
    "Tue, 24 Nov 2026 21:30:00 GMT",
    "1795500000",
    1795500000,
    1795500000.25,
    "20261124T213000Z",
)


@pytest.mark.parametrize("written", MOMENTS, ids=str)
def test_a_moment_is_what_botocore_takes_it_for(written: object) -> None:
    assert _moment(written) == botocore.utils.parse_timestamp(written)
    assert _moment(written).timestamp() == botocore.utils.parse_timestamp(written).timestamp()


@pytest.mark.parametrize("written", ["", "2026-13-24T21:30:00Z", "2026-11-2xT21:30:00Z", "soon"])
def test_what_is_no_moment_is_refused_as_by_botocore(written: str) -> None:
    with pytest.raises(ValueError):
        botocore.utils.parse_timestamp(written)
    with pytest.raises(ValueError):
        _moment(written)


BODY = {
    "Action": "AssumeRole",
    "DurationSeconds": 3_600,
    "Policy": '{"Statement": [{"Resource": "arn:aws:s3:::a b/*"}]}',
    "Tags.member.1.Value": "größe ✓ + & = ~ %41",
    "Empty": "",
}


def test_a_body_is_the_same_bytes_as_botocore_makes_of_it() -> None:
    params = {"body": dict(BODY)}
    _encode(params, model=None)
    assert params["body"] == AWSRequest("POST", "https://sts.amazonaws.com/", data=BODY).body


@pytest.mark.parametrize("body", [b"bytes", "text", {"a": ["b", "c"]}, None], ids=str)
def test_a_body_that_is_no_plain_form_is_left_alone(body: object) -> None:
    params = {"body": body}
    _encode(params)
    assert params["body"] is body


def test_a_session_ends_when_aws_says(tmp_path: Path) -> None:
    with demo_world(tmp_path) as demo:
        session = demo.services().store.assume("dev-ro")
        ends = datetime.datetime.fromtimestamp(session.expiration, datetime.UTC)
        assert ends.timestamp() == demo.clock.now() + 3_600
