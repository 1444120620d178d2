"""The credential server and its slots, and what a person has to renew."""

from collections.abc import Iterator

from stsui import __version__
from stsui.cli.checkup.finding import Finding, fix, note, ok
from stsui.wiring import Services


def look(services: Services) -> Iterator[Finding]:
    """The server, its slots, the roots."""
    live = services.live
    server = live.place.running()
    rows = live.shown.rows()
    if server is None:
        missed = live.place.is_missed()
        if missed and rows:
            yield fix("server", "It was started, not stopped, and is gone.", "stsui serve --background")
        else:
            yield ok("server", "does not run; the first live shell starts it")
    elif server.version != __version__:
        yield fix(
            "server", f"It is of stsui {server.version}.", "stsui serve --stop; stsui serve --background"
        )
    else:
        yield ok("server", f"on 127.0.0.1:{server.port}, {len(rows)} slots")
    for row in rows:
        if row.note and server is not None and not row.slot.cut_at:
            yield fix("slot", f"{row.slot.name}: {row.note}", f"stsui slot env {row.slot.name}")
    now = services.clock.now()
    for root in services.lookout.roots():
        if root.needs == "browser" and not root.good(now):
            yield note("sign-in", f"{root.name} is signed out.", f"stsui login {root.name}")
