"""ARNs are taken apart as AWS documents them, and a wrong one says which part is wrong."""

import pytest

from stsui.model.arn import parse_role_arn, parse_session_arn


def test_a_path_belongs_to_the_role() -> None:
    arn = parse_role_arn("arn:aws:iam::012345678901:role/team/eu/Deploy")
    assert (arn.account_id, arn.path, arn.name) == ("012345678901", "team/eu/", "Deploy")


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso-b", "aws-eusc"])
def test_every_partition_is_known_by_its_form(partition: str) -> None:
    assert parse_role_arn(f"arn:{partition}:iam::111122223333:role/A").partition == partition


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not an ARN"),
        ("Admin", "not an ARN"),
        ("arn:aws:iam::111122223333:user/ana", "ARN of a role"),
        ("arn:aws:iam::1234:role/A", "twelve digits"),
        ("arn:aws:iam::11112222333٣:role/A", "twelve digits"),
        ("arn:aws:iam::111122223333:role/", "character"),
        ("arn:aws:iam::111122223333:role/a b", "character"),
        ("arn:aws:iam::111122223333:role/" + "x" * 65, "character"),
        ("arn:aws:iam::111122223333:role/" + "p/" * 1_100 + "A", "character"),
    ],
)
def test_a_wrong_arn_says_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_role_arn(text)


@pytest.mark.parametrize(
    ("text", "kind", "name", "session"),
    [
        (
            "arn:aws:sts::111122223333:assumed-role/Deploy/ana@acme.io",
            "assumed-role",
            "Deploy",
            "ana@acme.io",
        ),
        ("arn:aws:sts::111122223333:federated-user/build", "federated-user", "build", ""),
        ("arn:aws:iam::111122223333:user/eu/ana", "user", "ana", ""),
        ("arn:aws:iam::111122223333:root", "root", "", ""),
    ],
)
def test_the_four_forms_of_an_identity(text: str, kind: str, name: str, session: str) -> None:
    arn = parse_session_arn(text)
    assert (arn.kind, arn.name, arn.session_name) == (kind, name, session)


@pytest.mark.parametrize("text", ["", "x", "arn:aws:s3:::bucket", "arn:aws:sts::1:assumed-role/A/b"])
def test_what_is_no_identity_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_session_arn(text)
