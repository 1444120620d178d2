"""Every chain ends: in a source, in a named circle, or in words for what is missing."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stsui.config import catalog, chain
from stsui.model.errors import ChainLoop, ConfigError, RoleNotFound, SourceMissing
from tests.config import homes

CORP = f"[corp]\n{homes.KEYS}"


def own(name: str, below: str, account: str = "111122223333", partition: str = "aws") -> str:
    arn = f"arn:{partition}:iam::{account}:role/{name}"
    return f'[roles.{name}]\nrole_arn = "{arn}"\nsource_profile = "{below}"\n'


def load(directory: Path, toml: str, config: str = "", credentials: str = CORP) -> catalog.Catalog:
    return catalog.load(homes.make(directory, toml=toml, config=config, credentials=credentials))


def names(found: chain.Chain) -> list[str]:
    return [hop.name for hop in found.hops]


def test_hops_in_the_order_they_are_made(tmp_path: Path) -> None:
    found = chain.resolve(load(tmp_path, own("c", "b") + own("b", "a") + own("a", "corp")), "c")
    assert names(found) == ["a", "b", "c"]
    assert (found.source.kind, found.source.name) == ("static", "corp")


def test_a_session_below_is_its_keys(tmp_path: Path) -> None:
    loaded = load(tmp_path, own("a", "me") + '[roles.me]\nsession_of = "corp"\n')
    assert names(chain.resolve(loaded, "a")) == ["a"]
    assert chain.resolve(loaded, "a").source.name == "corp"
    assert names(chain.resolve(loaded, "me")) == ["me"]
    assert names(chain.resolve(loaded, "corp")) == ["corp"]


@pytest.mark.parametrize(
    ("config", "kind"),
    [
        ("credential_process = p\n", "process"),
        ("login_session = arn:aws:iam::111122223333:user/a\n", "login"),
        ("sso_account_id=111122223333\nsso_role_name=R\nsso_start_url=https://x\nsso_region=y\n", "sso"),
        (f"{homes.KEYS}aws_session_token = t\n", "static"),
    ],
)
def test_what_is_given_is_a_source_and_no_hop(tmp_path: Path, config: str, kind: str) -> None:
    loaded = load(tmp_path, own("a", "g"), f"[profile g]\n{config}")
    assert names(chain.resolve(loaded, "a")) == ["a"]
    assert chain.resolve(loaded, "a").source.kind == kind
    assert names(chain.resolve(loaded, "g")) == ["g"]


def test_web_identity_and_saml_are_the_first_hop(tmp_path: Path) -> None:
    config = f"[profile w]\nrole_arn = {homes.ARN}\nweb_identity_token_file = /t\n"
    toml = (
        own("a", "w") + own("b", "s") + f'[roles.s]\nrole_arn = "{homes.ARN}"\nsaml_process = ["p"]\n'
        'principal_arn = "arn:aws:iam::111122223333:saml-provider/Acme"\n'
    )
    loaded = load(tmp_path, toml, config)
    assert names(chain.resolve(loaded, "a")) == ["w", "a"]
    assert chain.resolve(loaded, "a").source.kind == "web_identity"
    assert names(chain.resolve(loaded, "b")) == ["s", "b"]


def test_credential_source(tmp_path: Path) -> None:
    config = f"[profile e]\nrole_arn = {homes.ARN}\ncredential_source = EcsContainer\n"
    found = chain.resolve(load(tmp_path, own("a", "e"), config), "a")
    assert names(found) == ["e", "a"] and found.source.kind == "container"


def test_a_circle_is_named_s59(tmp_path: Path) -> None:
    loaded = load(tmp_path, own("x", "a") + own("a", "b") + own("b", "c") + own("c", "a"))
    with pytest.raises(ChainLoop) as error:
        chain.resolve(loaded, "x")
    assert error.value.path == ("x", "a", "b", "c", "a")
    assert "x > a > b > c > a" in str(error.value)


def test_an_own_role_over_the_profile_it_begins_with(tmp_path: Path) -> None:
    loaded = load(tmp_path, own("corp", "corp") + own("x", "corp"))
    assert names(chain.resolve(loaded, "corp")) == ["corp"]
    assert names(chain.resolve(loaded, "x")) == ["corp", "x"]
    with pytest.raises(ChainLoop):
        chain.resolve(load(tmp_path, own("self", "self")), "self")


def test_missing_ones_are_named(tmp_path: Path) -> None:
    loaded = load(tmp_path, own("a", "crop") + "[roles.bad]\npin = 1\n" + own("b", "bad"))
    with pytest.raises(RoleNotFound, match="corp"):
        chain.resolve(loaded, "korp")
    with pytest.raises(
        SourceMissing, match=r"a > crop: no role or profile has that name. Did you mean corp?"
    ):
        chain.resolve(loaded, "a")
    with pytest.raises(SourceMissing, match=r"b > bad: it cannot be used. .*config.toml line 5: pin must be"):
        chain.resolve(loaded, "b")
    with pytest.raises(SourceMissing, match="bad: it cannot be used"):
        chain.resolve(loaded, "bad")


def test_partitions_do_not_mix(tmp_path: Path) -> None:
    loaded = load(tmp_path, own("a", "b", partition="aws-cn") + own("b", "corp"))
    with pytest.raises(SourceMissing, match="a is in aws-cn, b is in aws"):
        chain.resolve(loaded, "a")


def test_a_session_of_ones_own_needs_lasting_keys(tmp_path: Path) -> None:
    toml = own("a", "corp") + '[roles.s]\nsession_of = "a"\n[roles.t]\nsession_of = "given"\n'
    toml += '[roles.f]\nfederation_of = "corp"\npolicy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]\n'
    toml += own("below-f", "f")
    loaded = load(tmp_path, toml, credentials=f"{CORP}[given]\n{homes.KEYS}aws_session_token = x\n")
    for name in ("s", "t"):
        with pytest.raises(SourceMissing, match="long-term keys"):
            chain.resolve(loaded, name)
    assert names(chain.resolve(loaded, "f")) == ["f"]
    with pytest.raises(SourceMissing, match="cannot assume roles; name corp instead"):
        chain.resolve(loaded, "below-f")


def test_a_hidden_role_still_carries_others(tmp_path: Path) -> None:
    loaded = load(tmp_path, own("a", "b") + own("b", "corp") + "hidden = true\n")
    assert "b" not in loaded.roles
    assert names(chain.resolve(loaded, "a")) == ["b", "a"]


def test_roles_that_are_not_asked_for_are_never_looked_at_s58(tmp_path: Path) -> None:
    loaded = load(tmp_path, own("a", "nowhere") + own("l", "l") + own("good", "corp"))
    assert loaded.problems == ()
    assert names(chain.resolve(loaded, "good")) == ["good"]


def test_five_thousand_hops(tmp_path: Path) -> None:
    toml = own("r0", "corp") + "".join(own(f"r{n}", f"r{n - 1}") for n in range(1, 5_000))
    assert len(chain.resolve(load(tmp_path, toml), "r4999").hops) == 5_000


NAMES = [f"n{number}" for number in range(7)]
KIND = st.sampled_from(
    ["role", "role", "role", "keys", "role+keys", "empty", "session", "own", "own", "process"]
)


@settings(max_examples=300, deadline=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=st.lists(st.tuples(KIND, st.sampled_from([*NAMES, "nobody"])), min_size=1, max_size=7))
def test_any_graph_ends(tmp_path: Path, graph: list[tuple[str, str]]) -> None:
    config, toml = "", ""
    for name, (kind, below) in zip(NAMES, graph, strict=False):
        role = f"role_arn = {homes.ARN}\nsource_profile = {below}\n"
        config += f"[profile {name}]\n" if kind not in ("session",) else ""
        config += role if kind.startswith("role") else ""
        config += homes.KEYS if kind.endswith("keys") or kind == "own" else ""
        config += "credential_process = p\n" if kind == "process" else ""
        toml += own(name, below) if kind == "own" else ""
        toml += f'[roles.{name}]\nsession_of = "{below}"\n' if kind == "session" else ""
    loaded = load(tmp_path, toml, config, "")
    assert loaded.problems == ()
    for name, role in loaded.roles.items():
        try:
            found = chain.resolve(loaded, name)
        except ChainLoop as loop:
            assert loop.path[0] == name
            assert loop.path[-1] in loop.path[:-1]
            assert len(set(loop.path)) >= len(loop.path) - 2
        except SourceMissing as missing:
            assert missing.path[0] == name
        except ConfigError as other:  # pragma: no cover
            raise AssertionError(other) from other
        else:
            assert found.hops[-1] is role
            assert found.source.kind in ("static", "process")
            assert len({id(hop) for hop in found.hops}) == len(found.hops)


@pytest.mark.parametrize("seed", range(40))
def test_faults_are_those_of_each_role_by_itself(tmp_path: Path, seed: int) -> None:
    chance, known = random.Random(seed), "abcdefgh"
    config, credentials = [], []
    for name in known:
        lines = [f"[profile {name}]"]
        if chance.random() < 0.8:
            partition = chance.choice(["aws", "aws", "aws", "aws-cn"])
            lines.append(f"role_arn = arn:{partition}:iam::111122223333:role/{name}")
            lines.append(f"source_profile = {chance.choice([*known, 'missing'])}")
        config.append("\n".join(lines))
        if chance.random() < 0.3:
            credentials.append(f"[{name}]\naws_access_key_id = AKIA{name}\naws_secret_access_key = x")
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("\n".join(config))
    (tmp_path / ".aws" / "credentials").write_text("\n".join(credentials))
    loaded = catalog.load({"HOME": str(tmp_path)})
    faults = chain.Faults(loaded)
    order = list(loaded.roles)
    for _ in range(3):
        chance.shuffle(order)
        for name in order:
            try:
                chain.resolve(loaded, name)
                expected = ""
            except ConfigError as error:
                expected = str(error)
            found = faults.of(name)
            assert (str(found) if found else "") == expected
