"""config.toml and conf.d: every key is checked, and a wrong one is named with its line and what was meant."""

from pathlib import Path

import pytest

from stsui.config import catalog, keys
from stsui.model.roles import Account, Problem, Role, Rules
from tests.config import homes

WHO = f'role_arn = "{homes.ARN}"\nsource_profile = "corp"\n'


def load(directory: Path, toml: str, conf: dict[str, str] | None = None, config: str = "") -> catalog.Catalog:
    return catalog.load(homes.make(directory, toml=toml, conf=conf, config=config))


def problem(directory: Path, toml: str) -> Problem:
    (only,) = load(directory, toml).problems
    return only


def role(directory: Path, body: str, settings: str = "") -> Role:
    loaded = load(directory, f"{settings}\n[roles.x]\n{body}")
    assert not loaded.problems, loaded.problems
    return loaded.roles["x"]


def test_a_role_with_everything(tmp_path: Path) -> None:
    found = role(
        tmp_path,
        WHO + 'duration = "max"\ntags = { team = "core", "a b" = "c=d" }\ntransitive_tags = ["team"]\n'
        'policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]\ngroup = "G"\npin = true\n'
        "auto_refresh = false\n"
        'mfa_process = ["otp", "x y"]\nsource_identity = "ana"\nrole_session_name = "{user}-{reason}"\n'
        'endpoint_url = "http://127.0.0.1:5000"\nregion = "eu-west-1"\nexternal_id = "a:b"\n',
    )
    assert found.duration_seconds == -1 and not found.from_aws_files
    assert found.tags == (("team", "core"), ("a b", "c=d"))
    assert found.mfa_process == ("otp", "x y")
    assert found.pin and not found.auto_refresh
    assert found.origin.line == 2


def test_duration_in_both_spellings(tmp_path: Path) -> None:
    assert role(tmp_path, WHO + 'duration = "1h30m"').duration_seconds == 5400
    assert role(tmp_path, WHO + "duration_seconds = 900").duration_seconds == 900
    both = load(tmp_path, f'[roles.x]\n{WHO}duration = "1h"\nduration_seconds = 900')
    assert "keep one" in both.problems[0].reason


def test_sessions_of_ones_own(tmp_path: Path) -> None:
    found = role(tmp_path, 'session_of = "corp"\nsession_duration = "36h"\nmfa_serial = "123456789"\n')
    assert (found.kind, found.source_profile, found.session_duration) == ("session", "corp", 129_600)


def test_federation_needs_a_policy(tmp_path: Path) -> None:
    assert "policy" in problem(tmp_path, '[roles.x]\nfederation_of = "corp"\n').reason
    policy = 'federation_of = "corp"\npolicy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]\n'
    assert role(tmp_path, policy).kind == "federation"


def test_saml_and_web_identity(tmp_path: Path) -> None:
    arn = f'role_arn = "{homes.ARN}"\n'
    provider = 'principal_arn = "arn:aws:iam::111122223333:saml-provider/Acme"\n'
    saml = role(tmp_path, f'{arn}{provider}saml_process = ["acme", "-p"]\n')
    assert saml.kind == "saml" and saml.source is not None and saml.source.argv == ("acme", "-p")
    assert "principal_arn" in problem(tmp_path, f'[roles.x]\n{arn}saml_process = ["acme"]\n').reason
    web = role(tmp_path, f'{arn}web_identity_token_file = "/run/token"\nduration = "2h"\n')
    assert web.kind == "web_identity" and web.duration_seconds == 7200


@pytest.mark.parametrize(
    ("toml", "line", "words"),
    [
        ('[roles.x]\nroll_arn = "a"', 2, "did you mean role_arn?"),
        ("[rolls.x]", 1, "did you mean roles?"),
        ('[roles.x]\nrole_arn = "arn:aws:iam::1:role/x"\nsource_profile = "a"', 2, "not twelve digits"),
        (f'[roles.x]\nrole_arn = "{homes.ARN}"', 1, "source_profile"),
        (f'[roles.x]\n{WHO}session_of = "a"', 1, "do not go together"),
        (f'[roles.x]\n{WHO}credential_source = "EcsContainer"', 1, "do not go together"),
        (f"[roles.x]\n{WHO}account_id = 111122223333", 4, 'account_id = "111122223333"'),
        (f'[roles.x]\n{WHO}account_id = "444455556666"', 1, "not the account of role_arn"),
        (f"[roles.x]\n{WHO}mfa_serial = 123456789", 4, "put it in quotes"),
        (f'[roles.x]\n{WHO}pin = "yes"', 4, "true or false"),
        (f'[roles.x]\n{WHO}mfa_process = "ykman oath code"', 4, '["ykman", "oath", "code"]'),
        (f"[roles.x]\n{WHO}policy_arns = [1]", 4, "put 1 in quotes"),
        (f'[roles.x]\n{WHO}tags = ["a"]', 4, "a table of texts"),
        (f"[roles.x]\n{WHO}tags = {{ a = 1 }}", 4, "put 1 in quotes"),
        (f"[roles.x]\n{WHO}duration = true", 4, "text in quotes or a whole number"),
        (f'[roles.x]\n{WHO}duration = "13h"', 4, "15m to 12h"),
        (f'[roles.x]\n{WHO}duration = "soon"', 4, "15m, 1h30m or 3600"),
        (f'[roles.x]\n{WHO}external_id = "a§b"', 4, 'has "§" at place 2'),
        (f'[roles.x]\n{WHO}policy = "{{"', 4, "is not JSON"),
        (f'[roles.x]\n{WHO}policy = \'{{"a": "{"x" * 2100}"}}\'', 4, "STS takes 2048"),
        (f'[roles.x]\n{WHO}role_session_name = "{{usr}}"', 4, "{user}"),
        (f'[roles.x]\n{WHO}aws_secret_access_key = "a"', 4, "keeps no long-term keys"),
        (f'[roles.x]\n{WHO}region = "EU West"', 4, "not the name of a Region"),
        (f'[roles.x]\n{WHO}endpoint_url = "ftp://x"', 4, "https://"),
        ('[roles.x]\nsession_of = "a"\nsession_duration = "37h"', 3, "15m to 36h"),
        ('[roles.x]\nsession_of = "a"\nexternal_id = "abc"', 1, "cannot be sent with GetSessionToken"),
        ("[roles.x]\npin = true", 1, "no AWS profile has that name"),
        ("[roles]\nx = 1", 2, "must be a table"),
        ("roles = 1", 1, "must be a table"),
        ("[accounts.1111]\nname = 'a'", 1, "twelve digits"),
        ("[accounts.111122223333]\nguard = 'confrim'", 2, "none, again, confirm, type"),
        ("[accounts.111122223333]\ndefault_variant = 'ro'", 0, "there is no [policies.ro]"),
        ("[settings]\ndurations = '1h'", 2, "did you mean duration?"),
        ("[settings]\nmouse = 1", 2, "true or false"),
        ("[settings]\nstore = 'cloud'", 2, "disk, memory"),
        ("[policies.p]\nparameters = ['a']", 1, "needs policy or policy_arns"),
        ("[policies.p]\npolicy = '{}'\nparameters = ['a b']", 3, "a parameter is letters"),
        ("[sso.s]\nstart_url = 'https://x.y'", 1, "needs region"),
        ("[keys]\na = 1", 2, "must be text"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, toml: str, line: int, words: str) -> None:
    found = problem(tmp_path, toml)
    assert words in found.reason
    assert found.origin.line == line
    assert found.origin.file.endswith("config.toml")


def test_more_tags_than_sts_takes(tmp_path: Path) -> None:
    tags = ", ".join(f'k{n} = "v"' for n in range(51))
    assert "STS takes 50" in problem(tmp_path, f"[roles.x]\n{WHO}tags = {{ {tags} }}").reason
    arns = ", ".join(['"arn:aws:iam::aws:policy/ReadOnlyAccess"'] * 11)
    assert "STS takes 10" in problem(tmp_path, f"[roles.x]\n{WHO}policy_arns = [{arns}]").reason


def test_a_wrong_entry_costs_only_itself(tmp_path: Path) -> None:
    loaded = load(
        tmp_path, f"[roles.bad]\n{WHO}pin = 1\n[roles.good]\n{WHO}[settings]\nmouse = 1\nbell = false\n"
    )
    assert list(loaded.roles) == ["good"]
    assert [p.name for p in loaded.problems] == ["", "bad"]
    assert loaded.settings.mouse is True and loaded.settings.bell is False


def test_a_syntax_error_costs_its_file_and_names_the_line(tmp_path: Path) -> None:
    loaded = load(tmp_path, f"[roles.x]\n{WHO}\nthis is wrong\n", {"a.toml": f"[roles.y]\n{WHO}"})
    assert list(loaded.roles) == ["y"]
    assert loaded.problems[0].origin.line == 5 and "not TOML" in loaded.problems[0].reason


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5000, "a = 1" + "0" * 5000, "a = 2020-99-99", "x = '''", "\x00"]
)
def test_toml_that_tomllib_stumbles_over(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, text).problems


def test_a_guard_nobody_can_read_is_the_stricter_one(tmp_path: Path) -> None:
    loaded = load(tmp_path, "[accounts.111122223333]\nname = 'a'\nguard = 1\ncolour = 'x'\n")
    assert loaded.accounts["111122223333"] == Account("111122223333", "a", guard="confirm")
    assert len(loaded.problems) == 2


def test_conf_d_in_name_order_over_config_toml(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        f"[settings]\ntheme = 'a'\nbell = false\n[accounts.111122223333]\nname = 'n'\ncolor = 'red'\n"
        f"[roles.x]\n{WHO}group = 'one'\n[roles.y]\n{WHO}[policies.p]\npolicy_arns=['{homes.ARN}']\n",
        {
            "b.toml": "[settings]\ntheme = 'c'\n[roles.x]\npin = true\n",
            "a.toml": "[settings]\ntheme = 'b'\n[accounts.111122223333]\ncolor = 'blue'\n[roles.y]\n"
            'session_of = "corp"\n',
            "ignored.txt": "junk",
            ".hidden.toml": "junk",
        },
    )
    assert loaded.problems == ()
    assert loaded.settings.theme == "c" and loaded.settings.bell is False
    account = loaded.accounts["111122223333"]
    assert (account.name, account.environment, account.color) == ("n", "", "blue")
    assert loaded.roles["x"].group == "one" and loaded.roles["x"].pin
    assert loaded.roles["x"].origin.file.endswith("config.toml")
    assert loaded.roles["y"].kind == "session", "an entry that says what it is stands for itself"


def test_a_broken_override_does_not_bring_back_what_it_covers(tmp_path: Path) -> None:
    loaded = load(
        tmp_path,
        f"[roles.x]\n{WHO}",
        {"a.toml": "[roles.x]\npin = 1\n"},
        "[profile x]\ncredential_process = p\n",
    )
    assert "x" not in loaded.roles
    assert [p.name for p in loaded.problems] == ["x"]


def test_a_broken_entry_that_is_covered_is_only_a_problem(tmp_path: Path) -> None:
    loaded = load(tmp_path, "[roles.x]\npin = 1\n", {"a.toml": f"[roles.x]\n{WHO}"})
    assert "x" in loaded.roles and [p.name for p in loaded.problems] == [""]


def test_keys_for_bindings(tmp_path: Path) -> None:
    loaded = load(tmp_path, '[keys]\n"role.use" = "enter, o"\n"role.drop" = ["x"]\n')
    assert loaded.keys == {"role.use": ("enter", "o"), "role.drop": ("x",)}


def test_lines_are_found_in_every_form(tmp_path: Path) -> None:
    toml = '[roles]\n"a.b" = { pin = 1 }\ne.pin = 1\n\n[ roles . "c\\u0064" ]\npin = 1\n'
    found = {p.name: p.origin.line for p in load(tmp_path, toml).problems}
    assert found == {"a.b": 2, "e": 3, "cd": 6}


def test_every_role_key_has_a_place() -> None:
    beginnings = {"credential_source", "session_of", "federation_of", "hidden"}
    beginnings |= {"sso_session", "sso_account_id", "sso_role_name"}
    for name, key in keys.ROLES.items():
        assert name in beginnings or (key.field or name) in (*Role._fields, *Rules._fields)
    assert set(keys.ACCOUNTS) <= set(Account._fields)
