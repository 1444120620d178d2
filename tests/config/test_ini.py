"""Our reader finds in the AWS files what botocore finds, and goes on where botocore gives up."""

from pathlib import Path

import botocore.configloader
import botocore.exceptions
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stsui.config import catalog, ini, paths, profiles
from tests.config import homes

SHAPES = [
    "",
    "\n\n# nothing\n",
    "[default]\nregion = eu-west-1\n",
    "[profile a]\nregion=eu-west-1\n[profile b]\nregion = x\n",
    "[profile a]\nregion : eu-west-1\nrole_arn: arn:aws:iam::111122223333:role/x\n",
    '[profile "a b"]\nregion = 1\n',
    "[profile 'a b']\nregion = 1\n",
    "[profile a\\ b]\nregion = 1\n",
    "[profile   a]\nregion = 1\n",
    "[profile\ta]\nregion = 1\n",
    "[profile a b]\nregion = 1\n",
    "[profile 'a]\nregion = 1\n",
    "[profile]\nregion = 1\n",
    "[profiles a]\nregion = 1\n",
    "[profile default]\nregion = 1\n[default]\nregion = 2\n",
    "[default]\nregion = 2\n[profile default]\noutput = 1\n",
    '[profile a]\nregion = 1\n[profile "a"]\noutput = 2\n',
    "[DEFAULT]\nregion = 9\n[profile a]\noutput = 1\n",
    "[Default]\nregion = 9\n",
    "[profile a] # comment\nregion = 1 # not a comment\n; comment\n# comment\noutput = json\n",
    "[profile a]\ns3 =\n  max = 10\n  addressing_style = path\nregion = 1\n",
    "[profile a]\ns3 =\n  max = 10\n\n  other = 2\n  # comment\n  last = 3\n\n\nregion = 1\n",
    "[profile a]\nregion = one\n  two\n  three\noutput = x\n",
    "[profile a]\n  region = 1\n  output = 2\n",
    "  [profile a]\n    region = 1\n  output = 2\n",
    "[profile a]\nREGION = 1\nOutput=2\n",
    "[profile a]\nregion =\noutput=\n",
    "[profile a]\nregion = a=b:c\n",
    "[profile a]\n[profile b]\nregion = 1\n",
    "[preview]\ncloudfront = true\n[plugins]\nx = y\n[profile a]\nregion = 1\n",
    "[sso-session s]\nsso_start_url = https://x\nsso_region = y\n[services s]\nsts =\n  endpoint_url = http://x\n",
    "[profile ünïcode]\nregion = 1\n[profile 日本]\nregion = 2\n",
    "[profile a]]\nregion = 1\n[profile b]x]\nregion = 2\n",
    "[profile a]\n \x0b region = 1\n\x1c\nkey\u2028 = 2\n",
    "[profile a]\r\nregion = 1\r\ns3 =\r\n  a = b\r\n",
    "[profile a]\nregion = 1",
    "[profile a]\nregion == 1\noutput := 2\n",
]
CREDENTIALS = [
    "",
    "[a]\nregion = from-credentials\n",
    "[a b]\nregion = 7\n[profile a]\nregion = 8\n",
    "[default]\nregion = 7\n[new]\noutput = text\n",
]


def ours(directory: Path) -> dict[str, dict[str, str]]:
    found = profiles.read(paths.find({"HOME": str(directory)}))
    return {name: dict(profile.values) for name, profile in found.profiles.items()}


def botocores(directory: Path) -> dict[str, dict[str, object]]:
    """As `Session.full_config` does it."""
    config = botocore.configloader.load_config(str(directory / ".aws/config"))
    merged: dict[str, dict[str, object]] = config["profiles"]
    credentials = botocore.configloader.raw_config_parse(str(directory / ".aws/credentials"))
    for name, values in credentials.items():
        merged.setdefault(name, {}).update(values)
    return merged


def flat(value: object) -> object:
    """botocore makes a nested block a table; we keep its text."""
    if isinstance(value, str) and value.startswith("\n"):
        pairs = (line.partition("=") for line in value.splitlines() if line.strip())
        return {key.strip(): text.strip() for key, _, text in pairs}
    return value


def compare(directory: Path) -> None:
    want = botocores(directory)
    have = {n: {k: flat(v) for k, v in values.items()} for n, values in ours(directory).items()}
    assert have == want
    assert list(have) == list(want)


@pytest.mark.parametrize("credentials", CREDENTIALS)
@pytest.mark.parametrize("config", SHAPES)
def test_the_same_keys_win_as_in_botocore_s56(tmp_path: Path, config: str, credentials: str) -> None:
    homes.make(tmp_path, config=config, credentials=credentials)
    compare(tmp_path)


LINES = st.sampled_from(
    [
        "[default]",
        "[profile a]",
        "[profile b]",
        '[profile "a"]',
        "[other]",
        "[DEFAULT]",
        "region = 1",
        "  region = 2",
        "\tdeep = 3",
        "    deeper : 4",
        "s3 =",
        "  x = 1",
        "",
        "   ",
        "# c",
        "  ; c",
        "role_arn=arn:aws:iam::1:role/x",
        "source_profile = a",
        "junk",
        "= 5",
        "[",
        "[]",
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINES, max_size=14))
def test_whatever_botocore_can_read_we_read_alike(tmp_path: Path, lines: list[str]) -> None:
    homes.make(tmp_path, config="\n".join(lines), credentials="")
    try:
        botocores(tmp_path)
    except botocore.exceptions.ConfigParseError:
        found = profiles.read(paths.find({"HOME": str(tmp_path)}))
        named = [*found.problems, *(p.error for p in found.profiles.values() if p.error)]
        assert any("refuse the whole file" in str(problem) for problem in named), lines
        return
    compare(tmp_path)


def test_a_broken_section_costs_only_itself_s57(tmp_path: Path) -> None:
    broken = f"[profile bad]\n{homes.KEYS}this is no line\n"
    config = f"[profile good]\n{homes.KEYS}{broken}[profile fine]\n{homes.KEYS}"
    loaded = catalog.load(homes.make(tmp_path, config=config))
    assert list(loaded.roles) == ["good", "fine"]
    (problem,) = loaded.problems
    assert (problem.name, problem.origin.line) == ("bad", 7)
    assert "refuse the whole file" in problem.reason
    assert "this is no line" not in str(problem), "a line is never quoted: it may hold a secret"


def test_a_header_cut_off_does_not_give_its_keys_to_the_section_above(tmp_path: Path) -> None:
    config = f"[profile good]\n{homes.KEYS}[profile bad\nrole_arn = {homes.ARN}\nsource_profile = good\n"
    loaded = catalog.load(homes.make(tmp_path, config=config))
    assert list(loaded.roles) == ["good"]
    assert loaded.roles["good"].kind == "session"
    assert [(p.name, p.origin.line) for p in loaded.problems] == [("bad", 4)]


def test_a_section_that_stands_twice_names_both_lines_s54(tmp_path: Path) -> None:
    config = f"[profile a]\nregion = 1\n{homes.KEYS}[profile b]\n{homes.KEYS}[profile a]\nregion = 2\n"
    loaded = catalog.load(homes.make(tmp_path, config=config))
    assert set(loaded.roles) == {"a", "b"}
    assert loaded.roles["a"].region == "2"
    (problem,) = loaded.problems
    assert problem.origin.line == 8 and "line 1" in problem.reason and "refuse" in problem.reason
    assert "line 1" in loaded.roles["a"].notes[0]


def test_a_key_that_stands_twice(tmp_path: Path) -> None:
    config = f"[profile a]\nregion = 1\nregion = 2\n{homes.KEYS}"
    loaded = catalog.load(homes.make(tmp_path, config=config))
    assert loaded.roles["a"].region == "2"
    assert loaded.problems[0].origin.line == 3 and "line 2" in loaded.problems[0].reason


def test_no_secret_leaves_the_reader() -> None:
    secret = homes.SECRET
    text = f"[a]\n{homes.KEYS}aws_session_token = {secret}\n  {secret}\nAWS_SECURITY_TOKEN={secret}\n"
    section = ini.parse(text, "f").by_header["a"]
    assert homes.SECRET not in str(section.values)
    assert section.values["aws_secret_access_key"] == ini.HELD


@pytest.mark.parametrize(
    "text",
    [
        "[a]\nk = 1\n" + "  more\n" * 200_000,
        "[a]\n" * 200_000,
        "[a]\n" + "k = 1\n" * 200_000,
        "junk\n" * 200_000,
        "[" * 1_000_000,
        "[a]\nk=\n" + "  x\n k = 2\n" * 100_000,
    ],
    ids=["continued", "headers", "keys", "junk", "brackets", "blocks"],
)
def test_no_file_takes_long(text: str) -> None:
    import time

    start = time.process_time()
    sections = ini.parse(text, "f")
    assert time.process_time() - start < 3, "it grows with the square of the file"
    assert len(sections.problems) <= 21


@pytest.mark.parametrize(
    "text",
    [
        "[profile x]\nregion = eu-west-1{}\n",
        "[profile x]\nregion = eu-west-1\n  {}\n",
        "[profile x]\nrole_arn = arn:aws:iam::111122223333:role/x {}\n",
        "[profile x {}\n",
        "[profile x {}]\n",
        "[{}\n",
        "{}\n",
    ],
)
def test_a_lost_line_end_shows_no_secret(tmp_path: Path, text: str) -> None:
    stray = text.format(f"aws_secret_access_key = {homes.SECRET}")
    loaded = catalog.load(homes.make(tmp_path, config=stray, credentials=stray))
    assert loaded.problems
    assert homes.SECRET not in repr(loaded)
