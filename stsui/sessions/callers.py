"""For whom a program of ours or the user's was started: a credential process that asks stsui for the very
session that waits for it would wait for ever.
"""

from collections.abc import Iterable, Mapping

VARIABLE = "STSUI_CALLERS"
_BETWEEN = "\x1f"


def callers(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The sessions that wait for this process, the outermost first."""
    return tuple(name for name in environ.get(VARIABLE, "").split(_BETWEEN) if name)


def with_callers(environ: Mapping[str, str], sessions: Iterable[str]) -> str:
    """The variable for a process that these sessions will wait for."""
    return _BETWEEN.join((*callers(environ), *sessions))
