"""Which rules hold for a role: its own before those of patterns before its account's; in doubt the stricter."""

from pathlib import Path

import pytest

from stsui.config import keys
from stsui.config.catalog import Catalog, load
from stsui.config.guards import rules_of
from stsui.model.roles import Rules
from tests.config import homes

ROLES = """
[roles.prod-admin]
role_arn = "arn:aws:iam::111122223333:role/team/Admin"
source_profile = "corp"
[roles.prod-ro]
role_arn = "arn:aws:iam::111122223333:role/ReadOnly"
source_profile = "corp"
guard = "none"
default_variant = "full"
[accounts.111122223333]
name = "acme-prod"
guard = "confirm"
max_duration = "1h"
default_variant = "read-only"
"""


def rules(directory: Path, role: str, toml: str = "") -> Rules:
    loaded = catalog(directory, ROLES + toml)
    assert not loaded.problems, loaded.problems
    return rules_of(loaded, loaded.roles[role])


AWS = """
[profile corp]
region = eu-west-1
[profile dev]
role_arn = arn:aws:iam::333344445555:role/Dev
source_profile = corp
"""


def catalog(directory: Path, toml: str) -> Catalog:
    return load(homes.make(directory, toml=toml, config=AWS, credentials=f"[corp]\n{homes.KEYS}"))


def test_a_role_has_its_accounts_rules(tmp_path: Path) -> None:
    assert rules(tmp_path, "prod-admin") == Rules(
        guard="confirm", max_duration=3_600, default_variant="read-only"
    )


def test_what_a_role_says_itself_counts_before_everything(tmp_path: Path) -> None:
    found = rules(tmp_path, "prod-ro", "[guards.'*']\nguard = 'type'\nno_file = true\n")
    assert found == Rules("none", 3_600, default_variant="full", no_file=True)


@pytest.mark.parametrize(
    "pattern", ["prod-*", "acme-prod/*", "111122223333/Admin", "acme-prod/prod-admin", "*/Admin"]
)
def test_a_pattern_fits_by_name_or_by_account_and_role(tmp_path: Path, pattern: str) -> None:
    assert rules(tmp_path, "prod-admin", f"[guards.'{pattern}']\nguard = 'none'\n").guard == "none"


def test_of_two_patterns_the_stricter_holds(tmp_path: Path) -> None:
    found = rules(
        tmp_path,
        "prod-admin",
        """
[guards.'prod-*']
guard = 'again'
max_duration = "30m"
no_clipboard = true
allow_noninteractive = true
idle_limit = "10m"
[guards.'*']
guard = 'type'
max_duration = "45m"
no_clipboard = false
allow_noninteractive = false
""",
    )
    assert found == Rules("type", 1_800, 600, "read-only", no_clipboard=True, allow_noninteractive=False)


def test_a_role_of_the_aws_files_takes_rules_too(tmp_path: Path) -> None:
    toml = "[roles.dev]\nguard = 'type'\nreason_required = true\n"
    loaded = catalog(tmp_path, toml)
    assert loaded.roles["dev"].from_aws_files and not loaded.problems
    assert rules_of(loaded, loaded.roles["dev"]) == Rules(guard="type", reason_required=True)


@pytest.mark.parametrize("section", ["accounts.111122223333", "guards.'*'"])
@pytest.mark.parametrize("name", keys.RULES)
def test_a_rule_that_nobody_can_read_is_as_strict_as_can_be(tmp_path: Path, section: str, name: str) -> None:
    text = ROLES.partition("[accounts")[0].replace('guard = "none"\ndefault_variant = "full"\n', "")
    loaded = catalog(tmp_path, f"{text}[{section}]\n{name} = [['?']]\n")
    assert any(name in problem.reason for problem in loaded.problems)
    assert getattr(rules_of(loaded, loaded.roles["prod-admin"]), name) == keys.STRICT[name]
