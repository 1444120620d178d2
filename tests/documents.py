"""What a person may type, taken out of Markdown: blocks of shell, run against the demo, and commands in sentences.

A block of ```sh runs as it stands, all blocks of a paper in one bash, in which the session of ana is there, prod-ro was
let in, and acme-sso is signed in. What is meant to fail ends in a comment, `# …; exits 3`. What cannot run there says so in a
line before it, `<!-- not run: WHY -->`.
"""

import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.cli.conftest import Shell

SCREENS = frozenset({"stsui", "stsui demo"})
"""Lines that open a screen; the tests of the terminal do."""
_NOT_RUN = re.compile(r"<!-- not run: (.+) -->")
_SPAN = re.compile(r"`(stsui(?: [^`]*)?)`")
_EXITS = re.compile(r"#.*\bexits (\d+)\b")
WATCH = """
stsui() {
    command stsui "$@" && return
    local code=$?
    [ "$code" = "${EXPECTED:-}" ] && return "$code"
    echo "$code stsui $*" >> "$FAILED"
    return "$code"
}
PS1='$ '
"""


class Block(NamedTuple):
    """A fence and what is in it."""

    line: int
    language: str
    text: str
    not_run: str
    """Why not; empty: it is run."""


def blocks(markdown: str) -> Iterator[Block]:
    """The fenced blocks, in their order."""
    before, inside = "", None
    for number, line in enumerate(markdown.splitlines(), 1):
        if inside is None and line.startswith("```"):
            why = _NOT_RUN.fullmatch(before)
            inside = Block(number, line[3:].strip(), "", why[1] if why else "")
        elif inside is not None and line.startswith("```"):
            yield inside
            inside, before = None, ""
        elif inside is not None:
            inside = inside._replace(text=f"{inside.text}{line}\n")
        elif line.strip():
            before = line


def spans(markdown: str) -> Iterator[list[str]]:
    """Commands of ours in sentences and tables, as words."""
    for found in _SPAN.finditer(re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)):
        text = re.sub(r"[\[\]…|<>]|\\\|", " ", found[1])
        yield shlex.split(text.replace("'", "").replace('"', ""))


def script(markdown: str) -> str:
    """Every line that is to be run."""
    text = "".join(block.text for block in blocks(markdown) if block.language == "sh" and not block.not_run)
    lines = []
    for line in text.splitlines():
        exits = _EXITS.search(line)
        if line.partition(" #")[0].strip() not in SCREENS:
            lines += [f"EXPECTED={exits[1]}", line, "EXPECTED="] if exits else [line]
    return "\n".join(lines)


def prepared(shell: Shell) -> None:
    """What a person has done before: one code, one yes, one sign-in."""
    shell.ok("assume", "ana", "--mfa-code", "-", given=f"{shell.demo.code()}\n")
    shell.ok("assume", "prod-ro", "--yes")
    shell.demo.sign_in()


def run(shell: Shell, text: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The lines in one bash. stderr is what failed, with all that was said; empty when nothing did."""
    failed = shell.directory / "failed"
    done = subprocess.run(
        ["bash", "--norc", "-c", WATCH + text],
        env={**shell.environ, "FAILED": str(failed), "BROWSER": "true", "SHELL": "/bin/bash", **environ},
        cwd=shell.directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=240,
        check=False,
    )
    told = failed.read_text() if failed.exists() else ""
    wrong = f"{told}{done.returncode}\n{done.stderr}" if told or done.returncode else ""
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout, wrong)


def files(root: Path) -> Mapping[str, Path]:
    """The papers whose commands are run, by name."""
    return {path.name: path for path in sorted((root / "stsui" / "help").glob("*.md"))}
