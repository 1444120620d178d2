"""botocore's table of Regions and endpoints without the hundreds of services that are not asked here.

Whole it is more than a megabyte of JSON: nearly half of the time that a first client takes, and a tenth of
the board's memory. The rest is kept beside the sessions; a table of the user's own is always read whole.
"""

import contextlib
import json
import os
import zlib
from collections.abc import Mapping
from typing import Any

import botocore
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session

from stsui.aws.sparse_json import sparse
from stsui.config import paths
from stsui.model.errors import StoreError
from stsui.sessions.private import PrivateDirectory

SERVICES = frozenset({"sts", "portal.sso", "oidc"})
"""What the table calls STS, and the two of Identity Center."""
WHOLE = os.path.join(Loader.BUILTIN_DATA_PATH, "endpoints")
MANY = 10
"""Tables that are kept, one for each installation and release of botocore."""


def shorten(session: Session, environ: Mapping[str, str]) -> None:
    """For a session that makes clients of `SERVICES` alone, before its first one."""
    loader = session.get_component("data_loader")
    loader.file_loader = _Shortened(loader.file_loader, PrivateDirectory(paths.kept(environ, "botocore")))


class _Shortened:
    """Reads files as botocore's own loader does, and one of them shortened."""

    def __init__(self, whole: JSONFileLoader, kept: PrivateDirectory) -> None:
        self._whole, self._kept = whole, kept

    def exists(self, file_path: str) -> bool:
        """Whether there is such a file, named without its ending."""
        return self._whole.exists(file_path)

    def load_file(self, file_path: str) -> Any:
        """What the file holds, named without its ending; None where there is none."""
        return self._table() if file_path == WHOLE else self._whole.load_file(file_path)

    def _table(self) -> Any:
        try:
            made_of = _made_of()
            name = f"endpoints-{zlib.crc32(repr(made_of).encode()):08x}.json"
            return self._read(name, made_of) or self._made(name, made_of)
        except (OSError, ValueError):
            # It is not the one file that we know.
            return self._whole.load_file(WHOLE)

    def _read(self, name: str, made_of: list[Any]) -> Any:
        with contextlib.suppress(ValueError, TypeError, KeyError):
            kept = json.loads(self._kept.read(name) or b"{}")
            if kept["made_of"] == made_of:
                return kept["table"]
        return None

    def _made(self, name: str, made_of: list[Any]) -> Any:
        with open(f"{WHOLE}.json", encoding="utf-8") as file:
            table = sparse(file.read(), "services", SERVICES)
        content = json.dumps({"made_of": made_of, "table": table})
        with contextlib.suppress(StoreError):
            self._kept.make_room(name, MANY)
            self._kept.write(name, content.encode(), durable=False)
        return table


def _made_of() -> list[Any]:
    """Changes with every release of botocore."""
    facts = os.stat(f"{WHOLE}.json")
    return [botocore.__version__, WHOLE, facts.st_mtime_ns, facts.st_size, sorted(SERVICES)]
