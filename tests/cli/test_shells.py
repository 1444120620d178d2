"""A person's shell takes a role in as the README says, is the role, and is after --unset what it was before."""

import json
import shutil
import sys

import pytest

from stsui import help
from stsui.handover.environ import KEYS, SCRUB
from tests.cli.conftest import Shell
from tests.cli.shells import plain
from tests.documents import blocks

DUMP = f"{sys.executable} dump.py"
"""What a child of the shell sees, as one line of JSON."""
TAKE = {
    "bash": (["bash", "--norc", "-c"], 'eval "$({})"'),
    "zsh": (["zsh", "-f", "-c"], 'eval "$({})"'),
    "dash": (["dash", "-c"], 'eval "$({})"'),
    "ksh": (["ksh", "-c"], 'eval "$({})"'),
    "busybox": (["busybox", "sh", "-c"], 'eval "$({})"'),
    "fish": (["fish", "--no-config", "-c"], "{} | source"),
    "tcsh": (["tcsh", "-f", "-c"], 'eval "`{}`"'),
    "elvish": (["elvish", "-norc", "-c"], "eval ({} | slurp)"),
    "xonsh": (["xonsh", "--no-rc", "-c"], "execx($({}))"),
    "nu": (["nu", "-n", "-c"], "{} | from json | load-env"),
    "pwsh": (["pwsh", "-NoProfile", "-Command"], "{} | Out-String | Invoke-Expression"),
}
FORMAT = {"nu": "nushell", "pwsh": "powershell"}
NOISE = {
    "_",
    "SHLVL",
    "PWD",
    "OLDPWD",
    "LINES",
    "COLUMNS",
    "SHELL",
    "STSUI_RESTORE",
    "LAST_EXIT_CODE",
    "XONSH_CAPTURE_ALWAYS",
}
"""What shells set by themselves."""


def became(shell: Shell, program: str, *lines: str, **environ: str) -> list[dict[str, str]]:
    """What children of the shell saw at each dump; `lines` take `{}` for how the shell evaluates text."""
    (shell.directory / "dump.py").write_text(
        "import json, os; print(json.dumps(dict(os.environ)), flush=True)\n"
    )
    argv, take = TAKE[program]
    script = "\n".join(
        take.format(line.removeprefix("take ")) if line.startswith("take ") else line for line in lines
    )
    done = plain(shell, argv, script, **environ)
    assert "Traceback" not in done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert found, done.stderr
    return [{name: value for name, value in one.items() if name not in NOISE} for one in found]


@pytest.mark.parametrize("program", TAKE)
def test_a_shell_becomes_the_role_and_comes_back(shell: Shell, program: str) -> None:
    """S67, S69, S70: nothing of it is left, and what it took away is back."""
    name = FORMAT.get(program, program if program in ("fish", "tcsh", "xonsh", "elvish") else "bash")
    before, role, other, after = became(
        shell,
        program,
        DUMP,
        f"take stsui export dev-admin --format {name}",
        DUMP,
        f"take stsui export dev-ro --format {name}",
        DUMP,
        f"take stsui export --unset --format {name}",
        DUMP,
        AWS_PROFILE="mine",
        AWS_CONTAINER_CREDENTIALS_FULL_URI="http://localhost/x",
        AWS_ROLE_SESSION_NAME="it's $HOME `id` \\ me!",
        AWS_DEFAULT_REGION="eu-north-1",
    )
    assert role["STSUI_ROLE"] == "dev-admin" and other["STSUI_ROLE"] == "dev-ro"
    assert role["AWS_SESSION_TOKEN"].startswith("DEMOTOKEN")
    assert role["AWS_REGION"] == role["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert not {"AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_ROLE_SESSION_NAME"} & set(role)
    assert after == before


@pytest.mark.parametrize("program", ["bash", "fish", "tcsh", "xonsh"])
def test_auto_is_the_format_of_the_shell_that_calls(shell: Shell, program: str) -> None:
    wanted = {"bash": "export AWS", "fish": "set -gx AWS", "tcsh": "setenv AWS", "xonsh": "${'AWS"}[program]
    show = "stsui export dev-ro" if program == "xonsh" else "stsui export dev-ro; true"
    done = plain(shell, TAKE[program][0], show, SHELL="/bin/sh")
    assert wanted in done.stdout, done.stdout[:200] + done.stderr


@pytest.mark.parametrize(
    ("program", "language", "say"),
    [
        *((program, "ksh", 'echo "$STSUI_ROLE."') for program in ("ksh", "dash", "bash")),
        ("tcsh", "tcsh", 'printenv STSUI_ROLE || echo "."'),
        ("xonsh", "xonsh", "print(${...}.get('STSUI_ROLE', '') + '.')"),
    ],
)
def test_the_line_that_the_help_has_for_other_shells(
    shell: Shell, program: str, language: str, say: str
) -> None:
    (line,) = [each.text for each in blocks(help.text("hand-over")) if each.language == language]
    script = f"{line}sts dev-admin\nsts dev-ro\n{say}\nsts --unset\n{say}\n"
    file = shell.directory / f"start.{language}"
    file.write_text(script)
    done = plain(shell, TAKE[program][0][:-1], str(file))
    assert [word.rstrip(".") for word in done.stdout.split()] == ["dev-ro", ""], done.stdout + done.stderr


def test_keys_that_were_there_are_gone_afterwards_and_not_kept_anywhere(shell: Shell) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "AKIAOLD", "AWS_SECRET_ACCESS_KEY": "older", "AWS_SECURITY_TOKEN": "oldest"}
    role, after = became(
        shell, "bash", "take stsui export dev-ro", DUMP, "take stsui export --unset", DUMP, **keys
    )
    assert "older" not in json.dumps(role) and "AWS_SECURITY_TOKEN" not in role
    assert not set(KEYS) & set(after)


def test_fish_keeps_its_universal_variables(shell: Shell) -> None:
    """They are every fish's, so one shell that becomes a role must not remove them."""
    if not shutil.which("fish"):
        pytest.skip("fish is not installed")
    plain(shell, ["fish", "--no-config", "-c"], "true")
    argv = ["fish", "-c"]
    done = plain(
        shell,
        argv,
        "set -Ux AWS_PROFILE mine; stsui export dev-ro --format fish | source; "
        "stsui export --unset --format fish | source; echo after=$AWS_PROFILE",
    )
    assert done.stdout == "after=mine\n" and "AWS_PROFILE is a universal variable of fish" in done.stderr
    assert plain(shell, argv, "echo $AWS_PROFILE").stdout == "mine\n"


def test_a_dotenv_file_and_docker_flags_carry_the_same(shell: Shell) -> None:
    path = shell.directory / "exported" / ".env"
    path.parent.mkdir()
    line = f"stsui export dev-ro --format dotenv > {path}; set -a; . {path}; {DUMP}"
    (role,) = became(shell, "bash", line)
    table = json.loads(shell.ok("export", "dev-ro", "--format", "json"))
    assert {name: role[name] for name in table} == table and set(table) <= {
        *SCRUB,
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
    }
    # As it stands in `docker run $(…)`: split at spaces, and no quote is taken away.
    flags = plain(shell, ["bash", "-c"], "printf '%s\\n' $(stsui export dev-ro --format docker)").stdout
    given = flags.splitlines()
    assert given[::2] == ["-e"] * len(table) and given[1::2] == [f"{k}={v}" for k, v in table.items()]


def test_a_json_is_for_a_program(shell: Shell) -> None:
    table = json.loads(shell.ok("export", "dev-ro", "--format", "json"))
    assert table["AWS_CREDENTIAL_EXPIRATION"].endswith("Z") and table["STSUI_ACCOUNT"] == "333344445555"
