"""The browser of this computer: whether there is one that a person sees, and opening a link in it."""

import os
import subprocess
import sys
import webbrowser
from collections.abc import Mapping

TEXT_BROWSERS = ("www-browser", "links", "elinks", "lynx", "w3m")
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")


def available(environ: Mapping[str, str]) -> bool:
    """Not over SSH, not without a screen, and not where only a text browser would come up."""
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return False
    if sys.platform == "linux" and not any(environ.get(name) for name in SCREENS):
        return False
    try:
        name = webbrowser.get().name
    except (webbrowser.Error, OSError, subprocess.SubprocessError):
        return False
    return os.path.basename(name) not in TEXT_BROWSERS


def open_link(url: str) -> bool:
    """Opens the link; whether a browser took it."""
    try:
        return webbrowser.open(url)
    except (webbrowser.Error, OSError, subprocess.SubprocessError):
        return False
