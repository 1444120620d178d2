"""The bytes of a kept catalog: marshal's, because that is the quickest there is, and not for strangers' data.

Ten thousand rows lie in columns, and one value stands for a column that is the same everywhere.
"""

import contextlib
import gc
import marshal
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import repeat
from typing import Any, TypeVar

from stsui.config.catalog import Catalog
from stsui.config.paths import Paths
from stsui.model.roles import Account, Center, Origin, Policy, Problem, Role, Settings, Source

_ORIGIN, _SOURCE = Role._fields.index("origin"), Role._fields.index("source")
_TABLES = frozenset({"roles", "accounts", "sources"})
FORM = 2
"""Raised with every change of what is written here: one release may have had several."""
Head = tuple[str, tuple[str, ...], tuple[str, ...], tuple[tuple[str, int, int], ...]]
"""What has to be the same: the program, where the files are, the environment, and the files."""


def encoded(catalog: Catalog, head: Head) -> bytes:
    """With a checksum in front."""
    fields = catalog._asdict()
    parts = [_columns(part) if name in _TABLES else _plain(part) for name, part in fields.items()]
    content = marshal.dumps((head, parts))
    return zlib.crc32(content).to_bytes(4, "big") + content


def _plain(value: Any) -> Any:
    """Without the names of named tuples, which marshal does not know."""
    if isinstance(value, tuple | list):
        return tuple(_plain(item) for item in value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


Columns = tuple[list[str], list[list[Any]]]
"""The names, and the values of each field; one value where all are the same, which most are."""


def _columns(rows: Mapping[str, tuple[Any, ...]]) -> Columns:
    columns = [list(column) for column in zip(*map(_plain, rows.values()), strict=True)]
    return list(rows), [
        column[:1] if column.count(column[0]) == len(column) else column for column in columns
    ]


def decoded(raw: bytes, head: Head) -> Catalog | None:
    """None where it was kept under another head, or is not whole."""
    if zlib.crc32(memoryview(raw)[4:]).to_bytes(4, "big") != raw[:4]:
        return None
    with contextlib.suppress(ValueError, EOFError, TypeError), _without_collecting():
        then, parts = marshal.loads(memoryview(raw)[4:])  # noqa: S302 - a private file of ours, see above
        if then == head:
            return _catalog(*parts)
    return None


@contextlib.contextmanager
def _without_collecting() -> Iterator[None]:
    """Nothing of a catalog is garbage, and looking for some among so many takes longer than making them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _catalog(
    settings: Any,
    roles: Any,
    accounts: Any,
    policies: Any,
    problems: Any,
    keys: Any,
    found: Any,
    stamped: Any,
    sources: Any,
    sso: Any,
    guards: Any,
    rules: Any,
) -> Catalog:
    return Catalog(
        Settings(*settings),
        _roles(roles),
        _table(Account, *accounts),
        {name: Policy(*row) for name, row in policies.items()},
        tuple(Problem(Origin(*origin), *rest) for origin, *rest in problems),
        keys,
        Paths(*found),
        stamped,
        _roles(sources),
        {name: _center(row) for name, row in sso.items()},
        guards,
        rules,
    )


def _roles(table: Columns) -> dict[str, Role]:
    names, columns = table
    if names:
        columns[_ORIGIN] = list(map(partial(tuple.__new__, Origin), columns[_ORIGIN]))
        columns[_SOURCE] = [_source(row) if row else None for row in columns[_SOURCE]]
    return _table(Role, names, columns)


Row = TypeVar("Row", bound=tuple[Any, ...])


def _table(kind: type[Row], names: list[str], columns: list[list[Any]]) -> dict[str, Row]:
    """Ten thousand rows in some milliseconds: so no line of Python is run for one."""
    whole = (repeat(column[0], len(names)) if len(column) == 1 else column for column in columns)
    rows: Iterable[Row] = map(partial(tuple.__new__, kind), zip(*whole, strict=True))
    return dict(zip(names, rows, strict=True))


def _source(row: tuple[Any, ...]) -> Source:
    source = Source(*row)
    return source._replace(center=_center(source.center)) if source.center else source


def _center(row: Any) -> Center:
    center = Center(*row)
    return center._replace(origin=Origin(*center.origin))
