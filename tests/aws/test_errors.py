"""Every answer that says no becomes one sentence: what, who, and what to do; never the raw answer."""

from pathlib import Path

import pytest
from botocore import exceptions as boto
from hypothesis import given, settings
from hypothesis import strategies as st

from stsui.aws.errors import RULES, Place, from_code, translate
from stsui.model import errors
from stsui.model.errors import StsuiError

PLACE = Place(
    "AssumeRole", "prod-deploy", "hub", "Deploy", "arn:aws:iam::444455556666:mfa/ana", "eu-west-1",
    "sts.eu-west-1.amazonaws.com", 43_200,
)  # fmt: skip
GOLDEN = (Path(__file__).parent / "ladder.txt").read_text(encoding="utf-8")
"""A block for each answer: code, status and message; then the kind, the sentence, and what to type."""
BLOCKS = [block.splitlines() for block in GOLDEN.strip().split("\n\n")]


@pytest.mark.parametrize("block", BLOCKS, ids=[block[0] for block in BLOCKS])
def test_a_refusal_is_a_sentence(block: list[str]) -> None:
    head, _, message = block[0].partition(":")
    code, _, status = head.rpartition(" ")
    error = from_code(PLACE, code.replace("(none)", ""), message.strip(), int(status))
    assert [type(error).__name__, error.sentence, f"> {error.hint}".rstrip()] == [
        line.strip() for line in block[1:]
    ]
    assert error.role == "prod-deploy"


def test_the_ladder_has_every_code_that_a_rule_names() -> None:
    shown = {block[0].partition(":")[0].split()[0] for block in BLOCKS}
    for codes, _, _ in RULES:
        assert shown.intersection(codes.split()), codes


def test_who_is_asked_about_nothing_is_told_no_command() -> None:
    place = Place("GetCallerIdentity", "", "the session")
    assert from_code(place, "InvalidClientTokenId", "", 403).hint == ""


@pytest.mark.parametrize(
    ("message", "maximum"),
    [
        ("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 0),
        ("The requested DurationSeconds exceeds the MaxSessionDuration (7200) set for this role.", 7_200),
    ],
)
def test_the_longest_duration_is_taken_from_the_message_where_it_stands(message: str, maximum: int) -> None:
    error = from_code(PLACE, "ValidationError", message, 400)
    assert isinstance(error, errors.DurationTooLong) and error.maximum == maximum


HOST = "https://sts.eu-west-1.amazonaws.com/"
CAUSES = [
    (boto.EndpointConnectionError(endpoint_url=HOST), errors.Unreachable),
    (boto.ConnectTimeoutError(endpoint_url=HOST), errors.Unreachable),
    (boto.ReadTimeoutError(endpoint_url=HOST), errors.Unreachable),
    (boto.ProxyConnectionError(proxy_url="http://proxy"), errors.Unreachable),
    (boto.ConnectionClosedError(endpoint_url=HOST), errors.Unreachable),
    (boto.SSLError(endpoint_url=HOST, error="self signed"), errors.TlsRefused),
    (boto.NoCredentialsError(), errors.NoSource),
    (boto.ProfileNotFound(profile="x"), errors.NoSource),
    (boto.CredentialRetrievalError(provider="custom-process", error_msg="boom"), errors.NoSource),
    (boto.UnauthorizedSSOTokenError(), errors.SignInRequired),
    (boto.SSOTokenLoadError(error_msg="no token"), errors.SignInRequired),
    (boto.InvalidRegionError(region_name="x y"), errors.ConfigError),
    (KeyError("AssumeRoleResult"), errors.NotSts),
    (RecursionError(), errors.NotSts),
]


@pytest.mark.parametrize(("cause", "kind"), CAUSES, ids=lambda value: type(value).__name__)
def test_whatever_botocore_raises_is_ours(cause: Exception, kind: type[StsuiError]) -> None:
    assert type(translate(cause, PLACE)) is kind


def test_a_raw_answer_is_never_quoted() -> None:
    secret = "<SecretAccessKey>wJalrXUtnFEMI</SecretAccessKey>"
    error = translate(boto.ClientError({"Error": {"Code": secret, "Message": ""}}, "AssumeRole"), PLACE)
    assert "wJalr" not in str(error) + error.details + error.hint + error.code
    error = translate(Exception(f"unable to parse response: {secret}"), PLACE)
    assert "wJalr" not in str(error) + error.details


@settings(max_examples=500)
@given(st.text(max_size=80), st.text(max_size=300), st.integers(100, 599))
def test_no_code_and_no_message_breaks_it(code: str, message: str, status: int) -> None:
    error = from_code(PLACE, code, message, status)
    for text in (error.sentence, error.details, error.code, error.word):
        assert text.isprintable()
