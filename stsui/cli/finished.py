"""Leaves a finished answer for the next run, which `stsui.answer` then prints without loading anything.

Only what would be printed again in just the same way is kept: a plain command line, a role that nothing
guards, a session on disk, and config files that were not touched in the last seconds.
"""

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable, Sequence

from stsui import answer
from stsui.cli.context import Context
from stsui.config.catalog import stamp
from stsui.model.errors import StoreError
from stsui.model.roles import Role
from stsui.model.session import Session
from stsui.server.place import find as server_place
from stsui.sessions import refresh
from stsui.sessions.cache import MemoryCache
from stsui.sessions.private import PrivateDirectory

SETTLED = 2.0
"""Seconds that a file must have been left alone: within one tick of a clock two changes look like one."""
FOR_EVER = 1 << 62
OF_THE_MOMENT = frozenset({"environment", "container", "ec2"})
"""Sources that are found anew by each process."""
PLAIN = frozenset({"--format", "--current", "--prompt"})
"""The flags of which an answer is kept; every other one changes what is done."""
TICKETS, TICKET_AGE = 400, 7 * 86_400


def keep(
    context: Context,
    data: str,
    speech: str = "",
    *,
    role: Role | None = None,
    session: Session | None = None,
    not_on_terminal: bool = False,
    by_parent: bool = False,
) -> None:
    """Keeps what was just printed, where it is of the kind that may be printed again.

    Args:
        data: All of stdout, with the places of `cli.times` where it has times.
        speech: All of stderr, likewise.
        session: What it was printed of; None where the role has none, or there is no role.
        not_on_terminal: The answer is for a pipe or file alone.
        by_parent: It depends on which shell called.
    """
    with contextlib.suppress(OSError, StoreError):
        _Keeper(context, role, session).keep(data, speech, not_on_terminal, by_parent)


class _Keeper:
    """One answer on its way to the disk."""

    def __init__(self, context: Context, role: Role | None, session: Session | None) -> None:
        self.context, self.role, self.session = context, role, session
        self.services = context.services
        self.cache = self.services.store.cache

    def keep(self, data: str, speech: str, not_on_terminal: bool, by_parent: bool) -> None:
        context = self.context
        directory, given = (
            answer.answers_directory(dict(context.environ)),
            answer.conditions(dict(context.environ)),
        )
        name = answer.ticket_name(context.argv, given)
        if not (directory and name and self._may_be_kept()):
            return
        needs = self._needs(not_on_terminal, by_parent)
        content = self._content(data, speech)
        if not needs or not content:
            return
        tickets = PrivateDirectory(directory)
        label = hashlib.sha256(name.encode()).hexdigest()[:16]
        if self.session is not None:
            place = self.cache.write_answer(self.session.key, label, content)
        else:
            place = os.path.join(directory, f"{label}.done")
            tickets.write(f"{label}.done", content, durable=False)
        text = "\n".join((f"{answer.SCHEMA}\x1f{given}", place, *needs, answer.END))
        tickets.write(name, text.encode("utf-8", "surrogateescape"), durable=False)
        _sweep(tickets)

    def _may_be_kept(self) -> bool:
        context, argv = self.context, self.context.argv
        if context.keep_nothing or context.debug or isinstance(self.cache, MemoryCache):
            return False
        if any(word.startswith("-") and word not in PLAIN for word in argv):
            return False
        if self.services.store.warnings() or self.context.environ is not os.environ:
            return False
        if not answer.is_fixed(self.services.catalog.settings.store_dir or "/"):
            return False
        if self.role is None:
            return True
        if self.services.store.plan(self.role.name).chain.source.kind in OF_THE_MOMENT:
            return False
        rules = self.services.store.rules(self.role.name)
        guarded = rules.guard != "none" or rules.idle_limit or rules.default_variant or rules.reason_required
        return not guarded and _typed_role(argv) in ("", self.role.name)

    def _needs(self, not_on_terminal: bool, by_parent: bool) -> list[str]:
        """What has to hold; empty where it does not hold now, or was changed just before."""
        paths = self.services.catalog.paths
        if stamp(paths) != self.services.catalog.stamp:
            return []
        files = [path for path, _, _ in self.services.catalog.stamp]
        place = server_place(paths, self.context.environ)
        files += [paths.conf_dir, place.server_file, *self._remembered()]
        if any("\n" in path for path in files) or not _settled(files):
            return []
        needs = [f"file {answer.stamp(path)} {path}" for path in files]
        if not_on_terminal:
            needs.append("output - terminal")
        server = place.last()
        if server is not None and server.wanted:
            # Gone, it is missed: the ordinary way starts it again.
            needs.append(f"runs - {server.pid}")
        if by_parent:
            needs.append(f"parent - {answer.parent_name()}")
        return needs

    def _remembered(self) -> Iterable[str]:
        """What plans and the current role are read from, beside the configuration."""
        names = ["ceilings.json", "limits.json", "occasions.json"]
        if not _typed_role(self.context.argv):
            names.append("current.json")
        return (os.path.join(self.services.catalog.paths.state_dir, name) for name in names)

    def _content(self, data: str, speech: str) -> bytes:
        """The answer itself, below the line that says how long it holds; empty for what is already over."""
        clock = self.services.clock
        renew_at: float = FOR_EVER
        need = ""
        if self.role is not None:
            key = self.services.store.plan(self.role.name).last.key
            path = self.cache.path(key)
            need = f"file {answer.stamp(path)} {path}"
            if self.session is not None:
                kept = self.cache.read(key)
                if kept is None or kept.credentials != self.session.credentials:
                    return b""
                # Until then it is also called `active`, whoever says so.
                renew_at = min(refresh.renew_at(kept), kept.expiring_at)
            if need != f"file {answer.stamp(path)} {path}":
                return b""
        printed, said = data.encode(), speech.encode()
        sizes = f"{len(printed)} {len(said)}"
        head = f"{renew_at!r} {clock.now()!r} {clock.boot()!r} {sizes} {need}\n"
        return head.encode() + printed + said


def _typed_role(argv: Sequence[str]) -> str:
    """The role as it was typed; empty for the current one."""
    words = list(argv[1:])
    if "--format" in words:
        at = words.index("--format")
        del words[at : at + 2]
    return next((word for word in words if not word.startswith("-")), "")


def _settled(files: Iterable[str]) -> bool:
    now = time.time()  # the file system's own clock
    for path in files:
        with contextlib.suppress(OSError, ValueError):
            facts = os.stat(path)
            if now - max(facts.st_mtime, facts.st_ctime) < SETTLED:
                return False
    return True


def _sweep(tickets: PrivateDirectory) -> None:
    """Old ones go when there are many; they are made again when somebody asks."""
    names = tickets.names()
    if len(names) > TICKETS:
        horizon = time.time() - TICKET_AGE
        for name in names:
            with contextlib.suppress(OSError):
                if os.lstat(os.path.join(tickets.path, name)).st_mtime < horizon:
                    tickets.remove(name)
