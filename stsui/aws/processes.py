"""The user's `credential_process`, run by botocore's rules but with an end, and not for itself.

The commands are the config's, confirmed once before; they get no stdin of ours, which a screen may own.
"""

import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.credentials import ProcessProvider

from stsui.model import errors
from stsui.model.roles import Source
from stsui.sessions.callers import VARIABLE, with_callers

TIME_LIMIT = 120.0
"""Seconds; some of them sign in with a browser."""


def provider(source: Source, environ: Mapping[str, str], asking: Sequence[str]) -> ProcessProvider:
    """botocore's own reader of what the command prints."""
    profile = {"credential_process": source.argv[0]}
    told = {**environ, VARIABLE: with_callers(environ, asking)}

    def start(_: Sequence[str], **options: Any) -> "_Bounded":
        # The words as the catalog has them, which were confirmed; not split once more.
        return _Bounded(source, told, options)

    return ProcessProvider(source.name, lambda: {"profiles": {source.name: profile}}, popen=start)


class _Bounded:
    """The part of Popen that botocore uses."""

    def __init__(self, source: Source, environ: Mapping[str, str], options: Mapping[str, Any]) -> None:
        self._name = source.name
        try:
            self._process = subprocess.Popen(
                source.argv, stdin=subprocess.DEVNULL, env=dict(environ), **options
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "its words cannot be a command"
            raise errors.NoSource(
                f"The credential process of {source.name} cannot be run: {reason or error}.", role=source.name
            ) from error

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._process.returncode

    def communicate(self) -> tuple[bytes, bytes]:
        """What it printed, once it ended."""
        try:
            return self._process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise errors.NoSource(
                f"The credential process of {self._name} did not end in {TIME_LIMIT:.0f} s.", role=self._name
            ) from None
