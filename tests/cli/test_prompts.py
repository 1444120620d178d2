"""Questions on a real terminal, apart from stdout; and that they are asked only of whoever sits there."""

import pexpect

from tests.cli.conftest import PYTHON, Shell


def start(shell: Shell, line: str) -> pexpect.spawn:
    return pexpect.spawn(
        "bash", ["--norc", "-c", line], env={**shell.environ, "TERM": "xterm"}, encoding="utf-8", timeout=20
    )


def test_a_code_is_asked_for_and_stdout_stays_clean_s27(shell: Shell) -> None:
    stsui = " ".join(PYTHON)
    child = start(
        shell, f'eval "$({stsui} export ana)"; echo; echo role=$STSUI_ROLE key=${{#AWS_SECRET_ACCESS_KEY}}'
    )
    child.expect("ana-phone")
    child.sendline(shell.demo.code())
    child.expect("role=ana key=[1-9]")
    child.expect(pexpect.EOF)
    assert "DEMOSECRET" not in (child.before or "")


def test_a_wrong_code_may_be_corrected(shell: Shell) -> None:
    child = start(shell, f"{' '.join(PYTHON)} assume ana")
    child.expect("ana-phone")
    child.sendline("000000")
    child.expect("(?i)refused")
    child.sendline(shell.demo.code())
    child.expect("active")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_ctrl_c_at_the_prompt_ends_with_130_and_the_keys_still_show_s30(shell: Shell) -> None:
    child = start(shell, f"trap : INT; {' '.join(PYTHON)} assume ana; echo code=$?; stty -a")
    child.expect("ana-phone")
    child.sendintr()
    child.expect("code=130")
    child.expect(r"[ ;]echo[ ;]")
    child.expect(pexpect.EOF)
    assert "Traceback" not in (child.before or "")


def test_who_waits_behind_somebodys_prompt_is_told_at_once_s18(shell: Shell) -> None:
    first = start(shell, f"{' '.join(PYTHON)} assume ana")
    first.expect("ana-phone for ana: ")
    second = start(shell, f"{' '.join(PYTHON)} assume ana; echo code=$?")
    second.expect("Another stsui is asking for a code of .*ana-phone. Answer there.")
    second.expect("code=3")
    told = shell.fails(3, "credential-process", "ana")
    assert "stsui assume ana" in told
    first.sendline(shell.demo.code())
    first.expect("active")
    first.expect(pexpect.EOF)
    assert '"Version": 1' in shell.ok("credential-process", "ana"), "and then everybody is served"
    sent = [call for call in shell.demo.aws.calls if "TokenCode" in call.parameters]
    assert len(sent) == 1


def test_production_is_asked_about(shell: Shell) -> None:
    shell.ok("assume", "ana", "--mfa-code", "-", given=f"{shell.demo.code()}\n")
    child = start(shell, f"{' '.join(PYTHON)} assume prod-admin")
    child.expect("prod-admin is in acme-prod PROD. Use it")
    child.sendline("n")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 3
    child = start(shell, f"{' '.join(PYTHON)} assume prod-admin")
    child.expect("Use it")
    child.sendline("y")
    child.expect("active")
    child.expect(pexpect.EOF)


def test_secrets_do_not_show_on_a_terminal_unasked(shell: Shell) -> None:
    child = start(shell, f"{' '.join(PYTHON)} export dev-admin; {' '.join(PYTHON)} export dev-admin --show")
    child.expect("The secrets would show on the terminal")
    assert "DEMOTOKEN" not in child.before
    child.expect("DEMOTOKEN")
    child.expect(pexpect.EOF)


GUARDED = """
[roles.dev-admin]
guard = "type"
reason_required = true
[roles.dev-ro]
guard = "confirm"
each_time = true
"""


def test_a_guard_is_passed_at_the_terminal_and_then_programs_are_served(shell: Shell) -> None:
    with shell.demo.config.open("a") as file:
        file.write(GUARDED)
    assert "wants its account's name typed and a reason first" in shell.fails(
        3, "credential-process", "dev-admin"
    )
    child = start(shell, f"{' '.join(PYTHON)} assume dev-admin")
    child.expect("What is dev-admin for")
    child.sendline("INC-4711")
    child.expect("Type acme-dev to go on: ")
    child.sendline("acme-prod")
    child.expect("wants a person's yes first")
    child.expect(pexpect.EOF)
    assert shell.demo.aws.count() == 0
    child = start(shell, f"{' '.join(PYTHON)} assume dev-admin")
    child.expect("What is dev-admin for")
    child.sendline("INC-4711")
    child.expect("Type acme-dev to go on: ")
    child.sendline("acme-dev")
    child.expect("active")
    child.expect(pexpect.EOF)
    assert shell.ok("credential-process", "dev-admin"), "it was passed for this session"
    assert shell.demo.aws.calls[0].parameters["RoleSessionName"] == "ana-INC-4711"
    assert "passed: type" in shell.ok("ledger", "--kind", "guard")


def test_each_time_asks_the_person_again_and_no_program(shell: Shell) -> None:
    with shell.demo.config.open("a") as file:
        file.write(GUARDED)
    for _ in range(2):
        child = start(shell, f"{' '.join(PYTHON)} exec dev-ro -- true; echo code=$?")
        child.expect("dev-ro is in acme-dev DEV. Use it")
        child.sendline("y")
        child.expect("code=0")
        child.expect(pexpect.EOF)
    assert shell.ok("credential-process", "dev-ro")
    assert "wants a person's yes first" in shell.fails(3, "export", "dev-ro", "--format", "json")


def test_what_revokes_is_run_when_the_name_is_typed(shell: Shell) -> None:
    shell.ok("assume", "dev-admin")
    child = start(shell, f"{' '.join(PYTHON)} clear dev-admin --revoke; echo code=$?")
    child.expect("aws iam put-role-policy --role-name AdministratorAccess")
    child.expect("type AdministratorAccess")
    child.sendline("y")
    child.expect("Nothing was changed")
    child.expect("code=3")
    shell.ok("assume", "stg-admin", "--no-current")
    child = start(shell, f"{' '.join(PYTHON)} clear dev-admin --revoke --with stg-admin; echo code=$?")
    child.expect("stg-admin is in 222233334444, the role to revoke in 333344445555")
    child.expect("code=2")
    assert not shell.demo.aws.sts.attached
    child = start(shell, f"{' '.join(PYTHON)} clear dev-admin --revoke; echo code=$?")
    child.expect("type AdministratorAccess")
    child.sendline("AdministratorAccess")
    child.expect("revoked. dev-admin can be assumed again")
    child.expect("code=0")
    (policies,) = shell.demo.aws.sts.attached.values()
    assert "aws:TokenIssueTime" in policies["AWSRevokeOlderSessions"]
    assert "revoked" in shell.ok("ledger", "--kind", "drop")
