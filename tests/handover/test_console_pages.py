"""Where the console's pages are, and the commands that open them."""

from urllib.parse import parse_qs, unquote

import pytest

from stsui.handover import console_pages as pages
from stsui.model.errors import ConfigError
from stsui.model.roles import Account

URL = "https://signin.aws.amazon.com/federation?Action=login&Destination=https%3A%2F%2Fx&SigninToken=a+b%2F="
ACCOUNT = Account("111122223333", name="acme & sons {url}", color="red")


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("euw1", "eu-west-1"),
        ("use2", "us-east-2"),
        ("apse4", "ap-southeast-4"),
        ("cnnw1", "cn-northwest-1"),
        ("usge1", "us-gov-east-1"),
        ("usgw1", "us-gov-west-1"),
        ("mec1", "me-central-1"),
        ("EUW1", "eu-west-1"),
        ("eu-west-1", "eu-west-1"),
        ("eusc-de-east-1", "eusc-de-east-1"),
        ("moon1", "moon1"),
        ("", ""),
    ],
)
def test_a_region_by_its_short_form(short: str, name: str) -> None:
    assert pages.region_name(short) == name


@pytest.mark.parametrize(
    ("partition", "service", "region", "url"),
    [
        ("aws", "", "", "https://console.aws.amazon.com/console/home"),
        ("aws", "s3", "eu-west-1", "https://console.aws.amazon.com/s3/home?region=eu-west-1"),
        ("aws", "LAMBDA", "", "https://console.aws.amazon.com/lambda/home"),
        (
            "aws",
            "logs",
            "eu-west-1",
            "https://console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups",
        ),
        ("aws", "params", "", "https://console.aws.amazon.com/systems-manager/parameters"),
        ("aws-cn", "ec2", "cn-north-1", "https://console.amazonaws.cn/ec2/home?region=cn-north-1"),
        ("aws-us-gov", "", "", "https://console.amazonaws-us-gov.com/console/home"),
        ("aws-eusc", "", "", "https://console.amazonaws-eusc.eu/console/home"),
    ],
)
def test_a_page_by_its_short_name(partition: str, service: str, region: str, url: str) -> None:
    """S92."""
    assert pages.destination(partition, service, region) == url


@pytest.mark.parametrize("service", ["s3?x=1", "../x", "a b", "\x1b[31m", "s3/home?next=https://evil"])
def test_a_service_is_a_name(service: str) -> None:
    with pytest.raises(ConfigError, match="is not the name of a service") as caught:
        pages.destination("aws", service, "")
    assert "\x1b" not in caught.value.sentence


def test_a_partition_without_a_known_console() -> None:
    with pytest.raises(ConfigError, match="aws-iso is not known"):
        pages.destination("aws-iso", "s3", "")


@pytest.mark.parametrize(
    ("place", "scheme"), [("{container}", "ext+container:"), ("{granted}", "ext+granted-containers:")]
)
def test_a_link_in_a_container_is_read_back_by_the_extension(place: str, scheme: str) -> None:
    program, link = pages.browser_command(["firefox", place], URL, ACCOUNT, "admin")
    assert program == "firefox" and link.startswith(scheme)
    assert parse_qs(link.removeprefix(scheme)) == {
        "name": ["acme & sons {url}"],
        "url": [URL],
        "color": ["red"],
        "icon": ["fingerprint"],
    }


def test_places_are_filled_once_and_stay_one_word() -> None:
    template = ["chrome", "--user-data-dir=/x/{account_id}/{role}", "--name={account}", "{nobody}", "{url}"]
    assert pages.browser_command(template, URL, ACCOUNT, "a b; rm") == [
        "chrome",
        "--user-data-dir=/x/111122223333/a b; rm",
        "--name=acme & sons {url}",
        "{nobody}",
        URL,
    ]


def test_a_colour_that_containers_do_not_have() -> None:
    link = pages.browser_command(["{container}"], URL, Account("1", color="#ff0000"), "r")[0]
    assert "color=blue" in link and "name=1&" in unquote(link)


def test_what_completion_offers_are_pages() -> None:
    for service in pages.SERVICES:
        assert pages.destination("aws", service, "").startswith("https://console.aws.amazon.com/")
