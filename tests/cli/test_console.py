"""`console`: a link that is a secret, in the browser that an account is opened with, or printed where there is none."""

import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pexpect
import pytest

from tests.cli.conftest import PYTHON, Shell


def browser(shell: Shell, *template: str, account: str = "") -> Path:
    """A browser of the config that writes down what it was given."""
    told = shell.directory / "told"
    program = shell.directory / "browser"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {told}.new; mv {told}.new {told}\n')
    program.chmod(0o755)
    line = f"browser = {[str(program), *template]}\n".replace("'", '"')
    text = shell.demo.config.read_text()
    if account:
        head = f"[accounts.{account}]\n"
        text = text.replace(head, head + line)
    else:
        text += f"\n[settings]\n{line}"
    shell.demo.config.write_text(text)
    return told


def agree(shell: Shell, *argv: str) -> None:
    child = pexpect.spawn(
        PYTHON[0],
        [*PYTHON[1:], "console", *argv],
        env={**shell.environ, "TERM": "xterm"},
        encoding="utf-8",
        timeout=20,
    )
    child.expect("opened by a command of the config. Run it from now on")
    child.sendline("y")
    child.expect("opening the console as")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def told_by(path: Path) -> list[str]:
    end = time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    lines = path.read_text().splitlines()
    path.unlink()
    return lines


def test_a_browser_per_account_is_agreed_to_once_and_gets_the_link(shell: Shell) -> None:
    told = browser(shell, "--new-tab", "{container}", account="333344445555")
    sentence = shell.fails(3, "console", "dev-ro", "s3")
    assert "opened by a command of the config" in sentence and "stsui console dev-ro" in sentence
    agree(shell, "dev-ro", "s3")
    flag, link = told_by(told)
    given = parse_qs(link.removeprefix("ext+container:"))
    assert flag == "--new-tab" and given["name"] == ["acme-dev"]
    query = parse_qs(urlsplit(given["url"][0]).query)
    assert query["Action"] == ["login"] and "/s3/home?region=eu-west-1" in query["Destination"][0]
    done = shell.run("console", "dev-ro", "ec2", "--region", "usw2")
    assert done.returncode == 0 and not done.stdout and "demo-sign-in" not in done.stderr
    assert "ec2%252Fhome%253Fregion%253Dus-west-2" in told_by(told)[1]


def test_over_ssh_and_without_a_browser_it_is_printed(shell: Shell) -> None:
    """S109: no text browser comes up."""
    told = browser(shell, "{url}")
    done = shell.run("console", "dev-ro", SSH_CONNECTION="10.0.0.1 1 10.0.0.2 22")
    assert done.returncode == 0 and "SigninToken=demo-sign-in" in done.stdout
    assert "this link signs anyone in" in done.stderr and not told.exists()
    shell.demo.config.write_text(shell.demo.config.read_text().replace("browser =", "# "))
    done = shell.run("console", "dev-ro", BROWSER="w3m", DISPLAY=":9")
    assert done.returncode == 0 and "SigninToken" in done.stdout


def test_a_browser_that_cannot_be_started_does_not_show_the_link(shell: Shell) -> None:
    shell.demo.config.write_text(
        shell.demo.config.read_text() + '\n[settings]\nbrowser = ["/nowhere/fox", "{url}"]\n'
    )
    child = pexpect.spawn(
        PYTHON[0],
        [*PYTHON[1:], "console", "dev-ro"],
        env={**shell.environ, "TERM": "xterm"},
        encoding="utf-8",
    )
    child.expect("from now on")
    child.sendline("y")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 2 and "/nowhere/fox cannot be started" in child.before
    assert "demo-sign-in" not in child.before


@pytest.mark.parametrize("value", ['["firefox"]', '"firefox {url}"', '["", "{url}"]', "[3]"])
def test_a_browser_that_cannot_be_is_a_problem_of_its_line(shell: Shell, value: str) -> None:
    shell.demo.config.write_text(shell.demo.config.read_text() + f"\n[settings]\nbrowser = {value}\n")
    done = shell.run("config", "check")
    assert done.returncode == 2 and "browser" in done.stdout
    assert shell.run("list").returncode == 0


def durations(shell: Shell) -> list[str]:
    """What was asked of the sign-in, one for each token that was given."""
    calls = [call for call in shell.demo.aws.calls if call.operation == "getSigninToken"]
    assert all(call.status == 200 for call in calls)
    return [call.parameters.get("SessionDuration", "") for call in calls]


def test_a_session_duration_only_where_aws_takes_it(shell: Shell) -> None:
    shell.ok("console", "dev-ro", "--print", "--session-duration", "8h")
    assert durations(shell) == ["28800"]
    done = shell.run("console", "dev-deploy", "--print", "--session-duration", "8h")
    assert done.returncode == 0 and "comes from temporary credentials" in done.stderr
    assert durations(shell) == ["28800", ""]
    assert "15m to 12h" in shell.fails(2, "console", "dev-ro", "--print", "--session-duration", "5m")
