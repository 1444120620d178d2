"""Keys that start, renew, verify and end sessions."""

from stsui.model.errors import MfaRequired
from stsui.tui.desk import Failure, until_text
from stsui.tui.frame import Frame
from stsui.tui.rows import guarded
from stsui.tui.screens.confirm import ConfirmScreen, TypeNameScreen
from stsui.tui.state import Entry

AGAIN = 3
"""Seconds in which the second enter counts."""


def use(frame: Frame, role: str) -> None:
    """The step that the row names: assume, type the code, retry, make current; a problem says why."""
    state, entry = frame.state, frame.state.entries[role]
    held = role == state.current and state.live(role) is not None
    if entry.role is None or (state.fault(role) and role not in state.sessions):
        frame.do("role.details", role)
    elif entry.account.guard == "type" and state.live(role) is None:
        _type_name(frame, entry)
    elif guarded(entry) and not held and not _second_time(frame, role):
        frame.redraw()
    else:
        _use(frame, role)


def _use(frame: Frame, role: str) -> None:
    state = frame.state
    if state.live(role) is not None:
        frame.desk.make_current(role)
        frame.redraw()
        return
    trouble = state.troubles.get(role)
    if trouble is not None and isinstance(trouble.error, MfaRequired) and role not in state.flights:
        frame.prompts.ask(Failure(role, trouble.error, True, False, True))
        return
    frame.watch(role, frame.desk.assume(role, make_current=True))


def _second_time(frame: Frame, role: str) -> bool:
    """Whether this is the second enter in time; the first one starts the wait."""
    state, now = frame.state, frame.now
    if state.again[0] == role and state.again[1] > now:
        state.again = ("", 0.0)
        return True
    state.again = (role, now + AGAIN)
    return False


def _type_name(frame: Frame, entry: Entry) -> None:
    account = entry.account.name or entry.account.account_id
    body = [f"{entry.name} is in {account}, which is guarded by its name."]
    screen = TypeNameScreen(f"Use {entry.name} ", body, account, "Use", entry.environment)
    frame.show(screen, lambda yes: _use(frame, entry.name))


def renew(frame: Frame, role: str) -> None:
    """Another session now, whatever is left of this one."""
    frame.watch(role, frame.desk.assume(role, refresh=True))


def verify(frame: Frame, role: str) -> None:
    """GetCallerIdentity now."""
    frame.desk.verify(role, asked=True)
    frame.redraw()


def drop(frame: Frame, role: str) -> None:
    """Forgets the session here and on disk."""
    frame.desk.drop(role)
    frame.redraw()


def drop_all(frame: Frame, role: str) -> None:
    """Forgets every session, after a yes."""
    live = frame.state.live_by_expiry()
    names = [f"  {s.role}   {until_text(s)}" for s in live[:4]]
    names += [f"  + {len(live) - 4} more"] if len(live) > 4 else []
    count = len(live)
    body = [
        f"{count} live session{'' if count == 1 else 's'} will be forgotten here and on disk.",
        "Programs that already have them keep them until they expire:",
        "",
        *names,
    ]
    screen = ConfirmScreen("Drop every session", body, f"Drop {count}", "Keep them")

    def dropped(yes: bool) -> None:
        frame.desk.drop_all()
        frame.redraw()

    frame.show(screen, dropped)


def pause(frame: Frame, role: str) -> None:
    """All renewing by itself, off or on."""
    frame.state.paused = not frame.state.paused
    frame.redraw()
