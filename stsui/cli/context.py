"""What a command is handed: the environment, the streams, and the services when it asks for them."""

import contextlib
import os
import sys
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

from stsui.model.errors import StoreError, StsuiError, Unavailable
from stsui.model.text import clean

if TYPE_CHECKING:
    from stsui.wiring import Services


class Context:
    """stdout is data, stderr is speech."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.argv: list[str] = []
        """The command line as it was typed."""
        self.keep_nothing = False
        """Sessions of this command are not kept."""
        self.debug = False
        """Each call is told on stderr."""
        self.revives = True
        """A credential server that was killed is started again."""

    @cached_property
    def services(self) -> "Services":
        """The store and the catalog; read when first asked for."""
        from stsui.wiring import open_services

        trace = self.say if self.debug else None
        services = open_services(self.environ, keep_nothing=self.keep_nothing, trace=trace)
        if self.revives and services.server_is_missed():
            self._revive(services)
        return services

    def _revive(self, services: "Services") -> None:
        try:
            said = services.live.revive()
        except StsuiError as error:
            said = error.sentence
        if said:
            self.say(f"stsui: {said}")

    @property
    def stdin(self) -> TextIO | None:
        """None when it was closed before we began."""
        return sys.stdin

    def write(self, text: str) -> None:
        """Data, all of it or an error.

        Raises:
            Unavailable: stdout is closed or full.
            BrokenPipeError: Whoever read it went away.
        """
        if sys.stdout is None:
            raise Unavailable("stdout is closed, so nothing was given out.")
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except UnicodeEncodeError:
            self._write_bytes(text.encode("utf-8", "replace"))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "closed"
            let_go_of_stdout()
            raise Unavailable(f"stdout cannot be written ({reason}).") from error

    def _write_bytes(self, text: bytes) -> None:
        """In a locale without the characters: terminals mostly have them all the same."""
        assert sys.stdout is not None
        try:
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.flush()
        except (OSError, ValueError, AttributeError) as error:
            raise Unavailable("stdout cannot be written.") from error

    def say(self, text: str) -> None:
        """A line for people; lost where nobody can read it."""
        if sys.stderr is not None:
            try:
                print(text, file=sys.stderr, flush=True)
            except (OSError, ValueError):
                return

    def tell_error(self, error: StsuiError) -> None:
        """One sentence, and what to type next."""
        self.say(f"stsui: {error.sentence}")
        if error.hint:
            self.say(f"       Try: {error.hint}")

    def tell_warnings(self) -> None:
        """What is wrong with keeping sessions, once it is known."""
        for warning in self.services.store.warnings():
            self.say(f"stsui: {warning}")

    def stdout_is_terminal(self) -> bool:
        """Whether a person would see what is written."""
        return sys.stdout is not None and sys.stdout.isatty()

    def keep_report(self, text: str) -> str:
        """Keeps a report privately and gives its path; empty when it cannot be kept."""
        import time

        from stsui.config.paths import find
        from stsui.sessions.private import PrivateDirectory

        try:
            directory = PrivateDirectory(str(find(self.environ).state_dir))
            name = time.strftime("crash-%Y%m%d-%H%M%S.txt")
            directory.write(name, clean_lines(text).encode())
        except (StoreError, OSError):
            return ""
        return os.path.join(directory.path, name)


def let_go_of_stdout() -> None:
    """It takes nothing any more. Python would complain once more while it closes it."""
    with contextlib.suppress(OSError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)


def clean_lines(text: str) -> str:
    """Each line cleaned of what a terminal would act on."""
    return "\n".join(clean(line) for line in text.split("\n"))
