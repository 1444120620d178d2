"""Files of the user's that everyone on the computer can read or change: which, how badly, closing them."""

import os
import stat
from typing import NamedTuple

from stsui.config.paths import Paths
from stsui.model.text import clean


class Exposed(NamedTuple):
    """A file that is open to others."""

    path: str
    mode: int
    holds: str
    """What others get to know, or can do, as the rest of a sentence."""

    @property
    def name(self) -> str:
        """The file, for sentences."""
        return clean(os.path.basename(self.path))

    @property
    def sentence(self) -> str:
        """What is wrong, and the key that mends it."""
        can = "changed" if self.mode & stat.S_IWOTH else "read"
        return f"{self.name} can be {can} by everyone (mode {self.mode:o}){self.holds} f closes it: chmod 600"


def found(paths: Paths) -> Exposed | None:
    """The worst of them; None where all are closed. One that lies in a closed directory is closed."""
    if os.name != "posix":
        return None
    files = (
        (paths.aws_credentials, stat.S_IWOTH, " and decides whose keys are used."),
        (paths.config_file, stat.S_IWOTH, " and decides which programs run."),
        (paths.aws_config, stat.S_IWOTH, " and decides which programs run."),
        (paths.aws_credentials, stat.S_IROTH, " and holds keys."),
        (paths.config_file, stat.S_IROTH, ". It holds no secrets."),
    )
    for path, bit, holds in files:
        mode = _mode(path)
        if mode & bit and _is_reached(path):
            return Exposed(path, mode, holds)
    return None


def close(exposed: Exposed) -> int:
    """Takes every right of others away; the mode that is left.

    Raises:
        OSError: The file is not the user's, or gone.
    """
    mode = _mode(exposed.path) & 0o700
    os.chmod(exposed.path, mode)
    return mode


def _mode(path: str) -> int:
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        return 0


def _is_reached(path: str) -> bool:
    """Whether everyone may enter each directory on the way to it."""
    directory = os.path.dirname(os.path.realpath(path))
    while True:
        if not _mode(directory) & stat.S_IXOTH:
            return False
        above = os.path.dirname(directory)
        if above == directory:
            return True
        directory = above
