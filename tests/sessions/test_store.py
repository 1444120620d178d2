"""The engine over the wire: boto3 against the demo's STS, real files, a clock that is set."""

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.model import errors
from stsui.model.errors import StsuiError
from stsui.sessions.plan import Plan
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        # botocore reads the process's own environment, as it does for people.
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


def operations(demo: Demo) -> list[str]:
    return [call.operation for call in demo.aws.calls]


def add(demo: Demo, toml: str) -> None:
    with demo.config.open("a") as file:
        file.write(toml)


# Getting one


def test_a_held_session_asks_aws_nothing(demo: Demo) -> None:
    first = demo.services().store.assume("dev-admin")
    calls = demo.aws.count()
    services = demo.services()
    assert services.store.assume("dev-admin") == first
    assert demo.aws.count() == calls
    assert first.left(demo.clock.now()) == 3_600


def test_requests_on_the_wire_equal_the_plan(demo: Demo) -> None:
    store = demo.services().store
    for role in ("dev-admin", "dev-deploy", "partner-audit", "play", "stg-ro"):
        demo.aws.calls.clear()
        store.drop_all()
        plan: Plan = store.plan(role)
        store.assume(role)
        assert [call.operation for call in demo.aws.calls] == [step.operation for step in plan.steps]
        for call, step in zip(demo.aws.calls, plan.steps, strict=True):
            assert dict(call.parameters) == {name: str(value) for name, value in step.parameters.items()}


def test_every_parameter_reaches_sts(demo: Demo) -> None:
    add(
        demo,
        """
[roles.everything]
role_arn = "arn:aws:iam::333344445555:role/AdministratorAccess"
source_profile = "ana"
duration = "30m"
external_id = "acme/1"
role_session_name = "{user}-{role}"
source_identity = "ana"
tags = { team = "core" }
transitive_tags = ["team"]
policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
policy = '{"Version":"2012-10-17","Statement":[]}'
region = "us-east-2"
""",
    )
    session = demo.services().store.assume("everything")
    assert session.left(demo.clock.now()) == 1_800
    assert dict(demo.aws.calls[-1].parameters) == {
        "RoleArn": "arn:aws:iam::333344445555:role/AdministratorAccess",
        "RoleSessionName": "ana-everything",
        "DurationSeconds": "1800",
        "ExternalId": "acme/1",
        "SourceIdentity": "ana",
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "core",
        "TransitiveTagKeys.member.1": "team",
        "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "Policy": '{"Version":"2012-10-17","Statement":[]}',
    }


def test_a_token_file_is_read_again_at_each_call(demo: Demo) -> None:
    store = demo.services().store
    assert store.assume("dev-ci").assumed_arn.endswith("assumed-role/CiRunner/ci-runner")
    token = Path(demo.environ["HOME"], ".aws", "ci-token")
    token.write_text(demo.aws.world.web_identity_token(lives=-5))
    with pytest.raises(errors.TokenRefused, match="identity token of dev-ci has expired"):
        store.assume("dev-ci", refresh=True)
    token.unlink()
    with pytest.raises(errors.NoSource, match="cannot be read"):
        store.assume("dev-ci", refresh=True)


# Renewing


@pytest.mark.parametrize(("role", "life", "used"), [("dev-admin", 3_600, 2_579), ("dev-data", 150, 99)])
def test_a_session_is_used_until_its_window_and_then_renewed(
    demo: Demo, role: str, life: int, used: int
) -> None:
    store = demo.services().store
    first = store.assume(role)
    assert first.lifetime == life
    demo.clock.pass_(used)
    assert store.assume(role) == first
    demo.clock.pass_(62)
    second = store.assume(role)
    assert second.expiration > first.expiration and demo.aws.count("AssumeRole") == 2


def test_while_sts_is_down_the_old_one_is_given_to_its_very_end_s05(demo: Demo) -> None:
    store = demo.services().store
    first = store.assume("dev-admin")
    demo.clock.pass_(3_000)
    demo.aws.down = True
    for _ in range(10):
        assert store.assume("dev-admin") == first
        with pytest.raises(errors.Unreachable):
            store.assume("dev-admin", strict=True)
        demo.clock.pass_(59)
    demo.clock.pass_(9)
    assert store.assume("dev-admin").left(demo.clock.now()) == 1
    demo.clock.pass_(1)
    with pytest.raises(errors.Unreachable):
        store.assume("dev-admin")
    demo.aws.down = False
    demo.clock.pass_(6)
    assert store.assume("dev-admin").left(demo.clock.now()) == 3_600


def test_a_refusal_is_shared_for_five_seconds_and_no_longer(demo: Demo) -> None:
    for _ in range(5):
        with pytest.raises(errors.AccessDenied):
            demo.services().store.assume("partner-forgotten")
        demo.clock.pass_(0.9)
    assert [c.error_code for c in demo.aws.calls].count("AccessDenied") == 1
    demo.clock.pass_(1)
    with pytest.raises(errors.AccessDenied):
        demo.services().store.assume("partner-forgotten")
    assert [c.error_code for c in demo.aws.calls].count("AccessDenied") == 2


def test_under_constant_demand_a_failed_renewal_is_tried_ever_more_rarely(demo: Demo) -> None:
    store = demo.services().store
    store.assume("dev-admin")
    demo.clock.pass_(3_000)
    demo.aws.calls.clear()
    tried = []
    for _ in range(240):
        calls = demo.aws.count()
        demo.aws.fail_next("AccessDenied", status=403)
        store.assume("dev-admin")
        if demo.aws.count() > calls:
            tried.append(demo.clock.wall)
        demo.clock.pass_(0.5)
    waits = [round(later - sooner) for sooner, later in itertools.pairwise(tried)]
    assert waits == [5, 10, 20, 40]


def test_after_a_success_the_next_failure_is_the_first_one_again(demo: Demo) -> None:
    store = demo.services().store
    store.assume("dev-admin")
    demo.clock.pass_(2_700)
    demo.aws.down = True
    for _ in range(10):
        store.assume("dev-admin")
        demo.clock.pass_(8)
    demo.aws.down = False
    demo.clock.pass_(60)
    renewed = store.assume("dev-admin")
    assert renewed.left(demo.clock.now()) == 3_600
    demo.clock.pass_(2_800)
    demo.aws.down = True
    assert store.assume("dev-admin") == renewed
    demo.aws.down = False
    demo.clock.pass_(6)
    assert store.assume("dev-admin").left(demo.clock.now()) == 3_600


def test_refresh_asks_again_and_keeps_the_old_one_when_refused(demo: Demo) -> None:
    store = demo.services().store
    first = store.assume("dev-admin")
    demo.clock.pass_(10)
    second = store.assume("dev-admin", refresh=True)
    assert second.expiration == first.expiration + 10
    demo.aws.fail_next("AccessDenied", status=403)
    with pytest.raises(errors.AccessDenied):
        store.assume("dev-admin", refresh=True)
    assert store.peek("dev-admin") == second


def test_more_time_than_there_is_renews_or_says_so(demo: Demo) -> None:
    store = demo.services().store
    first = store.assume("dev-admin")
    demo.clock.pass_(1_000)
    assert store.assume("dev-admin", min_ttl=2_000) == first
    assert store.assume("dev-admin", min_ttl=3_000).expiration > first.expiration
    with pytest.raises(errors.ConfigError, match=r"lasts 1h, less than the 2h"):
        store.assume("dev-admin", min_ttl=7_200)


# Codes


def test_one_code_serves_every_role_below_the_device_s22(demo: Demo) -> None:
    store = demo.services().store
    with pytest.raises(errors.MfaRequired) as needed:
        store.assume("prod-ro")
    assert needed.value.exit_code == 3 and "prod-billing" in needed.value.shared_with
    assert demo.aws.count() == 0, "nothing is asked of AWS before the code is there"
    store.assume("prod-ro", code=demo.code())
    for role in ("prod-admin", "prod-billing", "ana"):
        demo.services().store.assume(role)
    assert operations(demo).count("GetSessionToken") == 1


def test_a_used_code_is_not_sent_again_s23(demo: Demo) -> None:
    code = demo.code()
    demo.services().store.assume("prod-ro", code=code)
    calls = demo.aws.count()
    with pytest.raises(errors.MfaRequired, match="That code was used; the next comes in 30 s") as again:
        demo.services().store.assume("prod-breakglass", code=code)
    assert again.value.not_before == demo.clock.now() + 30 and demo.aws.count() == calls
    demo.clock.pass_(30)
    session = demo.services().store.assume("prod-breakglass", code=demo.code())
    assert session.left(demo.clock.now()) == 43_200, "one code for twelve hours"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12a456", "١٢٣٤٥٦"])
def test_what_is_no_code_is_not_sent(demo: Demo, code: str) -> None:
    with pytest.raises(errors.MfaRequired, match="six digits"):
        demo.services().store.assume("prod-ro", code=code)
    assert demo.aws.count() == 0


def test_a_wrong_code_can_be_followed_by_the_right_one(demo: Demo) -> None:
    store = demo.services().store
    wrong = f"{(int(demo.code()) + 1) % 1_000_000:06d}"
    with pytest.raises(errors.CodeRefused, match="AWS refused that code"):
        store.assume("prod-ro", code=wrong)
    assert store.assume("prod-ro", code=demo.code()).account_id == "111122223333"


def test_a_command_for_codes_is_asked_about_once_and_then_run(demo: Demo, tmp_path: Path) -> None:
    script = tmp_path / "code"
    script.write_text(f"#!/bin/sh\necho 'your code: {demo.code()}'\n")
    script.chmod(0o755)
    add(
        demo,
        '[roles.auto]\nrole_arn = "arn:aws:iam::111122223333:role/ReadOnly"\nsource_profile = "ana"\n'
        f'mfa_serial = "arn:aws:iam::999900001111:mfa/ana-phone"\nmfa_process = ["{script}", "--now"]\n',
    )
    store = demo.services().store
    with pytest.raises(errors.ConfirmationRequired) as asked:
        store.assume("auto")
    assert asked.value.shown == f"{script} --now"
    store.confirm(asked.value.token)
    assert demo.services().store.assume("auto").account_id == "111122223333"


# Durations


def test_max_steps_down_to_what_the_role_allows_and_remembers_s89(demo: Demo) -> None:
    session = demo.services().store.assume("stg-admin")
    assert session.left(demo.clock.now()) == 28_800
    assert session.notes == ("stg-admin allows 8h at most, as AWS said before.",)
    asked = [call.parameters["DurationSeconds"] for call in demo.aws.calls]
    assert asked == ["43200", "28800"]
    store = demo.services().store
    store.assume("stg-admin", refresh=True)
    assert demo.aws.calls[-1].parameters["DurationSeconds"] == "28800", "remembered by every process"


def test_a_refused_long_duration_with_a_code_asks_for_the_next_code(demo: Demo) -> None:
    add(
        demo,
        '[roles.long]\nrole_arn = "arn:aws:iam::111122223333:role/ReadOnly"\nsource_profile = "ana"\n'
        'mfa_serial = "arn:aws:iam::999900001111:mfa/ana-phone"\nduration = "12h"\n',
    )
    store = demo.services().store
    with pytest.raises(errors.MfaRequired, match="long allows 1h at most"):
        store.assume("long", code=demo.code())
    demo.clock.pass_(30)
    assert store.assume("long", code=demo.code()).left(demo.clock.now()) == 3_600
    assert operations(demo) == ["AssumeRole", "GetSessionToken", "AssumeRole"]


# Identity


def test_another_accounts_answer_is_never_handed_over(demo: Demo) -> None:
    store = demo.services().store
    with pytest.raises(
        errors.IdentityMismatch, match="AWS says this is 999988887777, the config says 444455556666"
    ):
        store.assume("mixed")
    assert store.peek("mixed") is None and "mixed" not in store.held()


def test_who_one_is_comes_from_aws_and_is_kept(demo: Demo) -> None:
    store = demo.services().store
    assert store.assume("dev-admin").identity is None
    verified = store.verify("dev-admin")
    assert verified.identity is not None
    assert verified.identity.arn == "arn:aws:sts::333344445555:assumed-role/AdministratorAccess/ana"
    assert demo.services().store.peek("dev-admin") == verified


def test_a_revoked_session_is_dropped(demo: Demo) -> None:
    store = demo.services().store
    store.assume("dev-admin")
    demo.aws.fail_next("ExpiredToken", operation="GetCallerIdentity", status=403)
    with pytest.raises(errors.SourceExpired):
        store.verify("dev-admin")
    assert store.peek("dev-admin") is None


def test_a_late_answer_about_an_old_session_leaves_the_new_one(demo: Demo) -> None:
    store = demo.services().store
    old = store.assume("dev-admin")

    def slowly() -> Iterator[bytes]:
        demo.services().store.assume("dev-admin", refresh=True)
        yield b"<ErrorResponse><Error><Code>ExpiredToken</Code><Message>x</Message></Error></ErrorResponse>"

    demo.aws.answer_next(slowly(), "text/xml", status=403, operation="GetCallerIdentity")
    with pytest.raises(errors.SourceExpired):
        store.verify("dev-admin")
    held = store.peek("dev-admin")
    assert held is not None and held.credentials != old.credentials


def test_a_hop_that_aws_no_longer_knows_is_made_anew_once(demo: Demo) -> None:
    store = demo.services().store
    store.assume("dev-deploy")
    demo.aws.fail_next("ExpiredToken", operation="AssumeRole", status=403)
    store.assume("dev-deploy", refresh=True)
    assert [(c.caller_arn.rpartition(":")[2], c.error_code) for c in demo.aws.calls][2:] == [
        ("", "ExpiredToken"),
        ("user/ana", ""),
        ("assumed-role/Hub/ana", ""),
    ]


# Together


def test_eight_threads_make_one_call_s16(demo: Demo) -> None:
    demo.aws.delay = 0.2
    store = demo.services().store
    got: list[str] = []
    threads = [
        threading.Thread(target=lambda: got.append(store.assume("dev-deploy").credentials.access_key_id))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8 and len(set(got)) == 1 and operations(demo) == ["AssumeRole", "AssumeRole"]


def test_two_stores_make_one_call_between_them_s19(demo: Demo) -> None:
    demo.aws.delay = 0.3
    got: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: got.append(demo.services().store.assume("dev-ro").credentials.access_key_id)
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(got)) == 1 and demo.aws.count("AssumeRole") == 1


# Forgetting, and what the disk does


def test_dropping_forgets_here_and_on_disk(demo: Demo) -> None:
    store = demo.services().store
    store.assume("dev-admin")
    store.assume("dev-ro")
    assert store.drop("dev-admin") and not store.drop("dev-admin")
    assert demo.services().store.peek("dev-admin") is None
    assert demo.services().store.drop_all() == 1


def test_a_store_that_cannot_be_written_still_delivers_and_says_so(demo: Demo) -> None:
    Path(demo.environ["XDG_RUNTIME_DIR"]).rename(Path(demo.environ["HOME"], "away"))
    Path(demo.environ["XDG_RUNTIME_DIR"]).write_text("in the way")
    store = demo.services().store
    session = store.assume("dev-admin")
    assert session.account_id == "333344445555"
    calls = demo.aws.count()
    assert store.assume("dev-admin") == session and demo.aws.count() == calls, "it lives in memory"


def test_expired_sessions_are_told_for_a_day_and_then_removed(demo: Demo) -> None:
    store = demo.services().store
    store.assume("dev-admin")
    demo.clock.pass_(4_000)
    assert store.held()["dev-admin"].state(demo.clock.now()) == "expired"
    assert store.peek("dev-admin") is None
    demo.clock.pass_(86_400)
    assert store.held() == {} and store.cache.entries() == []


def test_the_current_role_is_the_machines(demo: Demo) -> None:
    demo.services().store.set_current("dev-admin")
    assert demo.services().store.current() == "dev-admin"
    demo.services().store.set_current("not a role")
    assert demo.services().store.current() == ""


def test_no_secret_is_in_what_is_remembered_or_in_any_error(demo: Demo) -> None:
    store = demo.services().store
    told = []
    for role in store.catalog.roles:
        try:
            told.append(repr(store.assume(role, code=demo.code() if role == "prod-ro" else None)))
        except StsuiError as error:
            told.append(f"{error} {error.hint} {error.details} {error!r}")
    assert not any("DEMOSECRET" in text or "DEMOTOKEN" in text for text in told)
    for path in Path(demo.environ["HOME"], ".local").rglob("*"):
        kept = b"" if path.is_dir() else path.read_bytes()
        assert not any(word in kept for word in (b"DEMOSECRET", b"DEMOTOKEN", b"AKIADEMO"))
    written = [path for path in Path(demo.environ["XDG_RUNTIME_DIR"]).rglob("*") if path.is_file()]
    assert written and not any(b"AKIADEMO" in path.read_bytes() for path in written), (
        "long-term keys stay put"
    )
