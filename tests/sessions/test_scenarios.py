"""What other tools' users reported, as it must go here: the engine over the wire, by a clock that is set."""

import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.model import errors
from stsui.sessions import refresh
from stsui.sessions.cache import Cache
from tests.worlds import Demo, demo_world

MFA = "arn:aws:iam::999900001111:mfa/ana-phone"
READ_ONLY = "arn:aws:iam::111122223333:role/ReadOnly"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


def aws_config(demo: Demo, text: str) -> None:
    with open(demo.environ["AWS_CONFIG_FILE"], "a", encoding="utf-8") as file:
        file.write(text)


def test_what_expired_while_nobody_looked_is_not_handed_out_s01(demo: Demo) -> None:
    first = demo.services().store.assume("dev-ro")
    demo.clock.pass_(9 * 3_600)
    second = demo.services().store.assume("dev-ro")
    assert second.expiration > demo.clock.now() + 900 and second != first
    assert demo.aws.count("AssumeRole") == 2


def test_with_eight_minutes_left_two_calls_in_a_row_renew_once_s02(demo: Demo) -> None:
    demo.services().store.assume("dev-ro")
    demo.clock.pass_(3_600 - 480)
    answers = {demo.services().store.assume("dev-ro").expiration for _ in range(2)}
    assert answers == {int(demo.clock.now()) + 3_600}
    assert demo.aws.count("AssumeRole") == 2


@pytest.mark.parametrize("late", [0, 1, 3_600, 90_000])
def test_a_renewal_that_was_slept_through_waits_no_negative_time_s04(demo: Demo, late: int) -> None:
    session = demo.services().store.assume("dev-ro")
    demo.clock.pass_(3_600 + late)
    now = demo.clock.now()
    assert session.left(now) == 0 and refresh.renew_at(session) < now
    assert all(refresh.back_off(failed, session.key) > 0 for failed in range(-1, 40))
    assert demo.services().store.due(session, now), "it is due, now and not before now"


def test_two_writers_and_every_reader_sees_one_whole_session_s14(demo: Demo, tmp_path: Path) -> None:
    """The last write was shorter there, and what stood behind it made the file unreadable for ever."""
    session = demo.services().store.assume("dev-ro")
    long = session._replace(notes=("x" * 5_000,))
    directory = str(tmp_path / "both" / "sessions")
    Cache(directory, demo.clock).write(session)
    over = threading.Event()

    def write(what: object) -> None:
        mine = Cache(directory, demo.clock)
        for _ in range(60):
            mine.write(what)  # type: ignore[arg-type]

    seen = set()

    def read() -> None:
        mine = Cache(directory, demo.clock)
        while not over.is_set():
            seen.add(mine.read(session.key))

    writers = [threading.Thread(target=write, args=(what,)) for what in (session, long) * 2]
    reader = threading.Thread(target=read)
    for thread in (*writers, reader):
        thread.start()
    for thread in writers:
        thread.join()
    over.set()
    reader.join()
    assert seen <= {session, long}
    assert {path.suffix for path in Path(directory).iterdir()} == {".json"}


def test_a_role_behind_a_process_asks_for_its_code_s26(demo: Demo) -> None:
    """The keys come from a command; the role wants a code. Nobody was asked there, and AWS refused it."""
    ana = demo.aws.world.users[0]
    keys = {"Version": 1, "AccessKeyId": ana.access_key_id, "SecretAccessKey": ana.secret_access_key}
    exported = Path(demo.environ["HOME"], "exported")
    exported.mkdir()
    printed = exported / "keys.py"
    printed.write_text(f"print({json.dumps(json.dumps(keys))})")
    printed.chmod(0o600)
    aws_config(
        demo,
        f"[profile vault]\ncredential_process = {sys.executable} {printed}\nregion = eu-west-1\n"
        f"[profile behind]\nrole_arn = {READ_ONLY}\nsource_profile = vault\nmfa_serial = {MFA}\n",
    )
    store = demo.services().store
    with pytest.raises(errors.MfaRequired) as asked:
        store.assume("behind")
    assert asked.value.serial == MFA
    with pytest.raises(errors.ConfirmationRequired) as first_run:
        store.assume("behind", code=demo.code())
    store.confirm(first_run.value.token)
    demo.clock.pass_(30)
    assert store.assume("behind", code=demo.code()).account_id == "111122223333"
    assert [call.parameters.get("SerialNumber") for call in demo.aws.calls] == [MFA]


@pytest.mark.parametrize(
    ("on_role", "on_source", "asked"),
    [(True, True, True), (True, False, True), (False, True, False), (False, False, False)],
)
def test_the_device_is_the_roles_own_wherever_it_stands_s32(
    demo: Demo, on_role: bool, on_source: bool, asked: bool
) -> None:
    """Source: botocore, credentials.py, AssumeRoleProvider reads mfa_serial of the role's own profile."""
    serial = f"mfa_serial = {MFA}\n"
    with open(demo.environ["AWS_SHARED_CREDENTIALS_FILE"], encoding="utf-8") as file:
        keys = file.read().split("[bob]")[0].replace("[ana]", "[corp]")
    with open(demo.environ["AWS_SHARED_CREDENTIALS_FILE"], "a", encoding="utf-8") as file:
        file.write(keys)
    aws_config(
        demo,
        f"[profile corp]\nregion = eu-west-1\n{serial * on_source}"
        "[profile placed]\nrole_arn = arn:aws:iam::333344445555:role/ReadOnly\nsource_profile = corp\n"
        f"{serial * on_role}",
    )
    plan = demo.services().store.plan("placed")
    assert plan.mfa_serial == (MFA if asked else "")
    if not asked:
        assert demo.services().store.assume("placed").account_id == "333344445555"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_session_that_belongs_to_another_user_is_named_with_its_owner_s34(demo: Demo) -> None:
    store = demo.services().store
    store.assume("dev-ro")
    os.chown(store.cache.directory, 12_345, -1)
    again = demo.services().store
    assert again.assume("dev-ro", refresh=True).account_id == "333344445555"
    assert "belongs to another user (uid 12345)" in again.warnings()[0]
    assert "Remove it or chown it" in again.warnings()[0]
    os.chown(store.cache.directory, 0, -1)


def test_sessions_of_roles_that_are_gone_are_forgotten_with_the_rest_s38(demo: Demo) -> None:
    demo.services().store.assume("dev-admin")
    demo.config.unlink()
    Path(demo.environ["AWS_CONFIG_FILE"]).unlink()
    store = demo.services().store
    assert "dev-admin" not in store.held(), "a role that is not configured is no row"
    assert store.drop_all() == 1 and store.cache.entries() == []


def test_the_end_shown_is_the_one_that_aws_gave_s40(demo: Demo) -> None:
    """An hour is asked for; this role's sessions last two and a half minutes."""
    session = demo.services().store.assume("dev-data")
    assert session.asked_seconds == 3_600
    assert demo.services().store.held()["dev-data"].left(demo.clock.now()) == 150


STRAY = {
    "AWS_PROFILE": "prod-ro",
    "AWS_DEFAULT_PROFILE": "prod-ro",
    "AWS_ACCESS_KEY_ID": "ASIAYESTERDAY0000000",
    "AWS_SECRET_ACCESS_KEY": "old",
    "AWS_SESSION_TOKEN": "old",
    "AWS_ROLE_ARN": READ_ONLY,
    "AWS_ROLE_SESSION_NAME": "somebody",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/x",
    "AWS_STS_REGIONAL_ENDPOINTS": "legacy",
    "AWS_SESSION_DURATION": "900",
}


@pytest.mark.parametrize("name", STRAY)
def test_what_lies_around_in_a_terminal_changes_no_chain_s90_s66(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plain = demo.services().store.plan("dev-deploy")
    monkeypatch.setenv(name, STRAY[name])
    demo.environ[name] = STRAY[name]
    store = demo.services().store
    assert store.plan("dev-deploy") == plain
    assert store.assume("dev-deploy").assumed_arn.endswith(":assumed-role/Deploy/ana")
    assert demo.aws.calls[0].caller_arn.endswith(":user/ana")


def test_a_forced_global_endpoint_is_warned_of_s91(demo: Demo) -> None:
    aws_config(
        demo,
        "[profile global]\nrole_arn = arn:aws:iam::333344445555:role/ReadOnly\nsource_profile = ana\n"
        "endpoint_url = https://sts.amazonaws.com\n",
    )
    del demo.environ["AWS_ENDPOINT_URL"], demo.environ["AWS_ENDPOINT_URL_STS"]
    notes = " ".join(demo.services().store.plan("global").notes)
    assert "is the global endpoint: opt-in Regions may refuse its tokens" in notes


def test_the_session_says_who_acts_s94(demo: Demo) -> None:
    assert demo.services().store.assume("dev-ro").assumed_arn.endswith("/ana")
    demo.config.write_text('[settings]\nrole_session_name = "{user}@{host}"\n')
    name = demo.services().store.plan("dev-ro").last.parameters["RoleSessionName"]
    assert str(name).startswith("ana@")
