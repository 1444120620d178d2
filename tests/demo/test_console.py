"""The demo's console sign-in refuses what AWS's would."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from stsui.demo.operations import Principal
from stsui.demo.sts import DemoSts


@pytest.fixture
def aws() -> Iterator[DemoSts]:
    with DemoSts() as aws:
        yield aws


def lent(aws: DemoSts, *, kind: str = "role", chained: bool = False) -> dict[str, str]:
    arn = "arn:aws:sts::333344445555:assumed-role/ReadOnly/ana"
    return aws.sts.lend(Principal(arn, "AROA:ana", "333344445555", "", kind=kind, chained=chained), 3_600)


def asked(aws: DemoSts, keys: dict[str, str], **more: str) -> tuple[int, str]:
    values = {
        "sessionId": keys["AccessKeyId"],
        "sessionKey": keys["SecretAccessKey"],
        "sessionToken": keys["SessionToken"],
    }
    return fetched(aws, Action="getSigninToken", Session=json.dumps(values), **more)


def fetched(aws: DemoSts, **query: str) -> tuple[int, str]:
    from urllib.error import HTTPError

    try:
        with urlopen(f"{aws.url}/federation?{urlencode(query)}") as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_link_signs_in_for_fifteen_minutes(aws: DemoSts) -> None:
    status, body = asked(aws, lent(aws))
    token = json.loads(body)["SigninToken"]
    assert status == 200
    page = fetched(aws, Action="login", SigninToken=token, Destination="https://x/s3")
    assert page[0] == 200 and "assumed-role/ReadOnly/ana" in page[1] and "https://x/s3" in page[1]
    aws.date_offset = 901
    assert fetched(aws, Action="login", SigninToken=token)[0] == 400
    assert fetched(aws, Action="login", SigninToken="made-up")[0] == 400


@pytest.mark.parametrize(
    ("session", "duration", "status"),
    [
        ({}, "43200", 200),
        ({}, "899", 400),
        ({}, "43201", 400),
        ({"chained": True}, "", 200),
        ({"chained": True}, "3600", 400),
        ({"kind": "federated"}, "", 200),
        ({"kind": "federated"}, "3600", 400),
        ({"kind": "session"}, "", 400),
    ],
)
def test_who_may_sign_in_and_for_how_long(
    aws: DemoSts, session: dict[str, object], duration: str, status: int
) -> None:
    keys = lent(aws, **session)  # type: ignore[arg-type]
    more = {"SessionDuration": duration} if duration else {}
    assert asked(aws, keys, **more)[0] == status


def test_half_a_session_does_not(aws: DemoSts) -> None:
    keys = lent(aws)
    assert asked(aws, {**keys, "SecretAccessKey": "x"})[0] == 400
    assert asked(aws, {**keys, "SessionToken": "x"})[0] == 400
    assert fetched(aws, Action="getSigninToken", Session="{")[0] == 400
