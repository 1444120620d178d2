"""All accounts and roles of a sign-in: at AWS's pace, page by page, and never all or nothing."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.aws.discovery import Pace
from stsui.demo.identity_center import START_URL, Assigned, many
from stsui.demo.world import DEV, SANDBOX
from stsui.model import errors
from stsui.sessions import discoveries
from stsui.wiring import Services
from tests.worlds import Demo, demo_world

OTHER = "https://other.awsapps.com/start"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        add(demo, f'[sso.acme-sso]\nstart_url = "{START_URL}"\nregion = "eu-west-1"\n')
        demo.sign_in()
        yield demo


def add(demo: Demo, text: str) -> None:
    with open(demo.environ["STSUI_CONFIG"], "a", encoding="utf-8") as config:
        config.write(text)


def found(services: Services) -> set[str]:
    """Discovered roles, by name."""
    services.reload()
    roles = services.catalog.roles.values()
    return {r.name for r in roles if r.source and r.source.center and not r.from_aws_files}


def test_every_role_is_found_named_and_can_be_had(demo: Demo) -> None:
    services = demo.services()
    center = services.catalog.sso["acme-sso"]
    news = services.discover(center)
    assert (news.accounts, news.roles, news.new, news.gone) == (5, 9, 9, 0)
    names = found(services)
    assert names == {
        *("acme-dev/AdministratorAccess", "acme-dev/PowerUser", "acme-dev/ReadOnly", "acme-prod/Billing"),
        *("acme-prod/ReadOnly", "acme-staging/AdministratorAccess", "acme-staging/ReadOnly"),
        "sandbox/AdministratorAccess",
    }, "sandbox/PowerUser is the profile team-play already; partner-eu gives nothing"
    session = services.store.assume("acme-dev/PowerUser")
    assert session.account_id == DEV and session.lifetime == 4 * 3_600
    assert services.store.verify("acme-dev/PowerUser").identity.account_id == DEV


def test_pages_are_followed(demo: Demo) -> None:
    demo.aws.center.assigned[START_URL] = many(25, 7)
    demo.aws.center.page_size = 4
    services = demo.services()
    assert services.discover(services.catalog.sso["acme-sso"]).roles == 175
    assert demo.aws.count("ListAccounts") == 7 and demo.aws.count("ListAccountRoles") == 50


def test_five_thousand_roles_at_the_pace_that_aws_allows(demo: Demo) -> None:
    demo.aws.center.assigned[START_URL] = many(500, 10)
    demo.aws.fail_next("TooManyRequestsException", n=12, operation="ListAccountRoles", status=429)
    services = demo.services()
    told: list[tuple[int, int]] = []
    news = services.discover(services.catalog.sso["acme-sso"], lambda account, n, of: told.append((n, of)))
    assert (news.roles, news.missed) == (5_000, 0)
    assert [n for n, _ in told] == list(range(1, 501)) and told[-1] == (500, 500)
    assert demo.aws.count("ListAccountRoles") == 512
    assert len(found(services)) == 5_000
    assert services.store.assume("unit-007-staging/Role03").account_id == "700000000007"


def test_throttling_is_no_sign_out_s110(demo: Demo) -> None:
    demo.aws.fail_next("TooManyRequestsException", n=5, operation="ListAccountRoles", status=429)
    services = demo.services()
    assert services.discover(services.catalog.sso["acme-sso"]).roles == 9
    assert demo.aws.count("StartDeviceAuthorization") == 1


def test_an_account_that_fails_costs_only_itself_and_keeps_what_was_known(demo: Demo) -> None:
    services = demo.services()
    center = services.catalog.sso["acme-sso"]
    services.discover(center)
    before = found(services)
    demo.aws.fail_next("InternalServerException", n=3, operation="ListAccountRoles", status=500)
    demo.clock.pass_(60)
    for _ in range(3):
        news = services.discover(center)
    assert news.missed <= 1 and found(services) == before
    demo.aws.fail_next("ResourceNotFoundException", n=1, operation="ListAccountRoles", status=404)
    assert services.discover(center).missed == 1 and found(services) == before


def test_a_look_that_misses_something_is_not_complete(demo: Demo) -> None:
    services = demo.services()
    center = services.catalog.sso["acme-sso"]
    demo.aws.fail_next("ResourceNotFoundException", n=1, operation="ListAccountRoles", status=404)
    services.discover(center)
    assert services.discoveries.age(center) is None and services.discoveries.is_old(center)
    services.discover(center)
    assert services.discoveries.age(center) == 0 and not services.discoveries.is_old(center)
    demo.clock.pass_(13 * 3_600)
    assert services.discoveries.is_old(center)


def test_signed_out_in_the_middle_ends_the_look(demo: Demo) -> None:
    demo.aws.center.assigned[START_URL] = many(60, 2)
    services = demo.services()
    with pytest.raises(errors.SignInRequired):
        services.discover(
            services.catalog.sso["acme-sso"], lambda account, n, of: demo.aws.sign_in.end_sessions()
        )
    assert demo.aws.count("ListAccountRoles") < 60


def test_what_has_come_is_listed_before_the_rest_has(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discoveries, "PART", 0.0)
    demo.aws.center.assigned[START_URL] = many(60, 2)
    services, other = demo.services(), demo.services()
    center = services.catalog.sso["acme-sso"]
    seen = []

    def told(account: object, done: int, total: int) -> None:
        other.reload()
        seen.append(len(found(other)))

    news = services.discover(center, told)
    assert seen == [2 * n for n in range(1, 61)] and (news.new, news.gone) == (120, 0)
    assert services.discover(center, told).new == 0 and seen[60:] == [120] * 60


def test_what_had_come_is_kept_when_a_look_is_cut_short(demo: Demo) -> None:
    demo.aws.center.assigned[START_URL] = many(60, 2)
    services = demo.services()
    center = services.catalog.sso["acme-sso"]

    def told(account: object, done: int, total: int) -> None:
        if done == 20:
            demo.aws.sign_in.end_sessions()

    with pytest.raises(errors.SignInRequired):
        services.discover(center, told)
    assert 40 <= len(found(demo.services())) < 120
    assert services.discoveries.is_old(center), "and it is looked again"


def test_nothing_assigned_is_nothing_found(demo: Demo) -> None:
    demo.aws.center.assigned[START_URL] = []
    services = demo.services()
    news = services.discover(services.catalog.sso["acme-sso"])
    assert (news.accounts, news.roles) == (0, 0) and not found(services)


def test_the_file_changes_only_when_what_was_found_does(demo: Demo) -> None:
    services = demo.services()
    center = services.catalog.sso["acme-sso"]
    services.discover(center)
    services.reload()
    assert not services.changed()
    services.discover(center)
    assert not services.changed()
    demo.aws.center.assigned[START_URL].pop()
    services.discover(center)
    assert services.changed()


def test_hostile_names_are_text_and_wrong_ones_are_left_out(demo: Demo) -> None:
    demo.aws.center.assigned[START_URL] = [
        Assigned(DEV, "[/x]\x1b]0;t\x07[@click=app.quit]q", "a@b", ("Admin", "no/slash", "sp ace", "")),
        Assigned("12345", "short id", "", ("Admin",)),
        Assigned(SANDBOX, "", "", ("Admin",)),
    ]
    services = demo.services()
    services.discover(services.catalog.sso["acme-sso"])
    assert found(services) == {"[/x]\\x1b]0;t\\x07[@click=app.quit]q/Admin", f"{SANDBOX}/Admin"}
    assert services.store.assume("[/x]\\x1b]0;t\\x07[@click=app.quit]q/Admin").account_id == DEV


@pytest.mark.parametrize("body", [b"{}", b'{"accountList": 7}', b"<html>", b'{"accountList": [7, null]}'])
def test_an_answer_that_is_none_is_said(demo: Demo, body: bytes) -> None:
    services = demo.services()
    for _ in range(3):
        demo.aws.answer_next(body, "application/json", operation="ListAccounts")
    with pytest.raises(errors.NotSts, match="not from Identity Center"):
        services.discover(services.catalog.sso["acme-sso"])
    assert services.discover(services.catalog.sso["acme-sso"]).roles == 9


def test_pages_that_go_round_end(demo: Demo) -> None:
    services = demo.services()
    for _ in range(6):
        body = b'{"accountList": [], "nextToken": "again"}'
        demo.aws.answer_next(body, "application/json", operation="ListAccounts")
    with pytest.raises(errors.NotSts):
        services.discover(services.catalog.sso["acme-sso"])


def test_two_organisations_with_the_same_names_never_share_one(demo: Demo) -> None:
    add(demo, f'[sso.other]\nstart_url = "{OTHER}"\nregion = "eu-west-1"\n')
    demo.aws.center.assigned = {
        START_URL: [Assigned(DEV, "prod", "", ("Admin", "Own"))],
        OTHER: [Assigned(SANDBOX, "prod", "", ("Admin",))],
    }
    demo.sign_in("other")
    services = demo.services()
    services.discover(services.catalog.sso["acme-sso"])
    assert found(services) == {"prod/Admin", "prod/Own"}
    services.discover(services.catalog.sso["other"])
    assert found(services) == {f"prod-{DEV}/Admin", f"prod-{SANDBOX}/Admin", "prod/Own"}, (
        "a name that could mean another account's role means none"
    )
    assert services.store.assume(f"prod-{SANDBOX}/Admin").account_id == SANDBOX
    with pytest.raises(errors.RoleNotFound):
        services.store.assume("prod/Admin")


def test_names_of_ones_own_come_first_and_may_be_laid_over(demo: Demo) -> None:
    add(
        demo,
        f'[roles."acme-dev/ReadOnly"]\nrole_arn = "arn:aws:iam::{DEV}:role/ReadOnly"\nsource_profile = "ana"\n'
        '[roles."acme-dev/PowerUser"]\npin = true\nregion = "eu-north-1"\n'
        '[roles."acme-prod/Billing"]\nhidden = true\n'
        f'[roles.admin]\nsso_session = "acme-sso"\nsso_account_id = "{DEV}"\n'
        'sso_role_name = "AdministratorAccess"\n',
    )
    services = demo.services()
    services.discover(services.catalog.sso["acme-sso"])
    names = found(services)
    assert f"acme-dev-{DEV}/ReadOnly" in names and "acme-prod/Billing" not in names
    assert "admin" in names and "acme-dev/AdministratorAccess" not in names, "it is listed once"
    assert services.catalog.roles["acme-dev/PowerUser"].pin
    assert services.catalog.roles["acme-dev/PowerUser"].region == "eu-north-1"
    assert services.catalog.roles["acme-dev/ReadOnly"].kind == "assume_role"
    assert not services.catalog.problems[1:], "only the demo's own"


def test_account_names_serve_the_other_roles_too(demo: Demo) -> None:
    config = Path(demo.environ["STSUI_CONFIG"])
    text = config.read_text()
    config.write_text(text.replace(f'[accounts.{SANDBOX}]\nname = "sandbox"\n', ""))
    demo.aws.center.assigned[START_URL] = [Assigned(SANDBOX, "acme-prod-eu", "", ())]
    services = demo.services()
    services.discover(services.catalog.sso["acme-sso"])
    services.reload()
    account = services.catalog.accounts[SANDBOX]
    assert (account.name, account.environment, account.environment_guessed) == ("acme-prod-eu", "PROD", True)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": 1, "centers": {"x": [[1]]}}', b"\0" * 9])
def test_a_torn_file_costs_only_what_it_held(demo: Demo, content: bytes) -> None:
    services = demo.services()
    services.discover(services.catalog.sso["acme-sso"])
    Path(services.catalog.paths.discovered).write_bytes(content)
    assert not found(services) and "dev-admin" in services.catalog.roles
    services.discover(services.catalog.sso["acme-sso"])
    assert len(found(services)) == 8


def test_many_looks_at_once_leave_one_whole_file(demo: Demo) -> None:
    several = [demo.services() for _ in range(4)]
    threads = [threading.Thread(target=lambda s=s: s.discover(s.catalog.sso["acme-sso"])) for s in several]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found(several[0])) == 8


def test_those_who_were_throttled_together_slow_down_once() -> None:
    pace = Pace(8)
    assert all(pace.enter() for _ in range(8))
    for _ in range(8):
        pace.leave(throttled=True)
    assert pace._allowed == 4 and pace._wait == 0.25
    pace.end()
    assert not pace.enter()
