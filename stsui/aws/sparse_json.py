"""Large JSON of which little is wanted: the rest, which is most of the memory, is passed over."""

import json
import re
from collections.abc import Collection
from typing import Any

_BETWEEN = re.compile(r"[\s:,]*")


def sparse(text: str, table: str, wanted: Collection[str]) -> Any:
    """What the text says, of each object that is called `table` the wanted members alone.

    Raises:
        ValueError: It is no JSON.
    """
    begin, decoder = re.compile(rf'"{table}"\s*:\s*\{{'), json.JSONDecoder()
    parts, at = [], 0
    while found := begin.search(text, at):
        parts.append(text[at : found.end()])
        members, at = _members(text, found.end(), wanted, decoder)
        parts.append(json.dumps(members)[1:-1])
    return json.loads("".join((*parts, text[at:])))


def _members(
    text: str, at: int, wanted: Collection[str], decoder: json.JSONDecoder
) -> tuple[dict[str, Any], int]:
    """The wanted members of the object that was begun before that place, and the place of its end."""
    members: dict[str, Any] = {}
    at = _next(text, at)
    while text[at : at + 1] != "}":
        name, at = decoder.raw_decode(text, at)
        value, at = decoder.raw_decode(text, _next(text, at))
        at = _next(text, at)
        if name in wanted:
            members[name] = value
    return members, at


def _next(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at
