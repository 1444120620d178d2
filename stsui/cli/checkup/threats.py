"""The threats that SECURITY.md names, each with how it stands on this computer."""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from stsui.cli.checkup import files
from stsui.cli.checkup.finding import Finding, fix, note, ok
from stsui.config import shadow
from stsui.handover.environ import SCRUB
from stsui.model.errors import StoreError
from stsui.sessions.privacy import keep_memory_private
from stsui.sessions.private import PrivateDirectory
from stsui.tui import clipboard
from stsui.wiring import Services

LOOPBACK = ("127.0.0.1", "localhost", "::1")
SYNCED = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "mobile documents", "nextcloud")


class Threat(NamedTuple):
    """One row of the table."""

    name: str
    look: Callable[[str, Services], Iterator[Finding]]


def _fact(text: str) -> Callable[[str, Services], Iterator[Finding]]:
    """What holds on every computer, because the program does nothing else."""

    def look(about: str, services: Services) -> Iterator[Finding]:
        yield ok(about, text)

    return look


def look(services: Services) -> Iterator[Finding]:
    """Every threat, in the order of the table."""
    for threat in THREATS:
        yield from threat.look(threat.name, services)


def _other_users(about: str, services: Services) -> Iterator[Finding]:
    paths = services.catalog.paths
    for path in (paths.sessions_dir, paths.state_dir):
        if os.path.lexists(path):
            try:
                PrivateDirectory(path).ensure()
            except StoreError as error:
                yield fix(about, error.sentence, f"ls -ld {path}")
                return
    yield ok(about, "sessions and state are closed to others; files are made 0600")


def _same_user(about: str, services: Services) -> Iterator[Finding]:
    paths = services.catalog.paths
    if services.catalog.settings.store == "memory":
        yield ok(about, 'store = "memory": sessions end with the program')
    elif paths.sessions_dir.startswith(services.environ.get("XDG_RUNTIME_DIR") or "/nowhere"):
        yield ok(about, "sessions lie in the runtime directory, which is memory and ends with the login")
    else:
        yield note(
            about, f"sessions lie on the disk, in {paths.sessions_dir}", 'store = "memory" keeps nothing'
        )
    keys = [
        role
        for role in (*services.catalog.roles.values(), *services.catalog.sources.values())
        if role.source and role.source.kind == "static"
    ]
    if keys:
        count = len({role.source.fingerprint for role in keys if role.source})
        yield note(
            about,
            f"{count} {'pair' if count == 1 else 'pairs'} of long-term keys in the AWS files",
            "Identity Center needs none: stsui help sources",
        )


def _memory(about: str, services: Services) -> Iterator[Finding]:
    if keep_memory_private():
        yield ok(about, "no core file, no debugger and no /proc for others while secrets are in memory")
    else:
        yield note(about, "debuggers of the same user cannot be kept out on this system")


def _swap(about: str, services: Services) -> Iterator[Finding]:
    try:
        with open("/proc/swaps", encoding="utf-8") as file:
            areas = [line.split()[0] for line in file.readlines()[1:]]
    except OSError:
        yield note(about, "whether memory is swapped to a disk cannot be seen here")
        return
    open_ones = [area for area in areas if not area.startswith(("/dev/dm-", "/dev/mapper/", "/dev/zram"))]
    if open_ones:
        yield note(
            about,
            f"swap is on ({', '.join(open_ones)}): memory may reach the disk",
            "encrypt swap, or swapoff -a",
        )
    else:
        yield ok(about, "no swap, or only encrypted or in memory")


def _copies(about: str, services: Services) -> Iterator[Finding]:
    path = services.catalog.paths.sessions_dir
    if any(word in path.lower() for word in SYNCED):
        yield fix(
            about, f"{path} looks like a folder that is synchronised.", "set store_dir to another place"
        )
    else:
        yield ok(about, "sessions are not in a synchronised folder; a git work tree is refused")


def _others_win(about: str, services: Services) -> Iterator[Finding]:
    found = shadow.of(services.catalog.paths, services.environ)
    if found is None or found.cured:
        yield ok(about, "nothing in the AWS files wins over a live shell")
    else:
        yield note(
            about,
            f"{found.reason}: they win over a slot; stsui refuses or goes round",
            "stsui config profiles --write",
        )


def _programs(about: str, services: Services) -> Iterator[Finding]:
    paths = services.catalog.paths
    open_ones = [
        p for p in (paths.config_file, paths.aws_config, paths.aws_credentials) if files.mode(p) & 0o022
    ]
    for path in open_ones:
        yield fix(
            about, f"{path} can be written by others: it decides which programs run.", f"chmod go-w {path}"
        )
    if not open_ones:
        yield ok(about, "looking runs nothing; the first run of a program of the config is asked about")


def _endpoints(about: str, services: Services) -> Iterator[Finding]:
    environ = services.environ
    given = {environ[name] for name in ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL") if environ.get(name)}
    given |= {role.endpoint_url for role in services.catalog.roles.values() if role.endpoint_url}
    strange = False
    for url in sorted(given):
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme == "http" and host not in LOOPBACK:
            yield fix(about, f"{url} is not encrypted.", "https, or take it out")
            strange = True
        elif not host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
            yield note(about, f"STS is asked at {host}, which is not AWS's.", "take endpoint_url out")
            strange = True
    if not strange:
        yield ok(about, "STS is AWS's own, over TLS; answers are limited and checked")


def _clipboard(about: str, services: Services) -> Iterator[Finding]:
    if services.catalog.settings.clipboard:
        way = clipboard.way(services.environ)
        yield note(
            about,
            f"a secret goes there only from the dialog behind Y ({way})",
            "clipboard = false, or no_clipboard for an account",
        )
    else:
        yield ok(about, "clipboard = false: nothing is put there")


def _shown(about: str, services: Services) -> Iterator[Finding]:
    hidden = services.catalog.settings.hide_ids
    yield ok(
        about,
        "secrets are never drawn; account ids are " + ("hidden" if hidden else "shown (H, or hide_ids)"),
    )


def _sudo(about: str, services: Services) -> Iterator[Finding]:
    if os.name != "posix":
        yield ok(about, "no sudo on this system")
        return
    try:
        owner = os.stat(services.environ.get("HOME") or "/").st_uid
    except OSError:
        owner = os.geteuid()
    if owner != os.geteuid():
        yield fix(about, "The home directory is another user's.", "run stsui without sudo, or with sudo -H")
    else:
        yield ok(about, "this is the owner of the home directory")


def _guards(about: str, services: Services) -> Iterator[Finding]:
    catalog = services.catalog
    prod = [a for a in catalog.accounts.values() if a.environment.upper() == "PROD"]
    open_ones = [
        a
        for a in prod
        if all(
            services.store.rules(r.name).guard == "none"
            for r in catalog.roles.values()
            if r.account_id == a.account_id
        )
    ]
    if open_ones:
        yield note(about, f"{len(open_ones)} of {len(prod)} PROD accounts have no guard", "stsui help guards")
    elif prod:
        yield ok(about, f"PROD accounts: {len(prod)}; each has a guard")


THREATS = (
    Threat("other users of this computer", _other_users),
    Threat(
        "other users, and the server",
        _fact("127.0.0.1 alone; 32 random bytes for each slot, compared in constant time"),
    ),
    Threat(
        "web pages",
        _fact("the server refuses foreign Host, Origin, Referer and Sec-Fetch headers; nothing is listed"),
    ),
    Threat("programs that run as you", _same_user),
    Threat("memory", _memory),
    Threat("swap and hibernation", _swap),
    Threat("backups and shared folders", _copies),
    Threat("the list of processes", _fact("no secret is ever an argument; a code as one is warned about")),
    Threat("shell history", _fact("an export to a terminal is refused without --show")),
    Threat(
        "what a child inherits",
        _fact(f"{len(SCRUB)} variables that could shadow the session are unset first"),
    ),
    Threat("another source wins", _others_win),
    Threat("programs named by a config", _programs),
    Threat("a false STS", _endpoints),
    Threat(
        "foreign text on the screen",
        _fact("control characters are shown as text; nothing foreign is read as markup"),
    ),
    Threat("foreign text in a shell", _fact("values are quoted by each shell's rules, or refused")),
    Threat("eyes and shared screens", _shown),
    Threat("the clipboard", _clipboard),
    Threat("logs and crash reports", _fact("an allow-list of facts; no values of variables")),
    Threat("console links", _fact("opened directly; printed only with --print; in no log")),
    Threat("sudo", _sudo),
    Threat("codes", _fact("one prompt for all who wait; a used code is not sent again")),
    Threat("the wrong account", _guards),
)
