"""Which host is asked: the Region's own, in its partition, by FIPS or IPv6 where that is configured."""

from pathlib import Path

import pytest

from stsui.aws.sts import StsActions, _where
from stsui.model.errors import InvalidParameter
from stsui.sessions.plan import Step
from stsui.sessions.planning import Setting, make_plan
from stsui.wiring import _setting
from tests.sessions.test_plan import catalog

ROLE = """
[profile there]
role_arn = arn:{partition}:iam::111122223333:role/A
source_profile = keys
region = {region}
{more}
[default]
use_fips_endpoint = {default}
use_dualstack_endpoint = {default}
ca_bundle = /nowhere
"""


def step(
    directory: Path, partition: str, region: str, more: str = "", environ: dict[str, str] | None = None
) -> Step:
    keys = "[profile keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
    text = keys + ROLE.format(partition=partition, region=region, more=more, default="true")
    found = catalog(directory, config=text)
    setting = _setting({"USER": "ana", **(environ or {})}) if environ else Setting("ana")
    return make_plan(found, "there", setting).last


def host(made: Step, environ: dict[str, str]) -> str:
    client = StsActions(environ)._client(_where(made), True, 1)
    return str(client.meta.endpoint_url)


@pytest.mark.parametrize(
    ("partition", "region", "url"),
    [
        ("aws", "us-east-1", "https://sts.us-east-1.amazonaws.com"),
        ("aws", "eu-central-1", "https://sts.eu-central-1.amazonaws.com"),
        ("aws", "ap-east-1", "https://sts.ap-east-1.amazonaws.com"),
        ("aws-cn", "cn-north-1", "https://sts.cn-north-1.amazonaws.com.cn"),
        ("aws-us-gov", "us-gov-east-1", "https://sts.us-gov-east-1.amazonaws.com"),
        ("aws-eusc", "eusc-de-east-1", "https://sts.eusc-de-east-1.amazonaws.eu"),
        ("aws-iso", "us-iso-east-1", "https://sts.us-iso-east-1.c2s.ic.gov"),
    ],
)
def test_each_partition_has_its_own_sts_s91_s92(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, partition: str, region: str, url: str
) -> None:
    # [default] wants FIPS and another certificate file, and legacy endpoints are asked for: none of it is the role's.
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_STS_REGIONAL_ENDPOINTS", "legacy")
    assert host(step(tmp_path, partition, region), {}) == url


@pytest.mark.parametrize(
    ("more", "environ", "url"),
    [
        ("use_fips_endpoint = true", {}, "https://sts-fips.us-east-1.amazonaws.com"),
        ("use_dualstack_endpoint = true", {}, "https://sts.us-east-1.api.aws"),
        ("use_fips_endpoint = false", {}, "https://sts.us-east-1.amazonaws.com"),
        ("", {"AWS_USE_FIPS_ENDPOINT": "true"}, "https://sts-fips.us-east-1.amazonaws.com"),
        (
            "use_fips_endpoint = true",
            {"AWS_USE_FIPS_ENDPOINT": "false"},
            "https://sts.us-east-1.amazonaws.com",
        ),
    ],
)
def test_fips_and_ipv6_as_the_role_or_the_environment_says(
    tmp_path: Path, more: str, environ: dict[str, str], url: str
) -> None:
    made = step(tmp_path, "aws", "us-east-1", more, environ)
    assert host(made, environ) == url


def test_another_endpoint_is_another_session(tmp_path: Path) -> None:
    plain = step(tmp_path, "aws", "us-east-1")
    assert step(tmp_path, "aws", "us-east-1", "use_fips_endpoint = true").key != plain.key
    assert step(tmp_path, "aws", "us-east-1", "ca_bundle = /etc/ssl/corp.pem").key == plain.key


def test_fips_with_an_endpoint_of_ones_own_is_refused_in_words(tmp_path: Path) -> None:
    more = "use_fips_endpoint = true\nendpoint_url = https://sts.example.com"
    with pytest.raises(InvalidParameter, match="use_fips_endpoint does not go with an endpoint of one's own"):
        step(tmp_path, "aws", "us-east-1", more)


def test_certificates_of_ones_own(tmp_path: Path) -> None:
    made = step(tmp_path, "aws", "us-east-1", "ca_bundle = /etc/ssl/corp.pem")
    assert made.transport.ca_bundle == "/etc/ssl/corp.pem"
    made = step(tmp_path, "aws", "us-east-1", "ca_bundle = /a.pem", {"AWS_CA_BUNDLE": "/b.pem"})
    assert made.transport.ca_bundle == "/b.pem", "the environment's word wins, as in botocore"
