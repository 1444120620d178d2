"""The sign-in of AWS's console in miniature: a token for a session, good for fifteen minutes, and a page.

Source: IAM user guide, "Enable custom identity broker access to the AWS console"; refusals as reported.
"""

import html
import json
import secrets
import threading
from collections.abc import Callable

from stsui.demo.operations import Refused, Sts
from stsui.demo.wire import Reply, Request, as_json, as_page

GOOD_FOR = 900
_REFUSED = Reply(400, b"Invalid credentials parameter", (("Content-Type", "text/plain"),), "400")


class Console:
    """A service of the demo's port."""

    def __init__(self, sts: Sts, now: Callable[[], float]) -> None:
        self._sts, self._now = sts, now
        self._tokens: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def operation(self, request: Request) -> str:
        """`getSigninToken` or `login` of /federation."""
        action = request.query.get("Action", "")
        return action if request.path == "/federation" and action in ("getSigninToken", "login") else ""

    def answer(self, operation: str, request: Request) -> Reply:
        """Does it."""
        return self._token(request) if operation == "getSigninToken" else self._login(request)

    def _token(self, request: Request) -> Reply:
        """For a role's or federated session that is whole; a duration only where nothing was chained."""
        try:
            values = json.loads(request.query.get("Session", ""))
            holder = self._sts.holder(values["sessionId"], values["sessionToken"])
        except (ValueError, KeyError, TypeError, Refused):
            return _REFUSED
        duration = request.query.get("SessionDuration", "")
        allowed = not duration or (
            holder.kind == "role"
            and not holder.chained
            and duration.isdecimal()
            and 900 <= int(duration) <= 43_200
        )
        if (
            holder.secret != values.get("sessionKey")
            or holder.kind not in ("role", "federated")
            or not allowed
        ):
            return _REFUSED
        token = f"demo-sign-in-{secrets.token_hex(8)}"
        with self._lock:
            self._tokens[token] = (self._now() + GOOD_FOR, holder.arn)
        asked = {"SessionDuration": duration} if duration else {}
        return as_json({"SigninToken": token}, **asked)._replace(caller_arn=holder.arn)

    def _login(self, request: Request) -> Reply:
        with self._lock:
            ends, arn = self._tokens.get(request.query.get("SigninToken", ""), (0.0, ""))
        if self._now() >= ends:
            return as_page("This sign-in link is over; it was good for fifteen minutes.", 400)
        page = html.escape(request.query.get("Destination", ""))
        return as_page(f"Here AWS would show its console to {html.escape(arn)} at {page}")._replace(
            caller_arn=arn
        )
