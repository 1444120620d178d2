"""`stsui exec --each FILTER -- cmd`: one command for many roles, some of them at a time."""

import argparse
import os
import queue
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from stsui.cli import asking, each_report, guard, limits, roles
from stsui.cli.context import Context
from stsui.cli.exec import NOT_EXECUTABLE, NOT_FOUND
from stsui.cli.terminal import Terminal
from stsui.handover.environ import child_environment
from stsui.model.errors import PersonNeeded, StsuiError, UsageError
from stsui.model.roles import Guard, Role
from stsui.model.session import Session
from stsui.model.text import clean

REDRAW = 0.25
EXAMPLE = "stsui exec --each 'is:live' -- aws sts …"


class Result(NamedTuple):
    """What became of one role."""

    role: Role
    code: int | None = None
    """The command's own, 128 and more for a signal; None: it did not run."""
    out: bytes = b""
    err: bytes = b""
    seconds: float = 0.0
    error: StsuiError | None = None
    """Why it did not run."""

    @property
    def good(self) -> bool:
        """It ran and gave 0."""
        return self.code == 0


class Each:
    """Runs the command for every role and reports each result once, in the order of the roles."""

    def __init__(self, arguments: argparse.Namespace, context: Context, chosen: Sequence[Role]) -> None:
        self.arguments, self.context, self.chosen = arguments, context, chosen
        self.occasion = limits.occasion(arguments)
        self.results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self.passed: dict[str, Guard] = {}
        """Guards that were passed, of the roles that may run."""
        self.began: dict[str, float] = {}
        """Roles whose command runs, and since when."""
        self.children: set[subprocess.Popen[bytes]] = set()
        self.stopped = threading.Event()
        self.interrupted = False

    def run(self, report: "each_report.Report") -> list[Result]:
        """Every result, in the order of the roles."""
        terminal = Terminal.owned()
        done: dict[str, Result] = {}
        with ThreadPoolExecutor(self.arguments.jobs) as pool:
            try:
                for result in self._start(pool, terminal):
                    done[result.role.name] = result
                    report.take(result, done)
                asked: set[str] = set()
                while len(done) < len(self.chosen):
                    came = self._next(report, done)
                    if came and isinstance(came.error, PersonNeeded) and terminal is not None:
                        report.clear()
                        if came.role.name not in asked:
                            asked.add(came.role.name)
                            came = self._asked(pool, came)
                    if came is not None:
                        done[came.role.name] = came
                        report.take(came, done)
            except KeyboardInterrupt:
                self._stop(report, done)
            finally:
                self.stopped.set()
        report.clear()
        return [done.get(role.name) or Result(role) for role in self.chosen]

    def _start(self, pool: ThreadPoolExecutor, terminal: Terminal | None) -> list[Result]:
        """Guards are passed one after the other before anything runs; what they refused."""
        refused = []
        reason = self.occasion.reason if self.occasion else ""
        for role in self.chosen:
            try:
                self.passed[role.name], _ = guard.pass_or_raise(
                    self.context, role.name, "exec", terminal, yes=self.arguments.yes, reason=reason
                )
            except StsuiError as error:
                refused.append(Result(role, error=error))
        for role in self.chosen:
            if role.name in self.passed:
                pool.submit(self._one, role)
        return refused

    def _next(self, report: "each_report.Report", done: dict[str, Result]) -> Result | None:
        try:
            return self.results.get(timeout=REDRAW)
        except queue.Empty:
            report.draw(done, dict(self.began))
            return None

    def _asked(self, pool: ThreadPoolExecutor, result: Result) -> Result | None:
        """Asks the person here, where nobody else does, and tries again; one code may serve many."""
        role = result.role
        try:
            if not self._came_meanwhile(role):
                asking.admitted(self.context, role, self.arguments, self.passed[role.name], self.occasion)
        except StsuiError as error:
            return Result(role, error=error)
        pool.submit(self._one, role)
        return None

    def _came_meanwhile(self, role: Role) -> bool:
        """Whether what another role needed was enough for this one too."""
        try:
            self._had(role)
        except PersonNeeded:
            return False
        return True

    def _had(self, role: Role) -> Session:
        return self.context.services.store.assume(
            role.name, min_ttl=self.arguments.need, occasion=self.occasion, passed=self.passed[role.name]
        )

    def _one(self, role: Role) -> None:
        """One role's session and command; in a thread of the pool."""
        if self.stopped.is_set():
            self.results.put(Result(role))
            return
        try:
            self.results.put(self._ran(role))
        except StsuiError as error:
            self.results.put(Result(role, error=error))
        except Exception as error:
            # A mistake of ours costs one role, not the whole run.
            self.results.put(Result(role, error=StsuiError(f"stopped by mistake ({type(error).__name__}).")))
        finally:
            self.began.pop(role.name, None)

    def _ran(self, role: Role) -> Result:
        context, command = self.context, self.arguments.command
        session = self._had(role)
        context.services.gate.passed(session, self.passed[role.name])
        child = child_environment(context.environ, session, role, roles.account(context, role))
        asking.handed(context, session, "exec", os.path.basename(command[0]))
        start = self.began[role.name] = time.monotonic()
        try:
            process = subprocess.Popen(
                command, env=child, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        except OSError as error:
            code = NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
            return Result(role, code, err=f"{command[0]}: {error.strerror}\n".encode())
        self.children.add(process)
        out, err = process.communicate()
        self.children.discard(process)
        code = process.returncode
        return Result(role, 128 - code if code < 0 else code, out, err, time.monotonic() - start)

    def _stop(self, report: "each_report.Report", done: dict[str, Result]) -> None:
        """Ctrl-C reached the children too; those that stay are asked once more at the second one."""
        self.interrupted = True
        self.stopped.set()
        report.clear()
        self.context.say(f"stsui: waiting for {len(self.children)} that still run; ctrl+c again ends them")
        while len(done) < len(self.chosen):
            try:
                result = self.results.get(timeout=5 if self.children else 1)
                done[result.role.name] = result
                report.take(result, done)
            except KeyboardInterrupt:
                for process in list(self.children):
                    process.send_signal(signal.SIGTERM)
            except queue.Empty:
                if not self.children:
                    return


def run(arguments: argparse.Namespace, context: Context) -> int:
    """0 when every command gave 0, 1 when one did not, 130 when it was interrupted."""
    if arguments.role:
        raise UsageError("Name a role or say --each, not both.")
    if not arguments.command:
        raise UsageError("--each wants a command after --.", hint=EXAMPLE)
    if not arguments.each.strip():
        # A variable that is not set would run it in every account.
        raise UsageError("The filter of --each is empty, so nothing was done.", hint=EXAMPLE)
    chosen = [_limited(context, role, arguments) for role in roles.fitting(context, arguments.each)]
    if not chosen:
        hint = f"stsui list {shlex.quote(arguments.each)}"
        raise UsageError(f'No role fits "{clean(arguments.each)}".', hint=hint)
    report = each_report.Report(
        context, chosen, quiet=arguments.quiet, as_json=arguments.json, directory=arguments.into
    )
    each = Each(arguments, context, chosen)
    results = each.run(report)
    report.end(results)
    if each.interrupted:
        return 130
    return 0 if all(result.good for result in results) else 1


def _limited(context: Context, role: Role, arguments: argparse.Namespace) -> Role:
    variant = limits.variant(context, role, "", arguments)
    return role._replace(name=context.services.store.named(role.name, variant).name)
