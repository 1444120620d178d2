"""Every format says the same values: golden text for each, and the real shells where they are installed."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stsui.handover import credentials_file, formats
from stsui.model.errors import ConfigError, StsuiError, UsageError

TABLE = {
    "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
    "AWS_REGION": "eu-west-1",
    "STSUI_ROLE": "it's $HOME `id` %PATH% !!",
}
GOLDEN = {
    "bash": (
        "unset AWS_PROFILE\nexport AWS_ACCESS_KEY_ID='ASIAEXAMPLE'\nexport AWS_REGION='eu-west-1'\n"
        "export STSUI_ROLE='it'\\''s $HOME `id` %PATH% !!'\n"
    ),
    "fish": (
        "set -eg AWS_PROFILE\nset -gx AWS_ACCESS_KEY_ID 'ASIAEXAMPLE'\nset -gx AWS_REGION 'eu-west-1'\n"
        "set -gx STSUI_ROLE 'it\\'s $HOME `id` %PATH% !!'\n"
        'for n in AWS_PROFILE; set -qU $n; and echo "stsui: $n is a universal variable of fish and may win over '
        'the session. To remove it: set -eU $n" >&2; end; true\n'
    ),
    "powershell": (
        "Remove-Item Env:AWS_PROFILE -ErrorAction SilentlyContinue\n$Env:AWS_ACCESS_KEY_ID = 'ASIAEXAMPLE'\n"
        "$Env:AWS_REGION = 'eu-west-1'\n$Env:STSUI_ROLE = 'it''s $HOME `id` %PATH% !!'\n"
    ),
    "cmd": (
        'set "AWS_PROFILE="\r\nset "AWS_ACCESS_KEY_ID=ASIAEXAMPLE"\r\nset "AWS_REGION=eu-west-1"\r\n'
        'set "STSUI_ROLE=it\'s $HOME `id` %%PATH%% !!"\r\n'
    ),
    "xonsh": (
        "if 'AWS_PROFILE' in ${...}: del ${'AWS_PROFILE'}\n${'AWS_ACCESS_KEY_ID'} = 'ASIAEXAMPLE'\n"
        "${'AWS_REGION'} = 'eu-west-1'\n${'STSUI_ROLE'} = \"it's $HOME `id` %PATH% !!\"\n"
    ),
    "tcsh": (
        "unsetenv AWS_PROFILE;\nsetenv AWS_ACCESS_KEY_ID 'ASIAEXAMPLE';\nsetenv AWS_REGION 'eu-west-1';\n"
        "setenv STSUI_ROLE 'it'\\''s $HOME `id` %PATH% \\!\\!';\n"
    ),
    "elvish": (
        "unset-env AWS_PROFILE\nset-env AWS_ACCESS_KEY_ID 'ASIAEXAMPLE'\nset-env AWS_REGION 'eu-west-1'\n"
        "set-env STSUI_ROLE 'it''s $HOME `id` %PATH% !!'\n"
    ),
    "docker": (
        "-e AWS_ACCESS_KEY_ID=ASIAEXAMPLE -e AWS_REGION=eu-west-1 "
        "-e 'STSUI_ROLE=it'\\''s $HOME `id` %PATH% !!'\n"
    ),
}
PRINT = {
    "sh": ("bash", ["sh", "-c"], 'eval "$(cat "$1")"; printf %s "$STSUI_ROLE"'),
    "dash": ("bash", ["dash", "-c"], 'eval "$(cat "$1")"; printf %s "$STSUI_ROLE"'),
    "bash": ("bash", ["bash", "-c"], 'eval "$(cat "$1")"; printf %s "$STSUI_ROLE"'),
    "zsh": ("bash", ["zsh", "-fc"], 'eval "$(cat "$1")"; printf %s "$STSUI_ROLE"'),
    "fish": ("fish", ["fish", "-c"], 'cat "$argv[1]" | source; printf %s "$STSUI_ROLE"'),
    "ksh": ("bash", ["ksh", "-c"], 'eval "$(cat "$1")"; printf %s "$STSUI_ROLE"'),
    "busybox": ("bash", ["busybox", "sh", "-c"], 'eval "$(cat "$1")"; printf %s "$STSUI_ROLE"'),
    "tcsh": ("tcsh", ["tcsh", "-fc"], None),
    "elvish": ("elvish", ["elvish", "-norc", "-c"], "eval (slurp < $args[0]); print $E:STSUI_ROLE"),
}
VALUES = st.text(
    st.characters(
        min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"]
    ),
    min_size=1,
    max_size=40,
).filter(lambda text: text.isprintable())
NASTY = [
    "'",
    '"',
    "\\",
    "$(touch PWNED)",
    "`touch PWNED`",
    "!!",
    "%PATH%",
    "a;touch PWNED",
    "${IFS}",
    "\\'",
    "’; x",
    "-e",
    "~",
    "*",
    "#",
    "&|<>",
]


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str) -> None:
    assert formats.render(name, TABLE, ["AWS_PROFILE"]) == GOLDEN[name]


@pytest.mark.parametrize("name", ["json", "nushell"])
def test_json_is_json(name: str) -> None:
    assert json.loads(formats.render(name, TABLE)) == TABLE


def test_nushell_hides_what_would_shadow() -> None:
    given = json.loads(formats.render("nushell", TABLE, ["AWS_PROFILE", "AWS_REGION"]))
    assert given == {**TABLE, "AWS_PROFILE": None}


def test_dotenv_is_read_alike_by_all_or_refused() -> None:
    assert formats.render("dotenv", {"A": "b/c+d=", "B": "with space"}) == "A=b/c+d=\nB='with space'\n"
    with pytest.raises(ConfigError, match="quote"):
        formats.render("dotenv", TABLE)


def _run(shell: str, values: list[str], directory: Path) -> list[str]:
    """What the real shell holds after taking each value in."""
    name, argv, script = PRINT[shell]
    found = []
    for n, value in enumerate(values):
        file = directory / f"{n}.txt"
        file.write_text(formats.render(name, {"STSUI_ROLE": value}), encoding="utf-8")
        if script is None:
            # As people write it: the text of the command, evaluated.
            line = f'eval "`cat {file}`"; printenv STSUI_ROLE'
            done = subprocess.run([*argv, line], capture_output=True, cwd=directory, check=True)
        else:
            end = [shell, str(file)] if shell not in ("fish", "elvish") else [str(file)]
            done = subprocess.run([*argv, script, *end], capture_output=True, cwd=directory, check=True)
        found.append(done.stdout.decode().removesuffix("\n"))
    return found


@pytest.mark.parametrize("shell", PRINT)
def test_real_shells_hold_the_very_values(shell: str, tmp_path: Path) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    assert _run(shell, NASTY, tmp_path) == NASTY
    assert not (tmp_path / "PWNED").exists()


MANY = {
    # How the shell takes the file in and prints every variable itself: so many do not fit into a child's environment.
    "bash": (
        ["bash", "--norc", "-c"],
        'eval "$(cat FILE)"; for i in {0..LAST}; do n=V$i; builtin printf "%s=%s\\0" "$n" "${!n}"; done',
    ),
    "zsh": (
        ["zsh", "-fc"],
        'eval "$(cat FILE)"; for i in {0..LAST}; do n=V$i; print -rN -- "$n=${(P)n}"; done',
    ),
    "dash": (
        ["dash", "-c"],
        'eval "$(cat FILE)"; i=0; while [ $i -le LAST ]; do eval "printf \'%s=%s\\0\' V$i \\"\\$V$i\\""; i=$((i+1)); done',
    ),
    "fish": (
        ["fish", "--no-config", "-c"],
        "cat FILE | source; for n in V(seq 0 LAST); printf '%s=%s\\0' $n $$n; end",
    ),
    "tcsh": (["tcsh", "-fc"], "source FILE; printenv | tr '\\n' '\\0'"),
    "nu": (
        ["nu", "-n", "-c"],
        'open FILE | from json | load-env; 0..LAST | each {|i| $"V($i)=($env | get $"V($i)")" } '
        "| str join (char -i 0) | print -n",
    ),
    "xonsh": (
        ["xonsh", "--no-rc", "-c"],
        "execx(open('FILE', encoding='utf-8').read())\n"
        "for i in range(LAST + 1): print(f'V{i}=' + str(__xonsh__.env[f'V{i}']), end=chr(0))",
    ),
}
HOW_MANY = {"xonsh": 600, "tcsh": 1_500, "nu": 1_500}
"""Where a shell needs a minute for ten thousand."""


@cache
def hostile_values() -> list[str]:
    """What is put together of what shells act on comes last."""
    values: list[str] = []

    @settings(max_examples=250, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(VALUES, min_size=45, max_size=50))
    def gather(some: list[str]) -> None:
        values.extend(some)

    gather()
    values += [f"{a}{b}" for a in NASTY for b in NASTY]
    assert len(values) > 9_000
    return values


@pytest.mark.parametrize("shell", MANY)
def test_ten_thousand_hostile_values_execute_nothing(shell: str, tmp_path: Path) -> None:
    """S70, T16: all at once in one shell, so that it is ten thousand and not ten."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    if not shutil.which(shell, path=path):
        pytest.skip(f"{shell} is not installed")
    values = hostile_values()
    table = {f"V{n}": value for n, value in enumerate(values[-HOW_MANY.get(shell, 10_000) :])}
    # hypothesis takes words of our own sources for values, those that the scan for secrets looks for too.
    file = tmp_path / "exported" / "all.txt"
    file.parent.mkdir()
    name = {"nu": "nushell"}.get(shell, shell)
    file.write_text(formats.render(name, table), encoding="utf-8")
    argv, script = MANY[shell]
    done = subprocess.run(
        [*argv, script.replace("FILE", str(file)).replace("LAST", str(len(table) - 1))],
        capture_output=True,
        cwd=tmp_path,
        env={"PATH": path, "LANG": "C.UTF-8", "HOME": str(tmp_path), "XONSH_DATA_DIR": str(tmp_path)},
        check=False,
    )
    assert not (tmp_path / "PWNED").exists()
    got = dict(part.split("=", 1) for part in done.stdout.decode().split("\0") if "=" in part)
    assert {name: got.get(name) for name in table} == table, done.stderr[-500:]


@pytest.mark.parametrize("name", formats.FORMATS)
@pytest.mark.parametrize("value", ["a\nb", "a\x1b[31m", "a\x00", "a\r"])
def test_control_characters_are_refused_everywhere(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match="control character"):
        formats.render(name, {"A": value})


@pytest.mark.parametrize("name", formats.FORMATS)
def test_names_are_names(name: str) -> None:
    with pytest.raises(ConfigError, match="name of a variable"):
        formats.render(name, {"A;touch PWNED": "x"})


def test_a_format_that_is_not_one() -> None:
    with pytest.raises(UsageError, match="Did you mean bash"):
        formats.find("bahs")
    assert formats.find("zsh").name == "bash" and formats.find("nu").name == "nushell"


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_preview_holds_no_secret(name: str) -> None:
    table = {
        "AWS_ACCESS_KEY_ID": "ASIA2222333344445555",
        "AWS_SECRET_ACCESS_KEY": "very-secret",
        "AWS_SESSION_TOKEN": "tokentoken",
        "AWS_REGION": "eu-west-1",
    }
    text = formats.preview(name, table)
    assert "very-secret" not in text and "tokentoken" not in text and "3333" not in text
    assert "eu-west-1" in text and text.count(formats.STARS) == 2


def test_the_shell_that_called_is_known() -> None:
    parent = Path("/proc/self/comm").read_text().strip()
    assert parent and formats.shell_format({"SHELL": "/usr/bin/fish"}) in {"fish", "bash"}


@given(VALUES)
def test_a_section_of_the_credentials_file_is_refused_or_read_back(name: str) -> None:
    import configparser

    table = {
        "AWS_ACCESS_KEY_ID": "ASIAX",
        "AWS_SECRET_ACCESS_KEY": "s/+=",
        "AWS_SESSION_TOKEN": "t",
        "AWS_CREDENTIAL_EXPIRATION": "2026-11-24T14:24:10Z",
        "STSUI_ROLE": "dev",
    }
    try:
        text = credentials_file.section(name, table)
    except StsuiError:
        return
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    assert parser.sections() == [name] and parser[name]["aws_secret_access_key"] == "s/+="
