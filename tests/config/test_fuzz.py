"""F1, F2: no text of a file ends in a traceback, and what is wrong has a line that exists."""

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stsui.config import catalog, chain, search
from stsui.model.errors import StsuiError
from tests.config import homes
from tests.fuzzing import EXAMPLES

EXAMPLE = (Path(__file__).parents[2] / "config.example.toml").read_text()
AWS = f"""[default]
region = eu-west-1
[profile corp]
{homes.KEYS}
[profile "a b"]
role_arn = {homes.ARN}
source_profile = corp
duration_seconds = 3600
s3 =
  addressing_style = path
[sso-session s]
sso_start_url = https://x
sso_region = eu-west-1
[profile s]
sso_session = s
sso_account_id = 111122223333
sso_role_name = R
[profile p]
credential_process = a 'b c' d
session_tags = a=b,c=d
[profile w]
role_arn = {homes.ARN}
web_identity_token_file = /t
[profile g]
include_profile = corp
granted_color = red
"""
MARKS = [
    "[",
    "]",
    "=",
    '"',
    "'",
    "\\",
    "#",
    ":",
    "{",
    "}",
    ",",
    ".",
    "[[",
    "-",
    "\x00",
    "\r",
    "\x1b",
    "\ufeff",
    "\u202e",
    "é",
    "'''",
    '"""',
    "1",
    "true",
]
PIECES = st.sampled_from(
    [*MARKS, "\n", "\n  ", "=\n", "= 1\n", "[profile ", "role_arn = ", "roles.", "0" * 30]
)
RELAXED = settings(
    max_examples=EXAMPLES, deadline=1_000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        text = text[:start] + draw(PIECES) + text[end:]
    data = text.encode("utf-8", "surrogatepass")
    return data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data


def whole_secrets(*data: bytes) -> bool:
    """Whether every secret still has its key before it; one that lost it cannot be told from other text."""
    joined = b"\n".join(data)
    named = re.findall(rb"aws_secret_access_key = " + re.escape(homes.SECRET.encode()), joined)
    return joined.count(homes.SECRET.encode()) == len(named)


def check(loaded: catalog.Catalog, *data: bytes) -> None:
    if whole_secrets(*data):
        assert homes.SECRET not in repr(loaded)
    broken = {problem.name for problem in loaded.problems if problem.name}
    assert not broken & set(loaded.roles)
    for problem in loaded.problems:
        assert str(problem).isprintable() and problem.reason
        assert problem.origin.line <= 400
    for name, role in loaded.roles.items():
        assert name == role.name and name.isprintable()
        for call in (lambda n=name: chain.resolve(loaded, n), lambda n=name: search.find_role(loaded, n[:3])):
            try:
                call()
            except StsuiError as error:
                assert str(error).isprintable()


@RELAXED
@given(
    config=mutated(AWS), credentials=mutated(f"[corp]\n{homes.KEYS}[x]\n{homes.KEYS}aws_session_token = t\n")
)
def test_the_aws_files_f1(tmp_path: Path, config: bytes, credentials: bytes) -> None:
    check(catalog.load(homes.make(tmp_path, config=config, credentials=credentials)), config, credentials)


@RELAXED
@given(toml=mutated(EXAMPLE))
def test_our_own_file_f2(tmp_path: Path, toml: bytes) -> None:
    check(catalog.load(homes.make(tmp_path, toml=toml, config=AWS)))


VALUES = st.recursive(
    st.one_of(
        st.integers(), st.booleans(), st.floats(), st.text(max_size=8), st.just("arn:aws:iam::1:role/x")
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=4,
)


@RELAXED
@given(section=st.sampled_from(["settings", "accounts", "roles", "policies", "sso", "keys"]), data=st.data())
def test_any_value_in_any_key_f2(tmp_path: Path, section: str, data: st.DataObject) -> None:
    import tomli_w

    from stsui.config import keys

    names = st.sampled_from([*keys.SECTIONS[section], "other"])
    entry = data.draw(st.dictionaries(names, VALUES, max_size=4))
    table = {section: entry if section in ("settings", "keys") else {"111122223333": entry}}
    check(catalog.load(homes.make(tmp_path, toml=tomli_w.dumps(table), config=AWS)))


@RELAXED
@given(data=st.binary(max_size=300))
def test_any_bytes_f1(tmp_path: Path, data: bytes) -> None:
    check(catalog.load(homes.make(tmp_path, toml=data, config=data, credentials=data)))
