"""What TAB offers: by the shells themselves, from an index that no changed file survives."""

import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

from stsui.cli import words
from stsui.cli.words import candidates
from stsui.handover.slots import Info, Slot
from tests.cli.conftest import Shell
from tests.cli.shells import plain, started
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    with demo_world(tmp_path / "home") as world:
        return world


def names(demo: Demo, *line: str) -> list[str]:
    return [word.partition("\t")[0] for word in candidates(line, demo.environ)]


def test_commands_flags_values_and_roles(demo: Demo) -> None:
    assert names(demo, "stsui", "exp") == ["export", "explain"] or set(names(demo, "stsui", "exp")) == {
        "export",
        "explain",
    }
    assert names(demo, "stsui", "export", "--f") == ["--from", "--format"]
    assert names(demo, "stsui", "export", "--format", "ba") == ["bash"]
    assert names(demo, "stsui", "export", "--format=ba") == ["--format=bash"]
    assert names(demo, "stsui", "export", "dev-ad") == ["dev-admin"]
    assert names(demo, "stsui", "export", "--from", "dev-ad") == ["dev-admin"]
    assert names(demo, "stsui", "--debug", "export", "--min-ttl", "1h", "dev-ad") == ["dev-admin"]
    assert names(demo, "stsui", "export", "dev-admin", "") == []
    assert names(demo, "stsui", "exec", "dev-admin", "--", "l") == []
    assert names(demo, "stsui", "config", "pro") == ["profiles"]
    assert names(demo, "stsui", "init", "fi") == ["fish"]
    assert names(demo, "sts", "dev-ad") == ["dev-admin"]
    assert "-" in names(demo, "sts", "") and "--unset" in names(demo, "/usr/bin/sts", "--")
    assert names(demo, "stsui", "nonsense", "x") == [] and names(demo, "stsui") == []


def test_a_role_says_where_it_is(demo: Demo) -> None:
    assert candidates(["sts", "prod-r"], demo.environ) == ["prod-ro\tPROD acme-prod"]


def test_variants_roots_regions_and_slots(demo: Demo) -> None:
    assert names(demo, "stsui", "export", "dev-ro@") == [
        *("dev-ro@read-only", "dev-ro@one-bucket:bucket=", "dev-ro@full")
    ]
    assert names(demo, "stsui", "exec", "dev-ro@re") == ["dev-ro@read-only"]
    assert names(demo, "stsui", "export", "--from", "dev-ro@f") == ["dev-ro@full"]
    assert names(demo, "stsui", "export", "nobody@") == []
    assert names(demo, "stsui", "login", "") == ["acme-sso", "ana"]
    assert names(demo, "stsui", "logout", "") == ["acme-sso"]
    assert "eu-central-1" in names(demo, "stsui", "console", "dev-ro", "--region", "eu-")
    assert names(demo, "stsui", "slot", "point", "") == []
    slots = demo.services().live.slots
    slots.keep(Slot("term-1", "dev-ro", "eu-west-1"))
    slots.tell("term-1", Info("dev-ro", "DEV"))
    assert candidates(["stsui", "slot", "point", "t"], demo.environ) == ["term-1\tdev-ro"]
    assert names(demo, "stsui", "slot", "cut", "") == [".", "term-1"]
    assert names(demo, "stsui", "slot", "point", "term-1", "dev-ad") == ["dev-admin"]


def test_a_changed_file_is_seen_at_the_next_key(demo: Demo) -> None:
    assert names(demo, "sts", "brand-new") == []
    demo.config.write_text(
        demo.config.read_text()
        + '\n[roles.brand-new]\nrole_arn = "arn:aws:iam::333344445555:role/X"\nsource_profile = "ana"\n'
    )
    assert names(demo, "sts", "brand-new") == ["brand-new"]
    extra = demo.config.parent / "conf.d"
    extra.mkdir()
    (extra / "a.toml").write_text(demo.config.read_text()[-110:].replace("brand-new", "brand-newer"))
    assert names(demo, "sts", "brand-newer") == ["brand-newer"]
    (extra / "a.toml").unlink()
    assert names(demo, "sts", "brand-newer") == []


def test_another_config_has_other_names(demo: Demo, tmp_path: Path) -> None:
    names(demo, "sts", "")
    other = tmp_path / "config"
    other.write_text("[profile elsewhere]\ncredential_process = x\n")
    environ = {**demo.environ, "AWS_CONFIG_FILE": str(other)}
    assert [w.partition("\t")[0] for w in candidates(["sts", "else"], environ)] == ["elsewhere"]
    assert names(demo, "sts", "else") == []


def test_the_index_is_private_and_a_damaged_one_is_made_again(demo: Demo) -> None:
    names(demo, "sts", "")
    (path,) = Path(demo.environ["XDG_RUNTIME_DIR"], "stsui", "words").glob("*.txt")
    assert path.stat().st_mode & 0o777 == 0o600
    for damage in (b"", b"\xff\xfe", path.read_bytes()[:300], b"x" * 100):
        path.write_bytes(damage)
        assert names(demo, "sts", "dev-ad") == ["dev-admin"]


def test_where_nothing_can_be_kept_it_answers_all_the_same(demo: Demo) -> None:
    environ = {**demo.environ, "XDG_RUNTIME_DIR": "/dev/null", "XDG_CACHE_HOME": "/dev/null/x"}
    assert candidates(["sts", "dev-ad"], environ) == ["dev-admin\tDEV acme-dev"]


def test_the_second_key_reads_one_file(shell: Shell) -> None:
    """No TOML, no AWS files, no argparse: what a key press may cost."""
    shell.ok("completion", "--line", "sts", "dev")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "stsui", "completion", "--line", "sts", "dev-ad"],
        env=shell.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.stdout == "dev-admin\tDEV acme-dev\n"
    assert not loaded & {"argparse", "tomllib", "json", "pathlib", "stsui.config.catalog", "stsui.wiring"}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("sts dev-ad", "dev-admin"),
        ("stsui exp", "explain export"),
        ("X=1 stsui export --format=tc", "tcsh"),
        ("stsui export acme@dev", ""),
        ("stsui export dev-ro@re", "@read-only"),
        ("stsui exec dev-ro -- mkte", "mktemp"),
    ],
)
def test_bash(shell: Shell, line: str, wanted: str) -> None:
    split = line.replace("=", " = ").replace("@", " @").split()
    call = (
        f"COMP_LINE='{line}'; COMP_POINT={len(line)}; COMP_WORDS=({' '.join(split)}); "
        f"COMP_CWORD={len(split) - 1}; _stsui_complete; echo $(printf '%s\\n' ${{COMPREPLY[@]}} | sort -u)"
    )
    assert started(shell, "bash", call).stdout.strip() == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("sts dev-ad", "dev-admin\tDEV acme-dev"),
        ("stsui exec dev-ro -- mkte", "mktemp"),
        ("stsui export --format xo", "xonsh"),
    ],
)
def test_fish(shell: Shell, line: str, wanted: str) -> None:
    offered = started(shell, "fish", f"complete -C '{line}'").stdout.splitlines()
    assert any(text.startswith(wanted) for text in offered), offered


COMPINIT = "autoload -U compinit && compinit -D"


@pytest.mark.parametrize(
    "line",
    [
        f'{COMPINIT}; eval "$(stsui init zsh)"',
        f'eval "$(stsui init zsh)"; {COMPINIT}',
        'eval "$(stsui init zsh)"',
    ],
    ids=["compinit before", "compinit after", "no compinit"],
)
def test_zsh_by_its_own_key(shell: Shell, line: str) -> None:
    if plain(shell, ["zsh", "-f", "-c"], "true").returncode:
        pytest.skip("zsh does not run")
    child = pexpect.spawn(
        "zsh",
        ["-f", "-i"],
        env={**shell.environ, "TERM": "xterm", "PS1": "$ "},
        encoding="utf-8",
        timeout=20,
        dimensions=(24, 100),
    )
    child.sendline(f'{line}; echo re""ady')
    child.expect("ready")
    child.expect(r"\$ ")
    child.send("echo sts; sts dev-ad\t")
    child.expect("dev-admin")
    child.send("\x15stsui exec dev-ro -- mktem\t")
    child.expect("mktemp")
    child.send("\x15sts dev-ro@re\t")
    child.expect("dev-ro@read-only")
    child.sendline("\x15exit")
    child.expect(pexpect.EOF)
    child.close()


def test_a_name_is_not_evaluated(shell: Shell) -> None:
    config = shell.demo.config
    config.write_text(
        config.read_text()
        + '\n[roles."dev-ad$(touch PWNED)"]\nrole_arn = "arn:aws:iam::333344445555:role/ReadOnly"\nsource_profile = "ana"\n'
    )
    line = (
        "COMP_LINE='sts dev-ad'; COMP_POINT=10; COMP_WORDS=(sts dev-ad); COMP_CWORD=1; _stsui_complete; "
        "echo ${#COMPREPLY[@]} ${COMPREPLY[@]}"
    )
    said = started(shell, "bash", f"cd {shell.directory}; {line}").stdout.strip()
    assert said.startswith("2 ") and not (shell.directory / "PWNED").exists(), said


def test_completion_alone(shell: Shell) -> None:
    text = shell.ok("completion", "bash")
    assert "complete -F" in text and "sts()" not in text


def test_every_flag_that_a_command_has_is_offered(demo: Demo) -> None:
    index = words._made(demo.environ)
    for command, flags in index.flags.items():
        assert "--help" in [flag for flag, _, _ in flags], command
    assert os.path.isdir(demo.environ["XDG_RUNTIME_DIR"])
