"""Real shells, started as a person's: each takes the start-up text in twice, and then does what it is told."""

import shutil
import subprocess

import pytest

from tests.cli.conftest import Shell

START = {
    "bash": (["bash", "--norc", "-c"], 'eval "$(stsui init bash)"; eval "$(stsui init bash)"; {}'),
    "zsh": (["zsh", "-f", "-c"], 'eval "$(stsui init zsh)"; eval "$(stsui init zsh)"; {}'),
    "fish": (
        ["fish", "--no-config", "-c"],
        "stsui init fish | source; stsui init fish | source; {}",
    ),
    "nu": (
        ["nu", "-n", "-c"],
        "source stsui.nu; source stsui.nu; {}",
    ),
}


def started(shell: Shell, program: str, line: str) -> subprocess.CompletedProcess[str]:
    """The shell with `sts`, after it did `line`."""
    if not shutil.which(program, path=shell.environ["PATH"]):
        pytest.skip(f"{program} is not installed")
    argv, script = START[program]
    if program == "nu":
        (shell.directory / "stsui.nu").write_text(shell.ok("init", "nushell"))
    return plain(shell, argv, script.format(line))


def plain(shell: Shell, argv: list[str], script: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A shell without `sts`, after it did the script."""
    if not shutil.which(argv[0], path=shell.environ["PATH"]):
        pytest.skip(f"{argv[0]} is not installed")
    return subprocess.run(
        [*argv, script],
        env={**shell.environ, **environ},
        cwd=shell.directory,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        timeout=60,
        check=False,
    )
