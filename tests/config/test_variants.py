"""What stands behind the @: one text for one limit, and no value that says more than one thing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsui.config import variants
from stsui.config.variants import BUILT_IN, Limit, Variant
from stsui.model.errors import ConfigError, InvalidParameter
from stsui.model.roles import Origin, Policy, Role

ROLE = Role("admin", "assume_role", Origin("f", 1), role_arn="arn:aws:iam::111122223333:role/Admin")
CHINA = ROLE._replace(role_arn="arn:aws-cn:iam::111122223333:role/Admin")
BUCKET = Policy(
    "one-bucket",
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*",'
    ' "Resource": ["arn:aws:s3:::{bucket}", "arn:aws:s3:::{bucket}/*"],'
    ' "Condition": {"StringEquals": {"s3:prefix": "home/${aws:username}/{prefix}/{other}"}}}]}',
    parameters=("bucket", "prefix"),
)
POLICIES = {**BUILT_IN, "one-bucket": BUCKET, "ec2": Policy("ec2", "{}", parameters=("region",))}


def filled(text: str, role: Role = ROLE) -> Limit:
    return variants.limit(POLICIES, variants.read(POLICIES, text), role)


def test_parameters_go_into_the_strings_of_the_policy() -> None:
    document = json.loads(filled("one-bucket:prefix=in,bucket=reports").policy)
    statement = document["Statement"][0]
    assert statement["Resource"] == ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
    assert statement["Condition"]["StringEquals"]["s3:prefix"] == "home/${aws:username}/in/{other}"


@given(
    value=st.text(min_size=1, max_size=60)
    | st.text(alphabet='"\\{}[]:,@%=/ $*?', min_size=1, max_size=30)
    | st.sampled_from(['","Effect":"Allow', '"],"Action":["*', "\\", '\\"', "{prefix}", "{bucket}"])
)
def test_a_value_never_breaks_out_of_its_string(value: str) -> None:
    """Whatever is typed is refused, or stands as it is in the places of its parameter and nowhere else."""
    try:
        variant = Variant("one-bucket", {"bucket": value, "prefix": "p"})
        again = variants.read(POLICIES, variant.text)
    except ConfigError:
        return
    assert again == variant, "the text means the same values"
    shape = json.loads(filled(variant.text).policy)
    statement = shape["Statement"][0]
    assert statement.pop("Resource") == [f"arn:aws:s3:::{value}", f"arn:aws:s3:::{value}/*"]
    plain = json.loads(filled("one-bucket:bucket=x,prefix=p").policy)["Statement"][0]
    plain.pop("Resource")
    assert statement == plain and len(shape["Statement"]) == 1


@pytest.mark.parametrize("value", ["*", "a*", "?", "${aws:username}", "a\nb", "\u202e", "", "x" * 257])
def test_a_value_is_one_thing_and_no_pattern(value: str) -> None:
    with pytest.raises(ConfigError):
        variants.read(POLICIES, f"one-bucket:bucket={value},prefix=p")


def test_there_is_one_way_to_write_a_variant() -> None:
    texts = ("one-bucket:prefix=p,bucket=b%2Cc%40d%25", "one-bucket:bucket=b%2Cc%40d%25,prefix=p")
    assert {variants.read(POLICIES, text).text for text in texts} == {texts[1]}
    assert variants.read(POLICIES, "ec2:eu-west-1").text == "ec2:region=eu-west-1", "its only parameter"
    assert variants.read(POLICIES, "read-only").text == "read-only"


def test_what_is_wrong_is_said_with_what_there_is() -> None:
    for text, sentence in (
        ("raed-only", "Did you mean read-only?"),
        ("fulll", "Did you mean full?"),
        ("zzz", "There are read-only, one-bucket, ec2, full."),
        ("one-bucket:buket=x", "it takes bucket, prefix"),
        ("read-only:x=y", "it takes no parameter"),
    ):
        with pytest.raises(ConfigError, match=sentence.replace("?", r"\?")):
            variants.read(POLICIES, text)
    with pytest.raises(ConfigError, match="needs prefix: admin@one-bucket:bucket=…,prefix=…"):
        filled("one-bucket:bucket=x")


def test_read_only_is_there_in_every_partition() -> None:
    assert filled("read-only").policy_arns == ("arn:aws:iam::aws:policy/ReadOnlyAccess",)
    assert filled("read-only", CHINA).policy_arns == ("arn:aws-cn:iam::aws:policy/ReadOnlyAccess",)


def test_a_policy_on_top_of_a_policy_is_refused_since_sts_adds_them_up() -> None:
    with pytest.raises(InvalidParameter, match="add the two up"):
        filled("read-only", ROLE._replace(policy_arns=("arn:aws:iam::aws:policy/Billing",)))


def test_what_sts_counts_is_counted_without_spaces() -> None:
    padded = Policy("big", json.dumps({"a": "x" * 1_900}, indent=200))
    assert variants.limit({"big": padded}, Variant("big"), ROLE).size < 2_048
    too_big = Policy("big", json.dumps({"a": "x" * 2_040}), ("arn:aws:iam::aws:policy/ReadOnlyAccess",))
    with pytest.raises(InvalidParameter, match=r"2086 characters; STS takes 2048"):
        variants.limit({"big": too_big}, Variant("big"), ROLE)
