"""Keys that give something out; what may leave, and how, is in `handing_over`."""

from stsui.tui.frame import Frame
from stsui.tui.handing_over import HandingOver


def copy_command(frame: Frame, role: str) -> None:
    """The command that gives a shell this role; it holds no secret."""
    _out(frame).copy_command(role)


def handoff(frame: Frame, role: str) -> None:
    """The dialog of everything that can be handed over."""
    _out(frame).handoff(role)


def shell(frame: Frame, role: str) -> None:
    """A shell with this session; the board waits behind it."""
    _out(frame).shell(role)


def console(frame: Frame, role: str) -> None:
    """The AWS console as the role, in a browser; without one the link goes to the clipboard."""
    _out(frame).console(role)


def _out(frame: Frame) -> HandingOver:
    return HandingOver(frame.app, frame.services, frame.state, frame.calls, frame.entry)
