"""The program itself: versions, which one the shell finds, what optional parts are missing."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata

from stsui import __version__
from stsui.cli.checkup.finding import Finding, fix, note, ok
from stsui.wiring import Services

LIBRARIES = ("boto3", "botocore", "textual", "platformdirs", "tomli-w")


def look(services: Services) -> Iterator[Finding]:
    """Versions first: they are what a report needs most."""
    yield ok("stsui", f"{__version__}, Python {platform.python_version()}, {_system()}")
    yield ok("libraries", ", ".join(f"{name} {_version(name) or 'missing'}" for name in LIBRARIES))
    yield from _on_path(services)
    logins = [r.name for r in services.catalog.roles.values() if r.source and r.source.kind == "login"]
    if logins and not _version("awscrt"):
        yield fix(
            "aws login", f"{len(logins)} roles need it, and awscrt is missing.", "pip install 'stsui[login]'"
        )


def _system() -> str:
    names = [platform.system(), platform.release()]
    for variable, name in (("WSL_DISTRO_NAME", "WSL"), ("container", "container")):
        if os.environ.get(variable):
            names.append(name)
    if "container" not in names and os.path.exists("/.dockerenv"):
        names.append("container")
    return " ".join(names)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _on_path(services: Services) -> Iterator[Finding]:
    found = shutil.which("stsui", path=services.environ.get("PATH"))
    ours = os.path.join(os.path.dirname(sys.executable), "stsui")
    if not found:
        yield note(
            "on PATH",
            "No stsui is found by its name: shell functions and credential_process need its whole path.",
            f"export PATH={os.path.dirname(sys.executable)}:$PATH",
        )
    elif os.path.exists(ours) and os.path.realpath(found) != os.path.realpath(ours):
        yield note("on PATH", f"The shell finds {found}; this is {ours}.", "type -a stsui")
    else:
        yield ok("on PATH", found)
