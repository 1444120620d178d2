"""Where the person was when they left: cursor, view, order, folds, panel, what they used last. No secret."""

import contextlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from stsui.model.errors import StoreError
from stsui.sessions.private import PrivateDirectory
from stsui.tui.view import SORTS, VIEWS

NAME = "board.json"
EVERY = 20.0
"""Seconds between two times that it is written while the board runs."""
MOST = 500
"""Folds and roles that are remembered."""


class Place(NamedTuple):
    """What is kept for the next start; a filter is not."""

    role: str = ""
    view: str = "all"
    sort: str = "account"
    folded: frozenset[str] = frozenset()
    panel: int = 0
    used: Mapping[str, float] = {}
    """Unix time of the last use, by role."""


class Keeper:
    """Keeps the place in the state directory: now and then, because not every end can be seen coming."""

    def __init__(self, state_dir: str) -> None:
        self._files = PrivateDirectory(state_dir)
        self.begin = self._load()
        """What was kept by the last one."""
        self._kept = self.begin
        self._next = 0.0

    def due(self, place: Place, now: float) -> bool:
        """Whether it is time to keep another place."""
        if place == self._kept or now < self._next:
            return False
        self._next = now + EVERY
        return True

    def keep(self, place: Place) -> None:
        """Writes it; a disk that does not take it costs only the memory of it."""
        if place == self._kept:
            return
        self._kept = place
        latest = sorted(place.used.items(), key=lambda pair: -pair[1])[:MOST]
        kept = {
            "role": place.role,
            "view": place.view,
            "sort": place.sort,
            "folded": sorted(place.folded)[:MOST],
            "panel": place.panel,
            "used": {name: int(at) for name, at in latest},
        }
        with contextlib.suppress(StoreError):
            self._files.write(NAME, json.dumps(kept).encode(), durable=False)

    def _load(self) -> Place:
        raw = self._files.read(NAME)
        try:
            kept = json.loads(raw) if raw else {}
        except (ValueError, RecursionError):
            kept = {}
        return _place(kept) if isinstance(kept, dict) else Place()


def _place(kept: Mapping[str, Any]) -> Place:
    """What can be used of it; where nothing can, the beginning."""
    used, folded = kept.get("used"), kept.get("folded")
    times = used.items() if isinstance(used, dict) else ()
    return Place(
        role=kept["role"] if isinstance(kept.get("role"), str) else "",
        view=kept["view"] if kept.get("view") in VIEWS else "all",
        sort=kept["sort"] if kept.get("sort") in SORTS else "account",
        folded=frozenset(f for f in folded if isinstance(f, str))
        if isinstance(folded, list)
        else frozenset(),
        panel=kept["panel"] if kept.get("panel") in (0, 1, 2) else 0,
        used={name: float(at) for name, at in times if isinstance(at, int | float)},
    )
