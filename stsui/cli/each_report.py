"""What `exec --each` says: a line of progress, each role's output in one piece, and a summary."""

import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from stsui.cli import describe, roles
from stsui.cli.context import Context
from stsui.model.errors import StoreError
from stsui.model.roles import Role
from stsui.model.text import clean

if TYPE_CHECKING:
    from stsui.cli.each import Result


class Report:
    """Output comes in the order of the roles, each role's as soon as those before it are through."""

    def __init__(
        self, context: Context, chosen: Sequence[Role], *, quiet: bool, as_json: bool, directory: str
    ) -> None:
        self.context, self.chosen = context, chosen
        self.quiet, self.as_json, self.directory = quiet, as_json, directory
        self._printed = 0
        self._drawn = False
        self._live = sys.stderr is not None and sys.stderr.isatty() and not as_json
        if directory:
            _made(directory)

    def take(self, result: "Result", done: "Mapping[str, Result]") -> None:
        """A result came."""
        if self.directory and result.code is not None:
            _write(self.directory, result)
        while self._printed < len(self.chosen) and self.chosen[self._printed].name in done:
            self._print(done[self.chosen[self._printed].name])
            self._printed += 1

    def _print(self, result: "Result") -> None:
        if self.quiet or self.as_json or self.directory or result.code is None:
            return
        self.clear()
        place = describe.place(roles.account(self.context, result.role))
        parts = (result.role.name, place, outcome(result))
        self.context.say("── " + "  ".join(part for part in parts if part))
        if sys.stdout is not None:
            sys.stdout.flush()
        for stream, content in ((1, result.out), (2, result.err)):
            _all(stream, content if content.endswith(b"\n") or not content else content + b"\n")

    def draw(self, done: "Mapping[str, Result]", running: Mapping[str, float]) -> None:
        """The line of progress, where somebody sees it."""
        if not self._live:
            return
        now = time.monotonic()
        failed = sum(1 for result in done.values() if not result.good)
        parts = [f"{len(done)} of {len(self.chosen)} done"]
        parts += [f"{failed} failed"] if failed else []
        if running:
            names = [f"{clean(name)} {int(now - since)} s" for name, since in list(running.items())]
            parts.append("running: " + ", ".join(names))
        width = shutil.get_terminal_size((80, 24)).columns - 1
        line = " · ".join(parts)
        sys.stderr.write(f"\r\x1b[K{line if len(line) <= width else line[: width - 1] + '…'}")
        sys.stderr.flush()
        self._drawn = True

    def clear(self) -> None:
        """Takes the line of progress away."""
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._drawn = False

    def end(self, results: "Sequence[Result]") -> None:
        """The rest, and the summary."""
        if self.as_json:
            self.context.write(
                describe.as_json({"results": [_described(result, self.context) for result in results]})
            )
        good = sum(1 for result in results if result.good)
        failed = [result for result in results if result.code]
        unrun = [result for result in results if result.code is None]
        counts = [f"{good} done"]
        counts += [f"{len(failed)} failed"] if failed else []
        counts += [f"{len(unrun)} not run"] if unrun else []
        s = "" if len(results) == 1 else "s"
        where = f" Output is in {clean(self.directory)}." if self.directory else ""
        self.context.say(f"stsui: {len(results)} role{s}: {', '.join(counts)}.{where}")
        width = max((len(result.role.name) for result in (*failed, *unrun)), default=0)
        for result in (*failed, *unrun):
            self.context.say(f"  {result.role.name:{width}}  {outcome(result)}  {_why(result)}".rstrip())


def outcome(result: "Result") -> str:
    """`done in 0.8 s`, `exit 2`, `killed by SIGTERM (143)`, `not run`."""
    if result.code is None:
        return "not run"
    if result.code == 0:
        return f"done in {result.seconds:.1f} s"
    if result.code > 128:
        try:
            return f"killed by {signal.Signals(result.code - 128).name} ({result.code})"
        except ValueError:
            pass
    return f"exit {result.code}"


def _why(result: "Result") -> str:
    """The error that kept it from running, or the last line that the command said."""
    if result.error is not None:
        hint = f" Try: {result.error.hint}" if result.error.hint else ""
        return f"{result.error.sentence}{hint}"
    said = [line for line in result.err.decode("utf-8", "replace").splitlines() if line.strip()]
    return clean(said[-1].strip(), 200) if said else ""


def _described(result: "Result", context: Context) -> dict[str, object]:
    return {
        **describe.describe_role(result.role, roles.account(context, result.role)),
        "exit_code": result.code,
        "seconds": round(result.seconds, 3),
        "stdout": result.out.decode("utf-8", "replace"),
        "stderr": result.err.decode("utf-8", "replace"),
        "error": str(result.error) if result.error else None,
    }


def _all(stream: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(stream, view) :]


def _made(directory: str) -> None:
    try:
        os.makedirs(directory, 0o700, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{clean(directory)} cannot be made ({error.strerror}).") from error


def _write(directory: str, result: "Result") -> None:
    """ROLE.out and ROLE.err: what a command says may be private."""
    name = re.sub(r"[^\w.@+-]", "-", result.role.name)
    for ending, content in (("out", result.out), ("err", result.err)):
        path = os.path.join(directory, f"{name}.{ending}")
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(content)
        except OSError as error:
            raise StoreError(f"{clean(path)} cannot be written ({error.strerror}).") from error
