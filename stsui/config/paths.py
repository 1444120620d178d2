"""Where config, sessions, state and the AWS files live. Nothing is made here."""

import os
import re
import sys
from collections.abc import Mapping
from typing import NamedTuple

_PLATFORM: str = sys.platform
_VARIABLE = re.compile(r"\$(?:(\w+)|\{([^}]*)\})")


class Paths(NamedTuple):
    """Files and directories of one environment; none of them need exist."""

    config_file: str
    conf_dir: str
    """`conf.d` beside the config file; what the app itself writes."""
    sessions_dir: str
    """Temporary credentials; in memory-backed storage where the system has one."""
    state_dir: str
    """Slots, ledger and what a screen remembers."""
    discovered: str
    """Roles that were found in Identity Centers."""
    aws_config: str
    aws_credentials: str
    sso_cache: str
    """Where the AWS CLI keeps tokens of Identity Center."""
    login_cache: str
    """Where it keeps those of `aws login`."""

    @property
    def live(self) -> str:
        """Where servers of slots and their slots are."""
        return os.path.join(self.state_dir, "live")


def find(environ: Mapping[str, str], settings_store_dir: str = "") -> Paths:
    """The paths that `environ` leads to; `settings_store_dir` is the key `store_dir` of `[settings]`."""
    config_file = (
        _expanded(environ["STSUI_CONFIG"], environ)
        if environ.get("STSUI_CONFIG")
        else os.path.join(_directory(environ, "config"), "config.toml")
    )
    state_dir = _directory(environ, "state")
    return Paths(
        config_file,
        os.path.join(os.path.dirname(config_file), "conf.d"),
        _sessions_dir(environ, settings_store_dir),
        state_dir,
        os.path.join(state_dir, "discovered.json"),
        _aws_file(environ, "AWS_CONFIG_FILE", "config"),
        aws_credentials(environ),
        os.path.join(home(environ), ".aws", "sso", "cache"),
        environ.get("AWS_LOGIN_CACHE_DIRECTORY") or os.path.join(home(environ), ".aws", "login", "cache"),
    )


def aws_credentials(environ: Mapping[str, str]) -> str:
    """The file of long-term keys alone, which is looked at for every call."""
    return _aws_file(environ, "AWS_SHARED_CREDENTIALS_FILE", "credentials")


def kept(environ: Mapping[str, str], what: str) -> str:
    """Where lies what can be made again at any time, such as `answers`; never moved by `store_dir`."""
    return os.path.join(os.path.dirname(_sessions_dir(environ, "")), what)


def conf_files(directory: str) -> list[str]:
    """The `.toml` files of conf.d by name; none where it cannot be listed."""
    try:
        names = sorted(name for name in os.listdir(directory) if name.endswith(".toml"))
    except OSError:
        return []
    return [os.path.join(directory, name) for name in names if not name.startswith(".")]


def home(environ: Mapping[str, str]) -> str:
    """The user's home directory as `environ` has it, else as the system does."""
    names = ("USERPROFILE", "HOME") if _PLATFORM == "win32" else ("HOME",)
    for name in names:
        if environ.get(name):
            return environ[name]
    found = os.path.expanduser("~")
    # A user id that the system does not know, as containers give, and no HOME: there is no home at all.
    return found if os.path.isabs(found) else os.sep


def borrowed_from(environ: Mapping[str, str]) -> str:
    """Who called sudo, where that left us as root in that user's home; empty anywhere else.

    What root keeps there its owner cannot read or remove afterwards.
    """
    if _PLATFORM == "win32" or os.geteuid() != 0:
        return ""
    caller = environ.get("SUDO_USER") or environ.get("DOAS_USER") or "root"
    try:
        owner = os.stat(home(environ)).st_uid
    except OSError:
        owner = 0
    return caller if caller != "root" and owner != 0 else ""


def with_tilde(text: str, environ: Mapping[str, str]) -> str:
    """`text` with the home directory as `~`, for sentences."""
    below = home(environ).rstrip(os.sep) + os.sep
    return text.replace(below, f"~{os.sep}") if len(below) > 1 else text


def _sessions_dir(environ: Mapping[str, str], store_dir: str) -> str:
    if store_dir:
        return os.path.join(_expanded(store_dir, environ), "sessions")
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime) and os.path.isdir(runtime):
        return os.path.join(runtime, "stsui", "sessions")
    return os.path.join(_directory(environ, "cache"), "sessions")


def _aws_file(environ: Mapping[str, str], variable: str, name: str) -> str:
    """An empty variable counts as not set. Source: botocore, configprovider and configloader."""
    given = environ.get(variable)
    return _expanded(given, environ) if given else os.path.join(home(environ), ".aws", name)


_XDG = {
    "config": ("XDG_CONFIG_HOME", ".config"),
    "state": ("XDG_STATE_HOME", ".local/state"),
    "cache": ("XDG_CACHE_HOME", ".cache"),
}


def _directory(environ: Mapping[str, str], kind: str) -> str:
    """stsui's own directory of a kind. On Linux without platformdirs, which reads only its own environment.

    Source: XDG Base Directory Specification; a relative path in a variable counts as not set.
    """
    variable, below_home = _XDG[kind]
    given = environ.get(variable, "")
    if os.path.isabs(given):
        return os.path.join(given, "stsui")
    if os.name == "posix" and _PLATFORM != "darwin":
        return os.path.join(home(environ), below_home, "stsui")
    import platformdirs

    found = str(getattr(platformdirs, f"user_{kind}_dir")("stsui", appauthor=False))
    system_home = os.path.expanduser("~")
    if found.startswith(system_home) and home(environ) != system_home:
        return home(environ) + found[len(system_home) :]
    return found


def _expanded(path: str, environ: Mapping[str, str]) -> str:
    """`~` and `$NAME` filled in from `environ`, as botocore does from its own."""
    path = _VARIABLE.sub(lambda found: environ.get(found[1] or found[2], found[0]), path)
    if path == "~" or path.startswith(("~/", "~" + os.sep)):
        path = home(environ) + path[1:]
    return os.path.abspath(os.path.expanduser(path))
