"""Keys that give something out; what may leave, and how, is in `handing_over`."""

from collections.abc import Callable

from stsui.sessions.guard import Way
from stsui.tui.frame import Frame
from stsui.tui.guards import passing
from stsui.tui.handing_over import HandingOver


def copy_command(frame: Frame, role: str) -> None:
    """The command that gives a shell this role; it holds no secret."""
    _out(frame).copy_command(role)


def handoff(frame: Frame, role: str) -> None:
    """The dialog of everything that can be handed over."""
    _out(frame).handoff(role)


def shell(frame: Frame, role: str) -> None:
    """A shell with this session; the board waits behind it."""
    passing(frame, role, "exec", lambda wish: _out(frame).shell(role), deliberate=True)


def console(frame: Frame, role: str) -> None:
    """The AWS console as the role, in a browser; without one the link goes to the clipboard."""
    account = frame.state.entries[role].account
    if account.each_time and account.guard != "none":
        frame.say(f"{role} is asked about each time: stsui console {role}, in a terminal.")
        return
    passing(frame, role, "console", lambda wish: _out(frame).console(role), deliberate=True)


def pane(frame: Frame, role: str) -> None:
    """A pane of tmux: the command to one that is there, or a new one that holds the role."""
    _out(frame).panes(role)


def copy_text(frame: Frame, text: str) -> None:
    """A text without secrets to the clipboard."""
    _out(frame).copy_text(text)


def _out(frame: Frame) -> HandingOver:
    def admit(name: str, way: Way, then: Callable[[], object]) -> None:
        passing(frame, name, way, lambda wish: then(), deliberate=True)

    return HandingOver(frame.app, frame.services, frame.state, frame.calls, frame.entry, admit)
