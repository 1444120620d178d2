"""The picture that the next start begins with: what the board showed, without anything that time changes."""

import contextlib
import os
from collections.abc import Mapping

from rich.console import Console
from textual.strip import Strip

from stsui import answer, first_frame
from stsui.config.catalog import Catalog, stamp
from stsui.model.errors import StoreError
from stsui.sessions.private import PrivateDirectory


def keep(strips: list[Strip], console: Console, catalog: Catalog, environ: Mapping[str, str]) -> None:
    """Keeps the lines of a screen for a start with the same files, environment and size of terminal."""
    columns = strips[0].cell_length if strips else 0
    directory, name, head = first_frame.place(dict(environ), columns, len(strips))
    if not directory or not strips or stamp(catalog.paths) != catalog.stamp:
        return
    files = [*(path for path, _, _ in catalog.stamp), catalog.paths.conf_dir]
    if any("\n" in path for path in files):
        return
    needs = [f"file {answer.stamp(path)} {path}" for path in files]
    about = "\n".join((head, *needs, answer.END))
    lines = (f"\x1b[{n};1H{strip.render(console)}" for n, strip in enumerate(strips, 1))
    frame = f"{about}\n\n{''.join(lines)}".encode("utf-8", "surrogateescape")
    if len(frame) <= answer.LARGEST:
        with contextlib.suppress(StoreError):
            PrivateDirectory(directory, answer.LARGEST).write(name, frame, durable=False)


def forget(environ: Mapping[str, str], columns: int, rows: int) -> None:
    """The next start shows no picture."""
    directory, name, _ = first_frame.place(dict(environ), columns, rows)
    if directory:
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(directory, name))
