"""Why a key does nothing now, in words: for the menu of a row, the help page and the answer to the key."""

from stsui.tui.state import Entry, State

_WITH_A_ROLE = frozenset(
    {
        "role.use",
        "role.renew",
        "role.auto",
        "role.drop",
        "role.verify",
        "role.copy-command",
        "role.handoff",
        "role.shell",
        "role.console",
        "role.pin",
    }
)
_WITH_A_SESSION = frozenset({"role.renew", "role.drop"})
_WITH_A_LIVE_SESSION = frozenset({"role.verify", "role.handoff", "role.shell", "role.console"})


def why_not(command_id: str, entry: Entry | None, state: State) -> str:
    """Why the command of that id does nothing for that row; empty when it does something."""
    if command_id == "app.drop-all" and not state.sessions:
        return "there is no session"
    if command_id.startswith("live.") and int(command_id[5:]) > len(state.live_by_expiry()):
        return "there are fewer live sessions"
    if command_id in ("role.details", "role.actions") and entry is None:
        return "no role under the cursor"
    if command_id not in _WITH_A_ROLE:
        return ""
    if entry is None:
        return "no role under the cursor"
    if entry.role is None:
        return "this entry of the config cannot be used; i says why"
    if command_id in _WITH_A_SESSION and entry.name not in state.sessions:
        return f"{entry.name} has no session"
    if command_id in _WITH_A_LIVE_SESSION and state.live(entry.name) is None:
        return f"{entry.name} has no live session; enter starts one"
    return ""
