"""`stsui list --roots`: every root, until when it is good, and the next time a person will be needed."""

import time

from stsui.cli import describe
from stsui.cli.context import Context
from stsui.handover.environ import utc
from stsui.model.durations import countdown
from stsui.sessions.forecast import Forecast, Outlook
from stsui.sessions.roots import Root

NEEDS = {"code": "a code", "browser": "a browser", "keys": "new keys", "nothing": "nothing"}
WANTED = {"code": "your code for {}", "browser": "a sign-in at {}"}
SHOWN = 3


def run(context: Context, *, as_json: bool) -> int:
    """Prints them; nothing is asked of AWS."""
    services = context.services
    roots, forecast = services.lookout.roots(), services.lookout.forecast()
    now = services.clock.now()
    if as_json:
        context.write(
            describe.as_json({"roots": [_document(r, forecast, now) for r in roots], **_next(forecast)})
        )
        return 0
    rows = [("ROOT", "KIND", "GOOD UNTIL", "NEEDS", "SESSIONS BELOW")]
    rows += [(r.name, r.called, _until(r, now), NEEDS[r.needs], _below(r)) for r in roots]
    widths = [max(len(row[n]) for row in rows) for n in range(4)]
    for row in rows:
        cells = [f"{cell:{width}}" for cell, width in zip(row, widths, strict=False)]
        context.write("  ".join([*cells, row[4]]).rstrip() + "\n")
    sentence = next_sentence(forecast, now)
    if sentence:
        context.write(f"\nnext: {sentence}\n")
    return 0


def next_sentence(forecast: Forecast, now: float) -> str:
    """When a person is needed next, and what for; empty when nothing live will need one."""
    outlook = forecast.next
    if outlook is None or outlook.what not in WANTED:
        return ""
    about = "" if outlook.exact else "about "
    return (
        f"{WANTED[outlook.what].format(outlook.name)} at {about}{clock(outlook.at, now)}, for {outlook.row}"
    )


def clock(at: float, now: float) -> str:
    """A moment by the wall's clock, with its day where that is not today."""
    local = time.localtime(at)
    return time.strftime("%H:%M" if local[:3] == time.localtime(now)[:3] else "%a %H:%M", local)


def _until(root: Root, now: float) -> str:
    if root.good_until is None:
        return "no end" if root.needs == "nothing" else "not known"
    if not root.good(now):
        return "signed out" if root.needs == "browser" else "-"
    about = "" if root.exact else "~"
    return f"{about}{clock(root.good_until, now)}  {countdown(root.good_until - now)}"


def _below(root: Root) -> str:
    if not root.live:
        return "0"
    more = ", …" if len(root.live) > SHOWN else ""
    return f"{len(root.live)}  {', '.join(root.live[:SHOWN])}{more}"


def _document(root: Root, forecast: Forecast, now: float) -> dict[str, object]:
    needed = forecast.needed.get(root.key)
    return {
        "name": root.name,
        "kind": root.kind.replace(" ", "_"),
        "good": root.good(now),
        "good_until": utc(root.good_until) if root.good_until else None,
        "exact": root.exact,
        "needs": root.needs,
        "mfa_serial": root.serial,
        "start_url": root.center.start_url if root.center else "",
        "live": list(root.live),
        "roles": len(root.roles),
        "needed_at": utc(int(needed.at)) if needed else None,
    }


def _next(forecast: Forecast) -> dict[str, object]:
    outlook = forecast.next
    if outlook is None:
        return {"next": None}
    return {"next": {"root": outlook.name, **_outlook(outlook)}}


def _outlook(outlook: Outlook) -> dict[str, object]:
    return {"needs": outlook.what, "at": utc(int(outlook.at)), "role": outlook.row, "exact": outlook.exact}
