"""What has to be done before a session is given out on some way: pure rules, asked by every way there is.

A guard is passed once for a session and holds until that ends: a renewal is no new assume. Who asks without a
person there can never be the first to pass, unless the config says so.
"""

from typing import Literal, NamedTuple

from stsui.config.guards import ORDER
from stsui.model.roles import Guard, Rules

Way = Literal["assume", "variables", "exec", "file", "clipboard", "console", "process", "slot", "renewal"]
"""How a session is to be used: kept and made current, exported into a shell, given to a child, written to a
file, put on the clipboard, as a console link, through credential_process, through a slot of the server, or
renewed with nobody asking."""

WAYS: tuple[Way, ...] = (
    "assume",
    "variables",
    "exec",
    "file",
    "clipboard",
    "console",
    "process",
    "slot",
    "renewal",
)
STANDING: frozenset[Way] = frozenset({"process", "slot"})
"""Ways on which a program comes again and again by itself."""


class Request(NamedTuple):
    """Who wants what, and what is known of the session."""

    way: Way
    person: bool
    """Somebody is there who can be asked."""
    live: bool = False
    """The session is held and good."""
    passed: str = "none"
    """The guard that was passed for it."""
    offered: Guard = "none"
    """What the person has done just now."""
    reason: str = ""
    """The session's, or the one that comes with the request."""
    ended: int = 0
    """Unix time at which it ended as it was asked to; 0: it did not."""


class Verdict(NamedTuple):
    """Whether a session may be given, and what has to be done first where it may not be yet."""

    refused: str = ""
    """Why it is not given, whatever anybody does now: a sentence's middle, after the session's name."""
    guard: Guard = "none"
    """What a person has to do first."""
    reason: bool = False
    """A reason has to be given first."""

    @property
    def allowed(self) -> bool:
        """It may be given."""
        return not self.refused and self.guard == "none" and not self.reason


def judge(rules: Rules, request: Request) -> Verdict:
    """What has to happen before the session is given out on that way."""
    closed = _closed(rules, request)
    if closed:
        return Verdict(closed)
    if request.way == "renewal":
        return Verdict()
    guard = "none" if _passed(rules, request) else rules.guard
    reason = rules.reason_required and not request.reason
    if guard == "none" and not reason:
        return Verdict()
    if request.person or (guard == "again" and not reason and request.way not in STANDING):
        return Verdict(guard=guard, reason=reason)
    if rules.allow_noninteractive and not reason:
        return Verdict()
    return Verdict(_wants(guard, reason), guard, reason)


def passes(rules: Rules, request: Request) -> Guard:
    """The guard that is newly passed when this request is allowed; `none` where nothing had to be."""
    done = _done(request)
    if rules.guard == "none" or not _stands(rules, done):
        return "none"
    return "none" if request.live and _stands(rules, request.passed) else done


def rank(guard: str) -> int:
    """The stricter the higher; an unknown word is none."""
    return ORDER.index(guard) if guard in ORDER else 0


def _closed(rules: Rules, request: Request) -> str:
    """What the config does not let out this way at all."""
    if request.way == "clipboard" and rules.no_clipboard:
        return "is not put on the clipboard (no_clipboard)"
    if request.way == "file" and rules.no_file:
        return "is not written to a file (no_file)"
    if request.way == "renewal" and rules.no_background_renewal:
        return "is not renewed by itself (no_background_renewal)"
    if request.ended and not request.live and request.way in ("slot", "process", "renewal"):
        return "ended as it was asked to; a person has to ask for another"
    return ""


def _passed(rules: Rules, request: Request) -> bool:
    if rules.guard == "none" or _stands(rules, _done(request)):
        return True
    if not (request.live and _stands(rules, request.passed)):
        return False
    # At every hand-over by a person again; a program that was once let in stays served.
    return not rules.each_time or request.way in STANDING


def _done(request: Request) -> Guard:
    """What counts of what was offered: without a person a command line's --yes at most."""
    if request.person or request.offered == "none":
        return request.offered
    return "none" if request.way in STANDING else "again"


def _stands(rules: Rules, passed: str) -> bool:
    return rank(passed) >= rank(rules.guard)


def _wants(guard: Guard, reason: bool) -> str:
    wanted = {"again": "a second look", "confirm": "a person's yes", "type": "its account's name typed"}
    parts = [wanted[guard]] if guard != "none" else []
    parts += ["a reason"] if reason else []
    return f"wants {' and '.join(parts)} first"
