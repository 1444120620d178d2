"""Keys that start, renew, verify and end sessions."""

from stsui.model.errors import ConfigError, MfaRequired
from stsui.sessions.wanted import Occasion
from stsui.tui.desk import Failure, until_text
from stsui.tui.following import following
from stsui.tui.frame import Frame
from stsui.tui.guards import passing
from stsui.tui.screens.confirm import ConfirmScreen
from stsui.tui.state import Wish


def use(frame: Frame, role: str) -> None:
    """The step that the row names: assume, type the code, retry, make current; a problem says why."""
    state, entry = frame.state, frame.state.entries[role]
    if entry.role is None or (state.fault(role) and role not in state.sessions):
        frame.do("role.details", role)
    else:
        use_named(frame, role)


def use_named(frame: Frame, name: str, occasion: Occasion | None = None, *, deliberate: bool = False) -> None:
    """Uses the session of that name, its guards passed; the row of its own that a limited one has appears.

    Args:
        occasion: What is asked for this once.
        deliberate: A dialog was answered for it already.
    """
    state = frame.state
    try:
        name = frame.services.store.named(name).name
    except ConfigError as error:
        frame.say(error.sentence, error=True)
        return
    if name not in state.entries:
        state.wanted = {name}
        state.note_limited()

    def use(wish: Wish) -> None:
        following(frame, name, lambda: _use(frame, name, wish))

    passing(frame, name, "assume", use, occasion, deliberate=deliberate)


def _use(frame: Frame, name: str, wish: Wish) -> None:
    state = frame.state
    frame.redraw()
    frame.go_to(name)
    held = state.live(name)
    if held is not None and wish.occasion is None and wish.passed == "none":
        frame.desk.make_current(name)
        frame.redraw()
        return
    trouble = state.troubles.get(name)
    if trouble is not None and isinstance(trouble.error, MfaRequired) and name not in state.flights:
        frame.prompts.ask(Failure(name, trouble.error, True, False, True, wish))
        return
    frame.watch(name, frame.desk.assume(name, make_current=True, wish=wish))


def renew(frame: Frame, role: str) -> None:
    """Another session now, whatever is left of this one."""
    frame.watch(role, frame.desk.assume(role, refresh=True))


def verify(frame: Frame, role: str) -> None:
    """GetCallerIdentity now."""
    frame.desk.verify(role, asked=True)
    frame.redraw()


def renew_all(frame: Frame, role: str) -> None:
    """Another session for each live role, now."""
    live = frame.state.live_by_expiry()
    for session in live:
        frame.watch(session.role, frame.desk.assume(session.role, refresh=True))
    frame.say(f"Renewing {len(live)} session{'s' if len(live) > 1 else ''}.")


def verify_all(frame: Frame, role: str) -> None:
    """GetCallerIdentity for each live session; each row says what came of it."""
    live = frame.state.live_by_expiry()
    for session in live:
        frame.desk.verify(session.role, asked=False)
    frame.say(f"Asking AWS who {len(live)} session{'s are' if len(live) > 1 else ' is'}.")
    frame.redraw()


def drop(frame: Frame, role: str) -> None:
    """Forgets the session here and on disk."""
    frame.desk.drop(role)
    frame.redraw()


def drop_all(frame: Frame, role: str) -> None:
    """Forgets every session, after a yes."""
    live = frame.state.live_by_expiry()
    words = {s.role: frame.state.entries[s.role].environment for s in live[:4]}
    names = [f"  {s.role:16} {words[s.role]:6} {until_text(s)}" for s in live[:4]]
    names += [f"  + {len(live) - 4} more"] if len(live) > 4 else []
    count = len(live)
    live_text = f"{count} live session{'' if count == 1 else 's'}"
    body = [
        f"{live_text} will be forgotten here and on disk, slots cut off, our sections of files removed.",
        "Programs that already have them keep them until they expire:",
        "",
        *names,
    ]
    names_of = ", ".join(center.name for center in frame.services.signed_in())
    option = f"sign out of {names_of} too, here and at AWS" if names_of else ""
    screen = ConfirmScreen("Drop every session", body, f"Drop {count}", "Keep them", option=option)

    def dropped(yes: bool) -> None:
        frame.desk.drop_all(sign_out=screen.opted)
        frame.redraw()

    frame.show(screen, dropped)


def pause(frame: Frame, role: str) -> None:
    """All renewing by itself, off or on."""
    frame.state.paused = not frame.state.paused
    frame.redraw()
