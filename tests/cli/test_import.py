"""Importing on the command line: a review, then the very lines, then a yes; never anything unasked."""

import json
import tomllib
from pathlib import Path

import pexpect

from stsui.demo.world import DEV, PROD
from tests.cli.conftest import PYTHON, Shell
from tests.cli.test_prompts import start


def conf(shell: Shell, name: str) -> Path:
    return Path(shell.demo.environ["STSUI_CONFIG"]).parent / "conf.d" / f"{name}.toml"


def test_looking_writes_nothing(shell: Shell) -> None:
    done = shell.run("import")
    assert done.returncode == 0 and "+ dev-admin" in done.stdout and "acme-dev 333344445555" in done.stdout
    assert "! old-laptop" in done.stdout and "no role or profile has that name" in done.stdout
    assert "nothing is chosen yet" in done.stderr
    shell.run("import", "aws", "--all")
    assert not conf(shell, "import-aws").exists(), "without a person and without --write"


def test_chosen_roles_are_written_and_known_again(shell: Shell) -> None:
    done = shell.run("import", "aws", "prod", "--write")
    assert done.returncode == 0 and "+ [roles.prod-ro]" in done.stdout, done.stderr
    assert "wrote" in done.stderr
    assert set(tomllib.loads(conf(shell, "import-aws").read_text())["roles"]) == {
        *("prod-ro", "prod-billing", "prod-deploy"),
    }
    assert conf(shell, "import-aws").stat().st_mode & 0o777 == 0o600
    again = shell.run("import", "aws", "prod")
    assert "= prod-ro" in again.stdout and "nothing to do" in again.stderr
    listed = json.loads(shell.ok("list", "--json", "prod-ro"))["roles"]
    assert listed[0]["file"].endswith("import-aws.toml")


def test_a_person_agrees_before_it_is_written(shell: Shell) -> None:
    for answer, there in (("n", False), ("y", True)):
        child = start(shell, f"{' '.join(PYTHON)} import aws dev-ro")
        child.expect("Write this to .*import-aws.toml")
        child.sendline(answer)
        child.expect(pexpect.EOF)
        child.close()
        assert conf(shell, "import-aws").exists() is there


def test_names_of_accounts_come_from_organizations(shell: Shell) -> None:
    config = Path(shell.demo.environ["STSUI_CONFIG"])
    text = config.read_text()
    config.write_text(text.replace(f'[accounts.{PROD}]\nname = "acme-prod"\n', f"[accounts.{PROD}]\n"))
    shell.ok("assume", "ana", "--mfa-code", "-", given=f"{shell.demo.code()}\n")
    shell.demo.aws.organizations.page_size = 2
    done = shell.run("import", "aws", "prod-deploy", "--names-from", "ana", "--write")
    assert done.returncode == 0 and 'name = "acme-prod"' in done.stdout, done.stderr
    assert shell.demo.aws.count("ListAccounts") >= 3, "every page"
    assert json.loads(shell.ok("list", "--json", "prod-deploy"))["roles"][0]["account_name"] == "acme-prod"


def test_who_may_not_list_the_organisation_is_told_whose_role_to_take(shell: Shell) -> None:
    told = shell.fails(1, "import", "--names-from", "dev-ro")
    assert "dev-ro may not list the accounts of its organisation" in told and "management account" in told


def test_an_identity_centers_roles(shell: Shell) -> None:
    told = shell.fails(3, "import", "acme-sso")
    assert "stsui login acme-sso" in told
    shell.demo.sign_in()
    done = shell.run("import", "acme-sso", "acme-dev", "--write")
    assert done.returncode == 0 and '+ sso_role_name = "PowerUser"' in done.stdout, done.stderr
    assert "gives you 9 roles in 5 accounts" in done.stderr
    assert '"Version": 1' in shell.ok("credential-process", "acme-dev/PowerUser")
    shell.run("logout")
    offline = shell.run("import", "acme-sso")
    assert offline.returncode == 0 and "This is what was found before." in offline.stderr


def test_vanished_roles_go_only_when_that_is_asked_for(shell: Shell) -> None:
    shell.run("import", "aws", "dev", "--write")
    config = Path(shell.demo.environ["AWS_CONFIG_FILE"])
    config.write_text(config.read_text().replace("role/CiRunner", "role/Elsewhere"))
    done = shell.run("import", "aws", "dev", "--write")
    assert "- dev-ci" in done.stdout and "is not there any more" in done.stdout
    assert "dev-ci" in tomllib.loads(conf(shell, "import-aws").read_text())["roles"]
    done = shell.run("import", "aws", "--remove", "--write")
    assert "- [roles.dev-ci]" in done.stdout, done.stderr


def test_a_source_that_is_none_is_named(shell: Shell) -> None:
    assert "Did you mean acme-sso" in shell.fails(2, "import", "acme-sos")
    assert "no such file" in shell.fails(2, "import", "nowhere.toml").lower()


def test_the_review_as_json(shell: Shell) -> None:
    document = json.loads(shell.ok("import", "--json"))
    change = next(change for change in document["changes"] if change["name"] == "prod-ro")
    assert change["state"] == "new" and change["entry"]["role_arn"].endswith("role/ReadOnly")


def test_roles_that_another_tool_left_are_used_without_it(shell: Shell) -> None:
    config = Path(shell.demo.environ["AWS_CONFIG_FILE"])
    config.write_text(
        config.read_text()
        + f"""
[profile left/PowerUser]
granted_sso_start_url = https://acme.awsapps.com/start
granted_sso_region = eu-west-1
granted_sso_account_id = {DEV}
granted_sso_role_name = PowerUser
credential_process = granted credential-process --profile left/PowerUser
"""
    )
    done = shell.run("import", "--from", "granted", "left", "--write")
    assert done.returncode == 0 and "+ left/PowerUser" in done.stdout, done.stderr
    assert "granted's keyring" in done.stderr
    looked = json.loads(shell.ok("import", "--from", "granted", "--json"))
    assert looked["notes"] and looked["changes"][0]["name"] == "left/PowerUser"
    shell.demo.sign_in()
    assert '"Version": 1' in shell.ok("credential-process", "left/PowerUser")


def test_what_leapp_has_to_be_asked_first_is_said(shell: Shell, tmp_path: Path) -> None:
    assert "leapp integration list" in shell.fails(2, "import", "--from", "leapp")
    file = tmp_path / "leapp.json"
    file.write_text(
        '[{"integrationName": "x", "portalUrl": "https://x.awsapps.com/start", "region": "eu-west-1"}]'
    )
    done = shell.run("import", "--from", "leapp", str(file), "--all", "--write")
    assert done.returncode == 0 and "+ [sso.x]" in done.stdout, done.stderr
    assert "'aws-vault', 'granted', 'awsume'" in shell.fails(2, "import", "--from", "saml2aws")
