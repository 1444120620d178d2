"""Limited sessions over the wire: what STS is asked for, which session a name means, and when it ends."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from stsui.config.variants import Limit
from stsui.model.errors import ConfigError, InvalidParameter
from stsui.model.session import Session
from stsui.sessions.wanted import Occasion, siblings
from tests.worlds import Demo, demo_world

READ_ONLY = {"PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


def add(demo: Demo, toml: str) -> None:
    with demo.config.open("a") as file:
        file.write(toml)


def sent(demo: Demo) -> Mapping[str, str]:
    return demo.aws.calls[-1].parameters


def kinds(demo: Demo) -> list[tuple[str, str]]:
    return [(event.kind, event.role) for event in demo.services().store.ledger.read()]


def test_a_limited_session_is_one_of_its_own_beside_the_whole_one(demo: Demo) -> None:
    store = demo.services().store
    whole, limited = store.assume("dev-admin"), store.assume("dev-admin@read-only")
    assert READ_ONLY.items() <= sent(demo).items()
    assert limited.role == "dev-admin@read-only" and limited.key != whole.key
    assert limited.packed_policy_size > 0
    again = demo.services().store
    assert again.assume("dev-admin") == whole and again.assume("dev-admin", "read-only") == limited
    assert set(again.held()) == {"dev-admin", "dev-admin@read-only"}
    assert again.drop("dev-admin@read-only") and set(again.held()) == {"dev-admin"}


def test_the_hops_above_stay_whole_or_they_could_not_sign(demo: Demo) -> None:
    demo.services().store.assume("dev-deploy@read-only", occasion=Occasion("INC-1", 900, (("ticket", "1"),)))
    hub, deploy = demo.aws.calls
    assert not {"PolicyArns.member.1.arn", "Tags.member.1.Key"} & set(hub.parameters)
    assert hub.parameters["DurationSeconds"] == "3600" and hub.parameters["RoleSessionName"] == "ana"
    assert READ_ONLY.items() <= deploy.parameters.items()
    assert deploy.parameters["RoleSessionName"] == "ana-INC-1"
    assert deploy.parameters["DurationSeconds"] == "900"


def test_a_parameter_reaches_sts_inside_the_policy(demo: Demo) -> None:
    store = demo.services().store
    session = store.assume("dev-admin@one-bucket:reports")
    assert session.role == "dev-admin@one-bucket:bucket=reports"
    statement = json.loads(sent(demo)["Policy"])["Statement"][0]
    assert statement["Resource"] == ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"]
    other = store.assume("dev-admin@one-bucket:bucket=payroll")
    assert other.key != session.key and len(store.held()) == 2
    calls = demo.aws.count()
    with pytest.raises(ConfigError, match="needs bucket"):
        store.assume("dev-admin@one-bucket")
    with pytest.raises(ConfigError, match=r"no \[policies.no-bucket\]"):
        store.assume("dev-admin@no-bucket")
    assert demo.aws.count() == calls, "before any call"


def test_a_limit_for_once_has_a_name_that_every_process_knows(demo: Demo) -> None:
    store = demo.services().store
    limit = Limit('{"Version":"2012-10-17","Statement":[]}', ("arn:aws:iam::aws:policy/Billing",))
    role = store.catalog.roles["dev-admin"]
    variant = store.limit_once(role, limit)
    session = store.assume("dev-admin", variant)
    assert sent(demo)["Policy"] == limit.policy
    other = demo.services().store
    assert other.held() == {f"dev-admin@{variant}": session}
    assert other.limit_once(role, limit) == variant, "the same limit, the same name"
    with pytest.raises(InvalidParameter, match="STS takes 2048"):
        store.limit_once(role, Limit(json.dumps({"a": "x" * 2_050})))


def test_under_a_default_variant_a_bare_name_means_the_limited_session_everywhere(demo: Demo) -> None:
    add(demo, "[guards.'dev-*']\ndefault_variant = 'read-only'\n")
    store = demo.services().store
    session = store.assume("dev-admin")
    assert session.role == "dev-admin@read-only" and READ_ONLY.items() <= sent(demo).items()
    assert store.peek("dev-admin") == store.peek("dev-admin@read-only") == session
    store.set_current("dev-admin")
    assert store.current() == "dev-admin@read-only"
    full = store.assume("dev-admin@full")
    assert full.role == "dev-admin@full" and "PolicyArns.member.1.arn" not in sent(demo)
    assert set(store.held()) == {"dev-admin@read-only", "dev-admin@full"}
    assert store.named("stg-admin@full").name == "stg-admin", "where nothing is less, full is the bare name"


def test_a_default_variant_that_nobody_can_read_gives_nothing_under_the_bare_name(demo: Demo) -> None:
    add(demo, "[roles.dev-admin]\ndefault_variant = 'gone'\n")
    store = demo.services().store
    assert any("[policies.gone]" in problem.reason for problem in store.catalog.problems)
    with pytest.raises(ConfigError, match="gone"):
        store.assume("dev-admin")
    assert demo.aws.count() == 0


def test_what_cannot_be_limited_says_what_can_be_had_instead(demo: Demo) -> None:
    add(demo, '[roles.me]\nsession_of = "ana"\n')
    with open(demo.environ["AWS_CONFIG_FILE"], "a") as file:
        file.write(
            "[profile team-ro]\nsso_session = acme-sso\nsso_account_id = 444455556666\n"
            "sso_role_name = ReadOnly\n"
        )
    store = demo.services().store
    with pytest.raises(ConfigError, match="other permission sets there: team-ro"):
        store.assume("team-play@read-only")
    with pytest.raises(ConfigError, match="GetSessionToken takes no session policy"):
        store.assume("me@read-only")
    assert demo.aws.count() == 0


# What is asked for this once


def test_a_reason_stays_with_the_session_until_it_ends(demo: Demo) -> None:
    store = demo.services().store
    session = store.assume("dev-admin", occasion=Occasion("INC-4711: check the backup"))
    assert sent(demo)["RoleSessionName"] == "ana-INC-4711-check-the-backup"
    assert session.reason == "INC-4711: check the backup"
    assert demo.services().store.assume("dev-admin") == session, "whoever asks gets that one"
    demo.clock.pass_(3_000)
    renewed = demo.services().store.assume("dev-admin")
    assert renewed.issued_at > session.issued_at and renewed.reason == session.reason
    demo.clock.pass_(3_700)
    plain = demo.services().store.assume("dev-admin")
    assert plain.reason == "" and sent(demo)["RoleSessionName"] == "ana"


def test_another_reason_is_another_session_and_the_name_means_the_new_one(demo: Demo) -> None:
    store = demo.services().store
    first = store.assume("dev-admin", occasion=Occasion("one"))
    second = store.assume("dev-admin", occasion=Occasion("two"))
    assert second.key != first.key
    other = demo.services().store
    assert other.held() == {"dev-admin": second} and other.peek("dev-admin") == second
    assert other.cache.read(first.key) is None, "nobody would find it any more"


def test_a_refused_wish_leaves_what_is_held(demo: Demo) -> None:
    store = demo.services().store
    first = store.assume("dev-admin", occasion=Occasion("one"))
    demo.aws.fail_next("AccessDenied", operation="AssumeRole", status=403)
    with pytest.raises(Exception, match="may not assume"):
        store.assume("dev-admin", occasion=Occasion("two"))
    assert demo.services().store.peek("dev-admin") == first


def test_what_is_asked_for_fifteen_minutes_ends_then(demo: Demo) -> None:
    """One bucket for a quarter of an hour: nothing renews it, and no program begins it again."""
    services = demo.services()
    name = "dev-admin@one-bucket:bucket=reports"
    session = services.store.assume(name, occasion=Occasion(duration=900))
    assert session.ends and session.left(demo.clock.now()) == 900
    demo.clock.pass_(840 - 1)
    assert services.store.assume(name) == session, "given to the end, not renewed early"
    assert not services.store.due(session, demo.clock.now())
    assert services.gate.judge(name, "renewal", person=False).refused
    demo.clock.pass_(62)
    for way in ("process", "slot"):
        verdict = demo.services().gate.judge(name, way, person=False)
        assert "ended as it was asked to" in verdict.refused
    assert demo.services().gate.judge(name, "variables", person=True).allowed
    assert demo.services().gate.judge("dev-admin", "process", person=False).allowed
    again = demo.services().store.assume(name)
    assert not again.ends and again.left(demo.clock.now()) == 3_600


@pytest.mark.parametrize(
    ("reason_in", "parameters"),
    [
        ("[]", {"RoleSessionName": "ana"}),
        (
            '["tag"]',
            {"RoleSessionName": "ana", "Tags.member.1.Key": "reason", "Tags.member.1.Value": "INC-1- x"},
        ),
        (
            '["session-name", "source-identity"]',
            {"RoleSessionName": "ana-INC-1-x", "SourceIdentity": "ana-INC-1-x"},
        ),
    ],
)
def test_a_reason_goes_where_the_config_wants_it(
    demo: Demo, reason_in: str, parameters: dict[str, str]
) -> None:
    add(demo, f"[settings]\nreason_in = {reason_in}\n")
    demo.services().store.assume("dev-admin", occasion=Occasion("INC-1; x"))
    assert parameters.items() <= sent(demo).items()
    assert ("SourceIdentity" in sent(demo)) is ("SourceIdentity" in parameters)


def test_a_tag_of_this_once_replaces_the_roles_own_of_that_name(demo: Demo) -> None:
    add(demo, "[roles.dev-admin]\ntags = { Team = 'core', cost = '7' }\n")
    demo.services().store.assume("dev-admin", occasion=Occasion(tags=(("team", "web"),)))
    tags = {value for name, value in sent(demo).items() if name.startswith("Tags.")}
    assert tags == {"cost", "7", "team", "web"}


def test_the_cap_of_a_role_holds_whatever_is_asked(demo: Demo) -> None:
    add(demo, "[guards.'*/AdministratorAccess']\nmax_duration = '20m'\n")
    store = demo.services().store
    session = store.assume("dev-admin", occasion=Occasion(duration=3_600))
    assert session.left(demo.clock.now()) == 1_200
    assert any("max_duration is 20m" in note for note in session.notes)


# Guards, from the store's side


def test_a_guard_is_passed_for_a_session_until_it_ends(demo: Demo) -> None:
    add(demo, "[roles.dev-admin]\nguard = 'confirm'\n")
    services = demo.services()
    assert services.gate.judge("dev-admin", "process", person=False).refused
    passed = services.gate.admit("dev-admin", "assume", person=True, offered="confirm")
    session = services.store.assume("dev-admin", passed=passed)
    assert session.passed == "confirm"
    demo.clock.pass_(3_000)
    assert demo.services().gate.judge("dev-admin", "process", person=False).allowed
    renewed = demo.services().store.assume("dev-admin")
    assert renewed.issued_at > session.issued_at and renewed.passed == "confirm", "no new assume"
    demo.clock.pass_(3_601)
    assert demo.services().gate.judge("dev-admin", "process", person=False).refused


def test_what_was_held_on_the_way_to_another_role_is_not_passed(demo: Demo) -> None:
    add(demo, "[roles.hub]\nguard = 'confirm'\n")
    services = demo.services()
    services.store.assume("dev-deploy")
    assert services.store.peek("hub") is not None
    assert services.gate.judge("hub", "process", person=False).refused
    assert services.gate.judge("hub", "assume", person=True).guard == "confirm"
    hub = services.store.assume("hub", passed="confirm")
    assert demo.aws.count("AssumeRole") == 2, "the held one serves"
    assert hub.passed == "confirm" and demo.services().gate.judge("hub", "process", person=False).allowed


def test_what_nobody_uses_is_dropped(demo: Demo) -> None:
    add(demo, "[roles.dev-admin]\nidle_limit = '10m'\n")
    services = demo.services()
    session = services.store.assume("dev-admin")
    services.store.assume("dev-ro")
    services.gate.handed(session, "process", "aws 1")
    for _ in range(3):
        demo.clock.pass_(590)
        assert services.gate.drop_idle() == []
        services.gate.handed(session, "process", "aws 1")
    demo.clock.pass_(601)
    assert demo.services().gate.drop_idle() == ["dev-admin"]
    assert set(demo.services().store.held()) == {"dev-ro"}
    dropped = [event for event in services.store.ledger.read() if event.kind == "drop"]
    assert [(event.role, event.text) for event in dropped] == [
        ("dev-admin", "nobody used it for 10m (idle_limit)")
    ]


def test_the_idle_limit_holds_at_the_next_request_too(demo: Demo) -> None:
    add(demo, "[roles.dev-admin]\nidle_limit = '10m'\nguard = 'confirm'\n")
    services = demo.services()
    session: Session = services.store.assume("dev-admin", passed="confirm")
    services.gate.touch(session)
    demo.clock.pass_(601)
    assert demo.services().gate.judge("dev-admin", "slot", person=False).refused, "it has to be passed again"
    assert demo.services().store.peek("dev-admin") is None


# The ledger


def test_each_kind_of_event_is_told_once(demo: Demo) -> None:
    services = demo.services()
    store = services.store
    session = store.assume("dev-deploy", occasion=Occasion("INC-1"))
    services.gate.passed(session, "again")
    services.gate.handed(session, "variables", "bash for zsh 1")
    store.set_current("dev-deploy")
    demo.clock.pass_(3_000)
    store.assume("dev-deploy")
    demo.aws.fail_next("AccessDenied", operation="AssumeRole", status=403)
    with pytest.raises(Exception, match="may not assume"):
        store.assume("dev-admin")
    store.drop("dev-deploy")
    assert kinds(demo) == [
        ("assume", "hub"),
        ("assume", "dev-deploy"),
        ("guard", "dev-deploy"),
        ("hand-over", "dev-deploy"),
        ("re-point", "dev-deploy"),
        ("renew", "hub"),
        ("renew", "dev-deploy"),
        ("failure", "dev-admin"),
        ("drop", "dev-deploy"),
    ]
    events = list(store.ledger.read())
    assert events[0].text == "on the way to dev-deploy" and events[1].reason == "INC-1"
    assert events[1].access_key_id == session.credentials.access_key_id
    assert events[1].session_arn.endswith("assumed-role/Deploy/ana-INC-1")
    assert events[7].text.startswith("AccessDenied while assuming dev-admin: ")


def test_a_hop_that_fails_is_one_failure(demo: Demo) -> None:
    demo.aws.fail_next("AccessDenied", operation="AssumeRole", status=403)
    with pytest.raises(Exception, match="may not assume"):
        demo.services().store.assume("dev-deploy")
    (only,) = demo.services().store.ledger.read()
    assert only.kind == "failure" and only.role == "dev-deploy" and "assuming hub" in only.text


def test_permission_sets_of_another_center_are_no_siblings(demo: Demo) -> None:
    config = Path(demo.environ["AWS_CONFIG_FILE"])
    more = "sso_account_id = 444455556666\nsso_role_name = {}\nregion = eu-west-1\n"
    config.write_text(
        f"{config.read_text()}\n"
        f"[profile here]\nsso_session = acme-sso\n{more.format('ReadOnly')}"
        "[sso-session other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = eu-west-1\n"
        f"[profile elsewhere]\nsso_session = other\n{more.format('ReadOnly')}"
    )
    catalog = demo.services().catalog
    assert siblings(catalog, catalog.roles["team-play"]) == ["here"]
    assert siblings(catalog, catalog.roles["dev-admin"]) == []
