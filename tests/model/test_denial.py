"""A pasted authorization message is found whatever is around it, and read whatever is in it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsui.model import denial

ENCODED = "eyJhbGxvd2VkIjogZmFsc2UsICJleHBsaWNpdERlbnkiOiBmYWxzZX0"
DECODED = {
    "allowed": False,
    "explicitDeny": True,
    "matchedStatements": {
        "items": [
            {
                "statementId": "NoStops",
                "effect": "DENY",
                "sourcePolicyId": "arn:aws:iam::111122223333:policy/Night",
                "actions": {"items": [{"value": "ec2:Stop*"}]},
                "resources": {"items": [{"value": "*"}]},
            }
        ]
    },
    "context": {
        "principal": {"id": "AROAX:ana", "arn": "arn:aws:sts::111122223333:assumed-role/Admin/ana"},
        "action": "ec2:StopInstances",
        "resource": "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
        "conditions": {"items": [{"key": "ec2:Region", "values": {"items": [{"value": "eu-west-1"}]}}]},
    },
}


@pytest.mark.parametrize(
    "text",
    [
        ENCODED,
        f"  {ENCODED[:20]}\n{ENCODED[20:]}\n",
        f"An error occurred (UnauthorizedOperation): … Encoded authorization failure message: {ENCODED}",
        f"Encoded authorization message:\n   {ENCODED[:30]}\n   {ENCODED[30:]}",
    ],
)
def test_a_message_is_found_in_what_people_paste(text: str) -> None:
    assert denial.encoded_in(text) == ENCODED


@pytest.mark.parametrize("text", ["", "hello", "Access Denied. It is over.", "x" * 10_241])
def test_what_holds_no_message_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"no encoded authorization message|10240 at most"):
        denial.encoded_in(text)


def test_it_says_what_was_denied_for_whom_and_by_what() -> None:
    assert denial.facts(denial.read(json.dumps(DECODED))) == [
        ("", "Denied: a statement says so"),
        ("Action", "ec2:StopInstances"),
        ("On", "arn:aws:ec2:eu-west-1:111122223333:instance/i-1"),
        ("For", "arn:aws:sts::111122223333:assumed-role/Admin/ana"),
        ("By", "NoStops of arn:aws:iam::111122223333:policy/Night: DENY ec2:Stop* on *"),
        ("Where", "ec2:Region = eu-west-1"),
    ]
    nobody = {**DECODED, "explicitDeny": False, "matchedStatements": {"items": []}}
    assert denial.facts(denial.read(json.dumps(nobody)))[0] == ("", "Denied: no statement allows it")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["context", "items", "principal", "arn", "matchedStatements", "values", "conditions"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_whatever_aws_decodes_is_read_or_refused_in_a_sentence(document: object) -> None:
    try:
        facts = denial.facts(denial.read(json.dumps(document)))
    except ValueError as error:
        assert str(error).endswith("documented.")
    else:
        assert all(text.isprintable() for _, text in facts)
