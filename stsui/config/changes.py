"""What the app has written to conf.d, kept so that it can be taken back: whole files, before and after."""

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from stsui.config import files
from stsui.model.errors import ConfigError
from stsui.model.text import clean


class Change(NamedTuple):
    """One thing that was saved."""

    what: str
    """`pin of prod-ro`, for sentences."""
    files: tuple[tuple[str, bytes | None, bytes | None], ...]
    """Path, content before, content after; None: there was no file."""


def recorded(what: str, conf_dir: str, names: Sequence[str], write: Callable[[], object]) -> Change:
    """Calls `write`, which changes those files of conf.d, all of them or none.

    Raises:
        ConfigError: Whatever `write` raised; what it had written by then is put back.
    """
    paths = [os.path.join(conf_dir, name if name.endswith(".toml") else f"{name}.toml") for name in names]
    before = [_content(path) for path in paths]
    try:
        write()
    except ConfigError:
        for path, content in zip(paths, before, strict=True):
            if _content(path) != content:
                _put(path, content)
        raise
    after = [_content(path) for path in paths]
    changed = zip(paths, before, after, strict=True)
    return Change(what, tuple(file for file in changed if file[1] != file[2]))


def undo(change: Change) -> None:
    """Puts the files back as they were.

    Raises:
        ConfigError: One of them is another by now, or cannot be written; nothing was changed then.
    """
    for path, _, after in change.files:
        if _content(path) != after:
            raise ConfigError(f"{clean(path)} was changed since; the {change.what} was not undone.")
    for path, before, _ in change.files:
        try:
            _put(path, before)
        except OSError as error:
            reason = clean(error.strerror or str(error))
            raise ConfigError(f"{clean(path)} cannot be written: {reason}.") from None


def _content(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read(files.LIMIT)
    except OSError:
        return None


def _put(path: str, content: bytes | None) -> None:
    if content is not None:
        files.replace(os.path.realpath(path), content)
    elif os.path.exists(path):
        os.unlink(path)
