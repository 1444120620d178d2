"""A profile becomes the role that botocore would make of it, and nothing is run or kept to find out."""

import sys
from pathlib import Path

import pytest

from stsui.config import catalog, chain
from stsui.model.errors import ChainLoop, SourceMissing
from stsui.model.roles import Problem, Role, Source
from tests.config import homes

ROLE = f"role_arn = {homes.ARN}\n"


def load(directory: Path, config: str, credentials: str = "") -> catalog.Catalog:
    return catalog.load(homes.make(directory, config=config, credentials=credentials))


def role(directory: Path, body: str, credentials: str = "") -> Role:
    loaded = load(directory, f"[profile x]\n{body}", credentials)
    assert not [problem for problem in loaded.problems if problem.name], loaded.problems
    return loaded.roles["x"]


def problem(directory: Path, body: str, credentials: str = "") -> Problem:
    loaded = load(directory, f"[profile x]\n{body}", credentials)
    assert "x" not in loaded.roles
    (only,) = [problem for problem in loaded.problems if problem.name == "x"]
    return only


def test_role_with_source_profile(tmp_path: Path) -> None:
    found = role(
        tmp_path,
        f"{ROLE}source_profile = corp\nmfa_serial = arn:aws:iam::444455556666:mfa/ana\nexternal_id = a:b/c\n"
        "duration_seconds = 7200\nregion = eu-west-1\nrole_session_name = ana@x\nsource_identity = ana\n",
    )
    assert found.kind == "assume_role" and found.from_aws_files
    assert found.account_id == "111122223333" and found.aws_role_name == "Admin"
    assert found.source_profile == "corp" and found.source is None
    assert found.mfa_serial == "arn:aws:iam::444455556666:mfa/ana"
    assert (found.external_id, found.duration_seconds, found.region) == ("a:b/c", 7200, "eu-west-1")
    assert (found.role_session_name, found.source_identity) == ("ana@x", "ana")
    assert found.origin.line == 1


@pytest.mark.parametrize(
    ("word", "kind"),
    [("Environment", "environment"), ("Ec2InstanceMetadata", "ec2"), ("EcsContainer", "container")],
)
def test_credential_source(tmp_path: Path, word: str, kind: str) -> None:
    found = role(tmp_path, f"{ROLE}credential_source = {word}\n")
    assert found.source is not None
    assert (found.source.kind, found.source.name) == (kind, word)


def test_credential_source_wants_the_exact_word(tmp_path: Path) -> None:
    found = problem(tmp_path, f"{ROLE}credential_source = ec2instancemetadata\n")
    assert "Ec2InstanceMetadata" in found.reason and found.origin.line == 3


def test_both_or_no_beginning(tmp_path: Path) -> None:
    assert "both" in problem(tmp_path, f"{ROLE}source_profile=a\ncredential_source=EcsContainer\n").reason
    assert "source_profile or credential_source" in problem(tmp_path, ROLE).reason


def test_static_keys_are_a_session_of_ones_own(tmp_path: Path) -> None:
    found = role(tmp_path, homes.KEYS)
    assert found.kind == "session"
    assert found.source == Source("static", "x", "AKIAIOSFODNN7EXAMPLE")


@pytest.mark.parametrize("name", ["aws_session_token", "aws_security_token"])
def test_temporary_keys_are_given(tmp_path: Path, name: str) -> None:
    found = role(tmp_path, "", f"[x]\n{homes.KEYS}{name} = {homes.SECRET}\n")
    assert found.kind == "given"
    assert found.source is not None and (found.source.kind, found.source.detail) == (
        "static",
        "temporary keys",
    )


@pytest.mark.parametrize(
    "half", ["aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n", "aws_secret_access_key = x\n"]
)
def test_half_a_pair_of_keys(tmp_path: Path, half: str) -> None:
    assert "missing or empty" in problem(tmp_path, half).reason


def test_no_secret_is_kept(tmp_path: Path) -> None:
    credentials = (
        f"[x]\n{homes.KEYS}[t]\n{homes.KEYS}aws_session_token = {homes.SECRET}\n[b]\n{homes.SECRET}\n"
    )
    loaded = load(tmp_path, f"[profile x]\n{homes.KEYS}", credentials)
    assert homes.SECRET not in repr(loaded)


def test_a_process_is_split_not_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    found = role(tmp_path, f"credential_process = touch '{marker}' \"a b\"\n")
    assert found.kind == "given" and found.source is not None
    assert found.source.kind == "process"
    assert found.source.argv == ("touch", str(marker), "a b")
    assert found.source.detail == "touch" and len(found.source.fingerprint) == 64
    assert not marker.exists()


def test_listing_executes_nothing_t12(tmp_path: Path) -> None:
    started: list[str] = []
    watching = [True]  # an audit hook cannot be taken out again

    def watch(event: str, arguments: object) -> None:
        if watching and event.startswith(
            ("subprocess.", "os.exec", "os.system", "os.posix_spawn", "os.fork", "socket.")
        ):
            started.append(event)

    sys.addaudithook(watch)
    toml = f'[roles.r]\nrole_arn="{homes.ARN}"\nsource_profile="x"\nmfa_process=["touch","x"]\n'
    environ = homes.make(tmp_path, config="[profile x]\ncredential_process = touch x\n", toml=toml)
    loaded = catalog.load(environ)
    chain.resolve(loaded, "r")
    watching.clear()
    assert started == []


@pytest.mark.parametrize("value", ["touch 'x", "''", "a\x07b"])
def test_a_process_that_cannot_be_shown_or_split(tmp_path: Path, value: str) -> None:
    assert "credential_process" in problem(tmp_path, f"credential_process = {value}\n").reason


def test_web_identity(tmp_path: Path) -> None:
    found = role(tmp_path, f"{ROLE}web_identity_token_file = /run/token\nduration_seconds = 7200\n")
    assert found.kind == "web_identity" and found.web_identity_token_file == "/run/token"
    assert found.source == Source("web_identity", "x", "/run/token", "/run/token")
    assert found.duration_seconds == 0 and "duration_seconds is not used" in found.notes[0]


LEGACY = (
    "sso_account_id = 012345678901\nsso_role_name = Admin\n"
    "sso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n"
)


def test_identity_center_legacy_s63(tmp_path: Path) -> None:
    found = role(tmp_path, f"{LEGACY}region = eu-central-1\n")
    assert found.kind == "given" and found.source is not None
    assert found.account_id == "012345678901", "S63: the zero stays"
    assert found.aws_role_name == "Admin" and found.region == "eu-central-1"
    assert found.source.kind == "sso" and found.source.region == "eu-central-1"
    assert found.source.fingerprint == "https://acme.awsapps.com/start 012345678901 Admin"
    center = load(tmp_path, f"[profile x]\n{LEGACY}").sso[found.source.detail]
    assert (center.start_url, center.region) == ("https://acme.awsapps.com/start", "eu-west-1")


def test_identity_center_session(tmp_path: Path) -> None:
    session = "[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\n"
    found = role(tmp_path, f"sso_session = acme\nsso_account_id = 111122223333\nsso_role_name = R\n{session}")
    assert found.source is not None and found.source.detail == "acme"
    assert load(tmp_path, session).sso["acme"].start_url == "https://acme.awsapps.com/start"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("sso_session = no\nsso_account_id = 111122223333\nsso_role_name = R\n", "[sso-session no]"),
        ("sso_account_id = 111122223333\nsso_role_name = R\n", "sso_start_url"),
        (LEGACY.replace("012345678901", "12345678901"), "twelve digits"),
        (
            f"{LEGACY}sso_session = s\n[sso-session s]\nsso_start_url = https://other\nsso_region=eu-west-1",
            "differs",
        ),
    ],
)
def test_identity_center_with_something_missing(tmp_path: Path, body: str, words: str) -> None:
    assert words in problem(tmp_path, body).reason


def test_login_session(tmp_path: Path) -> None:
    found = role(tmp_path, "login_session = arn:aws:iam::111122223333:user/ana\n")
    assert found.kind == "given" and found.account_id == "111122223333"
    assert found.source is not None and found.source.kind == "login"


def test_keys_that_shadow_are_said_s37(tmp_path: Path) -> None:
    found = role(tmp_path, LEGACY, f"[other]\n\n[x]\n{homes.KEYS}")
    assert found.source is not None and found.source.kind == "sso"
    (note,) = found.notes
    assert "credentials line 4 shadow its sign-in" in note
    shadowed = role(tmp_path, f"{ROLE}source_profile = other\n", f"[x]\n{homes.KEYS}")
    assert "shadow its role" in shadowed.notes[0]
    process = role(tmp_path, "credential_process = x\n", f"[x]\n{homes.KEYS}")
    assert process.kind == "session" and "before its credential_process" in process.notes[0]


@pytest.mark.parametrize(
    ("config", "credentials", "kind"),
    [
        (LEGACY + homes.KEYS, "", "sso"),
        ("credential_process = x\n" + homes.KEYS, "", "process"),
        ("credential_process = x\n", homes.KEYS, "static"),
        ("login_session = arn:aws:iam::111122223333:user/a\n", homes.KEYS, "static"),
        ("login_session = arn:aws:iam::111122223333:user/a\ncredential_process = x\n", "", "login"),
        ("login_session = arn:aws:iam::111122223333:user/a\n" + homes.KEYS, "", "login"),
    ],
)
def test_what_wins_as_in_botocore(tmp_path: Path, config: str, credentials: str, kind: str) -> None:
    found = role(tmp_path, config, f"[x]\n{credentials}")
    assert found.source is not None and found.source.kind == kind


def test_role_and_keys_in_one_profile(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        f"[profile x]\n{ROLE}source_profile = x\n{homes.KEYS}"
        f"[profile above]\nrole_arn = arn:aws:iam::111122223333:role/Other\nsource_profile = x\n",
    )
    assert loaded.roles["x"].kind == "assume_role"
    own = chain.resolve(loaded, "x")
    assert own.source.kind == "static" and [hop.name for hop in own.hops] == ["x"]
    above = chain.resolve(loaded, "above")
    assert above.source.name == "x" and [hop.name for hop in above.hops] == ["above"]


def test_a_role_that_names_itself_without_keys(tmp_path: Path) -> None:
    loaded = load(tmp_path, f"[profile x]\n{ROLE}source_profile = x\n")
    with pytest.raises(ChainLoop):
        chain.resolve(loaded, "x")


def test_duration_that_is_no_number_is_noted(tmp_path: Path) -> None:
    found = role(tmp_path, f"{ROLE}source_profile = a\nduration_seconds = 1h\n")
    assert found.duration_seconds == 0 and "is not a number" in found.notes[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("duration_seconds = 60", "15m to 12h"),
        ("external_id = a b", 'has " " at place 2'),
        ("role_session_name = a/b", 'has "/" at place 2'),
        ("mfa_serial = short", "9 to 256"),
        ("source_identity = x", "2 to 64"),
        ("session_tags = a=<", 'has "<"'),
        ("role_arn = arn:aws:iam::111122223333:user/x", "role_arn"),
        ("mfa_process = 'x", "mfa_process"),
    ],
)
def test_what_sts_would_refuse_names_the_line(tmp_path: Path, line: str, words: str) -> None:
    base = "" if line.startswith("role_arn") else ROLE
    found = problem(tmp_path, f"source_profile = a\n{base}{line}\n")
    assert words in found.reason
    assert found.origin.line == (3 if not base else 4)


def test_a_role_with_a_path_s64(tmp_path: Path) -> None:
    arn = "arn:aws-us-gov:iam::012345678901:role/team/ops/My.Role@x"
    found = role(tmp_path, f"role_arn = {arn}\nsource_profile = a\n")
    assert (found.aws_role_name, found.account_id) == ("My.Role@x", "012345678901")


def test_keys_of_other_tools(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        f"[profile base]\nregion = eu-west-1\nmfa_serial = 123456789\nmfa_process = otp 'a b'\n"
        f"{homes.KEYS}[profile x]\ninclude_profile = base\n{ROLE}source_profile = base\n"
        "session_tags = team=core, x = y\ntransitive_session_tags = team,x\n"
        "[profile g]\ncredential_process = granted credential-process --profile g\ngranted_color = red\n"
        "granted_sso_account_id = 012345678901\ngranted_sso_role_name = Dev\n",
    )
    found = loaded.roles["x"]
    assert (found.region, found.mfa_serial) == ("eu-west-1", "123456789")
    assert found.mfa_process == ("otp", "a b")
    assert found.tags == (("team", "core"), ("x", "y")) and found.transitive_tags == ("team", "x")
    assert "include_profile" in found.notes[0]
    granted = loaded.roles["g"]
    assert (granted.account_id, granted.aws_role_name) == ("012345678901", "Dev")
    assert loaded.accounts["012345678901"].color == "red"


def test_include_profile_in_a_circle(tmp_path: Path) -> None:
    loaded = load(tmp_path, "[profile a]\ninclude_profile = b\n[profile b]\ninclude_profile = a\n")
    assert [p.name for p in loaded.problems] == ["a", "b"]
    assert "circle" in loaded.problems[0].reason


def test_nothing_comes_from_default_s61(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        "[default]\nregion = us-east-1\nsource_profile = x\nmfa_serial = 123456789\n"
        f"[profile x]\n{homes.KEYS}",
    )
    assert list(loaded.roles) == ["x"]
    assert loaded.roles["x"].region == "" and loaded.roles["x"].mfa_serial == ""
    assert chain.resolve(loaded, "x").source.name == "x"


def test_default_is_listed_if_it_can_be_had(tmp_path: Path) -> None:
    assert list(load(tmp_path, "[default]\nregion = a\n", f"[default]\n{homes.KEYS}").roles) == ["default"]


def test_a_profile_without_credentials_as_source(tmp_path: Path) -> None:
    loaded = load(tmp_path, f"[profile empty]\nregion = a\n[profile x]\n{ROLE}source_profile = empty\n")
    assert list(loaded.roles) == ["x"] and loaded.problems == ()
    with pytest.raises(SourceMissing, match="empty has no credentials"):
        chain.resolve(loaded, "x")


@pytest.mark.parametrize(
    ("environ", "want"),
    [
        ({}, "http://sts"),
        ({"AWS_ENDPOINT_URL_STS": "http://e"}, ""),
        ({"AWS_ENDPOINT_URL": "http://e"}, ""),
        ({"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, ""),
    ],
)
def test_the_endpoint_of_the_files(tmp_path: Path, environ: dict[str, str], want: str) -> None:
    config = (
        f"[profile x]\n{ROLE}source_profile = a\nservices = s\nendpoint_url = http://all\n"
        f"[services s]\nsts =\n  endpoint_url = http://sts\n[profile y]\n{ROLE}source_profile = a\n"
        "endpoint_url = http://all\nignore_configured_endpoint_urls = true\n"
    )
    loaded = catalog.load(homes.make(tmp_path, config=config) | environ)
    assert loaded.roles["x"].endpoint_url == want
    assert loaded.roles["y"].endpoint_url == ""


def test_the_credentials_file_alone(tmp_path: Path) -> None:
    credentials = f"[a]\n{homes.KEYS}[profile b]\n{homes.KEYS}"
    loaded = catalog.load(homes.make(tmp_path, credentials=credentials))
    assert list(loaded.roles) == ["a", "profile b"]
    assert "without the word profile" in loaded.roles["profile b"].notes[0]


def test_a_name_with_spaces_and_no_quotes(tmp_path: Path) -> None:
    loaded = load(tmp_path, f"[profile a b]\n{homes.KEYS}")
    assert not loaded.roles
    assert loaded.problems[0].name == "a b" and '[profile "a b"]' in loaded.problems[0].reason


@pytest.mark.parametrize("program", ["stsui", "/opt/x/stsui", "'/a b/stsui'"])
def test_profiles_that_ask_stsui_are_not_listed_again(tmp_path: Path, program: str) -> None:
    config = (
        f"[profile prod]\ncredential_process = {program} credential-process prod\n[profile p]\n{homes.KEYS}"
    )
    loaded = load(tmp_path, config)
    assert list(loaded.roles) == ["p"] and "prod" in loaded.sources
