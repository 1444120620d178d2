"""Why a key does nothing now, in words: for the menu of a row, the help page and the answer to the key."""

from stsui.tui.commands import BY_ID
from stsui.tui.state import Entry, State


def why_not(command_id: str, entry: Entry | None, state: State) -> str:
    """Why the command of that id does nothing for that row; empty when it does something."""
    if command_id == "app.drop-all" and not state.sessions:
        return "there is no session"
    if command_id in ("app.renew-all", "app.verify-all") and not state.live_by_expiry():
        return "there is no live session"
    if command_id == "app.problems" and not state.problems:
        return "there is no problem in the config"
    if command_id == "app.close-file" and state.exposed is None:
        return "no file of yours here is open to others"
    if command_id == "app.undo" and not state.changes:
        return "nothing was saved since stsui was started"
    if command_id.startswith("live.") and int(command_id[5:]) > len(state.live_by_expiry()):
        return "there are fewer live sessions"
    return _of_the_row(BY_ID[command_id].needs, entry, state)


def _of_the_row(needs: str, entry: Entry | None, state: State) -> str:
    if not needs:
        return ""
    if entry is None:
        return "no role under the cursor"
    if needs == "row":
        return ""
    if entry.role is None:
        return "this entry of the config cannot be used; i says why"
    if needs == "session" and entry.name not in state.sessions:
        return "no session"
    if needs == "live" and state.live(entry.name) is None:
        return "no live session"
    return ""


def sentence(why: str, entry: Entry | None) -> str:
    """The reason as an answer to the key."""
    if entry is not None and why in ("no session", "no live session"):
        return f"{entry.name} has {why}. enter starts one."
    return f"{why[0].upper()}{why[1:]}."
