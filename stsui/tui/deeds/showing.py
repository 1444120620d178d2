"""Commands of the palette that show how things are, or change how they look."""

import os
import platform
import sys
import time
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from stsui import __version__
from stsui.config.paths import with_tilde
from stsui.config.user_config_edit import SETTINGS, write_entry
from stsui.model.durations import rough_duration
from stsui.tui import clipboard, themes
from stsui.tui.frame import Frame
from stsui.tui.screens.details import DetailsScreen
from stsui.tui.screens.theme import ThemeScreen
from stsui.tui.widgets.preview import preview

CONTRAST = "stsui-contrast"


def theme(frame: Frame, role: str) -> None:
    """Every theme, looked at before it is taken."""
    state = frame.state
    before = state.settings

    def shown(name: str) -> None:
        frame.app.try_settings(state.settings._replace(theme=name))

    def chosen(name: str) -> None:
        if name == before.theme:
            frame.app.try_settings(before)
        else:
            _set(frame, "theme", name)

    names = sorted(frame.app.available_themes, key=lambda name: (not name.startswith("stsui"), name))
    frame.app.push_screen(
        ThemeScreen(names, before.theme, shown, lambda: preview(state)),
        lambda name: chosen(name or before.theme),
    )


def contrast(frame: Frame, role: str) -> None:
    """The theme of high contrast, or the usual one again."""
    on = frame.state.settings.theme != CONTRAST
    _set(frame, "theme", CONTRAST if on else themes.DEFAULT)


def ascii(frame: Frame, role: str) -> None:
    """Signs in ASCII alone, or as they were drawn."""
    _set(frame, "ascii", not frame.state.settings.ascii)


def _set(frame: Frame, key: str, value: str | bool) -> None:
    frame.app.try_settings(frame.state.settings._replace(**{key: value}))  # type: ignore[arg-type]
    table = {"settings": {key: value}}
    conf_dir = frame.services.catalog.paths.conf_dir
    frame.save(f"setting {key}", [SETTINGS], partial(write_entry, conf_dir, SETTINGS, table))


def diagnostics(frame: Frame, role: str) -> None:
    """Versions, paths, terminal, clipboard and clocks: what a report of a fault needs. No secret."""
    frame.show(DetailsScreen("Diagnostics ", "", partial(_diagnostics, frame), ""))


def _diagnostics(frame: Frame) -> list[tuple[str, str]]:
    app, environ, catalog = frame.app, frame.services.environ, frame.services.catalog
    size = app.size
    offset = frame.services.store.clock_offset()
    clock = f"{rough_duration(abs(offset))} {'behind' if offset > 0 else 'ahead of'} AWS"
    around = [
        name for name in ("TMUX", "STY", "SSH_CONNECTION", "WAYLAND_DISPLAY", "DISPLAY") if environ.get(name)
    ]
    rows = [
        (
            "stsui",
            f"{__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}",
        ),
        ("Libraries", ", ".join(f"{name} {_version(name)}" for name in ("textual", "boto3", "botocore"))),
        (
            "Terminal",
            f"{environ.get('TERM', '')}, {size.width} x {size.height}, {app.console.color_system} colours",
        ),
        ("Around it", ", ".join(around) or "nothing that matters"),
        ("Theme", f"{app.theme}{', no colour (NO_COLOR)' if app.no_color else ''}"),
        ("Clipboard", clipboard.way(environ) or "none"),
        ("Clock", clock if abs(offset) >= 1 else "as AWS's, as far as it was asked"),
        ("", ""),
        ("Roles", f"{len(catalog.roles)} in {len(catalog.accounts)} accounts"),
        ("Problems", str(len(catalog.problems)) if catalog.problems else "none"),
    ]
    rows += [("", str(problem)) for problem in catalog.problems[:20]]
    rows += [("Warning", warning) for warning in (frame.state.warning,) if warning]
    rows.append(("", ""))
    rows += [(name.replace("_", " "), path) for name, path in catalog.paths._asdict().items()]
    return [(label, with_tilde(text, environ)) for label, text in rows]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def demo(frame: Frame, role: str) -> None:
    """The demo in this terminal; the board waits behind it."""
    if frame.suspended([sys.executable, "-m", "stsui", "demo"]) is None:
        frame.say("The demo cannot be started from here: stsui demo")


def about(frame: Frame, role: str) -> None:
    """What this is."""
    rows = [
        ("", f"stsui {__version__}: AWS STS sessions in a terminal."),
        ("", ""),
        ("", "Sessions are kept in files that only you can read. Long-term keys stay where they are."),
        ("", "Nothing is sent anywhere but to AWS. ? shows every key, : finds every command."),
    ]
    frame.show(DetailsScreen("About ", "", lambda: rows, ""))


def picture(frame: Frame, role: str) -> None:
    """The screen as an SVG in the home directory, ids and names of users hidden."""
    before, frame.state.hide_ids = frame.state.hide_ids, True
    frame.redraw()
    frame.app.call_after_refresh(_draw, frame, before)


def _draw(frame: Frame, hidden_before: bool) -> None:
    svg = frame.app.export_screenshot(title="stsui")
    frame.state.hide_ids = hidden_before
    frame.redraw()
    path = os.path.join("~", time.strftime("stsui-%Y%m%d-%H%M%S.svg", time.localtime(frame.now)))
    frame.calls.tell(partial(_write, path, svg))


def _write(path: str, svg: str) -> str:
    try:
        clipboard.write_private(path, svg)
    except FileExistsError:
        return f"{path} is there already."
    except OSError as error:
        return f"{path} could not be written: {error.strerror}."
    return f"Wrote {path}, ids hidden."
