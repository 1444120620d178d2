"""Keys that save something in conf.d, and the one that takes it back."""

from collections.abc import Mapping
from functools import partial

from stsui.config.changes import undo as put_back
from stsui.config.paths import with_tilde
from stsui.config.user_config_edit import BOARD, SETTINGS, own_file, write_entry
from stsui.tui.frame import Frame
from stsui.tui.screens.settings import SettingsScreen
from stsui.tui.widgets.preview import preview


def pin(frame: Frame, role: str) -> None:
    """Into the group on top, or out of it."""
    state = frame.state
    state.pins[role] = pinned = not state.pinned(role)
    _lay_over(frame, role, {"pin": pinned}, f"{'pin' if pinned else 'unpinning'} of {role}")
    frame.redraw()


def auto(frame: Frame, role: str) -> None:
    """Auto-renew of the role on or off; of a limited session only while the board runs."""
    state, entry = frame.state, frame.state.entries[role]
    session = state.sessions.get(role)
    if entry.account.no_background_renewal or (session is not None and session.ends):
        why = "it ends as it was asked to" if session and session.ends else "no_background_renewal"
        frame.say(f"{role} is not renewed by itself: {why}. r renews it.")
        return
    state.auto[role] = on = not state.renews(role)
    state.log(role, f"auto-renew {'on' if on else 'off'}")
    if not entry.limited:
        _lay_over(frame, role, {"auto_refresh": on}, f"auto-renew of {role}")
    frame.redraw()


def _lay_over(frame: Frame, role: str, keys: Mapping[str, object], what: str) -> None:
    """Keys of a role that stands in a file of the user's, or in one of ours."""
    entry = frame.state.entries[role]
    conf_dir = frame.services.catalog.paths.conf_dir
    file = entry.role.origin.file if entry.role else ""
    name = own_file(conf_dir, file) or BOARD
    frame.save(what, [name], partial(write_entry, conf_dir, name, {"roles": {role: dict(keys)}}))


def settings(frame: Frame, role: str) -> None:
    """Every setting, tried at once and saved when it is left in peace."""
    state, paths = frame.state, frame.services.catalog.paths
    table = partial(write_entry, paths.conf_dir, SETTINGS)
    files = {
        "Yours": str(paths.config_file),
        "The app's": str(paths.conf_dir),
        "AWS": str(paths.aws_config),
        "Sessions": str(paths.sessions_dir),
        "State": str(paths.state_dir),
    }
    themes = [name for name in frame.app.available_themes if not name.startswith("textual-ansi")]
    screen = SettingsScreen(
        sorted(themes, key=lambda name: (not name.startswith("stsui"), name)),
        {name: with_tilde(path, frame.services.environ) for name, path in files.items()},
        lambda: state.settings,
        frame.app.try_settings,
        lambda keys: frame.save(f"setting {', '.join(keys)}", [SETTINGS], lambda: table({"settings": keys})),
        lambda: frame.do("app.undo"),
        lambda: preview(state),
    )
    frame.show(screen, lambda command: frame.run_command(command))


def undo(frame: Frame, role: str) -> None:
    """Takes back what was saved last."""
    change = frame.state.changes.pop()

    frame.change(partial(put_back, change), lambda nothing: frame.say(f"Undone: {change.what}."))
