"""An Identity Center from what a person pastes: the address as the browser has it, the Region where it says one."""

import pytest

from stsui.config import new_center
from stsui.config.centers import from_entry, from_session
from stsui.model.roles import Origin

ACME = "https://acme.awsapps.com/start"


@pytest.mark.parametrize(
    ("pasted", "url", "name", "region"),
    [
        (ACME, ACME, "acme", ""),
        (f"  {ACME}/#/?tab=accounts ", ACME, "acme", ""),
        ("acme.awsapps.com/start", ACME, "acme", ""),
        ("https://d-9067aa.awsapps.com/start/", "https://d-9067aa.awsapps.com/start", "d-9067aa", ""),
        (
            "https://ssoins-72231.portal.eu-west-1.app.aws",
            "https://ssoins-72231.portal.eu-west-1.app.aws",
            "ssoins-72231",
            "eu-west-1",
        ),
        (
            "https://start.us-gov-home.awsapps.com/directory/acme",
            "https://start.us-gov-home.awsapps.com/directory/acme",
            "directory",
            "",
        ),
        (
            "https://identitycenter.amazonaws.com/ssoins-7223",
            "https://identitycenter.amazonaws.com/ssoins-7223",
            "ssoins-7223",
            "",
        ),
        ("http://127.0.0.1:4000/start", "http://127.0.0.1:4000/start", "start", ""),
    ],
)
def test_an_address_as_it_is_pasted(pasted: str, url: str, name: str, region: str) -> None:
    assert new_center.address(pasted) == url
    assert (new_center.name_of(url), new_center.region_of(url)) == (name, region)


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "is needed"),
        ("ftp://acme", "begins with https://"),
        ("https://", "begins with https://"),
        ("https://a b/start", "is not the address"),
        ("https://acme\x1b]0;t\x07/start", "cannot be shown"),
        ("https://user@acme.awsapps.com/start", "is not the address"),
    ],
)
def test_what_is_no_address(pasted: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        new_center.address(pasted)


def test_what_is_wrong_is_said_by_field() -> None:
    own = from_entry("acme", {"start_url": ACME, "region": "eu-west-1"}, Origin("config.toml", 1))
    known = {"acme": own}
    wrong = new_center.verdicts
    assert wrong({}, ACME, "", "") == {"region": "is needed: where the Identity Center is, eu-west-1"}
    assert "not the name of a Region" in wrong({}, ACME, "Ireland", "")["region"]
    assert wrong(known, ACME, "eu-west-1", "") == {"start_url": "is acme already"}
    assert not wrong(known, ACME, "us-east-1", "acme-us")
    assert wrong(known, "https://acme.example/start", "eu-west-1", "") == {
        "name": 'another Identity Center is called "acme"'
    }
    assert "letters, digits" in wrong({}, ACME, "eu-west-1", "a/b")["name"]
    with pytest.raises(ValueError, match="region is needed"):
        new_center.made({}, ACME, "", "")


def test_one_that_the_aws_files_know_keeps_its_token() -> None:
    aws = {"corp": from_session("corp", f"{ACME}/", "eu-west-1", {}, Origin("config.toml", 1))}
    center = new_center.made(aws, ACME, "eu-west-1", "")
    assert center.token_names == ("corp", f"{ACME}/") and center.lists_roles
    assert new_center.made({}, ACME, "eu-west-1", "").token_names == (ACME,)
    assert new_center.table(center) == {"sso": {"acme": {"start_url": ACME, "region": "eu-west-1"}}}
