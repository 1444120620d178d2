"""A failure shared among callers, so that a hundred who wait do not repeat a refused call.

Who has nothing is told the same for five seconds. Who still holds something good leaves AWS in peace for
longer with each failure in a row: five seconds, ten, twenty … a minute, never more than a quarter of the
time that is left to try in.
"""

from stsui.model import errors
from stsui.model.errors import PersonNeeded, StsuiError
from stsui.sessions.cache import Cache

SHARED_FOR = 5.0
LONGEST = 60.0
LAST_MOMENT = float(1 << 40)
_FACTS = ("sentence", "hint", "role", "code", "details")


def remember(
    cache: Cache, key: str, error: StsuiError, now: float, before: dict[str, object] | None = None
) -> None:
    """Keeps the error's facts for others; what only a person can cure has cost no call and is not kept.

    Args:
        before: The facts of the failure before this one, as kept.
    """
    if not isinstance(error, PersonNeeded | errors.CodeRefused | errors.ConfigError):
        facts: dict[str, object] = {name: getattr(error, name) for name in _FACTS}
        in_a_row = _in_a_row(before) + 1
        cache.remember_failure(key, {**facts, "class": type(error).__name__, "at": now, "in_a_row": in_a_row})


def honour(facts: dict[str, object] | None, now: float, spare: float = 0.0) -> None:
    """Raises the kept error again while it is young.

    Args:
        spare: Seconds for which something good is held and a failure costs nothing.
    """
    if not facts:
        return
    at, name = facts.get("at"), facts.get("class")
    patience = min(SHARED_FOR * 2.0 ** (_in_a_row(facts) - 1), LONGEST, spare / 4)
    if not isinstance(at, int | float) or not 0 <= at < LAST_MOMENT:
        return
    if not 0 <= now - at < max(SHARED_FOR, patience):
        return
    kind = getattr(errors, str(name), None)
    if not (isinstance(kind, type) and issubclass(kind, errors.RefusedByAws | errors.Unavailable)):
        return
    texts = {fact: str(facts.get(fact, "")) for fact in _FACTS}
    raise kind(texts.pop("sentence"), **texts)


def _in_a_row(facts: dict[str, object] | None) -> int:
    count = (facts or {}).get("in_a_row", 0)
    return min(count, 20) if type(count) is int and count > 0 else 0
