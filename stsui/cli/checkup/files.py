"""Configuration, the AWS files, and what stsui keeps: there, ours, closed to others, and understood."""

import os
import stat
from collections.abc import Iterator

from stsui.cli.checkup.finding import Finding, fix, note, ok
from stsui.config.paths import conf_files
from stsui.handover import credentials_file
from stsui.model.errors import ConfigError, StoreError, StsuiError
from stsui.sessions.private import PrivateDirectory
from stsui.wiring import Services, aws_tools_refuse

PROBLEMS = 8
"""As many are listed one by one."""


def look(services: Services) -> Iterator[Finding]:
    """What is read, then what is kept."""
    yield from _configuration(services)
    yield from _aws(services)
    yield from _kept(services)


def _some(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _configuration(services: Services) -> Iterator[Finding]:
    catalog = services.catalog
    paths = catalog.paths
    files = [path for path in (paths.config_file, *conf_files(paths.conf_dir)) if os.path.exists(path)]
    if not files:
        yield ok("config", f"No {paths.config_file}; none is needed.")
    for path in files:
        yield from _may_be_changed_by_others("config", path)
    count = f"{_some(len(catalog.roles), 'role')} in {_some(len(catalog.accounts), 'account')}"
    if not catalog.problems:
        yield (
            ok("roles", count) if catalog.roles else note("roles", "There is none yet.", "stsui help sources")
        )
        yield from _out_of_reach(services)
        return
    broken = f"{len(catalog.problems)} entries cannot" if len(catalog.problems) > 1 else "one entry cannot"
    yield fix("roles", f"{count}; {broken} be used.", "stsui config check")
    for problem in catalog.problems[:PROBLEMS]:
        yield fix("entry", str(problem), "stsui config edit" if _ours(services, problem.origin.file) else "")
    yield from _out_of_reach(services)


def _ours(services: Services, file: str) -> bool:
    return file == services.catalog.paths.config_file


def _out_of_reach(services: Services) -> Iterator[Finding]:
    broken = []
    for name in services.catalog.roles:
        try:
            services.store.plan(name)
        except ConfigError as error:
            broken.append(error.sentence)
    for sentence in broken[:PROBLEMS]:
        yield fix("chain", sentence, "stsui config check")


def _aws(services: Services) -> Iterator[Finding]:
    paths = services.catalog.paths
    for about, path in (("~/.aws/config", paths.aws_config), ("credentials", paths.aws_credentials)):
        if not os.path.exists(path):
            yield ok(about, f"No {path}.")
            continue
        refused = aws_tools_refuse(path)
        if refused:
            yield fix(about, f"AWS's own tools refuse the whole of {path}: {refused}", "stsui config check")
            continue
        yield from _may_be_changed_by_others(about, path)
    if mode(paths.aws_credentials) & 0o077:
        yield fix(
            "credentials",
            f"{paths.aws_credentials} can be read by others.",
            f"chmod 600 {paths.aws_credentials}",
        )
    try:
        end = credentials_file.next_end(paths)
    except StsuiError:
        return
    if end and end < services.clock.now():
        yield fix("credentials", "A section of stsui's has ended and is still there.", "stsui sweep")


def _may_be_changed_by_others(about: str, path: str) -> Iterator[Finding]:
    """Whoever can write there decides which programs run and which role is assumed."""
    if mode(path) & 0o022:
        yield fix(about, f"{path} can be written by others.", f"chmod go-w {path}")
    elif not os.access(path, os.R_OK):
        yield fix(about, f"{path} cannot be read.", f"ls -l {path}")
    else:
        yield ok(about, path)


def mode(path: str) -> int:
    """Rights of a file; none where the system has no such rights, or there is no file."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode) if os.name == "posix" else 0
    except OSError:
        return 0


def _kept(services: Services) -> Iterator[Finding]:
    paths, store = services.catalog.paths, services.store
    if services.catalog.settings.store == "memory":
        yield ok("sessions", 'store = "memory": nothing is kept.')
    else:
        yield from _directory("sessions", paths.sessions_dir)
        yield from _unreadable(services)
    yield from _directory("state", paths.state_dir)
    held, now = store.held(), services.clock.now()
    live = [session for session in held.values() if session.left(now) > 0]
    current = store.current()
    yield ok(
        "held",
        f"{len(live)} live sessions, {len(held) - len(live)} ended; "
        + (f"current: {current}" if current else "none is current"),
    )
    reports = [name for name in PrivateDirectory(paths.state_dir).names() if name.startswith("crash-")]
    if reports:
        path = os.path.join(paths.state_dir, max(reports))
        yield note(
            "reports",
            f"{len(reports)} left by a mistake of stsui's; the last is {path}.",
            f"rm {os.path.join(paths.state_dir, 'crash-*')}",
        )


def _directory(about: str, path: str) -> Iterator[Finding]:
    if not os.path.lexists(path):
        above = _nearest_above(path)
        if os.access(above, os.W_OK | os.X_OK):
            yield ok(about, f"{path}, made when it is needed")
        else:
            text = f"{path} cannot be made, because {above} cannot be written; nothing is kept."
            yield fix(about, text, "set HOME, or store_dir in [settings]")
        return
    try:
        PrivateDirectory(path).ensure()
    except StoreError as error:
        yield fix(about, error.sentence, f"ls -ld {path}")
    else:
        yield ok(about, f"{path}, closed to others")


def _nearest_above(path: str) -> str:
    while not os.path.isdir(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path


def _unreadable(services: Services) -> Iterator[Finding]:
    cache = services.store.cache
    strange = [key for key in cache.entries() if cache.read(key) is None]
    if strange:
        yield fix(
            "sessions", f"{len(strange)} files are no sessions; they count as not there.", "stsui clear --all"
        )
