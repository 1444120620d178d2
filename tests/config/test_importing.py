"""Importing as a review: new, renamed, changed, vanished; one function behind the command and the wizard."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from stsui.config import importing
from stsui.config.catalog import Catalog, load
from stsui.config.import_sources import Offer, from_aws, from_center, from_file
from stsui.config.importing import Review
from stsui.config.user_config_edit import file_path, write_entry
from stsui.model.assigned import Assigned, Discovery, Missed
from stsui.model.errors import ConfigError

AWS = """
[profile corp]
mfa_serial = arn:aws:iam::444455556666:mfa/ana
[profile hub]
role_arn = arn:aws:iam::444455556666:role/Hub
source_profile = corp
[profile prod-admin]
role_arn = arn:aws:iam::111122223333:role/ci/Admin
source_profile = hub
mfa_serial = arn:aws:iam::444455556666:mfa/ana
external_id = acme/4711
duration_seconds = 1800
region = eu-west-1
session_tags = team=core
[profile by-token]
role_arn = arn:aws:iam::111122223333:role/Ci
web_identity_token_file = /run/token
[profile on-the-box]
role_arn = arn:aws:iam::111122223333:role/Box
credential_source = Ec2InstanceMetadata
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
[profile team]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = ReadOnly
[profile helper]
credential_process = helper --json
[profile lost]
role_arn = arn:aws:iam::111122223333:role/Lost
source_profile = gone
[profile broken]
role_arn = not an arn
source_profile = corp
"""
KEYS = "[corp]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    aws = tmp_path / ".aws"
    aws.mkdir()
    (aws / "config").write_text(AWS)
    (aws / "credentials").write_text(KEYS)
    return {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}


def own(environ: dict[str, str], text: str) -> None:
    path = Path(load(environ).paths.config_file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def states(shown: Review) -> dict[str, str]:
    return {change.name: change.state for change in shown.changes}


def take(
    environ: dict[str, str], shown: Review, *names: str, known: Mapping[str, str] = {}
) -> dict[str, str]:
    """Writes what was chosen; what is known of it afterwards."""
    chosen = {change.key for change in shown.open() if not names or change.name in names}
    catalog = load(environ)
    write_entry(catalog.paths.conf_dir, shown.file, importing.tables(shown, chosen))
    return importing.recorded(shown, chosen, known)


def written(environ: dict[str, str], file: str) -> dict[str, object]:
    path = file_path(load(environ).paths.conf_dir, file)
    return tomllib.loads(Path(path).read_text())


def aws_review(environ: dict[str, str], known: Mapping[str, str] = {}) -> Review:
    catalog = load(environ)
    return importing.review(catalog, from_aws(environ, catalog), known)


# AWS profiles


def test_every_profile_is_offered_and_what_cannot_be_taken_says_why(environ: dict[str, str]) -> None:
    shown = aws_review(environ)
    assert states(shown) == {
        **dict.fromkeys(("corp", "hub", "prod-admin", "by-token", "on-the-box", "team"), "new"),
        **dict.fromkeys(("helper", "lost", "broken"), "problem"),
    }
    problems = {c.name: c.candidate.problem for c in shown.changes if c.state == "problem"}
    assert "credential_process can only stand in an AWS profile" in problems["helper"]
    assert "no role or profile has that name" in problems["lost"]
    assert problems["broken"].startswith("line ") and "role_arn" in problems["broken"]


def test_what_is_taken_over_is_the_same_role(environ: dict[str, str]) -> None:
    before = load(environ)
    take(environ, aws_review(environ))
    after = load(environ)
    assert after.problems == before.problems
    for name in ("hub", "prod-admin", "by-token", "on-the-box", "team"):
        fields = ("kind", "role_arn", "account_id", "mfa_serial", "external_id", "duration_seconds", "region")
        fields += ("tags", "web_identity_token_file", "aws_role_name")
        was, now = before.roles[name], after.roles[name]
        assert [getattr(was, f) for f in fields] == [getattr(now, f) for f in fields], name
        assert not now.from_aws_files
    assert after.roles["corp"].kind == "session" and after.roles["corp"].source_profile == "corp"
    assert states(aws_review(environ))["prod-admin"] == "same", "the next review has nothing to do"


def test_a_rename_at_the_source_is_seen_and_takes_the_old_name_away(environ: dict[str, str]) -> None:
    known = take(environ, aws_review(environ), "prod-admin", "team")
    config = Path(environ["HOME"], ".aws", "config")
    config.write_text(config.read_text().replace("[profile prod-admin]", "[profile production]"))
    shown = aws_review(environ, known)
    (renamed,) = [change for change in shown.changes if change.state == "renamed"]
    assert (renamed.before, renamed.name) == ("prod-admin", "production")
    known = take(environ, shown, "production", known=known)
    roles = written(environ, shown.file)["roles"]
    assert isinstance(roles, dict) and set(roles) == {"production", "team"}
    assert states(aws_review(environ, known))["production"] == "same"


def test_a_name_of_ones_own_stays(environ: dict[str, str]) -> None:
    known = take(environ, aws_review(environ), "hub")
    conf = Path(file_path(load(environ).paths.conf_dir, "import-aws"))
    conf.write_text(conf.read_text().replace("[roles.hub]", "[roles.mine]"))
    shown = aws_review(environ, known)
    assert [c.state for c in shown.changes if c.name == "mine"] == ["same"]
    assert not [c for c in shown.changes if c.state == "renamed"]


def test_what_has_vanished_is_shown_and_removed_only_when_chosen(environ: dict[str, str]) -> None:
    known = take(environ, aws_review(environ), "prod-admin", "team")
    config = Path(environ["HOME"], ".aws", "config")
    config.write_text(config.read_text().replace("role/ci/Admin", "role/ci/Other"))
    shown = aws_review(environ, known)
    assert [c.name for c in shown.changes if c.state == "vanished"] == ["prod-admin"]
    take(environ, shown, "team", known=known)
    roles = written(environ, shown.file)["roles"]
    assert isinstance(roles, dict) and "prod-admin" in roles
    lines = importing.lines(importing.tables(shown, {c.key for c in shown.changes if c.state == "vanished"}))
    assert lines == ["- [roles.prod-admin]"]


def test_a_changed_profile_is_shown_as_changed(environ: dict[str, str]) -> None:
    take(environ, aws_review(environ), "prod-admin")
    config = Path(environ["HOME"], ".aws", "config")
    config.write_text(config.read_text().replace("region = eu-west-1", "region = eu-north-1"))
    assert states(aws_review(environ))["prod-admin"] == "changed"


def test_what_stands_in_the_users_own_file_is_already_here(environ: dict[str, str]) -> None:
    own(
        environ,
        '[roles.eu-admin]\nrole_arn = "arn:aws:iam::111122223333:role/ci/Admin"\nsource_profile = "hub"\n'
        'external_id = "acme/4711"\n',
    )
    shown = aws_review(environ)
    assert states(shown)["eu-admin"] == "here" and "prod-admin" not in states(shown)


def test_a_name_that_means_something_else_here_is_not_taken(environ: dict[str, str]) -> None:
    own(environ, '[roles.team]\nrole_arn = "arn:aws:iam::999988887777:role/Other"\nsource_profile = "corp"\n')
    shown = aws_review(environ)
    (change,) = [c for c in shown.open() if c.candidate.name == "team"]
    assert change.name == "team-111122223333"
    take(environ, shown)
    assert load(environ).roles["team"].account_id == "999988887777"


# An Identity Center

FOUND = Discovery(
    (
        Assigned("111122223333", "acme-prod", "", ("Admin", "ReadOnly")),
        Assigned("222233334444", "acme [dev]\\x1b", "", ("Admin",)),
        Assigned("333344445555", "twin", "", ("Admin",)),
        Assigned("444455556666", "twin", "", ("Admin",)),
        Assigned("555566667777", "empty", "", ()),
    )
)


def center_review(environ: dict[str, str], found: Discovery = FOUND, known: Mapping[str, str] = {}) -> Review:
    catalog = load(environ)
    return importing.review(catalog, from_center(catalog.sso["acme"], found), known)


def test_an_identity_centers_roles_with_their_accounts(environ: dict[str, str]) -> None:
    shown = center_review(environ)
    assert states(shown) == {
        **dict.fromkeys(("acme-prod/Admin", "acme-prod/ReadOnly", "acme [dev]\\x1b/Admin"), "new"),
        **dict.fromkeys(("twin/Admin", "twin/Admin-444455556666"), "new"),
    }
    assert shown.guesses == {"111122223333": "PROD", "222233334444": "DEV"}, "a guess, and shown as one"
    take(environ, shown)
    catalog = load(environ)
    assert catalog.roles["acme-prod/Admin"].source.center.name == "acme"
    assert catalog.accounts["111122223333"].name == "acme-prod"
    account = catalog.accounts["111122223333"]
    assert (account.environment, account.environment_guessed) == ("PROD", True), "and it stays a guess"
    assert set(states(center_review(environ)).values()) == {"same"}


def test_a_word_that_a_person_gave_is_no_guess(environ: dict[str, str]) -> None:
    shown = center_review(environ)
    chosen = {change.key for change in shown.open()}
    table = importing.tables(shown, chosen, {"111122223333": "STAGE"})
    assert table["accounts"]["111122223333"] == {"name": "acme-prod", "environment": "STAGE"}
    lines = importing.lines(table, shown.guesses)
    assert not any("guessed" in line for line in lines[: lines.index("+ [accounts.222233334444]")])
    assert "  # DEV is guessed from the name, and stays a guess" in lines


def test_a_renamed_account_renames_its_roles(environ: dict[str, str]) -> None:
    known = take(environ, center_review(environ))
    accounts = (FOUND.accounts[0]._replace(name="acme-production"), *FOUND.accounts[1:])
    shown = center_review(environ, Discovery(accounts), known)
    renamed = {(c.before, c.name) for c in shown.changes if c.state == "renamed"}
    assert renamed == {
        ("acme-prod/Admin", "acme-production/Admin"),
        ("acme-prod/ReadOnly", "acme-production/ReadOnly"),
    }


def test_an_account_that_could_not_be_listed_has_not_vanished(environ: dict[str, str]) -> None:
    known = take(environ, center_review(environ))
    partial = Discovery(FOUND.accounts[1:], (Missed("111122223333", "acme-prod", "throttled"),))
    assert "vanished" not in states(center_review(environ, partial, known)).values()
    gone = Discovery(FOUND.accounts[1:])
    vanished = {c.name for c in center_review(environ, gone, known).changes if c.state == "vanished"}
    assert vanished == {"acme-prod/Admin", "acme-prod/ReadOnly"}


# A shared file

SHARED = """
[sso.team-sso]
start_url = "https://team.awsapps.com/start"
region = "eu-west-1"
[accounts.111122223333]
name = "acme-prod"
environment = "PROD"
guard = "confirm"
[policies.narrow]
policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
[roles.shared-admin]
role_arn = "arn:aws:iam::111122223333:role/Shared"
source_profile = "hub"
mfa_process = ["sh", "-c", "touch /tmp/never"]
[roles.wrong]
roll_arn = "x"
[settings]
theme = "loud"
"""


def test_a_shared_file_brings_roles_accounts_and_policies_and_no_settings(
    environ: dict[str, str], tmp_path: Path
) -> None:
    shared = tmp_path / "team.toml"
    shared.write_text(SHARED)
    shown = importing.review(load(environ), from_file(str(shared)), {})
    assert states(shown) == {
        "shared-admin": "new",
        "wrong": "problem",
        "111122223333": "new",
        "narrow": "new",
        "team-sso": "new",
    }
    assert shown.file == "import-team"
    take(environ, shown)
    catalog = load(environ)
    assert catalog.accounts["111122223333"].environment == "PROD" and "team-sso" in catalog.sso
    assert catalog.roles["shared-admin"].mfa_process[0] == "sh" and catalog.settings.theme != "loud"
    shared.write_text(SHARED.replace("shared-admin", "shared-boss"))
    known = importing.recorded(shown, {change.key for change in shown.open()}, {})
    again = importing.review(catalog, from_file(str(shared)), known)
    assert [(c.before, c.name) for c in again.changes if c.state == "renamed"] == [
        ("shared-admin", "shared-boss")
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "no such file"), (b"[roles", "not TOML"), (b"\0\0", "zero byte"), (b"[" * 5_000, "not TOML")],
)
def test_a_file_that_cannot_be_read_is_said(
    environ: dict[str, str], tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "team.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=f"(?i){words}"):
        from_file(str(path))


def test_nothing_is_written_by_looking(environ: dict[str, str]) -> None:
    aws_review(environ)
    center_review(environ)
    assert not Path(load(environ).paths.conf_dir).exists()


def test_an_empty_source_is_no_mistake(environ: dict[str, str]) -> None:
    catalog: Catalog = load(environ)
    shown = importing.review(catalog, Offer("nothing", "import-nothing", ()), {})
    assert shown.changes == () and importing.tables(shown, set()) == {} and importing.lines({}) == []
