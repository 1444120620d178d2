"""AWS itself: whether it answers, and what its clock says."""

import time
from collections.abc import Iterator

from stsui.cli.checkup.finding import Finding, fix, note, ok
from stsui.model.errors import StsuiError
from stsui.wiring import Services, look_at_sts

REFUSED_FROM = 300
"""Seconds off from which AWS refuses signatures."""
SHOWN_FROM = 30


def look(services: Services) -> Iterator[Finding]:
    """One unsigned call of STS; it is refused, and that is an answer."""
    settings = services.catalog.settings
    regions = [
        settings.region,
        services.environ.get("AWS_REGION", ""),
        *(r.region for r in services.catalog.roles.values()),
    ]
    region = next((region for region in regions if region), "us-east-1")
    began = time.monotonic()
    try:
        host, theirs = look_at_sts(services.environ, region)
    except StsuiError as error:
        yield fix("STS", error.sentence, error.hint or "check network, proxy and VPN")
        return
    took = int((time.monotonic() - began) * 1000)
    yield ok("STS", f"{host} answers in {took} ms")
    off = int(services.clock.now() - theirs) if theirs else 0
    if not theirs:
        yield note("clock", "The answer does not say what time it is.")
    elif abs(off) < SHOWN_FROM:
        yield ok("clock", f"{abs(off)} s from AWS's")
    else:
        where = "ahead of" if off > 0 else "behind"
        text = f"{abs(off)} s {where} AWS's."
        yield fix(
            "clock",
            text + (" AWS refuses signatures." if abs(off) >= REFUSED_FROM else ""),
            "sudo timedatectl set-ntp true",
        )
