"""A finding: one line, with the command that mends it. It can be shown to anybody."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from stsui.config.paths import with_tilde
from stsui.model.text import clean

Level = Literal["ok", "note", "fix"]
_ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
_KEY_ID = re.compile(r"\b(A[A-Z]{3})[A-Z0-9]{8,}([A-Z0-9]{4})\b")


class Finding(NamedTuple):
    """`note` is what one should know and nobody can or need mend."""

    about: str
    level: Level
    text: str
    mend: str = ""
    """What to type, or to do, about it."""

    def shown(self, environ: Mapping[str, str]) -> "Finding":
        """Without what a stranger should not read: the home directory's name, account ids, key ids."""
        return self._replace(text=pasteable(self.text, environ), mend=pasteable(self.mend, environ))


def ok(about: str, text: str) -> Finding:
    """All is well."""
    return Finding(about, "ok", text)


def note(about: str, text: str, mend: str = "") -> Finding:
    """Worth knowing."""
    return Finding(about, "note", text, mend)


def fix(about: str, text: str, mend: str) -> Finding:
    """To be mended."""
    return Finding(about, "fix", text, mend)


def pasteable(text: str, environ: Mapping[str, str]) -> str:
    """For a bug report: no home directory, account id or whole key id."""
    return _KEY_ID.sub(r"\1…\2", _ACCOUNT.sub("(account)", with_tilde(clean(text), environ)))
