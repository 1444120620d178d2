"""The function `sts`, the prompt's segment and completion, in real shells."""

import shutil
from pathlib import Path

import pexpect
import pytest

from stsui.handover import shells
from tests.cli.conftest import Shell
from tests.cli.shells import START, plain, started

POSIX = ("bash", "zsh")


@pytest.mark.parametrize("program", START)
def test_to_a_role_to_another_back_and_out(shell: Shell, program: str) -> None:
    """S70, S71: the start-up text is taken in twice."""
    say = 'print $"{} ($env.STSUI_ROLE?)($env.AWS_ACCESS_KEY_ID? | default "" | str substring ..3)"'
    if program != "nu":
        say = 'echo "{} $STSUI_ROLE$(printf %.4s $AWS_ACCESS_KEY_ID)"'
    if program == "fish":
        say = "echo {} $STSUI_ROLE(string sub -l 4 -- $AWS_ACCESS_KEY_ID)"
    line = "; ".join(
        [
            *("sts dev-admin", say.format(1), "sts dev-ro", say.format(2), "sts -", say.format(3)),
            *("stsui whoami", "sts --unset", say.format(4)),
        ]
    )
    done = started(shell, program, line)
    said = [text.rstrip() for text in done.stdout.splitlines()]
    assert said[:3] == ["1 dev-adminASIA", "2 dev-roASIA", "3 dev-adminASIA"], done.stdout + done.stderr
    assert "assumed-role/AdministratorAccess/" in said[3] and said[4].strip() == "4"


@pytest.mark.parametrize("program", START)
def test_a_failure_changes_nothing_and_gives_its_code(shell: Shell, program: str) -> None:
    say = {"fish": 'echo "$status $STSUI_ROLE"', "nu": "print $env.STSUI_ROLE"}.get(
        program, 'echo "$? $STSUI_ROLE"'
    )
    done = started(shell, program, f"sts dev-ro; sts prod-deploy --yes; {say}; sts nobody; {say}; sts -")
    wanted = ["dev-ro", "dev-ro"] if program == "nu" else ["1 dev-ro", "2 dev-ro"]
    assert done.stdout.splitlines() == wanted, done.stdout + done.stderr
    assert "AccessDenied" in done.stderr and "No role is called" in done.stderr
    assert "there was no role before this one" in done.stderr


@pytest.mark.parametrize("program", START)
def test_help_is_shown_and_not_evaluated(shell: Shell, program: str) -> None:
    done = started(shell, program, "sts --help")
    assert done.stdout.startswith("usage: stsui init") and not done.stderr


@pytest.mark.parametrize("program", START)
def test_picking_without_a_terminal_is_a_sentence(shell: Shell, program: str) -> None:
    done = started(shell, program, "sts")
    assert "picking needs a terminal" in done.stderr and not done.stdout


SEGMENT = {
    "bash": 'echo "$STS_PROMPT"',
    "zsh": 'echo "$STS_PROMPT"',
    "fish": "sts_prompt",
    "nu": "sts-prompt",
}
SET = {
    "bash": "{}='{}'",
    "zsh": "{}='{}'",
    "fish": "set -gx {} '{}'",
    "nu": "$env.{} = '{}'",
}


def segment(shell: Shell, program: str, **variables: str) -> str:
    lines = [SET[program].format(name, value) for name, value in variables.items()]
    if program in POSIX:
        lines += ["PATH=/nowhere", "_sts_prompt"]
    done = started(shell, program, "; ".join([*lines, SEGMENT[program]]))
    assert not done.stderr
    return done.stdout.rstrip("\n")


@pytest.mark.parametrize("program", START)
def test_the_prompt_says_role_word_and_time(shell: Shell, program: str) -> None:
    done = started(shell, program, f"sts dev-admin; {SEGMENT[program]}")
    said = done.stdout.rstrip()
    if program in POSIX:
        assert said in ("[dev-admin DEV 59m]", "[dev-admin DEV 1h0m]"), done.stdout + done.stderr
    else:
        assert said.startswith("[dev-admin DEV ") and said[15:-1] in ("59m", "1h0m"), (
            done.stdout + done.stderr
        )


LIVE = (
    (("prod-ro@read-only", "PROD", "1", "2020-02-29T23:59:59Z", "eu-west-1", ""), "live expired", True),
    (("dev-ro", "DEV", "1", "", "", "cut"), "[dev-ro DEV cut] ", False),
    (("dev-ro", "DEV", "1", "", "", "waits"), "[dev-ro DEV waits for you] ", False),
    (("dev-ro", "", "", "", "", ""), "[dev-ro live] ", False),
    (("", "", "", "", "", ""), "[no role live] ", False),
    (("a$(touch X)`b`", "", "", "", "", "$(touch X)"), "[a??touch X??b? live] ", False),
    (None, "[dev-admin gone] ", False),
)


@pytest.mark.parametrize("program", START)
def test_a_live_shells_prompt_is_its_slots_file(shell: Shell, program: str) -> None:
    file = shell.directory / "term-3.info"
    for lines, said, part in LIVE:
        file.unlink(missing_ok=True)
        if lines is not None:
            file.write_text("".join(f"{line}\n" for line in lines))
        prompt = segment(shell, program, STSUI_SLOT_FILE=str(file), STSUI_ROLE="dev-admin")
        assert said in prompt if part else prompt == said, (program, lines, prompt)
        if part:
            assert prompt.startswith("[prod-ro@read-only ") and ("31m" in prompt or "%F{red}" in prompt)
    assert not (shell.directory / "X").exists()


@pytest.mark.parametrize("program", START)
def test_the_prompt_takes_nothing_for_a_command(shell: Shell, program: str) -> None:
    prompt = segment(
        shell,
        program,
        STSUI_ROLE="a$(touch X)`b`%",
        STSUI_ENVIRONMENT="PROD",
        AWS_CREDENTIAL_EXPIRATION="2020-02-29T23:59:59Z",
    )
    assert "PROD" in prompt and "expired" in prompt
    assert "$(" not in prompt and "`" not in prompt and "a%" not in prompt
    assert "31m" in prompt or "%F{red}" in prompt
    assert not (shell.directory / "X").exists()


@pytest.mark.parametrize("program", START)
@pytest.mark.parametrize("end", ["a[$(touch X)]", "", "2026-13-45T99:99:99", "yesterday"])
def test_an_end_that_is_none_is_left_out(shell: Shell, program: str, end: str) -> None:
    prompt = segment(shell, program, STSUI_ROLE="dev", AWS_CREDENTIAL_EXPIRATION=end)
    assert prompt == "[dev] "
    assert not (shell.directory / "X").exists()


@pytest.mark.parametrize("end", ["2024-02-29T12:00:00Z", "2027-01-01T00:00:00Z", "2032-12-31T23:59:59Z"])
@pytest.mark.parametrize("program", POSIX)
def test_the_calendar_of_the_prompt_is_the_calendar(shell: Shell, program: str, end: str) -> None:
    import calendar
    import time

    at = calendar.timegm(time.strptime(end, "%Y-%m-%dT%H:%M:%SZ"))
    now = f"_sts_now() {{ now={at - 3 * 3600 - 120}; }}"
    line = f"{now}; STSUI_ROLE=dev; AWS_CREDENTIAL_EXPIRATION={end}; _sts_prompt; echo $STS_PROMPT"
    assert started(shell, program, line).stdout.strip() == "[dev 3h2m]"


def test_a_bash_without_a_clock_says_the_end(shell: Shell) -> None:
    line = (
        "_sts_now() { now=; }; STSUI_ROLE=dev; AWS_CREDENTIAL_EXPIRATION=2026-11-24T14:24:10Z; "
        '_sts_prompt; echo "$STS_PROMPT"'
    )
    assert started(shell, "bash", line).stdout.strip() == "[dev until 14:24Z]"


@pytest.mark.parametrize("program", ["bash", "zsh"])
def test_the_exit_status_passes_the_prompt_unchanged(shell: Shell, program: str) -> None:
    assert started(shell, program, "(exit 7); _sts_prompt; echo $?").stdout == "7\n"


def test_bash_keeps_what_the_prompt_did_before(shell: Shell) -> None:
    line = "PROMPT_COMMAND=mine; {0}; {0}; echo $PROMPT_COMMAND; {1}; {1}; echo $PS1".format(
        'eval "$(stsui init bash)"', 'PS1=here; eval "$(stsui init bash --prompt)"'
    )
    done = plain(shell, ["bash", "--norc", "-c"], line)
    assert done.stdout.splitlines() == ["_sts_prompt;mine", "${STS_PROMPT-}here"], done.stderr


@pytest.mark.parametrize("options", ["set -eu", "set -o posix; set +o posix", "set -f"])
def test_a_strict_bash_takes_it_in(shell: Shell, options: str) -> None:
    line = f'{options}; eval "$(stsui init bash --prompt)"; _sts_prompt; sts dev-ro; echo "$STSUI_ROLE"'
    done = plain(shell, ["bash", "--norc", "-c"], line)
    assert done.stdout == "dev-ro\n", done.stderr


@pytest.mark.parametrize(
    "options", ["nounset", "ksharrays", "shwordsplit", "errexit", "globsubst", "noclobber"]
)
def test_a_zsh_with_other_options_takes_it_in(shell: Shell, options: str) -> None:
    line = (
        f'setopt {options}; eval "$(stsui init zsh --prompt)"; _sts_prompt; sts dev-ro; '
        'print -r -- "$STSUI_ROLE"; sts --unset; print -r -- "${STSUI_ROLE-none}"'
    )
    done = plain(shell, ["zsh", "-f", "-c"], line)
    assert done.stdout == "dev-ro\nnone\n" and "eval" not in done.stderr, done.stderr


def test_it_is_sourced_from_a_login_file(shell: Shell) -> None:
    """S71: and once more from the other file, as people have it."""
    home = Path(shell.environ["HOME"])
    path = f'export PATH="{shell.environ["PATH"]}"\n'
    (home / ".bash_profile").write_text(path + 'eval "$(stsui init bash --prompt)"\n. ~/.bashrc\n')
    (home / ".bashrc").write_text('PS1="$ "\neval "$(stsui init bash --prompt)"\n')
    done = plain(shell, ["bash", "-lic"], 'sts dev-ro; echo "$STSUI_ROLE|$PS1"')
    assert done.stdout == "dev-ro|${STS_PROMPT-}$ \n", done.stderr


def test_a_role_is_picked_below_the_prompt(shell: Shell) -> None:
    child = pexpect.spawn(
        "bash",
        ["--norc"],
        env={**shell.environ, "TERM": "xterm-256color", "PS1": "$ "},
        encoding="utf-8",
        timeout=30,
        dimensions=(24, 100),
    )
    child.sendline('eval "$(stsui init bash)"; echo re""ady')
    child.expect("ready")
    child.sendline('sts; echo "now=$STSUI_ROLE"')
    child.expect("esc leave")
    child.send("dev adm")
    child.expect("1 of ")
    child.send("\r")
    child.expect("now=dev-admin")
    child.sendline('sts; echo "still=$? $STSUI_ROLE"')
    child.expect("esc leave")
    child.send("\x1b")
    child.expect("still=130 dev-admin")
    child.sendline("exit")
    child.expect(pexpect.EOF)
    child.close()


def test_a_shell_that_has_none(shell: Shell) -> None:
    assert "Did you mean fish" in shell.fails(2, "init", "fihs")
    assert "There are bash, zsh, fish, powershell, nushell" in shell.fails(2, "init", "cmd")


@pytest.mark.parametrize("name", shells.SHELLS)
def test_every_text_is_there_and_asks_for_its_own_format(name: str) -> None:
    text = shells.startup(name, prompt=True)
    assert f"--format {name if name != 'zsh' else 'bash'}" in text and shells.completion(name) in text


@pytest.mark.skipif(not shutil.which("pwsh"), reason="PowerShell is not installed")
def test_powershell_becomes_the_role_and_comes_back(shell: Shell) -> None:
    line = (
        "stsui init powershell | Out-String | Invoke-Expression; sts dev-admin; $Env:STSUI_ROLE; "
        'Get-StsPrompt; sts --unset; "$Env:STSUI_ROLE."'
    )
    done = plain(shell, ["pwsh", "-NoProfile", "-Command"], line)
    said = done.stdout.splitlines()
    assert said[0] == "dev-admin" and said[1].startswith("[dev-admin DEV ") and said[2] == ".", done.stderr
