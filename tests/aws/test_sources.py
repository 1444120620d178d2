"""First credentials: a broken line elsewhere costs nothing, and what a source gives is what it says it gives."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.aws import processes
from stsui.model import errors
from stsui.sessions.store import SessionStore
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


BROKEN = {
    "a line that is none": "\n[old]\nthis line is broken\n",
    "a section that does not end": "\n[old\naws_access_key_id = A\n",
    "a section twice": "\n[bob]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = x\n",
    "a key twice": "\n[x]\nregion = a\nregion = b\n",
    "an indented line": "\n[x]\ns3 =\n  nonsense\n",
}


@pytest.mark.parametrize("file", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_section_elsewhere_stops_no_role_s57(demo: Demo, file: str, name: str) -> None:
    with open(demo.environ[file], "a", encoding="utf-8") as opened:
        opened.write(BROKEN[name])
    store = demo.services().store
    for role in ("dev-ro", "stg-deploy", "dev-ci"):
        assert store.assume(role).left(demo.clock.now()) == 3_600, role


SHAPES = {
    "as written": "[ana]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n",
    "colons": "[ana]\naws_access_key_id: {id}\naws_secret_access_key: {secret}\n",
    "upper case and blanks": "[ana]\nAWS_ACCESS_KEY_ID=   {id}  \nAWS_Secret_Access_Key   =   {secret}\t\n",
    "windows": "[ana]\r\naws_access_key_id = {id}\r\naws_secret_access_key = {secret}\r\n",
    "a mark in front": "\ufeff[ana]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n",
    "for every section": "[DEFAULT]\naws_secret_access_key = {secret}\n[ana]\naws_access_key_id = {id}\n",
    "twice, the last counts": (
        "[ana]\naws_access_key_id = AKIAOLD\naws_secret_access_key = old\n"
        "[ana]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n"
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_keys_are_found_in_every_shape_that_botocore_reads(demo: Demo, name: str) -> None:
    ana = demo.aws.world.users[0]
    text = SHAPES[name].format(id=ana.access_key_id, secret=ana.secret_access_key)
    Path(demo.environ["AWS_SHARED_CREDENTIALS_FILE"]).write_bytes(text.encode())
    assert demo.services().store.assume("dev-ro").account_id == "333344445555"


def test_keys_in_the_config_file(demo: Demo) -> None:
    ana = demo.aws.world.users[0]
    with open(demo.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write(
            f'[profile "in here"]\naws_access_key_id = {ana.access_key_id}\n'
            f"aws_secret_access_key = {ana.secret_access_key}\n"
            "[profile below]\nrole_arn = arn:aws:iam::333344445555:role/ReadOnly\nsource_profile = in here\n"
        )
    assert demo.services().store.assume("below").account_id == "333344445555"
    Path(demo.environ["AWS_CONFIG_FILE"]).write_text("")


def process(demo: Demo, code: str, more: str = "") -> SessionStore:
    """A profile `made` whose credentials a program prints, and its store, in which that may run."""
    program = Path(demo.environ["HOME"], "credentials.py")
    program.write_text(code)
    with open(demo.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write(
            f"[profile made]\ncredential_process = {sys.executable} {program}\nregion = eu-west-1\n{more}"
        )
    store = demo.services().store
    with pytest.raises(errors.ConfirmationRequired) as first:
        store.assume("made")
    store.confirm(first.value.token)
    return store


def printed(**changes: object) -> str:
    document = {
        "Version": 1,
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "SecretAccessKey": "SECRETSECRETSECRET1234",
        "SessionToken": "TOKEN",
        "Expiration": "2099-01-01T00:00:00Z",
        **changes,
    }
    return f"print({json.dumps(json.dumps(document))})"


BAD = {
    "is over": (printed(Expiration="1999-01-01T00:00:00Z"), "What made gives"),
    "has no zone": (printed(Expiration="2099-01-01T00:00:00"), "What made gives"),
    "is nonsense": ("print('<html>')", "What made gives"),
    "has a version as text": (printed(Version="1"), "Unsupported version"),
    "has a key that is none": (printed(AccessKeyId="A B$(x)"), "cannot be credentials"),
    "has an empty secret": (printed(SecretAccessKey=""), "cannot be credentials"),
    "has a line end": (printed(SessionToken="a\nb"), "cannot be credentials"),
    "fails": ("import sys; sys.exit('no vault today')", "no vault today"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_process_that_gives_nothing_usable_is_named_as_that(demo: Demo, name: str) -> None:
    code, words = BAD[name]
    store = process(demo, code)
    with pytest.raises(errors.StsuiError, match=words) as told:
        store.assume("made")
    assert "captive portal" not in told.value.sentence and "SECRET" not in told.value.sentence
    assert store.peek("made") is None


def test_a_process_of_another_account_than_its_profile_says_hands_nothing_over(demo: Demo) -> None:
    store = process(demo, printed(AccountId="999999999999"), "aws_account_id = 333344445555\n")
    with pytest.raises(errors.IdentityMismatch, match="AWS says this is 999999999999"):
        store.assume("made")
    assert store.peek("made") is None


def test_a_process_that_does_not_end_is_ended(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "TIME_LIMIT", 0.3)
    store = process(demo, "import time; time.sleep(600)")
    with pytest.raises(errors.NoSource, match="did not end in 0 s"):
        store.assume("made")


def test_a_process_that_is_not_there(demo: Demo) -> None:
    with open(demo.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write("[profile gone]\ncredential_process = /nowhere/at-all\n")
    store = demo.services().store
    with pytest.raises(errors.ConfirmationRequired) as first:
        store.assume("gone")
    store.confirm(first.value.token)
    with pytest.raises(errors.NoSource, match="cannot be run: No such file"):
        store.assume("gone")


def test_a_process_that_asks_us_for_what_waits_for_it_is_told(demo: Demo) -> None:
    code = (
        "import subprocess, sys\n"
        f"done = subprocess.run([{sys.executable!r}, '-m', 'stsui', 'credential-process', 'around'], "
        "capture_output=True, text=True)\n"
        "sys.stderr.write(done.stderr); sys.exit(done.returncode)"
    )
    role = "[profile around]\nrole_arn = arn:aws:iam::333344445555:role/ReadOnly\nsource_profile = made\n"
    demo.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    store = process(demo, code, role)
    with pytest.raises(errors.NoSource, match="around > around goes round in a circle"):
        store.assume("around")


def test_each_users_environment_is_another_source(demo: Demo) -> None:
    with demo.config.open("a") as file:
        file.write(
            '[roles.here]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\n'
            'credential_source = "Environment"\n'
        )
    ana, bob = demo.aws.world.users[:2]
    keys = []
    for user in (ana, bob):
        demo.environ["AWS_ACCESS_KEY_ID"] = user.access_key_id
        demo.environ["AWS_SECRET_ACCESS_KEY"] = user.secret_access_key
        keys.append(demo.services().store.plan("here").last.key)
    del demo.environ["AWS_ACCESS_KEY_ID"], demo.environ["AWS_SECRET_ACCESS_KEY"]
    keys.append(demo.services().store.plan("here").last.key)
    assert len(set(keys)) == 3
    with pytest.raises(errors.NoSource):
        demo.services().store.assume("here")


def test_one_code_serves_roles_of_two_regions(demo: Demo) -> None:
    text = Path(demo.environ["AWS_CONFIG_FILE"]).read_text()
    head, _, tail = text.partition("[profile prod-billing]")
    Path(demo.environ["AWS_CONFIG_FILE"]).write_text(
        f"{head}[profile prod-billing]{tail.replace('region = eu-west-1', 'region = us-east-1', 1)}"
    )
    store = demo.services().store
    assert store.plan("prod-billing").last.region == "us-east-1"
    store.assume("prod-ro", code=demo.code())
    assert store.assume("prod-billing").account_id == "111122223333"


def test_a_code_is_not_spent_where_nothing_is_sent(demo: Demo) -> None:
    path = Path(demo.environ["AWS_SHARED_CREDENTIALS_FILE"])
    store, keys = demo.services().store, path.read_text()
    path.unlink()
    with pytest.raises(errors.NoSource):
        store.assume("prod-ro", code=demo.code())
    path.write_text(keys)
    demo.clock.pass_(6)
    assert store.assume("prod-ro", code=demo.code()).account_id == "111122223333"


def test_a_device_on_a_role_that_a_role_signs_for_is_not_asked_for(demo: Demo) -> None:
    with demo.config.open("a") as file:
        file.write(
            '[roles.copied]\nrole_arn = "arn:aws:iam::333344445555:role/Deploy"\nsource_profile = "hub"\n'
            'mfa_serial = "arn:aws:iam::999900001111:mfa/ana-phone"\n'
        )
    store = demo.services().store
    assert store.assume("copied").account_id == "333344445555"
    assert (
        "mfa_serial of copied is not used: hub signs, and a role has no device." in store.plan("copied").notes
    )


def test_a_code_goes_to_another_endpoint_than_awss_only_once_a_person_agreed(demo: Demo) -> None:
    with demo.config.open("a") as file:
        file.write(
            '[roles.elsewhere]\nrole_arn = "arn:aws:iam::111122223333:role/ReadOnly"\nsource_profile = "ana"\n'
            'mfa_serial = "arn:aws:iam::999900001111:mfa/ana-phone"\nduration = "12h"\n'
            'endpoint_url = "https://sts.evil.example"\n'
            '[roles.open]\nrole_arn = "arn:aws:iam::111122223333:role/ReadOnly"\nsource_profile = "ana"\n'
            'endpoint_url = "http://sts.eu-west-1.amazonaws.com"\n'
        )
    store = demo.services().store
    with pytest.raises(errors.ConfirmationRequired, match="which is not AWS") as asked:
        store.assume("elsewhere", code=demo.code())
    assert asked.value.shown == "https://sts.evil.example"
    with pytest.raises(errors.InvalidParameter, match="can be read by everybody on the way"):
        store.plan("open")
