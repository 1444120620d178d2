"""A failure shared for some seconds, so that a hundred waiting callers do not repeat a refused call."""

from stsui.model import errors
from stsui.model.errors import PersonNeeded, StsuiError
from stsui.sessions.cache import Cache

SHARED_FOR = 5.0
_FACTS = ("sentence", "hint", "role", "code", "details")


def remember(cache: Cache, key: str, error: StsuiError, now: float) -> None:
    """Keeps the error's facts for others; what only a person can cure has cost no call and is not kept."""
    if not isinstance(error, PersonNeeded | errors.CodeRefused | errors.ConfigError):
        facts: dict[str, object] = {name: getattr(error, name) for name in _FACTS}
        cache.remember_failure(key, {**facts, "class": type(error).__name__, "at": now})


def honour(facts: dict[str, object] | None, now: float) -> None:
    """Raises the kept error again while it is young."""
    if not facts:
        return
    at, name = facts.get("at"), facts.get("class")
    if not isinstance(at, int | float) or not 0 <= now - at < SHARED_FOR:
        return
    kind = getattr(errors, str(name), None)
    if not (isinstance(kind, type) and issubclass(kind, errors.RefusedByAws | errors.Unavailable)):
        return
    texts = {fact: str(facts.get(fact, "")) for fact in _FACTS}
    raise kind(texts.pop("sentence"), **texts)
