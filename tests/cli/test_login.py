"""Signing in and out on the command line: on a terminal that somebody owns, and never without one."""

import json
import time
from pathlib import Path

import pexpect
import pytest

from tests.cli.conftest import PYTHON, Shell
from tests.cli.test_prompts import start

STSUI = " ".join(PYTHON)


def allow(shell: Shell, child: pexpect.spawn) -> None:
    """A person on another device, who compares the code."""
    child.expect(r"must show this code:\s+(\w{4}-\w{4})")
    assert child.match is not None
    assert shell.demo.aws.sign_in.say(child.match[1], "allow")


def test_login_shows_link_picture_and_code_and_says_until_when(shell: Shell) -> None:
    child = start(shell, f"{STSUI} login acme-sso; echo code=$?")
    child.expect(r"Sign in to acme-sso on any device")
    child.expect(r"/device\?user_code=")
    child.expect("[▀▄█]{10}")
    allow(shell, child)
    child.expect("acme-sso is good until about")
    child.expect("code=0")
    assert '"Version": 1' in shell.ok("credential-process", "team-play")
    assert "is good" in shell.run("login", "acme-sso", "--if-needed").stderr


def test_whoever_wants_a_session_is_asked_to_sign_in_on_the_way(shell: Shell) -> None:
    child = start(shell, f'eval "$({STSUI} export team-play)"; echo role=$STSUI_ROLE')
    allow(shell, child)
    child.expect("role=team-play")
    child.expect(pexpect.EOF)


def test_a_program_is_never_asked_and_told_at_once(shell: Shell) -> None:
    for argv in (
        ("credential-process", "team-play"),
        ("export", "team-play"),
        ("exec", "team-play", "--", "true"),
        ("assume", "team-play"),
        ("login", "acme-sso"),
        ("login", "ana"),
    ):
        begun = time.monotonic()
        told = shell.fails(3, *argv)
        assert ("acme-sso is signed out" in told and "stsui login acme-sso" in told) or "ana-phone" in told
        assert time.monotonic() - begun < 5, "a busy machine may be slow, a prompt would be slower"
    assert shell.demo.aws.count() == 0


def test_a_second_sign_in_is_sent_to_the_first(shell: Shell) -> None:
    first = start(shell, f"{STSUI} login acme-sso")
    first.expect("must show this code")
    second = start(shell, f"{STSUI} login acme-sso; echo code=$?")
    second.expect("Another stsui is signing in to acme-sso. Answer there.")
    second.expect("code=3")
    first.sendintr()
    first.expect(pexpect.EOF)


def test_ctrl_c_gives_up(shell: Shell) -> None:
    child = start(shell, f"trap : INT; {STSUI} login acme-sso; echo code=$?")
    child.expect("Waiting for the browser")
    child.sendintr()
    child.expect("code=130")
    child.expect(pexpect.EOF)
    assert "Traceback" not in (child.before or "")
    assert not list(Path(shell.demo.environ["HOME"], ".aws", "sso", "cache").glob("97de*.json"))


def test_denied_in_the_browser_is_said(shell: Shell) -> None:
    child = start(shell, f"{STSUI} login acme-sso; echo code=$?")
    child.expect(r"must show this code:\s+(\w{4}-\w{4})")
    assert child.match is not None
    shell.demo.aws.sign_in.say(child.match[1], "deny")
    child.expect("was denied in the browser")
    child.expect("code=1")


def test_a_browser_here_is_opened_and_comes_back(shell: Shell, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {seen}.new && mv {seen}.new {seen}\n')
    program.chmod(0o755)
    shell.environ |= {"DISPLAY": ":0", "BROWSER": str(program)}
    child = start(shell, f"{STSUI} login acme-sso; echo code=$?")
    child.expect("in your browser")
    end = time.monotonic() + 20
    while not seen.exists() and time.monotonic() < end:
        time.sleep(0.02)
    from stsui.demo.sign_in import browse

    assert "Signed in" in browse(seen.read_text())
    child.expect("acme-sso is good until")
    child.expect("code=0")


def test_an_identity_center_that_no_file_knows_is_written_once_somebody_has_signed_in(shell: Shell) -> None:
    url = "https://acme.awsapps.com/start"
    written = Path(shell.environ["STSUI_CONFIG"]).parent / "conf.d" / "sso.toml"
    Path(shell.environ["AWS_CONFIG_FILE"]).write_text("")
    assert "region is needed" in shell.fails(2, "login", url)
    assert f"stsui login {url} --region eu-west-1" in shell.fails(3, "login", url, "--region", "eu-west-1")
    assert not written.exists()
    child = start(shell, f"{STSUI} login '{url}/#/' --region eu-west-1; echo code=$?")
    allow(shell, child)
    child.expect(r"wrote \[sso.acme\] to .*sso.toml")
    child.expect("acme gives you 9 roles in")
    child.expect("code=0")
    assert "acme-dev/PowerUser" in shell.ok("list", "poweruser")
    written.unlink()
    told = shell.run("login", url, "--region", "eu-west-1")
    assert told.returncode == 0 and "wrote [sso.acme]" in told.stderr, "who is signed in is not asked again"
    shell.ok("login", url, "--if-needed")


def test_a_code_is_paid_early(shell: Shell) -> None:
    shell.ok("assume", "prod-ro", "--mfa-code", "-", "--yes", given=f"{shell.demo.code()}\n")
    before = json.loads(shell.ok("list", "--roots", "--json"))
    child = start(shell, f"{STSUI} login ana; echo code=$?")
    child.expect("ana-phone for ana")
    child.sendline(shell.demo.code())
    # The code that was just used is not sent again: the next one is waited for.
    index = child.expect(["next code shows in", "code=0"])
    if index == 0:
        child.sendintr()
    assert next(r for r in before["roots"] if r["kind"] == "mfa")["good"]


def test_login_without_a_name_takes_the_only_one_that_is_out(shell: Shell) -> None:
    assert "Name what to renew: acme-sso, ana" in shell.fails(2, "login")
    shell.ok("assume", "prod-ro", "--mfa-code", "-", "--yes", given=f"{shell.demo.code()}\n")
    assert "acme-sso is signed out" in shell.fails(3, "login")
    assert 'Nothing to sign in to is called "acme-sos"' in shell.fails(2, "login", "acme-sos")
    assert "Did you mean acme-sso" in shell.fails(2, "login", "acme-sos")
    told = shell.fails(2, "login", "https://other.awsapps.com/start")
    assert "is known yet, and its region is needed" in told and "--region eu-west-1" in told


def test_what_needs_nobody_says_so(shell: Shell) -> None:
    done = shell.run("login", "dev-ci")
    assert done.returncode == 0 and "dev-ci (web identity) needs nobody" in done.stderr


def test_roots_are_listed_without_asking_anybody(shell: Shell) -> None:
    listed = shell.ok("list", "--roots")
    assert "acme-sso  Identity Center  signed out" in listed and "web identity" in listed
    document = json.loads(shell.ok("list", "--roots", "--json"))
    assert document["next"] is None and document["version"] == 1
    assert shell.demo.aws.count() == 0
    shell.demo.sign_in()
    shell.ok("assume", "team-play")
    listed = shell.ok("list", "--roots")
    assert "1  team-play" in listed and "next: a sign-in at acme-sso at about" in listed


def test_logout_ends_it_at_aws_and_forgets_what_stood_below(shell: Shell) -> None:
    shell.demo.sign_in()
    shell.ok("assume", "team-play")
    done = shell.run("logout")
    assert done.returncode == 0 and not done.stdout
    assert "signed out of acme-sso; 1 session below it is forgotten" in done.stderr
    assert shell.demo.aws.count("Logout") == 1
    assert "idle" in shell.ok("list", "team-play")
    shell.fails(3, "credential-process", "team-play")
    assert "nobody was signed in to acme-sso; 0 sessions" in shell.run("logout").stderr
    assert 'No Identity Center is called "nowhere"' in shell.fails(2, "logout", "nowhere")


def test_logout_without_network_says_that_aws_was_not_told(shell: Shell) -> None:
    shell.demo.sign_in()
    shell.demo.aws.down = True
    told = shell.run("logout", "acme-sso").stderr
    assert "AWS was not told" in told and "signed out of acme-sso" in told


def test_everything_is_forgotten_with_or_without_the_sign_ins(shell: Shell) -> None:
    shell.demo.sign_in()
    shell.ok("assume", "team-play")
    assert "signed out" not in shell.run("clear", "--all").stderr
    assert shell.demo.aws.count("Logout") == 0
    shell.ok("assume", "team-play")
    assert "1 session forgotten, signed out of acme-sso." in shell.run("clear", "--all", "--sign-out").stderr
    assert shell.demo.aws.count("Logout") == 1
    assert "signed out" not in shell.run("clear", "--all", "--sign-out").stderr, "nobody is signed in"
    shell.demo.sign_in()
    shell.demo.aws.down = True
    assert "AWS was not told" in shell.run("clear", "--all", "--sign-out").stderr


@pytest.mark.parametrize("where", ["device", "authorize?client_id=x", "device?user_code=%3Cscript%3E"])
def test_the_demos_pages_are_harmless(shell: Shell, where: str) -> None:
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(f"{shell.demo.aws.url}/{where}", timeout=10) as page:
            text = page.read().decode()
    except urllib.error.HTTPError as error:
        text = error.read().decode()
    assert "Made-up AWS" in text and "<script>" not in text
