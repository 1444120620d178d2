"""The function `sts` in real shells."""

import shutil
import subprocess

import pytest

from tests.cli.conftest import Shell

USE = {
    "bash": 'eval "$(stsui init bash)"; eval "$(stsui init bash)"; {}',
    "zsh": 'eval "$(stsui init zsh)"; eval "$(stsui init zsh)"; {}',
    "fish": "stsui init fish | source; stsui init fish | source; {}",
}


def there(shell: Shell, program: str, line: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    argv = {"bash": ["--norc", "-c"], "zsh": ["-f", "-c"], "fish": ["--no-config", "-c"]}[program]
    return subprocess.run(
        [program, *argv, USE[program].format(line)],
        env=shell.environ,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("program", USE)
def test_to_a_role_to_another_back_and_out(shell: Shell, program: str) -> None:
    line = (
        'sts dev-admin; echo "1 $STSUI_ROLE"; sts dev-ro; echo "2 $STSUI_ROLE"; sts -; echo "3 $STSUI_ROLE"; '
        'stsui whoami --json | grep -c AdministratorAccess/; sts --unset; echo "4 $STSUI_ROLE$AWS_ACCESS_KEY_ID"'
    )
    done = there(shell, program, line)
    said = done.stdout.splitlines()
    assert said == ["1 dev-admin", "2 dev-ro", "3 dev-admin", "1", "4 "], done.stdout + done.stderr


@pytest.mark.parametrize("program", USE)
def test_a_failure_changes_nothing_and_gives_its_code(shell: Shell, program: str) -> None:
    code = "$status" if program == "fish" else "$?"
    line = (
        f'sts dev-ro; sts prod-deploy --yes; echo "{code} $STSUI_ROLE"; sts nobody; echo "{code} $STSUI_ROLE"'
    )
    done = there(shell, program, line)
    assert done.stdout.splitlines() == ["1 dev-ro", "2 dev-ro"], done.stdout + done.stderr
    assert "AccessDenied" in done.stderr and "No role is called" in done.stderr


@pytest.mark.parametrize("program", ["bash", "zsh"])
def test_the_prompt_says_role_word_and_time(shell: Shell, program: str) -> None:
    done = there(shell, program, 'sts dev-admin; PATH=/nowhere; _sts_prompt; echo "$STS_PROMPT"')
    assert done.stdout.strip() in ("[dev-admin DEV 59m]", "[dev-admin DEV 1h0m]"), done.stdout + done.stderr
    line = (
        "STSUI_ROLE='a$(touch X)`b`'; STSUI_ENVIRONMENT=PROD; AWS_CREDENTIAL_EXPIRATION=2020-02-29T23:59:59Z; "
        'PATH=/nowhere; _sts_prompt; echo "$STS_PROMPT"'
    )
    prompt = there(shell, program, line).stdout
    assert "PROD" in prompt and "expired" in prompt and "$(" not in prompt and "`" not in prompt
    assert ("31m" if program == "bash" else "%F{red}") in prompt


def test_completion_knows_the_roles(shell: Shell) -> None:
    line = "COMP_WORDS=(sts dev-ad); COMP_CWORD=1; _sts_complete; echo ${COMPREPLY[@]}"
    assert there(shell, "bash", line).stdout.strip() == "dev-admin"


def test_a_name_is_not_evaluated_by_completion(shell: Shell) -> None:
    config = shell.demo.config
    config.write_text(
        config.read_text()
        + '\n[roles."dev-ad$(touch PWNED)"]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\nsource_profile = "ana"\n'
    )
    line = "COMP_WORDS=(sts dev-ad); COMP_CWORD=1; _sts_complete; echo ${#COMPREPLY[@]} ${COMPREPLY[@]}"
    said = there(shell, "bash", f"cd {shell.directory}; {line}").stdout.strip()
    assert said.startswith("2 ") and not (shell.directory / "PWNED").exists(), said


def test_a_shell_that_has_none(shell: Shell) -> None:
    assert "Did you mean fish" in shell.fails(2, "init", "fihs")
