"""A sign-in at an Identity Center on the terminal: the link, the code, a picture of the link, and waiting."""

import time

from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.handover import browser
from stsui.model import qr
from stsui.model.durations import countdown
from stsui.model.errors import SignInRequired
from stsui.model.roles import Center
from stsui.model.token import Invitation


def sign_in(
    context: Context, center: Center, terminal: Terminal | None, *, device_code: bool = False
) -> None:
    """Signs in, in a browser of this computer where there is one, else by a code on any device.

    Raises:
        SignInRequired: There is nobody to ask, somebody else is asking, or nobody answered.
        StsuiError: It was denied, or there is no Identity Center there.
    """
    services = context.services
    if terminal is None:
        raise services.sign_ins.required(center)
    with services.sign_ins.files.lock(center, 0, "sign-in") as ours:
        if not ours:
            required = services.sign_ins.required(center)
            sentence = f"Another stsui is signing in to {center.name}. Answer there."
            raise SignInRequired("", center.name, sentence, hint=required.hint)
        local = bool(center.scopes) and not device_code and browser.available(context.environ)
        begun = services.centers.begin(center, browser=local)
        _show(context, terminal, center, begun.invitation, local)
        token = begun.wait(_Waiting(terminal, begun.invitation, services.clock.now()).pause)
        terminal.write("\r\x1b[K")
        if token is None:  # pragma: no cover - a terminal gives up by Ctrl-C
            raise KeyboardInterrupt
        services.centers.finish(center, token)
        if services.sign_ins.warning:
            context.say(f"stsui: {services.sign_ins.warning}")


def _show(context: Context, terminal: Terminal, center: Center, invitation: Invitation, local: bool) -> None:
    if local:
        terminal.say(f"Signing in to {center.name} in your browser. If none opens, this is the link:")
        terminal.say(f"  {invitation.url}")
        browser.open_link(invitation.url)
        return
    terminal.say(f"Sign in to {center.name} on any device:")
    terminal.say("")
    terminal.say(f"  {invitation.url}")
    terminal.say("")
    plain = bool(context.environ.get("NO_COLOR"))
    for line in qr.blocks(invitation.url, inverted=plain):
        terminal.say(f"  {line}" if plain else f"  \x1b[30;107m{line}\x1b[0m")
    terminal.say("")
    terminal.say(f"  The page must show this code:  {invitation.user_code}")


class _Waiting:
    """Waits, and shows for how long it can still be answered."""

    def __init__(self, terminal: Terminal, invitation: Invitation, now: float) -> None:
        self._terminal = terminal
        self._end = time.monotonic() + invitation.ends_at - now

    def pause(self, seconds: float) -> bool:
        """Lets the time pass, a second at a time."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            shown = countdown(max(0.0, self._end - time.monotonic()))
            self._terminal.write(f"\r  Waiting for the browser, {shown} left; Ctrl-C gives up. ")
            time.sleep(min(1.0, left))
        return True
