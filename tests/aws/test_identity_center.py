"""Identity Center over the wire: one sign-in serves stsui and AWS's own tools, and is asked for as rarely as it can be."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.demo.identity_center import START_URL
from stsui.demo.sign_in import browse
from stsui.demo.world import SANDBOX, STAGING, Role
from stsui.model import errors
from stsui.sessions.tokens import file_name
from tests.worlds import Demo, SetClock, demo_world

HOUR = 3_600


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


def token_file(demo: Demo, name: str = "acme-sso") -> Path:
    return Path(demo.environ["HOME"], ".aws", "sso", "cache", file_name(name))


def kept(demo: Demo, name: str = "acme-sso") -> dict[str, str]:
    document: dict[str, str] = json.loads(token_file(demo, name).read_text())
    return document


def add(demo: Demo, text: str, file: str = "STSUI_CONFIG") -> None:
    with open(demo.environ[file], "a", encoding="utf-8") as config:
        config.write(text)


# Signing in


def test_signed_out_says_what_to_type(demo: Demo) -> None:
    with pytest.raises(errors.SignInRequired, match="acme-sso is signed out") as refused:
        demo.services().store.assume("team-play")
    assert refused.value.hint == "stsui login acme-sso" and demo.aws.count() == 0


def test_a_code_on_another_device_signs_in(demo: Demo) -> None:
    services = demo.services()
    begun = services.centers.begin(services.catalog.sso["acme-sso"], browser=False)
    shown = begun.invitation
    assert shown.user_code in shown.url and shown.user_code not in shown.page
    assert shown.ends_at - demo.clock.now() == 600
    assert shown.user_code in browse(shown.url)
    assert "Allowed" in browse_form(shown.page, shown.user_code, "allow")
    token = begun.wait(demo.pause)
    assert token is not None
    services.centers.finish(services.catalog.sso["acme-sso"], token)
    assert services.store.assume("team-play").lifetime == 4 * HOUR, "the end is the one AWS gave"


def browse_form(page: str, user_code: str, answer: str) -> str:
    import urllib.parse
    import urllib.request

    data = urllib.parse.urlencode({"user_code": user_code, "answer": answer}).encode()
    with urllib.request.urlopen(page, data, timeout=10) as answered:
        text: str = answered.read().decode()
    return text


def test_a_browser_of_this_computer_comes_back_by_itself(demo: Demo) -> None:
    services = demo.services()
    center = services.catalog.sso["acme-sso"]
    begun = services.centers.begin(center, browser=True)
    assert not begun.invitation.user_code
    assert "Signed in" in browse(begun.invitation.url)
    token = begun.wait(demo.pause)
    assert token is not None
    services.centers.finish(center, token)
    registered = next(call for call in demo.aws.calls if call.operation == "RegisterClient")
    assert registered.parameters["grantTypes"] == "authorization_code,refresh_token"
    assert services.store.assume("team-play").account_id == SANDBOX


def test_what_comes_to_the_loopback_address_uninvited_is_turned_away(demo: Demo) -> None:
    import urllib.error
    import urllib.request
    from urllib.parse import parse_qs, urlsplit

    services = demo.services()
    begun = services.centers.begin(services.catalog.sso["acme-sso"], browser=True)
    callback = parse_qs(urlsplit(begun.invitation.url).query)["redirect_uri"][0]
    assert callback.startswith("http://127.0.0.1:")
    state = parse_qs(urlsplit(begun.invitation.url).query)["state"][0]
    other_host = urllib.request.Request(f"{callback}?code=x&state={state}", headers={"Host": "evil.example"})
    for wrong in (
        f"{callback}?code=stolen&state=guess",
        f"{callback}?code=stolen",
        f"{callback}?state={state}",
        callback.replace("/oauth/callback", "/") + f"?code=x&state={state}",
        other_host,
    ):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(wrong, timeout=10)
    assert "Signed in" in browse(begun.invitation.url), "the right one still comes through"
    assert begun.wait(demo.pause) is not None


def test_a_sign_in_that_is_given_up_leaves_nothing(demo: Demo) -> None:
    services = demo.services()
    for browser in (False, True):
        begun = services.centers.begin(services.catalog.sso["acme-sso"], browser=browser)
        assert begun.wait(lambda seconds: False) is None
    assert not token_file(demo).exists()


@pytest.mark.parametrize("browser", [False, True])
def test_denied_in_the_browser(demo: Demo, browser: bool) -> None:
    services = demo.services()
    demo.aws.sign_in.denies = True
    begun = services.centers.begin(services.catalog.sso["acme-sso"], browser=browser)
    if browser:
        assert "Denied" in browse(begun.invitation.url)
    else:
        demo.aws.sign_in.say(begun.invitation.user_code, "deny")
    with pytest.raises(errors.AccessDenied, match="acme-sso was denied in the browser"):
        begun.wait(demo.pause)
    assert not token_file(demo).exists()


@pytest.mark.parametrize("browser", [False, True])
def test_nobody_answers_for_ten_minutes(demo: Demo, browser: bool) -> None:
    services = demo.services()
    begun = services.centers.begin(services.catalog.sso["acme-sso"], browser=browser)
    before = demo.clock.now()
    with pytest.raises(errors.SignInRequired, match="was not finished in 10 min"):
        begun.wait(lambda seconds: demo.pause(max(seconds, 5)))
    assert 595 <= demo.clock.now() - before <= 610


def test_a_slower_pace_is_kept_and_a_lost_answer_is_no_end(demo: Demo) -> None:
    services = demo.services()
    begun = services.centers.begin(services.catalog.sso["acme-sso"], browser=False)
    demo.aws.fail_next("SlowDownException", operation="CreateToken")
    demo.aws.fail_next("InternalServerException", operation="CreateToken", status=500)
    demo.aws.sign_in.say(begun.invitation.user_code, "allow")
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return demo.pause(seconds)

    assert begun.wait(pause) is not None
    assert pauses == [1, 6, 6]


@pytest.mark.parametrize("browser", [False, True])
def test_a_wrong_start_url_is_said_with_what_to_correct(demo: Demo, browser: bool) -> None:
    add(demo, '[sso.typo]\nstart_url = "https://acmee.awsapps.com/start"\nregion = "eu-west-1"\n')
    services = demo.services()
    center = services.catalog.sso["typo"]
    if browser:
        begun = services.centers.begin(center, browser=True)
        assert "Denied" in browse(begun.invitation.url)
        with pytest.raises(errors.AccessDenied):
            begun.wait(demo.pause)
        return
    with pytest.raises(errors.ConfigError, match=r"no Identity Center at https://acmee\S+ in eu-west-1"):
        services.centers.begin(center, browser=False)


def test_a_region_without_identity_center(demo: Demo) -> None:
    add(demo, '[sso.far]\nstart_url = "https://acme.awsapps.com/start"\nregion = "xx-nowhere-9"\n')
    demo.environ["AWS_ENDPOINT_URL_SSO_OIDC"] = "http://127.0.0.1:9"
    services = demo.services()
    with pytest.raises(errors.Unreachable, match="or is there no Identity Center in xx-nowhere-9"):
        services.centers.begin(services.catalog.sso["far"], browser=False)


def test_a_sign_in_never_goes_over_an_open_line(demo: Demo) -> None:
    demo.environ["AWS_ENDPOINT_URL"] = "http://proxy.example"
    services = demo.services()
    with pytest.raises(errors.ConfigError, match="sent to https:// only"):
        services.centers.begin(services.catalog.sso["acme-sso"], browser=False)


@pytest.mark.parametrize(
    "body", [b"<html>Wi-Fi</html>", b"", b"[]", b'{"clientId": 7}', b"\xff\xfe{", b'{"a": 1}' * 300_000]
)
def test_what_is_not_identity_center_is_said_to_be_none(demo: Demo, body: bytes) -> None:
    demo.aws.answer_next(body, "application/json", operation="RegisterClient")
    services = demo.services()
    with pytest.raises(errors.NotSts):
        services.centers.begin(services.catalog.sso["acme-sso"], browser=False)


# The files of the AWS CLI


def test_the_files_are_those_of_the_aws_cli(demo: Demo) -> None:
    os.umask(0o022)
    demo.sign_in()
    token = kept(demo)
    assert set(token) == {
        *("startUrl", "region", "accessToken", "expiresAt", "clientId", "clientSecret"),
        *("registrationExpiresAt", "refreshToken"),
    }
    assert token["startUrl"] == START_URL and token["expiresAt"].endswith("Z")
    facts = {
        "tool": "botocore",
        "startUrl": START_URL,
        "region": "eu-west-1",
        "scopes": ["sso:account:access"],
        "session_name": "acme-sso",
    }
    client = kept(demo, json.dumps(facts, sort_keys=True))
    assert client["clientId"] == token["clientId"] and client["expiresAt"] == token["registrationExpiresAt"]
    for path in (token_file(demo), token_file(demo, json.dumps(facts, sort_keys=True))):
        assert path.stat().st_mode & 0o777 == 0o600
    assert token_file(demo).parent.stat().st_mode & 0o777 == 0o700


def test_a_registered_client_is_used_again(demo: Demo) -> None:
    demo.sign_in()
    demo.sign_in()
    assert demo.aws.count("RegisterClient") == 1
    demo.clock.pass_(91 * 24 * HOUR)
    demo.sign_in()
    assert demo.aws.count("RegisterClient") == 2


def test_a_client_that_aws_has_forgotten_is_registered_anew(demo: Demo) -> None:
    demo.sign_in()
    demo.aws.sign_in._clients.clear()
    demo.sign_in()
    assert demo.aws.count("RegisterClient") == 2


BOTO = (
    "import boto3; print(boto3.Session(profile_name='team-play').client('sts').get_caller_identity()['Arn'])"
)


def test_a_sign_in_of_ours_serves_botocore(tmp_path: Path) -> None:
    with demo_world(tmp_path / "home", clock=RealClock()) as demo:
        demo.sign_in()
        done = subprocess.run(
            [sys.executable, "-c", BOTO], env=demo.environ, capture_output=True, text=True, check=False
        )
        assert "AWSReservedSSO_PowerUser" in done.stdout, done.stderr


class RealClock(SetClock):
    """The computer's own, for programs that have no other; waiting is only pretended."""

    def now(self) -> float:
        return time.time()

    def pass_(self, seconds: float) -> None:
        return


def test_a_valid_sign_in_of_the_aws_cli_is_never_asked_again(demo: Demo) -> None:
    """As `aws sso login` leaves it, in each of the forms that its versions wrote."""
    access = demo.aws.center.give_token(START_URL, demo.clock.now() + 8 * HOUR, "cli")
    for written in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%SUTC", "%Y-%m-%dT%H:%M:%S+00:00"):
        ends = time.strftime(written, time.gmtime(demo.clock.now() + 8 * HOUR))
        token = {"startUrl": START_URL, "region": "eu-west-1", "accessToken": access, "expiresAt": ends}
        token_file(demo).parent.mkdir(parents=True, exist_ok=True)
        token_file(demo).write_text(json.dumps(token))
        token_file(demo).chmod(0o644)
        demo.aws.calls.clear()
        services = demo.services()
        services.store.assume("team-play", refresh=True)
        assert [call.operation for call in demo.aws.calls] == ["GetRoleCredentials"]


def test_a_profile_without_sso_session_takes_the_token_of_its_start_url(demo: Demo) -> None:
    add(
        demo,
        f"\n[profile old]\nsso_start_url = {START_URL}/#/\nsso_region = eu-west-1\n"
        f"sso_account_id = {SANDBOX}\nsso_role_name = PowerUser\n",
        "AWS_CONFIG_FILE",
    )
    services = demo.services()
    center = services.catalog.roles["old"].source.center
    assert center == services.catalog.sso["acme-sso"], "it is the same Identity Center"
    demo.sign_in()
    assert services.store.assume("old").account_id == SANDBOX


def test_a_start_url_alone_gives_a_token_as_long_as_the_sign_in(demo: Demo) -> None:
    """The AWS CLI cannot renew the token of such a profile, so it must last."""
    config = Path(demo.environ["AWS_CONFIG_FILE"])
    text = config.read_text().replace("[sso-session acme-sso]", "[sso-session gone]")
    config.write_text(
        text.replace(
            "sso_session = acme-sso", f"sso_start_url = {START_URL}\nsso_region = eu-west-1"
        ).replace(f"[sso-session gone]\nsso_start_url = {START_URL}", "[sso-session gone]")
    )
    demo.sign_in(START_URL)
    token = kept(demo, START_URL)
    assert "refreshToken" not in token
    services = demo.services()
    demo.clock.pass_(7 * HOUR + 1_800)
    assert services.store.assume("team-play")
    assert services.sign_ins.standing(services.catalog.sso[START_URL]).exact


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"accessToken": "x"}',
        b'{"startUrl": "https://acme.awsapps.com/start", "region": "eu-west-1", "accessToken": 7, "expiresAt": "2099-01-01T00:00:00Z"}',
        b'{"startUrl": "https://acme.awsapps.com/start", "region": "eu-west-1", "accessToken": "x", "expiresAt": "soon"}',
        b'{"startUrl": "https://other.awsapps.com/start", "region": "eu-west-1", "accessToken": "x", "expiresAt": "2099-01-01T00:00:00Z"}',
        b"[" * 100_000,
        b"\0" * 100,
        b"x" * 200_000,
    ],
    ids=["empty", "torn", "half", "number", "no time", "another organisation's", "deep", "zeros", "large"],
)
def test_a_file_that_holds_no_token_of_ours_is_not_there(demo: Demo, content: bytes) -> None:
    token_file(demo).parent.mkdir(parents=True)
    token_file(demo).write_bytes(content)
    with pytest.raises(errors.SignInRequired):
        demo.services().store.assume("team-play")
    demo.sign_in()
    assert demo.services().store.assume("team-play"), "and the next sign-in heals it"


def test_a_file_of_somebody_else_is_not_read(demo: Demo) -> None:
    demo.sign_in()
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(token_file(demo), 12_345, 12_345)
    with pytest.raises(errors.SignInRequired):
        demo.services().store.assume("team-play")


def test_a_file_that_others_may_write_is_not_read(demo: Demo) -> None:
    demo.sign_in()
    token_file(demo).chmod(0o666)
    with pytest.raises(errors.SignInRequired):
        demo.services().store.assume("team-play")


def test_where_nothing_can_be_written_the_sign_in_serves_this_program(demo: Demo) -> None:
    directory = token_file(demo).parent
    directory.parent.mkdir(parents=True)
    directory.write_text("a file where the directory should be")
    services = demo.services()
    demo.sign_in(services=services)
    assert services.store.assume("team-play")
    assert "is lost with this program" in services.sign_ins.warning


# Renewing


def test_a_token_is_renewed_before_its_last_quarter_of_an_hour_without_a_person(demo: Demo) -> None:
    services = demo.services()
    demo.sign_in(services=services)
    first = kept(demo)
    demo.clock.pass_(44 * 60)
    services.store.assume("team-play", refresh=True)
    assert kept(demo) == first and demo.aws.count("CreateToken") == 1
    demo.clock.pass_(2 * 60)
    services.store.assume("team-play", refresh=True)
    second = kept(demo)
    assert demo.aws.count("CreateToken") == 2
    assert second["refreshToken"] != first["refreshToken"] and second["accessToken"] != first["accessToken"]
    assert {k: second[k] for k in ("startUrl", "region", "clientId", "registrationExpiresAt")} == {
        k: first[k] for k in ("startUrl", "region", "clientId", "registrationExpiresAt")
    }


def test_a_whole_working_day_needs_one_sign_in(demo: Demo) -> None:
    services = demo.services()
    demo.sign_in(services=services)
    while demo.clock.now() < demo.aws.sign_in.devices.get("", 0) or demo.aws.count("GetRoleCredentials") < 15:
        services.store.assume("team-play", refresh=True)
        demo.clock.pass_(32 * 60)
    assert demo.aws.count("StartDeviceAuthorization") == 1
    demo.clock.pass_(HOUR)
    with pytest.raises(errors.SignInRequired, match="acme-sso is signed out since"):
        services.store.assume("team-play", refresh=True)


def test_a_refused_renewal_is_sent_once_ever(demo: Demo) -> None:
    demo.sign_in()
    demo.aws.sign_in.end_sessions()
    demo.clock.pass_(2 * HOUR)
    for _ in range(20):
        with pytest.raises(errors.SignInRequired):
            demo.services().store.assume("team-play", refresh=True)
    assert demo.aws.count("CreateToken") == 2, "the sign-in itself, and one renewal"
    demo.sign_in()
    assert demo.services().store.assume("team-play")


def test_a_token_that_was_revoked_is_renewed_once_and_then_asked_for(demo: Demo) -> None:
    demo.sign_in()
    demo.aws.center.revoke()
    assert demo.services().store.assume("team-play"), "the sign-in lives, only its token did not"
    assert demo.aws.count("CreateToken") == 2
    demo.aws.sign_in.end_sessions()
    for _ in range(5):
        with pytest.raises(errors.SignInRequired, match="acme-sso was signed out at AWS"):
            demo.services().store.assume("team-play", refresh=True)
    assert demo.aws.count("GetRoleCredentials") == 3, "a revoked token is not sent again"


def test_without_an_answer_the_token_is_used_to_its_end(demo: Demo) -> None:
    demo.sign_in()
    demo.clock.pass_(50 * 60)
    services = demo.services()
    demo.aws.fail_next("InternalServerException", n=99, operation="CreateToken", status=500)
    for _ in range(5):
        assert services.store.assume("team-play", refresh=True)
    assert demo.aws.count("CreateToken") == 2, "a failure is shared, not repeated"
    demo.clock.pass_(11 * 60)
    with pytest.raises(errors.ServiceFailing):
        services.store.assume("team-play", refresh=True)
    demo.aws.mend()
    demo.clock.pass_(6)
    assert services.store.assume("team-play", refresh=True)


def test_throttling_is_no_sign_out(demo: Demo) -> None:
    demo.sign_in()
    demo.aws.fail_next("TooManyRequestsException", n=9, operation="GetRoleCredentials", status=429)
    with pytest.raises(errors.Throttled, match="asked to slow down"):
        demo.services().store.assume("team-play")
    demo.aws.mend()
    demo.clock.pass_(6)
    assert demo.services().store.assume("team-play")


def test_an_assignment_that_was_taken_away(demo: Demo) -> None:
    demo.sign_in()
    demo.aws.center.assigned[START_URL] = []
    with pytest.raises(errors.AccessDenied, match=f"acme-sso does not give you PowerUser in {SANDBOX}"):
        demo.services().store.assume("team-play")


def test_a_hundred_who_need_a_new_token_make_one_call(demo: Demo) -> None:
    """Each has its own store and its own lock file handles, as another process has."""
    demo.sign_in()
    demo.clock.pass_(2 * HOUR)
    demo.aws.delay = 0.1
    everybody = [demo.services() for _ in range(100)]
    tokens: list[str] = []

    def want(services: object) -> None:
        from stsui.wiring import Services

        assert isinstance(services, Services)
        center = services.catalog.sso["acme-sso"]
        tokens.append(services.centers.portal.with_token(center, lambda t: t.access_token.reveal()))

    everybody[0].centers  # noqa: B018 - boto3 is loaded once, before the crowd
    threads = [threading.Thread(target=want, args=(one,)) for one in everybody]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 100 and len(set(tokens)) == 1
    assert demo.aws.count("CreateToken") == 2, "the sign-in itself, and one renewal"


# Chains, clocks, sign-out


def test_a_role_is_assumed_on_top_of_an_identity_centers(demo: Demo) -> None:
    arn = demo.aws.center.role_arn(SANDBOX, "PowerUser")
    role = Role(STAGING, "FromTeam", (arn,))
    demo.aws.world.roles[role.arn] = role
    add(demo, f'[roles.from-team]\nrole_arn = "{role.arn}"\nsource_profile = "team-play"\nduration = "4h"\n')
    demo.sign_in()
    services = demo.services()
    session = services.store.assume("from-team")
    assert session.lifetime == HOUR and any("at most 1h" in note for note in session.notes)
    services.store.assume("team-play")
    assert demo.aws.count("GetRoleCredentials") == 1, "both share the session below"


def test_a_role_of_our_own_config_is_the_permission_set(demo: Demo) -> None:
    add(
        demo,
        f'[roles.mine]\nsso_session = "acme-sso"\nsso_account_id = "{SANDBOX}"\nsso_role_name = "PowerUser"\nregion = "eu-west-1"\n',
    )
    demo.sign_in()
    services = demo.services()
    assert services.store.assume("mine").credentials == services.store.assume("team-play").credentials


def test_a_clock_that_is_ahead_is_named(demo: Demo) -> None:
    demo.sign_in()
    demo.aws.date_offset = -9 * HOUR
    with pytest.raises(errors.ClockOff, match="9 h ahead"):
        demo.services().store.assume("team-play")


def test_a_clock_that_is_behind_does_not_lengthen_a_session(demo: Demo) -> None:
    demo.aws.date_offset = HOUR
    demo.sign_in()
    session = demo.services().store.assume("team-play")
    assert session.left(demo.clock.now()) == pytest.approx(4 * HOUR, abs=2)


def test_signing_out_ends_it_here_and_at_aws(demo: Demo) -> None:
    demo.sign_in()
    services = demo.services()
    services.store.assume("team-play")
    access = kept(demo)["accessToken"]
    assert services.centers.sign_out(services.catalog.sso["acme-sso"]) == ""
    assert not token_file(demo).exists() and access not in demo.aws.center.tokens
    assert demo.aws.count("Logout") == 1
    with pytest.raises(errors.SignInRequired):
        services.store.assume("team-play", refresh=True)


def test_signing_out_after_an_hour_reaches_aws_too(demo: Demo) -> None:
    demo.sign_in()
    demo.clock.pass_(2 * HOUR)
    services = demo.services()
    assert services.centers.sign_out(services.catalog.sso["acme-sso"]) == ""
    assert demo.aws.count("Logout") == 1 and demo.aws.center.ended


def test_signing_out_without_network_says_that_aws_does_not_know(demo: Demo) -> None:
    demo.sign_in()
    services = demo.services()
    demo.aws.down = True
    assert "cannot be reached" in services.centers.sign_out(services.catalog.sso["acme-sso"])
    assert not token_file(demo).exists()


# Two organisations


def test_two_organisations_of_one_name_never_share_a_token(demo: Demo) -> None:
    other = "https://other.awsapps.com/start"
    demo.aws.center.assigned[other] = []
    add(demo, f'[sso.acme-sso]\nstart_url = "{other}"\nregion = "eu-west-1"\n')
    services = demo.services()
    assert services.catalog.sso["acme-sso"].start_url == other
    assert services.catalog.roles["team-play"].source.center.name == START_URL
    demo.sign_in("acme-sso")
    with pytest.raises(errors.SignInRequired) as refused:
        demo.services().store.assume("team-play")
    assert refused.value.hint == f"stsui login {START_URL}"
    demo.sign_in(START_URL)
    assert demo.services().store.assume("team-play")
