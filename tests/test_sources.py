"""Every beginning of a chain that botocore knows, one and two hops, on the command line and on the board."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stsui.cli.context import Context
from stsui.cli.main import main
from stsui.demo.world import ANA, IDENTITY_ACCOUNT, SANDBOX, STAGING
from stsui.model import errors
from tests.beginnings import BASE, BEGINNINGS, assertion, aws, begin, keys_of, own, program, write_login
from tests.cli.conftest import RealClock
from tests.tui.boards import board
from tests.tui.test_terminal import Terminal
from tests.worlds import Demo, demo_world

ROOT = Path(__file__).parents[1]
STSUI = [sys.executable, "-m", "stsui"]
ACCOUNTS = {"one": STAGING, "two": SANDBOX}


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home", clock=RealClock()) as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


def stsui(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(argv, Context(os.environ))
    given = capsys.readouterr()
    return code, given.out, given.err


# The matrix


@pytest.mark.parametrize("role", ["one", "two"])
@pytest.mark.parametrize("kind", BEGINNINGS)
def test_on_the_command_line(
    demo: Demo,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    role: str,
) -> None:
    begin(demo, kind, monkeypatch.setenv)
    code, out, err = stsui(capsys, "list", "--json")
    assert code == 0 and demo.aws.count("AssumeRole") == 0 and not runs(demo), "listing runs and asks nothing"
    code, out, err = stsui(capsys, "credential-process", role)
    if kind in ("process", "saml"):
        assert code == 3 and "Run it from now on?" in err and not runs(demo), "a program is asked about first"
        services = demo.services()
        with pytest.raises(errors.ConfirmationRequired) as asked:
            services.store.assume(role)
        services.store.confirm(asked.value.token)
        code, out, err = stsui(capsys, "credential-process", role)
    assert code == 0, err
    assert json.loads(out)["AccountId"] == ACCOUNTS[role]
    hops = [call.parameters["RoleArn"] for call in demo.aws.calls if call.operation == "AssumeRole"]
    assert len(hops) == (1 if role == "one" else 2)
    demo.aws.calls.clear()
    assert json.loads(stsui(capsys, "credential-process", role)[1]) == json.loads(out)
    assert not demo.aws.calls, "and then it is kept"


@pytest.mark.parametrize("role", ["one", "two"])
@pytest.mark.parametrize("kind", BEGINNINGS)
async def test_on_the_board(demo: Demo, monkeypatch: pytest.MonkeyPatch, kind: str, role: str) -> None:
    begin(demo, kind, monkeypatch.setenv)
    async with board(demo) as seen:
        await seen.go_to(role)
        assert demo.aws.count("AssumeRole") == 0 and not runs(demo)
        await seen.press("enter")
        if kind in ("process", "saml"):
            await seen.sees("asks first", "Not now")
            assert not runs(demo)
            await seen.press("y")
        await seen.until(lambda: seen.app.state.live(role))
        await seen.sees("active")
        assert seen.app.state.sessions[role].account_id == ACCOUNTS[role]


def runs(demo: Demo) -> int:
    """How often a person's own program ran."""
    return sum(len(path.read_text()) for path in Path(demo.environ["HOME"]).glob("*.runs"))


# Commands of the config


def test_another_word_in_a_command_is_asked_about_again_t12(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(demo, "process", monkeypatch.setenv)
    store = demo.services().store
    with pytest.raises(errors.ConfirmationRequired) as asked:
        store.assume("one")
    assert asked.value.shown.endswith("helper --json")
    store.confirm(asked.value.token)
    store.assume("one")
    assert demo.services().store.assume("one", refresh=True) and runs(demo) == 2
    config = Path(demo.environ["AWS_CONFIG_FILE"])
    config.write_text(config.read_text().replace("helper --json", "helper --yaml"))
    with pytest.raises(errors.ConfirmationRequired):
        demo.services().store.assume("one", refresh=True)
    assert runs(demo) == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("raise SystemExit('no phone\\x1b]0;t\\x07 here')", "no phone"),
        ("print('<html>')", "did not print a SAML response"),
        ("print('')", "did not print a SAML response"),
        ("print('x' * 200_000)", "did not print a SAML response"),
    ],
)
def test_a_saml_process_that_gives_none(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str
) -> None:
    begin(demo, "saml", monkeypatch.setenv)
    program(demo, "saml-helper", text)
    store = demo.services().store
    with pytest.raises(errors.ConfirmationRequired) as asked:
        store.assume("base")
    store.confirm(asked.value.token)
    with pytest.raises(errors.NoSource, match=sentence) as failed:
        store.assume("base")
    assert "\x1b" not in failed.value.sentence and demo.aws.count() == 0


def test_a_saml_session_is_as_long_as_the_provider_says(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(demo, "saml", monkeypatch.setenv)
    own(demo, '[settings]\nduration = "2h"')
    text = Path(demo.environ["STSUI_CONFIG"])
    text.write_text(text.read_text().replace("[settings]\n", "", 1).replace('duration = "2h"', "", 1))
    given = Path(demo.environ["HOME"], "credentials")
    store = demo.services().store
    with pytest.raises(errors.ConfirmationRequired) as asked:
        store.assume("base")
    store.confirm(asked.value.token)
    given.write_text(assertion(demo, lives=1_800))
    session = store.assume("base")
    assert 1_790 <= session.lifetime <= 1_800, "cut where the assertion ends, and so is the countdown"
    assert session.assumed_arn.endswith("assumed-role/Base/ana@acme.example")
    sent = next(call for call in demo.aws.calls if call.operation == "AssumeRoleWithSAML")
    assert sent.parameters["RoleArn"] == BASE and "SAMLAssertion" not in sent.parameters
    assert not sent.access_key_id, "nobody signs it"
    given.write_text(assertion(demo, age=600))
    with pytest.raises(errors.TokenRefused, match="SAML response of base is too old"):
        store.assume("base", refresh=True)


# Files that are replaced


def test_a_web_identity_token_is_read_again_each_time(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(demo, "web identity", monkeypatch.setenv)
    store = demo.services().store
    assert store.assume("one")
    Path(demo.environ["HOME"], "credentials").write_text(demo.aws.world.web_identity_token(lives=-5))
    with pytest.raises(errors.TokenRefused, match="identity token of base has expired"):
        store.assume("base", refresh=True)


# By name only


@pytest.mark.parametrize("kind", ["environment", "ec2", "container"])
def test_what_lies_around_is_used_only_where_it_is_named(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    begin(demo, kind, monkeypatch.setenv)
    session = demo.services().store.assume("dev-admin")
    assert session.account_id and demo.aws.calls[-1].caller_arn == ANA
    assert {call.operation for call in demo.aws.calls} == {"AssumeRole"}


def test_no_machine_no_wait(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(demo, "ec2", monkeypatch.setenv)
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9")
    begun = time.monotonic()
    services = demo.services()
    services.lookout.roots()
    assert "one" in services.catalog.roles and demo.aws.count() == 0
    with pytest.raises(errors.NoSource, match="Ec2InstanceMetadata has no usable credentials"):
        services.store.assume("one")
    assert time.monotonic() - begun < 10


def test_a_container_that_is_refused(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(demo, "container", monkeypatch.setenv)
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "another")
    with pytest.raises(errors.StsuiError) as refused:
        demo.services().store.assume("one")
    assert "EcsContainer" in refused.value.sentence


# aws login


def test_aws_login_is_renewed_by_its_own_means(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(demo, "aws login", monkeypatch.setenv)
    over = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    token = demo.aws.login.sign_in("ana")
    path = write_login(demo, ANA, **token | {"accessToken": {**token["accessToken"], "expiresAt": over}})
    services = demo.services()
    assert services.store.assume("one").account_id == STAGING
    assert demo.aws.count("CreateOAuth2Token") == 1
    assert json.loads(path.read_text())["refreshToken"] != token["refreshToken"]
    (root,) = [root for root in services.lookout.roots() if root.kind == "login"]
    assert root.needs == "browser" and root.good(time.time())


def test_aws_login_that_is_over_says_what_to_type(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(demo, "aws login", monkeypatch.setenv)
    over = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    token = demo.aws.login.sign_in("ana")
    write_login(demo, ANA, **token | {"accessToken": {**token["accessToken"], "expiresAt": over}})
    demo.aws.login.end_sessions()
    with pytest.raises(errors.SignInRequired, match="base is signed out of aws login") as refused:
        demo.services().store.assume("one")
    assert refused.value.hint == "aws login --profile base"


def cli_that_signs_in(demo: Demo) -> dict[str, str]:
    """A made-up AWS CLI, which leaves what the real one would; the environment that has it."""
    pytest.importorskip("awscrt")
    aws(demo, f"[profile base]\nlogin_session = {ANA}\nregion = eu-west-1")
    left = write_login(demo, ANA)
    kept = left.rename(left.with_suffix(".kept"))
    cli = program(
        demo, "aws", f"import shutil, sys\nprint(*sys.argv[1:])\nshutil.copy2({str(kept)!r}, {str(left)!r})"
    )
    path = f"{cli.parent}{os.pathsep}{os.environ['PATH']}"
    return {**demo.environ, "PATH": path, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}


def test_aws_login_is_made_by_one_command(demo: Demo) -> None:
    environ = cli_that_signs_in(demo)
    told = subprocess.run(
        [*STSUI, "login", "base"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert told.returncode == 3 and "aws login --profile base" in told.stderr and not runs(demo)
    terminal = Terminal([*STSUI, "login", "base"], environ)
    terminal.sees("login --profile base --remote")
    terminal.sees("base is good")
    assert terminal.ends() == 0 and demo.services().store.assume("base").account_id == IDENTITY_ACCOUNT


def test_aws_login_is_made_by_one_key(demo: Demo) -> None:
    environ = cli_that_signs_in(demo)
    terminal = Terminal(STSUI, environ, 120, 40)
    terminal.sees("0 live")
    terminal.press("/base\r")
    terminal.sees("1 of")
    terminal.press("\r")
    terminal.sees("Signed in to base.")
    terminal.sees("1 live")
    terminal.press("b")
    terminal.sees("new Identity Center")
    terminal.press("q")
    terminal.misses("new Identity Center")
    terminal.press("q")
    assert terminal.ends() == 0 and runs(demo) == 1


def test_aws_login_never_signed_in(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("awscrt")
    aws(demo, f"[profile base]\nlogin_session = {ANA}\nregion = eu-west-1")
    services = demo.services()
    with pytest.raises(errors.SignInRequired):
        services.store.assume("base")
    assert not next(r for r in services.lookout.roots() if r.kind == "login").good(time.time())


def test_aws_login_without_botocores_native_part_says_what_to_install(demo: Demo) -> None:
    aws(demo, f"[profile base]\nlogin_session = {ANA}\nregion = eu-west-1")
    write = "import sys; sys.modules['awscrt'] = None; from stsui.cli.main import main; "
    done = subprocess.run(
        [sys.executable, "-c", f"{write}sys.exit(main(['credential-process', 'base']))"],
        env=demo.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and not done.stdout
    assert "base needs botocore's native part: pip install 'stsui[login]'" in done.stderr


# Federation


def test_a_federation_session_is_cut_down_to_its_policy(demo: Demo) -> None:
    own(
        demo,
        '[roles.build]\nfederation_of = "bob"\nsession_duration = "24h"\n'
        'role_session_name = "{user}-with-a-name-that-is-far-too-long-for-a-federated-user"\n'
        'policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]\n'
        'policy = \'{"Version":"2012-10-17","Statement":[]}\'\ntags = { team = "core" }',
    )
    services = demo.services()
    session = services.store.assume("build")
    assert session.lifetime in (86_400, 86_399) and session.account_id == IDENTITY_ACCOUNT
    sent = demo.aws.calls[-1].parameters
    assert sent["Name"] == "ana-with-a-name-that-is-far-too-l"[:32] and sent["DurationSeconds"] == "86400"
    assert sent["PolicyArns.member.1.arn"].endswith("ReadOnlyAccess") and sent["Tags.member.1.Key"] == "team"
    assert services.store.verify("build").identity.arn.endswith(f"federated-user/{sent['Name']}")


def test_federation_needs_keys_that_last(demo: Demo) -> None:
    own(
        demo,
        '[roles.build]\nfederation_of = "team-play"\npolicy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]',
    )
    demo.sign_in()
    with pytest.raises(errors.SourceMissing, match="GetFederationToken works only with the long-term keys"):
        demo.services().store.assume("build")


def test_temporary_keys_of_a_file_serve_a_chain(demo: Demo) -> None:
    lent = demo.aws.sts.lend(demo.aws.sts.principal(keys_of(demo, "ana")[0])._replace(kind="session"), 3_600)
    with open(demo.environ["AWS_SHARED_CREDENTIALS_FILE"], "a", encoding="utf-8") as file:
        file.write(
            f"\n[lent]\naws_access_key_id = {lent['AccessKeyId']}\n"
            f"aws_secret_access_key = {lent['SecretAccessKey']}\naws_session_token = {lent['SessionToken']}\n"
        )
    own(demo, '[roles.one]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\nsource_profile = "lent"')
    services = demo.services()
    assert services.store.assume("one").lifetime in (3_600, 3_599)
    (root,) = [root for root in services.lookout.roots() if root.name == "lent"]
    assert (root.kind, root.needs) == ("temporary", "keys")
    with pytest.raises(errors.NoSource, match="do not say when they end"):
        services.store.assume("lent")
