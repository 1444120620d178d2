"""Shells that follow the current session: another account under running work is asked about first."""

from collections.abc import Callable

from stsui.model.durations import ago
from stsui.tui.frame import Frame
from stsui.tui.screens.confirm import ConfirmScreen

LATELY = 600
"""Seconds from a fetch during which what follows the current session is in use."""


def following(frame: Frame, role: str, then: Callable[[], object]) -> None:
    """Asks first where programs that follow the current session would find themselves in another account."""
    state = frame.state
    at, program = state.follower
    entry, before = state.entries.get(role), state.entries.get(state.current)
    moves = entry is not None and before is not None and entry.account.account_id != before.account.account_id
    if not moves or entry is None or not at or frame.now - at > LATELY:
        then()
        return
    body = [
        f"Shells follow the current session; {program or 'a program'} fetched it {ago(frame.now - at)}.",
        f"Their next fetch will be {role}, in another account.",
    ]
    title = f"Make {role} current "
    frame.show(ConfirmScreen(title, body, "Switch them", "Not now", entry.environment), lambda yes: then())
