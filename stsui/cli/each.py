"""`stsui exec --each FILTER -- cmd`: one command for many roles, some of them at a time."""

import argparse
import os
import queue
import shlex
import signal
import subprocess
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from stsui.cli import asking, each_report, guard, limits, roles
from stsui.cli.context import Context
from stsui.cli.exec import NOT_EXECUTABLE, NOT_FOUND
from stsui.cli.interrupts import Interrupts
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
    """Runs the command for every role and reports each result once, in the order of the roles.

    Only the main thread lets a role begin, after it has taken another's result: a ctrl+c that ended a command
    is seen there first, so that it never begins the next one.
    """

    def __init__(self, arguments: argparse.Namespace, context: Context, chosen: Sequence[Role]) -> None:
        self.arguments, self.context, self.chosen = arguments, context, chosen
        self.occasion = limits.occasion(arguments)
        self.results: queue.SimpleQueue[Result] = queue.SimpleQueue()
        self.passed: dict[str, Guard] = {}
        """Guards that were passed, of the roles that may run."""
        self.waiting: deque[Role] = deque()
        self.under_way = 0
        self.began: dict[str, float] = {}
        """Roles whose command runs, and since when."""
        self.children: set[subprocess.Popen[bytes]] = set()
        self.interrupts = Interrupts(self._interrupted)
        self.told = False
        """Whether it was said that it waits, after an interrupt."""

    def run(self, report: "each_report.Report") -> list[Result]:
        """Every result, in the order of the roles."""
        terminal = Terminal.owned()
        done = {result.role.name: result for result in self._refused(terminal)}
        for result in list(done.values()):
            report.take(result, done)
        self.waiting.extend(role for role in self.chosen if role.name in self.passed)
        asked: set[str] = set()
        with ThreadPoolExecutor(self.arguments.jobs) as pool, self.interrupts.counted():
            while self._let_begin(pool) or self.under_way:
                came = self._next(report, done)
                self._tell_interrupt(report)
                if came and isinstance(came.error, PersonNeeded) and terminal and not self.interrupts.any():
                    report.clear()
                    if came.role.name not in asked:
                        asked.add(came.role.name)
                        came = self._asked(came)
                if came is not None:
                    done[came.role.name] = came
                    report.take(came, done)
        report.clear()
        return [done.get(role.name) or Result(role) for role in self.chosen]

    def _refused(self, terminal: Terminal | None) -> list[Result]:
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
        return refused

    def _let_begin(self, pool: ThreadPoolExecutor) -> bool:
        """As many as may run at a time; whether any began."""
        before = self.under_way
        while self.waiting and self.under_way < self.arguments.jobs and not self.interrupts.any():
            pool.submit(self._one, self.waiting.popleft())
            self.under_way += 1
        return self.under_way > before

    def _next(self, report: "each_report.Report", done: dict[str, Result]) -> Result | None:
        try:
            result = self.results.get(timeout=REDRAW)
        except queue.Empty:
            report.draw(done, dict(self.began))
            return None
        self.under_way -= 1
        return result

    def _asked(self, result: Result) -> Result | None:
        """Asks the person here, where nobody else does, and tries again; one code may serve many."""
        role = result.role
        try:
            with self.interrupts.as_answer():
                if not self._came_meanwhile(role):
                    asking.admitted(self.context, role, self.arguments, self.passed[role.name], self.occasion)
        except StsuiError as error:
            return Result(role, error=error)
        self.waiting.appendleft(role)
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
        """One role's session and command; in a thread of the pool. It always gives a result."""
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
        if self.interrupts.any():
            return Result(role)
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
        if self.interrupts.any():
            process.send_signal(
                signal.SIGINT
            )  # the terminal's own may have come just before there was a child
        out, err = process.communicate()
        self.children.discard(process)
        code = process.returncode
        return Result(role, 128 - code if code < 0 else code, out, err, time.monotonic() - start)

    def _interrupted(self, count: int) -> None:
        """The terminal's SIGINT reached the children too; the second and the third end those that stay."""
        for process in list(self.children) if count > 1 else ():
            process.send_signal(signal.SIGTERM if count == 2 else signal.SIGKILL)

    def _tell_interrupt(self, report: "each_report.Report") -> None:
        if self.interrupts.any() and not self.told:
            self.told = True
            if self.children:
                report.clear()
                many = len(self.children)
                self.context.say(f"stsui: waiting for {many} that still run; ctrl+c again ends them")


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
    if each.interrupts.any():
        return 130
    return 0 if all(result.good for result in results) else 1


def _limited(context: Context, role: Role, arguments: argparse.Namespace) -> Role:
    variant = limits.variant(context, role, "", arguments)
    return role._replace(name=context.services.store.named(role.name, variant).name)
