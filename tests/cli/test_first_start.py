"""The first command of somebody who has nothing, too little, or a strange computer: true, and useful."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).parents[2]
STSUI = [sys.executable, "-m", "stsui"]


def run(
    environ: dict[str, str], *argv: str, before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Without a terminal; nothing is ever a traceback, and nothing is left in the working directory."""
    place = Path(environ.get("HOME", "/tmp"))
    done = subprocess.run(
        [*before, *STSUI, *argv],
        env={**environ, "PYTHONPATH": str(ROOT)},
        cwd=place if place.is_dir() else "/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (("list",), 0, "Try: stsui help sources, or stsui demo"),
        (("export",), 2, "Try: stsui help sources"),
        (("assume", "prod"), 2, 'No role is called "prod"'),
        (("status",), 0, ""),
        (("config", "check"), 0, "0 roles, 0 out of reach, 0 problems"),
        ((), 2, "the board needs a terminal"),
    ],
)
def test_no_files_at_all(home: dict[str, str], argv: tuple[str, ...], code: int, words: str) -> None:
    done = run(home, *argv)
    assert done.returncode == code and words in done.stderr


def test_looking_around_writes_nothing_below_aws_s45(home: dict[str, str]) -> None:
    for argv in (("list",), ("doctor",), ("status",), ("list", "--roots"), ("config", "path")):
        run(home, *argv)
    assert not Path(home["HOME"], ".aws").exists() and not Path(home["HOME"], ".config").exists()


def test_an_aws_config_is_enough(home: dict[str, str]) -> None:
    aws = Path(home["HOME"], ".aws")
    aws.mkdir()
    (aws / "config").write_text(
        "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = corp\n"
    )
    (aws / "credentials").write_text(
        "[corp]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n"
    )
    assert "dev" in run(home, "list").stdout
    assert "AssumeRole" in run(home, "explain", "dev").stdout


@pytest.mark.parametrize(
    "broken", ["[roles.x", "\x00", "[settings]\nstore_dir = 3\n[roles.y]\nrole_arn = 'x'"]
)
def test_a_broken_config_is_named_and_the_rest_is_there(home: dict[str, str], broken: str) -> None:
    aws, own = Path(home["HOME"], ".aws"), Path(home["HOME"], ".config", "stsui")
    aws.mkdir()
    own.mkdir(parents=True)
    (aws / "config").write_text(
        "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\ncredential_source = Ec2InstanceMetadata\n"
    )
    (own / "config.toml").write_text(broken)
    done = run(home, "list")
    assert done.returncode == 0 and "dev" in done.stdout and "config.toml line" in done.stderr


def test_no_home(home: dict[str, str]) -> None:
    del home["HOME"], home["USER"]
    assert run(home, "list").returncode == 0


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root"
)
def test_a_user_that_the_system_does_not_know(tmp_path: Path) -> None:
    """As `docker run --user 4242` without a HOME."""
    tmp_path.chmod(0o777)
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    python = shutil.which("python3", path="/usr/bin:/bin") or ""
    before = ["setpriv", "--reuid", "4242", "--clear-groups", python]
    # Of the standard library alone: an interpreter of root's home is not for others to start.
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom stsui.cli.main import main\nsys.exit(main(['list']))"
    if not python or subprocess.run([*before, "-c", "import tomllib"], env=environ, check=False).returncode:
        pytest.skip("no other Python")
    done = subprocess.run(
        [*before, "-c", code], env=environ, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    if "Permission denied" in done.stderr:
        pytest.skip("another user cannot read this clone")
    assert done.returncode == 0 and "there is no role yet" in done.stderr, done.stderr
    assert not list(tmp_path.iterdir()), "a directory called ~"


def test_a_locale_without_the_characters(home: dict[str, str]) -> None:
    ascii_only = {**home, "LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ascii_only.pop("LANG", None)
    for argv in (("--help",), ("help", "start"), ("config", "example")):
        done = run(ascii_only, *argv)
        assert done.returncode == 0 and done.stdout, done.stderr


@pytest.mark.skipif(os.name != "posix", reason="a pseudo-terminal")
def test_a_terminal_that_cannot_draw(home: dict[str, str]) -> None:
    child = pexpect.spawn(
        STSUI[0],
        [*STSUI[1:]],
        env={**home, "TERM": "dumb", "PYTHONPATH": str(ROOT)},
        encoding="utf-8",
        timeout=30,
    )
    child.expect("TERM is dumb, and the board needs a terminal")
    child.expect('Try "stsui list"')
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 2


@pytest.mark.skipif(os.name != "posix", reason="shells of POSIX")
def test_one_line_takes_any_shell_into_the_demo_where_stsui_is_on_no_path(home: dict[str, str]) -> None:
    shells = [name for name in SHELLS if shutil.which(name, path="/usr/bin:/bin")]
    assert "sh" in shells
    with subprocess.Popen(
        [*STSUI, "demo", "--serve"],
        env={**home, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as demo:
        assert demo.stdout is not None
        typed = [
            demo.stdout.readline(),
            "stsui exec dev-data -- env",
            'echo "outside=$AWS_PROFILE$AWS_ACCESS_KEY_ID."',
        ]
        environ = {**home, "PATH": "/usr/bin:/bin", "AWS_PROFILE": "mine", "AWS_ACCESS_KEY_ID": "AKIAMINE"}
        done = {
            name: subprocess.run(
                [name, "-c", "\n".join(typed)],
                env=environ,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            for name in shells
        }
        demo.terminate()
    for name, told in done.items():
        assert "STSUI_ROLE=dev-data" in told.stdout and "outside=.\n" in told.stdout, (name, told.stderr)
        assert told.stderr.count("\n") == 1 and "stsui: dev-data" in told.stderr, (name, told.stderr)


SHELLS = ("sh", "bash", "dash", "zsh", "ksh", "fish")
