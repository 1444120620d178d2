"""The shell and the terminal: what wins over stsui there, and what can be shown, copied and opened."""

import locale
import shutil
import sys
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from stsui.cli.checkup.finding import Finding, fix, note, ok
from stsui.config import shadow
from stsui.handover import browser
from stsui.handover.in_use import in_use
from stsui.tui import clipboard
from stsui.wiring import Services

SMALLEST = (32, 8)
SHADOWS = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
)
"""What somebody set, and every program here would use instead of a live shell."""


def look(services: Services) -> Iterator[Finding]:
    """Credentials first."""
    environ = services.environ
    yield from _credentials(services)
    yield from _network(environ)
    yield from _terminal(environ)
    yield ok("clipboard", clipboard.way(environ) if services.catalog.settings.clipboard else "switched off")
    seen = browser.available(environ)
    text = "one opens here" if seen else "none here: links and codes are shown as text"
    yield ok("browser", text)


def _credentials(services: Services) -> Iterator[Finding]:
    environ, paths = services.environ, services.catalog.paths
    found = in_use(environ, paths, services.clock.now())
    foreign = [name for name in SHADOWS if environ.get(name) and not environ.get("STSUI_ROLE")]
    if found.expired:
        leave = f"unset {' '.join(foreign)}" if foreign else 'eval "$(stsui export --unset)"'
        yield fix("this shell", " ".join(found.credentials), found.hint or leave)
    elif foreign:
        yield note("this shell", " ".join(found.credentials), f"unset {' '.join(foreign)}")
    else:
        yield ok("this shell", " ".join(found.credentials))
    yield ok("Region", found.region)
    won = shadow.of(paths, environ)
    if won is not None and not won.cured:
        mend = "stsui config profiles --write" if won.curable else "take them out of that file"
        yield note("live shells", f"{won.reason}: they win over a slot.", mend)


def _network(environ: Mapping[str, str]) -> Iterator[Finding]:
    proxy = next(
        (name for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy") if environ.get(name)), ""
    )
    if proxy:
        direct = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
        if not any(word.strip() in ("127.0.0.1", "localhost", "*") for word in direct.split(",")):
            yield note(
                "proxy",
                f"{proxy} is set: some programs ask it for live credentials too.",
                "export NO_PROXY=127.0.0.1,localhost",
            )
        else:
            yield ok("proxy", f"{proxy} is set, and this computer is asked directly.")
    for name in ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"):
        if environ.get(name):
            host = urlsplit(environ[name]).hostname
            yield note("endpoint", f"{name} is set: STS is asked at {host}.", f"unset {name}")
            break


def _terminal(environ: Mapping[str, str]) -> Iterator[Finding]:
    term = environ.get("TERM") or "not set"
    if not sys.stderr.isatty() and not sys.stdin.isatty():
        yield note("terminal", f"None here (TERM is {term}); the board needs one, the commands do not.")
        return
    if term in ("dumb", "not set"):
        yield note("terminal", f"TERM is {term}: the board needs another; commands work.", "stsui list")
        return
    columns, rows = shutil.get_terminal_size()
    parts = [term, f"{columns}x{rows}", environ.get("COLORTERM") or "no COLORTERM"]
    parts += [
        name for name, variable in (("tmux", "TMUX"), ("SSH", "SSH_CONNECTION")) if environ.get(variable)
    ]
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        yield fix("terminal", f"{', '.join(parts)}: the board needs 32x8.", "stsui list")
    else:
        yield ok("terminal", ", ".join(parts))
    encoding = locale.getpreferredencoding(False)
    if encoding.upper().replace("-", "") != "UTF8" and not environ.get("STSUI_ASCII"):
        yield fix(
            "characters", f"The locale's encoding is {encoding}.", "export STSUI_ASCII=1  # or LANG=C.UTF-8"
        )
