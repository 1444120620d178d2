"""One table for every way out; what an export took away, unset gives back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsui.handover import environ
from stsui.handover.environ import Pointer
from stsui.model.credentials import Credentials, Secret
from stsui.model.errors import ConfigError
from stsui.model.roles import Account, Origin, Role
from stsui.model.session import Session

ROLE = Role("dev-admin", "assume", Origin("config.toml", 1))
ACCOUNT = Account("333344445555", name="acme-dev", environment="DEV")


def session(secret: str = "sec/ret+=", region: str = "eu-west-1") -> Session:
    credentials = Credentials("ASIAEXAMPLE", Secret(secret), Secret("tok/en=="), 1_795_500_000)
    return Session("dev-admin", "0" * 64, credentials, 1_795_496_400, "333344445555", "", region)


def test_the_table() -> None:
    assert environ.variables(session(), role=ROLE, account=ACCOUNT) == {
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "sec/ret+=",
        "AWS_SESSION_TOKEN": "tok/en==",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CREDENTIAL_EXPIRATION": "2026-11-24T06:00:00Z",
        "AWS_SESSION_EXPIRATION": "2026-11-24T06:00:00Z",
        "STSUI_ROLE": "dev-admin",
        "STSUI_ACCOUNT": "333344445555",
        "STSUI_ENVIRONMENT": "DEV",
    }


def test_a_region_is_never_invented() -> None:
    table = environ.variables(session(region=""), role=ROLE, account=ACCOUNT)
    assert "AWS_REGION" not in table and "AWS_DEFAULT_REGION" not in table


@pytest.mark.parametrize("secret", ["a b", "a'b", "a\nb", "ä", "", "a`b", "$(x)"])
def test_what_no_key_looks_like_is_not_given_out(secret: str) -> None:
    with pytest.raises(ConfigError, match="Nothing is given out"):
        environ.variables(session(secret), role=ROLE, account=ACCOUNT)


def test_a_child_has_exactly_the_table_over_what_does_not_shadow_it() -> None:
    parent = {
        "HOME": "/h",
        "AWS_PROFILE": "other",
        "AWS_SECURITY_TOKEN": "old",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://x",
        "AWS_PAGER": "less",
        "STSUI_ROLE": "before",
    }
    child = environ.child_environment(parent, session(), ROLE, ACCOUNT)
    assert child == {
        "HOME": "/h",
        "AWS_PAGER": "less",
        **environ.variables(session(), role=ROLE, account=ACCOUNT),
    }


NAMES = st.sampled_from([*environ.SCRUB, *environ.REGIONS, *environ.PROXIES, "HOME", "AWS_PAGER"])
SECRETS = {
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
}
POINTER = Pointer(
    "term-3", "http://127.0.0.1:4711/slot/term-3", Secret("f" * 64), "/s/t", "/s/i", "stsui-live"
)


def _export(before: dict[str, str], region: str, live: bool = False) -> dict[str, str]:
    """What a shell holds after it evaluated an export."""
    role = ROLE._replace(region=region)
    if live:
        table = environ.live_variables(POINTER, before, role=role, account=ACCOUNT)
    else:
        table = environ.variables(session(region=region), role=role, account=ACCOUNT)
    sets, unsets = environ.taken_in(table, before)
    return {name: value for name, value in before.items() if name not in unsets} | sets


def _unset(before: dict[str, str]) -> dict[str, str]:
    gone = set(environ.to_unset(before))
    return {name: value for name, value in before.items() if name not in gone} | environ.restored(before)


@given(
    st.dictionaries(NAMES, st.text("abc-/:,*", min_size=1, max_size=5)),
    st.lists(st.tuples(st.sampled_from(["", "eu-west-1"]), st.booleans()), min_size=1, max_size=4),
)
def test_unset_gives_back_what_was_there(before: dict[str, str], exports: list[tuple[str, bool]]) -> None:
    """However often a shell took in a snapshot or a slot; an export without a Region after one with it aside."""
    for name in environ.OURS:
        before.pop(name, None)
    after, region = before, ""
    for region_of_role, live in exports:
        region = region or region_of_role
        after = _export(after, region, live)
    wanted = {name: value for name, value in before.items() if name not in SECRETS}
    got = {name: value for name, value in _unset(after).items() if name not in SECRETS}
    assert got == wanted
    last = _export({}, region, exports[-1][1])
    assert not set(after) & (set(environ.SCRUB) - set(last))


def test_a_slot_in_an_environment() -> None:
    table = environ.live_variables(POINTER, {"no_proxy": "a,b"}, role=ROLE, account=ACCOUNT)
    assert table == {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:4711/slot/term-3",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "f" * 64,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/s/t",
        "AWS_PROFILE": "stsui-live",
        "NO_PROXY": "a,b,127.0.0.1",
        "no_proxy": "a,b,127.0.0.1",
        "STSUI_SLOT": "term-3",
        "STSUI_SLOT_FILE": "/s/i",
        "STSUI_ROLE": "dev-admin",
        "STSUI_ACCOUNT": "333344445555",
        "STSUI_ENVIRONMENT": "DEV",
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [({}, "127.0.0.1"), ({"NO_PROXY": "x, 127.0.0.1"}, "x,127.0.0.1"), ({"no_proxy": "*"}, None)],
)
def test_no_proxy_is_asked_for_a_slot(before: dict[str, str], after: str | None) -> None:
    table = environ.without_proxy(before)
    assert {table.get(name) for name in environ.PROXIES} == {after}


def test_keys_are_not_put_aside_in_a_variable() -> None:
    before = {"AWS_ACCESS_KEY_ID": "AKIAOLD", "AWS_SECRET_ACCESS_KEY": "oldsecret", "AWS_PROFILE": "p"}
    after = _export(before, "")
    assert "oldsecret" not in after[environ.RESTORE] and "p" in after[environ.RESTORE]


@pytest.mark.parametrize("text", ["{", "[]", '{"PATH": "/evil"}', '{"AWS_PROFILE": 3}', "null", "\x00"])
def test_a_damaged_restore_gives_nothing_back(text: str) -> None:
    assert environ.restored({environ.RESTORE: text}) == {}
