"""A plan is exactly the calls that STS will see, and says why it is so."""

from pathlib import Path

import pytest

from stsui.config.catalog import Catalog, load
from stsui.model.errors import ConfigError, InvalidParameter
from stsui.sessions.plan import Plan
from stsui.sessions.planning import Setting, legal_session_name, make_plan

ANA = Setting("ana")
MFA = "arn:aws:iam::444455556666:mfa/ana-phone"
CREDENTIALS = "[corp]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = EXAMPLEKEY\n"
CONFIG = f"""
[profile corp]
region = eu-west-1
[profile hub]
role_arn = arn:aws:iam::444455556666:role/Hub
source_profile = corp
mfa_serial = {MFA}
[profile deploy]
role_arn = arn:aws:iam::111122223333:role/team/Deploy
source_profile = hub
duration_seconds = 7200
[profile long]
role_arn = arn:aws:iam::111122223333:role/Long
source_profile = corp
duration_seconds = 43200
[profile long-mfa]
role_arn = arn:aws:iam::111122223333:role/LongMfa
source_profile = corp
duration_seconds = 43200
mfa_serial = {MFA}
[profile ro]
role_arn = arn:aws:iam::111122223333:role/ReadOnly
source_profile = corp
mfa_serial = {MFA}
[profile china]
role_arn = arn:aws-cn:iam::999900001111:role/A
web_identity_token_file = /tmp/token
"""


def catalog(directory: Path, config: str = CONFIG, toml: str = "") -> Catalog:
    (directory / "config").write_text(config)
    (directory / "credentials").write_text(CREDENTIALS)
    (directory / "config.toml").write_text(toml)
    return load(
        {
            "HOME": str(directory),
            "AWS_CONFIG_FILE": str(directory / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(directory / "credentials"),
            "STSUI_CONFIG": str(directory / "config.toml"),
        }
    )


def plan(directory: Path, name: str, toml: str = "", setting: Setting = ANA, **options: object) -> Plan:
    return make_plan(catalog(directory, toml=toml), name, setting, **options)  # type: ignore[arg-type]


def operations(made: Plan) -> list[tuple[str, object]]:
    return [(step.operation, step.parameters.get("DurationSeconds")) for step in made.steps]


def test_one_code_serves_every_short_role_through_a_shared_session(tmp_path: Path) -> None:
    ro, hub = plan(tmp_path, "ro"), plan(tmp_path, "hub")
    assert operations(ro) == [("GetSessionToken", 43_200), ("AssumeRole", 3_600)]
    assert ro.steps[0].key == hub.steps[0].key, "the same MFA session"
    assert ro.steps[0].mfa_serial == MFA and not ro.steps[1].mfa_serial
    assert ro.shared_with == ("hub",), "who asks for twelve hours takes a code of its own"


def test_a_long_role_takes_the_code_itself_s25_s87(tmp_path: Path) -> None:
    made = plan(tmp_path, "long-mfa")
    assert operations(made) == [("AssumeRole", 43_200)]
    assert made.last.mfa_serial == MFA and made.last.parameters["SerialNumber"] == MFA
    assert any("one hour" in note for note in made.notes)


def test_a_chained_role_is_capped_before_the_call_and_says_so(tmp_path: Path) -> None:
    made = plan(tmp_path, "deploy")
    assert operations(made) == [("GetSessionToken", 43_200), ("AssumeRole", 3_600), ("AssumeRole", 3_600)]
    assert made.steps[1].key == plan(tmp_path, "hub").last.key, "the hop's session is the hub's own"
    assert "deploy: chained roles get at most 1h (2h was asked). Used 1h." in made.notes


def test_from_long_term_keys_one_hop_lasts_twelve_hours(tmp_path: Path) -> None:
    assert operations(plan(tmp_path, "long")) == [("AssumeRole", 43_200)]


def test_what_a_role_was_seen_to_allow_is_not_asked_for_again(tmp_path: Path) -> None:
    made = plan(tmp_path, "long", ceilings={"arn:aws:iam::111122223333:role/Long": 7_200})
    assert operations(made) == [("AssumeRole", 7_200)]
    assert any("2h at most" in note for note in made.notes)


def test_an_account_caps_its_roles(tmp_path: Path) -> None:
    made = plan(tmp_path, "long", '[accounts.111122223333]\nmax_duration = "30m"\n')
    assert operations(made) == [("AssumeRole", 1_800)]


def test_every_parameter_of_an_entry_reaches_sts(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        "all",
        """
[roles.all]
role_arn = "arn:aws:iam::111122223333:role/team/All"
source_profile = "corp"
external_id = "x:/1"
duration = "2h"
region = "eu-central-1"
role_session_name = "{user}-{role}"
source_identity = "ana"
tags = { team = "core", cost = "7" }
transitive_tags = ["team"]
policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
policy = '{"Version":"2012-10-17","Statement":[]}'
""",
    )
    assert dict(made.last.parameters) == {
        "RoleArn": "arn:aws:iam::111122223333:role/team/All",
        "RoleSessionName": "ana-all",
        "DurationSeconds": 7_200,
        "ExternalId": "x:/1",
        "SourceIdentity": "ana",
        "Tags": [{"Key": "team", "Value": "core"}, {"Key": "cost", "Value": "7"}],
        "TransitiveTagKeys": ["team"],
        "PolicyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
        "Policy": '{"Version":"2012-10-17","Statement":[]}',
    }
    assert made.last.region == "eu-central-1"


CHANGES = {
    "role_arn": '"arn:aws:iam::111122223333:role/B"',
    "external_id": '"other"',
    "duration": '"45m"',
    "region": '"us-east-2"',
    "role_session_name": '"bob"',
    "source_identity": '"bob"',
    "tags": '{ team = "web" }',
    "policy": '\'{"Version":"2012-10-17"}\'',
    "policy_arns": '["arn:aws:iam::aws:policy/A"]',
    "mfa_serial": f'"{MFA}"',
    "source_profile": '"hub"',
    "endpoint_url": '"https://sts.example.com"',
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_shapes_a_session_makes_it_another_one_s35(tmp_path: Path, name: str) -> None:
    base = {"role_arn": '"arn:aws:iam::111122223333:role/A"', "source_profile": '"corp"'}

    def key(entry: dict[str, str]) -> str:
        return plan(tmp_path, "a", "[roles.a]\n" + "\n".join(f"{k} = {v}" for k, v in entry.items())).last.key

    assert key(base) == key(dict(base)) != key({**base, name: CHANGES[name]})


def test_other_keys_behind_the_same_profile_are_another_session(tmp_path: Path) -> None:
    before = plan(tmp_path, "ro").last.key
    (tmp_path / "credentials").write_text(CREDENTIALS.replace("IOSFODNN7", "IOSFODNN8"))
    made = make_plan(
        load(
            {
                "HOME": str(tmp_path),
                "AWS_CONFIG_FILE": str(tmp_path / "config"),
                "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
            }
        ),
        "ro",
        Setting("ana"),
    )
    assert made.last.key != before


def test_sts_is_asked_in_the_regions_order_and_never_nowhere_s91(tmp_path: Path) -> None:
    assert plan(tmp_path, "ro").last.region == "eu-west-1", "the source's"
    assert plan(tmp_path, "ro", setting=Setting("ana", region="us-west-2")).last.region == "us-west-2"
    assert plan(tmp_path, "china").last.region == "cn-northwest-1"
    assert plan(tmp_path, "ro").last.handover_region == "", "never invented for who receives it"


def test_a_web_identity_is_not_signed_and_may_last(tmp_path: Path) -> None:
    step = plan(tmp_path, "china").last
    assert step.operation == "AssumeRoleWithWebIdentity" and not step.signed


def test_an_unknown_word_in_the_session_name_names_the_known_ones(tmp_path: Path) -> None:
    toml = '[roles.a]\nrole_arn = "arn:aws:iam::111122223333:role/A"\nsource_profile = "corp"\n'
    with pytest.raises(ConfigError, match="user"):
        plan(tmp_path, "a", toml + 'role_session_name = "{nobody}"\n')
    assert issubclass(InvalidParameter, ConfigError)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ana@acme.io", "ana@acme.io"),
        ("Ana Müller", "Ana-M-ller"),
        ("a", "stsui-a"),
        ("", "stsui"),
        ("x" * 80, "x" * 64),
    ],
)
def test_a_session_name_is_made_legal(text: str, name: str) -> None:
    assert legal_session_name(text) == name
