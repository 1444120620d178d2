"""The forecast against a day that is really played: twelve sessions under four roots, by a clock that is set."""

import time
from collections.abc import Container, Iterator
from pathlib import Path

import pytest

from stsui.demo.world import DEV, IDENTITY_ACCOUNT, STAGING, Role
from stsui.model.errors import MfaRequired, SignInRequired
from stsui.sessions.forecast import Outlook
from stsui.wiring import Services
from tests.worlds import Demo, demo_world

HOUR = 3_600
BOB = f"arn:aws:iam::{IDENTITY_ACCOUNT}:user/bob"
BOBS_KEY = f"arn:aws:iam::{IDENTITY_ACCOUNT}:mfa/bob-key"
CONFIG = f"""
[sso.acme-sso]
start_url = "https://acme.awsapps.com/start"
region = "eu-west-1"
session_duration = "8h"

[roles.team-admin]
sso_session = "acme-sso"
sso_account_id = "{DEV}"
sso_role_name = "AdministratorAccess"

[roles.from-team]
role_arn = "arn:aws:iam::{STAGING}:role/FromTeam"
source_profile = "team-admin"

[roles.bob]
session_of = "bobs-keys"
mfa_serial = "{BOBS_KEY}"
session_duration = "6h"

[roles.bob-ro]
role_arn = "arn:aws:iam::{DEV}:role/Bob"
source_profile = "bobs-keys"
mfa_serial = "{BOBS_KEY}"

[roles.bob-quarter]
role_arn = "arn:aws:iam::{DEV}:role/Bob"
source_profile = "bobs-keys"
mfa_serial = "{BOBS_KEY}"
duration = "15m"
"""
SESSIONS = {
    # an IAM user with a phone, twelve hours for a code
    "ana": "code",
    "prod-ro": "code",
    "prod-billing": "code",
    # another one with a key of their own, six hours
    "bob": "code",
    "bob-ro": "code",
    # a role that takes the code itself, twelve hours
    "prod-breakglass": "code",
    # an Identity Center, eight hours
    "team-play": "browser",
    "team-admin": "browser",
    "from-team": "browser",
    # keys and tokens without an end
    "dev-ci": "",
    "stg-admin": "",
    # and bob's again, in quarters of an hour
    "bob-quarter": "code",
}


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        keys = Path(demo.environ["AWS_SHARED_CREDENTIALS_FILE"])
        keys.write_text(keys.read_text().replace("[bob]", "[bobs-keys]"))
        with open(demo.environ["STSUI_CONFIG"], "a", encoding="utf-8") as config:
            config.write(CONFIG)
        above = demo.aws.center.role_arn(DEV, "AdministratorAccess")
        for role in (Role(STAGING, "FromTeam", (above,)), Role(DEV, "Bob", (BOB,), needs_mfa=True)):
            demo.aws.world.roles[role.arn] = role
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


def with_code(demo: Demo, services: Services, role: str) -> None:
    """A person who types the next code."""
    demo.clock.pass_(30)
    serial = services.store.plan(role).mfa_serial
    services.store.assume(role, code=demo.aws.world.code(serial))


def morning(demo: Demo) -> Services:
    """Everybody signs in, over some forty minutes."""
    services = demo.services()
    demo.sign_in(services=services)
    for role, wants in SESSIONS.items():
        demo.clock.pass_(200)
        try:
            services.store.assume(role)
        except MfaRequired:
            assert wants == "code"
            with_code(demo, services, role)
    return services


def play(demo: Demo, services: Services, hours: int) -> dict[str, tuple[str, float]]:
    """What falls due is renewed within a second, as on the board; when each role first wanted a person."""
    store, wanted = services.store, {}
    end = demo.clock.now() + hours * HOUR
    while True:
        due = due_next(services, wanted)
        if due is None or due[0] > end:
            return wanted
        demo.clock.pass_(max(0.0, due[0] - demo.clock.now()) + 1)
        try:
            store.assume(due[1], refresh=True, strict=True)
        except MfaRequired:
            wanted[due[1]] = ("code", demo.clock.now())
        except SignInRequired:
            wanted[due[1]] = ("browser", demo.clock.now())


def due_next(services: Services, done: Container[str]) -> tuple[float, str] | None:
    """When which role falls due first."""
    store = services.store
    held = {role: store.cache.read(store.plan(role).last.key) for role in SESSIONS if role not in done}
    return min(((store.renew_at(s), role) for role, s in held.items() if s), default=None)


def test_a_day_of_twelve_sessions_is_as_forecast_to_the_minute(demo: Demo) -> None:
    services = morning(demo)
    forecast = services.lookout.forecast()
    assert set(forecast.rows) >= set(SESSIONS)
    roots = {root.key: root for root in services.lookout.roots()}
    wanted = play(demo, services, 26)
    assert {role: what for role, (what, _) in wanted.items()} == {r: w for r, w in SESSIONS.items() if w}
    for key, outlook in forecast.needed.items():
        below = [role for role in wanted if role in roots[key].roles]
        first = min(wanted[role][1] for role in below)
        assert abs(outlook.at - first) < 60, (outlook, below)
        assert outlook.what == wanted[outlook.row][0] and outlook.exact
    assert len(forecast.needed) == 4


def test_each_row_says_when_it_renews(demo: Demo) -> None:
    services = morning(demo)
    forecast, store = services.lookout.forecast(), services.store
    due = {role: store.renew_at(held) for role in SESSIONS if (held := store.peek(role))}
    assert set(due) == set(SESSIONS)
    for role, at in due.items():
        outlook = forecast.rows[role]
        assert outlook.at == max(at, demo.clock.now())
        assert outlook.what == ("code" if role in ("ana", "bob", "prod-breakglass") else "renews")


def test_renewing_a_root_early_moves_everything_below_it(demo: Demo) -> None:
    services = morning(demo)
    root = next(r for r in services.lookout.roots() if r.kind == "mfa" and r.name == "ana")
    before = services.lookout.forecast().needed[root.key]
    demo.clock.pass_(3 * HOUR)
    with pytest.raises(MfaRequired):
        services.store.renew_root(root.roles[0])
    demo.clock.pass_(30)
    services.store.renew_root(root.roles[0], demo.code())
    again = next(r for r in services.lookout.roots() if r.key == root.key)
    assert again.good_until == int(demo.clock.now()) + 12 * HOUR
    assert services.lookout.forecast().needed[root.key].at >= before.at + 3 * HOUR
    assert demo.aws.count("GetSessionToken") == 3, "ana, bob, and ana again"


def test_what_does_not_renew_ends(demo: Demo) -> None:
    services = morning(demo)
    forecast = services.lookout.forecast(lambda role: role != "prod-ro")
    session = services.store.peek("prod-ro")
    assert session and forecast.rows["prod-ro"] == Outlook("ends", session.expiration)


def test_an_idle_limit_comes_before_a_renewal_and_before_a_person(demo: Demo) -> None:
    config = Path(demo.environ["STSUI_CONFIG"])
    config.write_text(
        f'{config.read_text()}\n[guards."team-play"]\nidle_limit = "30m"\n[guards."prod-ro"]\nidle_limit = "2h"\n'
    )
    services = morning(demo)
    session = services.store.peek("team-play")
    assert session
    services.gate.touch(session)
    now = demo.clock.now()
    rows = services.lookout.forecast().rows
    assert rows["team-play"] == Outlook("idle", now + 30 * 60), "before it would be renewed"
    assert rows["prod-ro"].what == "renews"
    assert services.lookout.forecast(lambda role: False).rows["team-play"].what == "idle"
    demo.clock.pass_(10 * 60)
    services.gate.touch(session)
    assert services.lookout.forecast().rows["team-play"].at == now + 40 * 60, "use puts it off"
    demo.clock.pass_(31 * 60)
    assert services.gate.drop_idle() == ["team-play"]


def test_a_sign_in_of_unknown_length_is_marked_as_such_and_learned(demo: Demo) -> None:
    config = Path(demo.environ["STSUI_CONFIG"])
    config.write_text(config.read_text().replace('session_duration = "8h"', ""))
    services = demo.services()
    demo.sign_in(services=services)
    begun = demo.clock.now()
    services.store.assume("team-play")
    (sso,) = [r for r in services.lookout.roots() if r.kind == "sso"]
    assert not sso.exact and abs((sso.good_until or 0) - begun - 8 * HOUR) < 5
    demo.aws.sign_in.session_seconds = 12 * HOUR
    demo.sign_in(services=services)
    while demo.clock.now() < begun + 9 * HOUR:
        demo.clock.pass_(1_800)
        services.store.assume("team-play", refresh=True)
    demo.sign_in(services=services)
    (sso,) = [r for r in services.lookout.roots() if r.kind == "sso"]
    assert sso.lasts == 12 * HOUR, "it was seen to last longer than eight"


def test_nothing_live_needs_nobody(demo: Demo) -> None:
    services = demo.services()
    forecast = services.lookout.forecast()
    assert forecast.next is None and not forecast.rows
    assert demo.aws.count() == 0, "nobody is asked"


def test_roots_say_what_they_need(demo: Demo) -> None:
    services = morning(demo)
    by_name = {(r.name, r.kind): r for r in services.lookout.roots()}
    assert by_name["acme-sso", "sso"].needs == "browser" and by_name["acme-sso", "sso"].exact
    assert by_name["ana", "mfa"].needs == "code" and by_name["prod-breakglass", "role mfa"].needs == "code"
    assert by_name["dev-ci", "web_identity"].good_until is None
    assert set(by_name["acme-sso", "sso"].live) == {"team-play", "team-admin", "from-team"}
    order = [r.needs for r in services.lookout.roots()]
    assert order.index("nothing") == len([n for n in order if n != "nothing"]), "those for a person first"


def test_a_forecast_of_two_hundred_sessions_is_quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In processor time, which another program on the machine does not lengthen."""
    with demo_world(tmp_path / "home", roles=224) as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        services = demo.services()
        names = [name for name in services.catalog.roles if name.startswith("team-0")]
        for name in names:
            services.store.assume(name)
        begun = time.process_time()
        forecast = services.lookout.forecast()
        assert len(forecast.rows) == len(names) == 200 and time.process_time() - begun < 2
