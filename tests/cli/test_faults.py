"""A disk that takes nothing, homes that are not there: credentials are delivered all the same, or it is said why."""

import contextlib
import json
import os
import shlex
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.cli.conftest import PYTHON, Shell


def limited(shell: Shell, before: str, *argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """stsui below a shell that set something first, such as the largest file that may be written."""
    line = f"{before}; exec {shlex.join([*PYTHON, *argv])}"
    return subprocess.run(
        ["bash", "-c", line],
        env={**shell.environ, **environ},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("largest", ["0", "1"])
def test_a_full_disk_delivers_and_says_so(shell: Shell, largest: str) -> None:
    done = limited(shell, f"ulimit -f {largest}", "credential-process", "dev-admin")
    assert done.returncode == 0, done.stderr
    assert '"SessionToken": "DEMOTOKEN' in done.stdout and "Traceback" not in done.stderr
    left = list(Path(shell.environ["XDG_RUNTIME_DIR"]).rglob("*.tmp"))
    assert not left or largest == "1"
    assert limited(shell, "true", "credential-process", "dev-admin").returncode == 0


def test_a_full_disk_is_named_where_a_person_reads(shell: Shell) -> None:
    done = limited(shell, "ulimit -f 0", "export", "dev-admin")
    assert done.returncode == 0 and "export AWS_SESSION_TOKEN=" in done.stdout
    assert "cannot be written" in done.stderr or "could not be written" in done.stderr, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("argv", [("export", "dev-admin", "--format", "bash"), ("list",), ("status",)])
def test_a_full_stdout_is_a_sentence_and_exit_4(shell: Shell, argv: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*PYTHON, *argv], env=shell.environ, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 4, done.stderr
    assert done.stderr.strip() == "stsui: stdout cannot be written (No space left on device)."


@pytest.mark.parametrize(
    "argv",
    [
        ("export", "dev-ro", "--format", "bash"),
        ("export", "dev-ro", "--format", "credentials-file", "--write"),
        ("exec", "dev-ro", "--", "touch", "ran"),
        ("credential-process", "dev-ro"),
        ("console", "dev-ro", "--print"),
    ],
    ids=lambda argv: " ".join(argv),
)
def test_over_and_aws_is_down_gives_nothing_out(shell: Shell, argv: tuple[str, ...]) -> None:
    shell.ok("export", "dev-ro", "--format", "json")
    (kept,) = Path(shell.environ["XDG_RUNTIME_DIR"], "stsui", "sessions").glob("*.json")
    document = json.loads(kept.read_text())
    kept.write_text(json.dumps({**document, "expiration": int(time.time()) - 60}))
    shell.demo.aws.down = True
    before = {path: path.read_bytes() for path in Path(shell.environ["HOME"], ".aws").glob("cred*")}
    said = shell.fails(4, *argv, AWS_MAX_ATTEMPTS="1")
    assert said.startswith("stsui: 127.0.0.1 cannot be reached.") and said.count("\n") == 1, said
    assert not (shell.directory / "ran").exists()
    assert before == {path: path.read_bytes() for path in before}


def unmounted() -> str:
    """Why a read-only mount cannot be had here; empty where it can."""
    try:
        done = subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False)
    except OSError:
        return "unshare is not installed"
    return "" if done.returncode == 0 else "needs a mount namespace of its own"


@pytest.mark.skipif(bool(unmounted()), reason=unmounted() or "-")
@pytest.mark.parametrize(
    "argv",
    [
        ("config", "profiles", "--write", "--yes"),
        ("export", "dev-ro", "--format", "credentials-file", "--write"),
    ],
    ids=["profiles", "credentials file"],
)
def test_a_dot_aws_that_is_read_only_stays_as_it_is(shell: Shell, argv: tuple[str, ...]) -> None:
    aws = shlex.quote(str(Path(shell.environ["HOME"], ".aws")))
    line = (
        f"mount --bind {aws} {aws} && mount -o remount,bind,ro {aws} && exec {shlex.join([*PYTHON, *argv])}"
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", line], env=shell.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 4, done.stderr
    assert "cannot be written (it is read-only). Nothing was changed." in done.stderr
    assert "Traceback" not in done.stderr
    # Other ways do not need it.
    assert shell.ok("credential-process", "dev-ro")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_where_the_ledger_is_hangs_nobody(shell: Shell) -> None:
    state = Path(shell.environ["XDG_STATE_HOME"], "stsui")
    state.mkdir(parents=True, mode=0o700)
    os.mkfifo(state / "ledger.jsonl", 0o600)
    assert shell.ok("export", "dev-admin").startswith("unset")
    shell.ok("ledger")


@pytest.mark.parametrize("directory", ["/dev/null/x", "/proc/nowhere", ""])
def test_a_runtime_directory_that_is_none(shell: Shell, directory: str) -> None:
    done = limited(shell, "true", "export", "dev-admin", XDG_RUNTIME_DIR=directory)
    assert (
        done.returncode == 0 and "export AWS_SESSION_TOKEN=" in done.stdout and "Traceback" not in done.stderr
    )


@pytest.mark.parametrize("umask", ["000", "022", "077", "777"])
def test_any_umask_leaves_private_files(shell: Shell, umask: str) -> None:
    done = limited(shell, f"umask {umask}", "export", "dev-admin")
    assert done.returncode == 0, done.stderr
    for path in Path(shell.environ["XDG_RUNTIME_DIR"]).rglob("*"):
        if "stsui" in str(path):
            assert path.stat().st_mode & 0o077 == 0, path


def test_few_open_files(shell: Shell) -> None:
    done = limited(shell, "ulimit -n 40", "export", "dev-admin")
    assert done.returncode == 0 and "export AWS_SESSION_TOKEN=" in done.stdout, done.stderr


def test_no_home(shell: Shell, tmp_path: Path) -> None:
    done = limited(shell, "true", "export", "dev-admin", HOME=str(tmp_path / "gone"))
    assert "Traceback" not in done.stderr and done.returncode in (0, 2, 4)


def test_a_first_start_writes_nothing_below_dot_aws_s45(shell: Shell) -> None:
    directory = Path(shell.environ["HOME"], ".aws")

    def everything() -> dict[str, tuple[bytes, int]]:
        return {
            str(path): (path.read_bytes(), path.stat().st_mtime_ns)
            for path in directory.rglob("*")
            if path.is_file()
        }

    before = everything()
    for argv in (["list"], ["status"], ["assume", "dev-admin"], ["export", "dev-ro"], ["config", "check"]):
        shell.run(*argv)
    shell.run("clear", "--all")
    assert everything() == before


DUMPABLE = """
import ctypes, os, sys
from stsui.cli.main import main
from stsui.cli.context import Context
assert main(["assume", "dev-admin"]) == 0
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_process_that_talked_to_aws_leaves_no_core_and_no_memory_to_read_t5(shell: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DUMPABLE], env=shell.environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0", "PR_GET_DUMPABLE"


@pytest.mark.skipif(not os.path.exists("/proc/self/cmdline"), reason="needs /proc")
def test_no_secret_stands_in_the_process_list_t8(shell: Shell) -> None:
    over, seen = threading.Event(), set()

    def look() -> None:
        while not over.is_set():
            for entry in os.listdir("/proc"):
                if entry.isdigit():
                    with contextlib.suppress(OSError), open(f"/proc/{entry}/cmdline", "rb") as file:
                        seen.add(file.read())
            over.wait(0.005)

    watcher = threading.Thread(target=look)
    watcher.start()
    code = shell.demo.code()
    shell.ok("assume", "ana", "--mfa-code", "-", given=f"{code}\n")
    shell.ok("exec", "dev-admin", "--", sys.executable, "-c", "import time; time.sleep(0.1)")
    shell.ok("export", "dev-ro")
    shell.ok("console", "dev-ro", "--print")
    over.set()
    watcher.join()
    ours = [argv for argv in seen if b"stsui" in argv]
    assert ours, "they were seen"
    assert not [a for a in seen if b"DEMOSECRET" in a or b"DEMOTOKEN" in a or b"demo-sign-in" in a]
    assert not [argv for argv in ours if code.encode() in argv]
