"""Keys that sign in and out of Identity Centers, and look for what is assigned there."""

from collections.abc import Callable, Sequence
from functools import partial

from stsui.config import centers
from stsui.handover import aws_login as login
from stsui.model.errors import AwsLoginRequired, SignInRequired, StsuiError
from stsui.model.roles import Center
from stsui.tui.deeds.assigned import look_around
from stsui.tui.desk import Failure
from stsui.tui.frame import Frame
from stsui.tui.screens.confirm import ConfirmScreen
from stsui.tui.signing import Signing


def sign_in(frame: Frame, center: Center, then: Callable[[], object] = lambda: None) -> None:
    """The dialog; afterwards what waited for the sign-in is tried, and new roles are looked for.

    Args:
        then: Called once somebody has signed in.
    """
    waiting = frame.signing.setdefault(center.name, [])

    def done() -> None:
        state = frame.state
        _again(frame, waiting)
        asked = {failure.role for failure in waiting}
        for name in [name for name, trouble in state.troubles.items() if _waits(trouble.error, center)]:
            del state.troubles[name]
            if name not in asked and state.live(name) is not None:
                frame.watch(name, frame.desk.assume(name, refresh=True))
        look_around(frame, center, asked=False, signed_in=True)
        frame.redraw()
        then()

    Signing(frame, center, done, lambda: frame.signing.pop(center.name, None)).start()


def _again(frame: Frame, waiting: Sequence[Failure]) -> None:
    """Makes calls again that somebody had pressed a key for."""
    for failure in waiting:
        number = frame.desk.assume(
            failure.role, refresh=failure.renewing, make_current=failure.make_current, wish=failure.wish
        )
        frame.watch(failure.role, number)


def aws_login(frame: Frame, profile: str, then: Callable[[], object] = lambda: None) -> None:
    """Has the AWS CLI sign in, the board waiting behind it."""
    typed = f"aws login --profile {profile}"
    argv = login.command(profile, frame.services.environ)
    if not argv:
        frame.say(f"The AWS CLI signs {profile} in, and is not on the PATH: {typed}", error=True)
        return
    code = frame.suspended(argv)
    if code is None:
        frame.say(f"The AWS CLI signs {profile} in, in another terminal: {typed}", error=True)
    elif code:
        frame.say(f"aws login ended with code {code}; {profile} is as it was.", error=True)
    else:
        frame.state.log("", "signed in", profile)
        frame.say(f"Signed in to {profile}.")
        frame.calls.forget_look()
        then()


def answer(frame: Frame, failure: Failure, source: str) -> None:
    """Opens the dialog for a call that somebody pressed a key for and that wants a sign-in at `source`."""
    if isinstance(failure.error, AwsLoginRequired):
        aws_login(frame, source, then=lambda: _again(frame, [failure]))
        return
    center = named(frame, source)
    if center is None:
        return
    if center.name in frame.signing:
        frame.signing[center.name].append(failure)
        return
    frame.signing[center.name] = [failure]
    sign_in(frame, center)


def _waits(error: StsuiError, center: Center) -> bool:
    return isinstance(error, SignInRequired) and error.source == center.name


def sign_out(frame: Frame, center: Center) -> None:
    """Here and at AWS, after a yes."""
    body = [
        f"The sign-in at {center.name} ends here and at AWS; its sessions and those below are forgotten.",
        "Programs that already have credentials keep them until they expire.",
    ]
    screen = ConfirmScreen(f"Sign out of {center.name} ", body, "Sign out", "Stay")

    def signed_out(yes: bool) -> None:
        frame.ask(
            lambda: frame.services.sign_out(center),
            lambda done: frame.say(
                f"Signed out of {center.name}."
                + (f" AWS was not told: {done.unheard}" if done.unheard else "")
            ),
        )
        frame.calls.forget_look()

    frame.show(screen, signed_out)


def discover(frame: Frame, role: str) -> None:
    """Looks again at every Identity Center whose roles are listed."""
    listed = [center for center in frame.services.catalog.sso.values() if center.lists_roles]
    if not listed:
        frame.say("No Identity Center lists its roles: add [sso.NAME] with start_url and region.")
    for center in listed:
        look_around(frame, center, asked=True)


def commands(frame: Frame) -> list[tuple[str, str, Callable[[], object]]]:
    """A title, a sentence and what is done, for each Identity Center."""
    found: list[tuple[str, str, Callable[[], object]]] = []
    within = {center.name for center in frame.services.signed_in()}
    for center in frame.services.catalog.sso.values():
        until = "renews the sign-in early" if center.name in within else "by a code, or in a browser here"
        found.append((f"Sign in to {center.name}", until, partial(sign_in, frame, center)))
        if center.name in within:
            out = "here and at AWS; its sessions are forgotten"
            found.append((f"Sign out of {center.name}", out, partial(sign_out, frame, center)))
    return found


def named(frame: Frame, name: str) -> Center | None:
    """The Identity Center of that name."""
    return centers.named(frame.services.catalog.sso, name)
