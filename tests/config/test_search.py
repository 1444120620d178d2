"""What is typed finds one role, or says why it does not; the filter keeps what it says."""

from pathlib import Path

import pytest

from stsui.config import catalog, chain, search
from stsui.config.search import RowFacts, parse_query
from stsui.model.errors import AmbiguousRole, ConfigError, RoleNotFound
from tests.config import homes

TOML = """
[accounts.111122223333]
name = "acme-prod"
[accounts.444455556666]
name = "acme-dev"
[policies.read-only]
policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
[roles.prod-admin]
role_arn = "arn:aws:iam::111122223333:role/ops/Admin"
source_profile = "corp"
[roles.prod-ro]
role_arn = "arn:aws:iam::111122223333:role/ReadOnly"
source_profile = "corp"
[roles.dev-admin]
role_arn = "arn:aws:iam::444455556666:role/Admin"
source_profile = "corp"
[roles."odd@read-only"]
role_arn = "arn:aws:iam::444455556666:role/Odd"
source_profile = "corp"
[roles.broken]
pin = 1
"""


@pytest.fixture
def loaded(tmp_path: Path) -> catalog.Catalog:
    return catalog.load(homes.make(tmp_path, toml=TOML, credentials=f"[corp]\n{homes.KEYS}"))


@pytest.mark.parametrize(
    ("text", "name", "guess"),
    [
        ("prod-admin", "prod-admin", ""),
        ("PROD-Admin", "prod-admin", ""),
        ("corp", "corp", ""),
        ("dva", "dev-admin", "dev-admin (matched dva)"),
        ("ro", "prod-ro", None),
        ("d-ro", "prod-ro", "prod-ro (matched d-ro)"),
        ("acme-prod/Admin", "prod-admin", ""),
        ("111122223333/readonly", "prod-ro", ""),
        ("acme-dev/dev-admin", "dev-admin", ""),
        ("arn:aws:iam::111122223333:role/ops/Admin", "prod-admin", ""),
    ],
)
def test_found(loaded: catalog.Catalog, text: str, name: str, guess: str | None) -> None:
    if guess is None:
        with pytest.raises(AmbiguousRole):
            search.find_role(loaded, text)
        return
    role, sentence = search.find_role(loaded, text)
    assert (role.name, sentence) == (name, guess)


@pytest.mark.parametrize("text", ["admin", "prod", "o", "a"])
def test_two_that_fit_are_refused(loaded: catalog.Catalog, text: str) -> None:
    with pytest.raises(AmbiguousRole) as error:
        search.find_role(loaded, text)
    assert len(error.value.matches) > 1


def test_none_fits(loaded: catalog.Catalog) -> None:
    with pytest.raises(RoleNotFound) as error:
        search.find_role(loaded, "prodd-admim")
    assert error.value.nearest[0] == "prod-admin"
    for text in ("", " ", "zzz", "acme-prod/", "/Admin", "\x1b[31m"):
        with pytest.raises(RoleNotFound) as error:
            search.find_role(loaded, text)
        assert str(error.value).isprintable()


def test_a_broken_row_says_what_is_wrong(loaded: catalog.Catalog) -> None:
    with pytest.raises(ConfigError, match="pin must be"):
        search.find_role(loaded, "broken")


def test_an_arn_that_is_not_configured(loaded: catalog.Catalog) -> None:
    arn = "arn:aws:iam::999900001111:role/x/Other"
    with pytest.raises(ConfigError) as error:
        search.find_role(loaded, arn)
    assert "--from" in error.value.hint
    role, _ = search.find_role(loaded, arn, arn_from="corp")
    assert (role.name, role.source_profile, role.account_id) == ("Other", "corp", "999900001111")
    found = chain.resolve(catalog.with_role(loaded, role), "Other")
    assert found.source.name == "corp"
    with pytest.raises(RoleNotFound):
        search.find_role(loaded, arn, arn_from="nobody-here")
    with pytest.raises(ConfigError, match="not the ARN of a role"):
        search.find_role(loaded, "arn:aws:iam::999900001111:user/x")


def test_an_arn_from_another_source(loaded: catalog.Catalog) -> None:
    arn = "arn:aws:iam::111122223333:role/ops/Admin"
    assert search.find_role(loaded, arn, arn_from="corp")[0].name == "prod-admin"
    assert search.find_role(loaded, arn, arn_from="dev-admin")[0].source_profile == "dev-admin"


def test_variants(loaded: catalog.Catalog) -> None:
    assert search.find_variant(loaded, "prod-admin@read-only") == ("prod-admin", "read-only")
    assert search.find_variant(loaded, "odd@read-only") == ("odd@read-only", "")
    assert search.find_variant(loaded, "prod-admin@nothing") == ("prod-admin@nothing", "")


FACTS = RowFacts("prod-admin\nadmin\nacme-prod\n111122223333\nprod", "active", False, "PROD")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", True),
        ("admin prod", True),
        ("PROD 1111", True),
        ("prod !admin", False),
        ("!dev", True),
        ("dev", False),
        ("is:live is:prod", True),
        ("is:dev", False),
        ("!is:live", False),
        ("is:failed", False),
        ("is:pinned", False),
        ("!is:pinned admin", True),
        ("needs:me", False),
        ("!needs:me", True),
        ("is: !", True),
        ("is:active", True),
    ],
)
def test_the_filter(query: str, kept: bool) -> None:
    assert parse_query(query).keeps(FACTS) is kept


def test_states_of_the_filter() -> None:
    assert parse_query("needs:me").keeps(FACTS._replace(state="sign-in"))
    assert parse_query("is:failed").keeps(FACTS._replace(state="failed"))
    assert parse_query("is:pinned").keeps(FACTS._replace(pinned=True))


def test_words_alone() -> None:
    assert search.matches("b A", "xA", "by") and not search.matches("c", "a", "b")


def test_the_text_of_a_row(loaded: catalog.Catalog) -> None:
    text = search.row_text(loaded, loaded.roles["prod-admin"])
    for word in ("prod-admin", "acme-prod", "111122223333", "admin"):
        assert word in text.split("\n")
    assert [role.name for role in search.by_account(loaded)["111122223333"]] == ["prod-admin", "prod-ro"]
