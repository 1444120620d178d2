"""The controlling terminal, where a person can be asked; apart from stdin and stdout, which carry data."""

import os
import sys
import time
from typing import IO


class Terminal:
    """Questions and answers on `/dev/tty`. If it goes away, that is an answer too: KeyboardInterrupt."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    @classmethod
    def owned(cls) -> "Terminal | None":
        """The terminal if there is one and we are in its foreground; else nobody is there to ask.

        A program in the background must not take the keys of whoever owns the screen.
        """
        if sys.platform == "win32":
            return None
        try:
            stream = open("/dev/tty", "r+b", buffering=0)  # noqa: SIM115 - kept until the process ends
        except OSError:
            return None
        try:
            if os.tcgetpgrp(stream.fileno()) == os.getpgrp():
                return cls(stream)
        except OSError:
            pass
        stream.close()
        return None

    def say(self, text: str) -> None:
        """A line."""
        self.write(f"{text}\n")

    def write(self, text: str) -> None:
        """Text as it is, for a line that is written over."""
        try:
            self._stream.write(text.encode())
        except OSError:
            raise KeyboardInterrupt from None

    def ask(self, question: str) -> str:
        """One line of answer.

        Raises:
            KeyboardInterrupt: It was cancelled, with Ctrl-C, Ctrl-D or a lone Escape.
        """
        self.write(question)
        line = b""
        while not line.endswith(b"\n"):
            try:
                part = self._stream.read(1)
            except OSError:
                part = b""
            if not part:
                raise KeyboardInterrupt
            line += part
        answer = line.decode("utf-8", "replace").strip()
        if answer.startswith("\x1b"):
            raise KeyboardInterrupt
        return answer

    def agrees(self, question: str) -> bool:
        """Whether the answer is yes; anything else is no."""
        return self.ask(f"{question}y/N: ").lower() in ("y", "yes")

    def wait_until(self, at: float) -> None:
        """Waits for the next code to show, and says so."""
        left = at - time.time()
        if 0 < left <= 60:
            self.say(f"The next code shows in {left:.0f} s.")
            time.sleep(left)
