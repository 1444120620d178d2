"""The catalog as it was last read, so that a process that finds the files unchanged reads one instead of all.

What is kept has no secret in it; it is private all the same, and trusted only as a private file of ours is,
because the form it is kept in (marshal, the quickest there is) is not for strangers' data.
"""

import contextlib
import marshal
import os
import sys
import time
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from stsui import __version__
from stsui.config import paths
from stsui.config.catalog import Catalog, stamp
from stsui.config.catalog import load as read
from stsui.config.paths import Paths
from stsui.model.errors import StoreError
from stsui.model.roles import Account, Center, Origin, Policy, Problem, Role, Settings, Source
from stsui.sessions.private import PrivateDirectory

SETTLED = 2.0
"""Seconds that a file must have been left alone: within one tick of a clock two changes look like one."""
LARGEST = 64_000_000
MANY = 20
"""Catalogs that are kept, one for each environment that leads to other files."""
_VARIABLES = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
"""What else of the environment a catalog depends on, beside the files that it leads to."""
_ORIGIN, _SOURCE = Role._fields.index("origin"), Role._fields.index("source")


def load(environ: Mapping[str, str]) -> Catalog:
    """Everything that the files of `environ` hold, from the kept one while they are unchanged."""
    found = paths.find(environ)
    head = _head(environ, found)
    files = PrivateDirectory(paths.kept(environ, "catalogs"), LARGEST)
    name = f"{zlib.crc32(repr((head[1], head[2])).encode('utf-8', 'surrogateescape')):08x}.catalog"
    raw = files.read(name)
    if raw:
        catalog = _decoded(raw, head)
        if catalog is not None:
            return catalog
    catalog = read(environ)
    if catalog.stamp == head[3] and _settled(catalog):
        with contextlib.suppress(StoreError, ValueError):
            files.write(name, _encoded(catalog, head), durable=False)
            _sweep(files)
    return catalog


Head = tuple[str, tuple[str, ...], tuple[str, ...], tuple[tuple[str, int, int], ...]]


def _head(environ: Mapping[str, str], found: Paths) -> Head:
    """What has to be the same: the program, where the files are, the environment, and the files."""
    program = (
        f"{__version__} {sys.version} {Role._fields} {Settings._fields} {Account._fields} {Source._fields}"
    )
    shown = tuple(environ.get(name, "") for name in _VARIABLES)
    return program, tuple(found), shown, stamp(found)


def _settled(catalog: Catalog) -> bool:
    now = time.time()  # the file system's own clock
    for path, _, _ in catalog.stamp:
        with contextlib.suppress(OSError, ValueError):
            facts = os.stat(path)
            if now - max(facts.st_mtime, facts.st_ctime) < SETTLED:
                return False
    return True


def _sweep(files: PrivateDirectory) -> None:
    names = files.names()
    if len(names) > MANY:
        for name in names:
            files.remove(name)


def _encoded(catalog: Catalog, head: Head) -> bytes:
    parts = [_plain(part) for part in catalog]
    content = marshal.dumps((head, parts))
    return zlib.crc32(content).to_bytes(4, "big") + content


def _plain(value: Any) -> Any:
    """Without the names of named tuples, which marshal does not know."""
    if isinstance(value, tuple | list):
        return tuple(_plain(item) for item in value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _decoded(raw: bytes, head: Head) -> Catalog | None:
    if zlib.crc32(memoryview(raw)[4:]).to_bytes(4, "big") != raw[:4]:
        return None
    with contextlib.suppress(ValueError, EOFError, TypeError):
        then, parts = marshal.loads(memoryview(raw)[4:])  # noqa: S302 - a private file of ours, see above
        if then == head:
            return _catalog(*parts)
    return None


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
        {number: Account(*row) for number, row in accounts.items()},
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


def _roles(rows: Mapping[str, tuple[Any, ...]]) -> dict[str, Role]:
    """Ten thousand of them in some milliseconds: so without a call of `Role` for each."""
    new = tuple.__new__
    found: dict[str, Role] = {}
    for name, row in rows.items():
        source = row[_SOURCE]
        whole: Iterable[Any] = (
            *row[:_ORIGIN],
            new(Origin, row[_ORIGIN]),
            *row[_ORIGIN + 1 : _SOURCE],
            _source(source) if source else None,
            *row[_SOURCE + 1 :],
        )
        found[name] = new(Role, whole)
    return found


def _source(row: tuple[Any, ...]) -> Source:
    source = Source(*row)
    return source._replace(center=_center(source.center)) if source.center else source


def _center(row: Any) -> Center:
    center = Center(*row)
    return center._replace(origin=Origin(*center.origin))
