"""Commands as processes of their own without a new interpreter for each: a warm one forks for every command."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Forks:
    """`python -m stsui` of a process that has already loaded it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.forks"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(
        self, argv: list[str], environ: Mapping[str, str], cwd: str, given: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """One command in a session of its own, without a terminal."""
        assert self._process.stdin and self._process.stdout
        order = {"argv": argv, "environ": dict(environ), "cwd": cwd, "given": given or ""}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        done = json.loads(self._process.stdout.readline())
        return subprocess.CompletedProcess(argv, done["code"], done["out"], done["err"])

    def close(self) -> None:
        """No further commands."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def _serve() -> None:
    import boto3  # noqa: F401 - loaded once for all

    import stsui.aws.sts
    import stsui.server.live
    import stsui.wiring  # noqa: F401

    for line in sys.stdin:
        print(json.dumps(_one(json.loads(line))), flush=True)


def _one(order: dict[str, Any]) -> dict[str, Any]:
    inputs, outputs, errors = (os.memfd_create(name) for name in ("in", "out", "err"))
    os.write(inputs, order["given"].encode())
    os.lseek(inputs, 0, os.SEEK_SET)
    pid = os.fork()
    if pid == 0:
        _become(order, (inputs, outputs, errors))
    _, status = os.waitpid(pid, 0)
    texts = []
    for handle in (outputs, errors):
        os.lseek(handle, 0, os.SEEK_SET)
        with open(handle, encoding="utf-8") as file:
            texts.append(file.read())
    os.close(inputs)
    return {"code": os.waitstatus_to_exitcode(status), "out": texts[0], "err": texts[1]}


def _become(order: dict[str, Any], handles: tuple[int, int, int]) -> None:
    """The child: what the interpreter would find at its start, then the console script."""
    code = 70
    try:
        os.setsid()
        for number, handle in enumerate(handles):
            os.dup2(handle, number)
        sys.stdin = open(0, closefd=False)  # noqa: SIM115 - for the process's life
        sys.stdout, sys.stderr = (open(n, "w", closefd=False) for n in (1, 2))  # noqa: SIM115
        os.environ.clear()
        os.environ.update(order["environ"])
        os.chdir(order["cwd"])
        from stsui.cli.main import main

        code = main(order["argv"])
        sys.stdout.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()
