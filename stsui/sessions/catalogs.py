"""The catalog as it was last read, so that a process that finds the files unchanged reads one instead of all.

What is kept has no secret in it; it is private all the same, and trusted only as a private file of ours is.
"""

import contextlib
import os
import sys
import time
import zlib
from collections.abc import Mapping

from stsui import __version__
from stsui.config import paths
from stsui.config.catalog import Catalog, stamp
from stsui.config.catalog import load as read
from stsui.config.paths import Paths
from stsui.model.errors import StoreError
from stsui.model.roles import Account, Role, Settings, Source
from stsui.sessions.catalog_form import FORM, Head, decoded, encoded
from stsui.sessions.private import PrivateDirectory

SETTLED = 2.0
"""Seconds that a file must have been left alone: within one tick of a clock two changes look like one."""
LARGEST = 64_000_000
MANY = 20
"""Catalogs that are kept, one for each environment that leads to other files."""
_VARIABLES = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
"""What else of the environment a catalog depends on, beside the files that it leads to."""


def load(environ: Mapping[str, str]) -> Catalog:
    """Everything that the files of `environ` hold, from the kept one while they are unchanged."""
    found = paths.find(environ)
    head = _head(environ, found)
    files = PrivateDirectory(paths.kept(environ, "catalogs"), LARGEST)
    name = f"{zlib.crc32(repr((head[1], head[2])).encode('utf-8', 'surrogateescape')):08x}.catalog"
    raw = files.read(name)
    if raw:
        catalog = decoded(raw, head)
        if catalog is not None:
            return catalog
    catalog = read(environ)
    if catalog.stamp == head[3] and _settled(catalog):
        with contextlib.suppress(StoreError, ValueError):
            files.make_room(name, MANY)
            files.write(name, encoded(catalog, head), durable=False)
    return catalog


def _head(environ: Mapping[str, str], found: Paths) -> Head:
    """What has to be the same: the program, where the files are, the environment, and the files."""
    kinds = (Role, Settings, Account, Source)
    program = " ".join((__version__, str(FORM), sys.version, *(str(kind._fields) for kind in kinds)))
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
