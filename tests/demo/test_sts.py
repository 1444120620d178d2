"""The demo's STS refuses what AWS refuses, in AWS's words, to a real client."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from stsui.demo.sts import DemoSts
from stsui.demo.world import ANA, DEV, DEVICE, PARTNER, PROD, STAGING, make_world, totp
from tests.worlds import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def aws(clock: SetClock) -> Iterator[DemoSts]:
    with DemoSts(make_world(clock=clock.now)) as aws:
        aws.signing_clock = time.time
        yield aws


SESSION = boto3.Session()


def client(aws: DemoSts, credentials: dict[str, str] | None = None, **changes: Any) -> Any:
    """An STS client that signs as ana, or with what STS lent."""
    ana = aws.world.users[0]
    keys = {"aws_access_key_id": ana.access_key_id, "aws_secret_access_key": ana.secret_access_key}
    if credentials:
        keys = {
            "aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials["SessionToken"],
        }
    config = Config(retries={"total_max_attempts": 1}, **changes.pop("config", {}))
    return SESSION.client(
        "sts", region_name="eu-west-1", endpoint_url=aws.url, config=config, **{**keys, **changes}
    )


def arn(account_id: str, name: str) -> str:
    return f"arn:aws:iam::{account_id}:role/{name}"


def assume(sts: Any, role_arn: str, **parameters: Any) -> dict[str, Any]:
    answer: dict[str, Any] = sts.assume_role(RoleArn=role_arn, RoleSessionName="ana", **parameters)
    return answer


def refusal(call: Any, **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_role_is_lent_and_says_who_it_is(aws: DemoSts, clock: SetClock) -> None:
    answer = assume(client(aws), arn(DEV, "AdministratorAccess"))
    credentials = answer["Credentials"]
    assert credentials["Expiration"].timestamp() == clock.now() + 3_600
    assert credentials["AccessKeyId"].startswith("ASIA") and len(credentials["SessionToken"]) > 400
    who = client(aws, credentials).get_caller_identity()
    assert (
        who["Arn"]
        == answer["AssumedRoleUser"]["Arn"]
        == f"arn:aws:sts::{DEV}:assumed-role/AdministratorAccess/ana"
    )
    assert who["Account"] == DEV and who["UserId"].startswith("AROA")


def test_a_lent_session_ends(aws: DemoSts, clock: SetClock) -> None:
    credentials = assume(client(aws), arn(DEV, "ReadOnly"))["Credentials"]
    clock.pass_(3_600)
    assert refusal(client(aws, credentials).get_caller_identity)[0] == "ExpiredToken"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aws_secret_access_key": "DEMOSECRETwrong"}, "SignatureDoesNotMatch"),
        ({"aws_access_key_id": "AKIAUNKNOWN000000000"}, "InvalidClientTokenId"),
        ({"aws_session_token": "not-hers"}, "InvalidClientTokenId"),
    ],
)
def test_who_signs_wrongly_is_nobody(aws: DemoSts, changes: dict[str, str], code: str) -> None:
    assert refusal(client(aws, **changes).get_caller_identity)[0] == code


def test_another_sessions_token_does_not_fit(aws: DemoSts) -> None:
    one = assume(client(aws), arn(DEV, "ReadOnly"))["Credentials"]
    two = assume(client(aws), arn(DEV, "ReadOnly"))["Credentials"]
    mixed = {**one, "SessionToken": two["SessionToken"]}
    assert refusal(client(aws, mixed).get_caller_identity)[0] == "InvalidClientTokenId"


@pytest.mark.parametrize(("offset", "words"), [(1_000, "Signature expired"), (-1_000, "not yet current")])
def test_a_clock_that_is_off_is_told_which_way(aws: DemoSts, offset: int, words: str) -> None:
    aws.date_offset = offset
    code, message = refusal(client(aws).get_caller_identity)
    assert code == "SignatureDoesNotMatch" and words in message


ADMIN = arn(PROD, "AdministratorAccess")
REFUSALS = [
    (arn(PROD, "NoSuchRole"), {}, "AccessDenied", "not authorized to perform: sts:AssumeRole"),
    (arn(PROD, "Deploy"), {}, "AccessDenied", ANA),
    (ADMIN, {}, "AccessDenied", "not authorized"),
    (ADMIN, {"SerialNumber": "arn:aws:iam::999900001111:mfa/other", "TokenCode": "123456"}, "AccessDenied", "unable to validate MFA code"),
    (ADMIN, {"SerialNumber": DEVICE, "TokenCode": "000000"}, "AccessDenied", "invalid MFA one time pass code"),
    (ADMIN, {"SerialNumber": DEVICE, "TokenCode": "12345a"}, "ValidationError", "tokenCode"),
    (arn(DEV, "ReadOnly"), {"DurationSeconds": 7_200}, "ValidationError", "exceeds the MaxSessionDuration"),
    (arn(STAGING, "AdministratorAccess"), {"DurationSeconds": 43_201}, "ValidationError", "less than or equal to 43200"),
    (arn(STAGING, "Busy"), {}, "Throttling", "Rate exceeded"),
    (arn(DEV, "ReadOnly"), {"ExternalId": "a b"}, "ValidationError", "externalId"),
    (arn(DEV, "ReadOnly"), {"Policy": "{not json"}, "MalformedPolicyDocument", "policy"),
    (arn(DEV, "ReadOnly"), {"Policy": '{"x":"' + "y" * 2_100 + '"}'}, "PackedPolicyTooLarge", "%"),
]  # fmt: skip


@pytest.mark.parametrize(("role_arn", "parameters", "code", "words"), REFUSALS)
def test_what_aws_refuses_is_refused(
    aws: DemoSts, role_arn: str, parameters: dict[str, Any], code: str, words: str
) -> None:
    got, message = refusal(lambda: assume(client(aws), role_arn, **parameters))
    assert got == code and words in message
    assert aws.calls[-1].error_code == code and aws.calls[-1].caller_arn == ANA


def test_899_seconds_are_too_few(aws: DemoSts) -> None:
    sts = client(aws, config={"parameter_validation": False})
    assert refusal(lambda: assume(sts, arn(DEV, "ReadOnly"), DurationSeconds=899))[0] == "ValidationError"


def test_a_chained_role_lasts_an_hour_and_asking_for_more_is_an_error(aws: DemoSts) -> None:
    hub = assume(client(aws), arn("999900001111", "Hub"), DurationSeconds=43_200)["Credentials"]
    code, message = refusal(lambda: assume(client(aws, hub), arn(STAGING, "Deploy"), DurationSeconds=3_601))
    assert code == "ValidationError" and "1 hour session limit for roles assumed by role chaining" in message
    assume(client(aws, hub), arn(STAGING, "Deploy"), DurationSeconds=3_600)


def test_a_third_party_wants_its_external_id(aws: DemoSts) -> None:
    hub = client(aws, assume(client(aws), arn("999900001111", "Hub"))["Credentials"])
    assert refusal(lambda: assume(hub, arn(PARTNER, "Support")))[0] == "AccessDenied"
    assert refusal(lambda: assume(hub, arn(PARTNER, "Support"), ExternalId="acme/4712"))[0] == "AccessDenied"
    audit = assume(hub, arn(PARTNER, "third-party/Audit"), ExternalId="acme/4711")
    assert audit["AssumedRoleUser"]["Arn"].endswith(":assumed-role/Audit/ana"), "the path is lost, as at AWS"


def test_a_code_is_good_once_whatever_for(aws: DemoSts, clock: SetClock) -> None:
    code = aws.world.code(DEVICE)
    session = client(aws).get_session_token(SerialNumber=DEVICE, TokenCode=code)["Credentials"]
    assert (
        "invalid MFA" in refusal(lambda: assume(client(aws), ADMIN, SerialNumber=DEVICE, TokenCode=code))[1]
    )
    assert assume(client(aws, session), ADMIN)["AssumedRoleUser"], "the session carries the MFA"
    clock.pass_(30)
    assume(client(aws), ADMIN, SerialNumber=DEVICE, TokenCode=aws.world.code(DEVICE), DurationSeconds=43_200)


def test_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, SHA-1, cut to six digits.
    seed = b"12345678901234567890"
    assert [totp(seed, at) for at in (59, 1_111_111_109, 20_000_000_000)] == ["287082", "081804", "353130"]


def test_session_credentials_cannot_get_a_session(aws: DemoSts) -> None:
    lent = client(aws, client(aws).get_session_token()["Credentials"])
    code, message = refusal(lent.get_session_token)
    assert (code, message) == ("AccessDenied", "Cannot call GetSessionToken with session credentials")
    assert lent.get_caller_identity()["Arn"] == ANA


def test_a_token_of_the_issuer_is_enough_and_ends(aws: DemoSts, clock: SetClock) -> None:
    sts = SESSION.client(
        "sts", region_name="eu-west-1", endpoint_url=aws.url, config=Config(signature_version=UNSIGNED)
    )
    token = aws.world.web_identity_token(lives=60)

    def exchange(token: str) -> dict[str, Any]:
        answer: dict[str, Any] = sts.assume_role_with_web_identity(
            RoleArn=arn(DEV, "CiRunner"), RoleSessionName="ci", WebIdentityToken=token
        )
        return answer

    assert exchange(token)["AssumedRoleUser"]["Arn"].endswith("CiRunner/ci")
    assert refusal(lambda: exchange(token[:-4] + "AAAA"))[0] == "InvalidIdentityToken"
    clock.pass_(61)
    assert refusal(lambda: exchange(token))[0] == "ExpiredTokenException"
    assert all(token not in str(call) for call in aws.calls)


def test_tags_go_down_the_chain_and_stay(aws: DemoSts) -> None:
    tags = [{"Key": "team", "Value": "core"}]
    hub = assume(
        client(aws), arn("999900001111", "Hub"), Tags=tags, TransitiveTagKeys=["team"], SourceIdentity="ana"
    )
    assert hub["SourceIdentity"] == "ana"
    chained = client(aws, hub["Credentials"])
    assert assume(chained, arn(STAGING, "Deploy"))["SourceIdentity"] == "ana"
    assert "transitive" in refusal(lambda: assume(chained, arn(STAGING, "Deploy"), Tags=tags))[1]


def test_the_lesser_operations(aws: DemoSts) -> None:
    sts = client(aws)
    assert sts.get_access_key_info(AccessKeyId=aws.world.users[1].access_key_id)["Account"] == "999900001111"
    assert sts.decode_authorization_message(EncodedMessage="eyJhIjoxfQ==")["DecodedMessage"] == '{"a":1}'
    assert (
        refusal(sts.decode_authorization_message, EncodedMessage="nonsense")[0]
        == "InvalidAuthorizationMessageException"
    )
    federated = sts.get_federation_token(Name="build")
    assert federated["FederatedUser"]["Arn"].endswith(":federated-user/build")


def test_two_hundred_clients_at_once_are_all_served(aws: DemoSts) -> None:
    sts = client(aws, config={"max_pool_connections": 100})
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda _: assume(sts, arn(DEV, "ReadOnly")), range(200)))
    assert len({answer["Credentials"]["AccessKeyId"] for answer in answers}) == 200
    assert aws.count("AssumeRole") == 200


def test_faults_come_as_ordered(aws: DemoSts) -> None:
    aws.fail_next("ServiceUnavailable", status=503, operation="AssumeRole")
    assert client(aws).get_caller_identity()["Arn"] == ANA
    assert refusal(lambda: assume(client(aws), arn(DEV, "ReadOnly")))[0] == "ServiceUnavailable"
    aws.answer_next(b"<html>sign in</html>")
    with pytest.raises(Exception):  # noqa: B017 - botocore raises a KeyError or a parser error
        assume(client(aws), arn(DEV, "ReadOnly"))
    assert assume(client(aws), arn(DEV, "ReadOnly"))


def test_a_larger_world_has_its_roles() -> None:
    world = make_world(300)
    assert len(world.roles) >= 296 and len({account.account_id for account in world.accounts}) == len(
        world.accounts
    )
    assert make_world(300).roles == world.roles, "the same every time"
