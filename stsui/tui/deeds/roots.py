"""The key that shows roots, and what is done for one of them: renewed early, signed out of, looked into."""

from functools import partial

from stsui.model.errors import CodeRefused, MfaRequired, StsuiError
from stsui.model.session import Session
from stsui.sessions.roots import Root
from stsui.tui.deeds import centers, signing
from stsui.tui.frame import Frame
from stsui.tui.prompts import mfa_facts
from stsui.tui.rows import short_clock
from stsui.tui.screens.mfa import MfaScreen
from stsui.tui.screens.roots import RootsScreen, View


def roots(frame: Frame, role: str) -> None:
    """Every root, until when it is good, and when a person is needed next."""
    lookout = frame.services.lookout
    shown: list[Root] = []

    def look() -> View:
        return View(lookout.roots(), lookout.forecast(frame.state.renews))

    def came(view: View) -> None:
        shown[:] = view.roots
        screen.show_view(view)

    screen = RootsScreen(lambda: frame.ask(look, came), frame.services.store.clock.now, frame.state.masked)

    def chosen(answer: tuple[str, str]) -> None:
        what, key = answer
        if what == "new":
            centers.new(frame, "")
            return
        root = next((root for root in shown if root.key == key), None)
        if root is not None:
            _DO[what](frame, root)

    frame.show(screen, chosen)


def renew(frame: Frame, root: Root) -> None:
    """What the root needs, now."""
    if root.center is not None:
        signing.sign_in(frame, root.center)
    elif root.kind in ("mfa", "role mfa"):
        _ask_code(frame, root, MfaRequired(root.name, root.serial))
    elif root.kind == "login":
        signing.aws_login(frame, root.name)
    else:
        frame.say(f"{root.name} has temporary keys; whoever wrote them into ~/.aws/credentials renews them.")


def _ask_code(frame: Frame, root: Root, error: MfaRequired) -> None:
    entry = frame.state.entries.get(root.roles[0])
    account = entry.account.account_id if entry else ""
    facts = mfa_facts(frame.state, root.name, account if len(root.roles) == 1 else "", "", error)
    facts = facts._replace(shared_with=tuple(name for name in root.roles if name != root.name))
    frame.show(MfaScreen(facts, frame.services.store.clock.now), partial(_renew_by, frame, root))


def _renew_by(frame: Frame, root: Root, code: str) -> None:
    def renewed(session: Session) -> None:
        frame.state.log("", "renewed", root.name)
        frame.say(f"{root.name} is good until {short_clock(session.expiration)}.")
        frame.calls.forget_look()
        frame.calls.look(frame.state.version, always=True)

    def failed(error: StsuiError) -> None:
        if isinstance(error, MfaRequired | CodeRefused):
            reason = error.sentence
            again = (
                error
                if isinstance(error, MfaRequired)
                else MfaRequired(root.name, root.serial, reason=reason)
            )
            _ask_code(frame, root, again)
        else:
            frame.say(error.sentence, error=True)

    frame.ask(lambda: frame.services.store.renew_root(root.roles[0], code), renewed, failed)


def sign_out(frame: Frame, root: Root) -> None:
    """Of the Identity Center, at AWS too."""
    if root.center is not None:
        signing.sign_out(frame, root.center)


def show(frame: Frame, root: Root) -> None:
    """The cursor on the first session below it."""
    if root.live:
        frame.go_to(root.live[0])
        frame.say(f"Below {root.name}: {', '.join(root.live)}.")


_DO = {"renew": renew, "out": sign_out, "show": show}
