"""A pseudo-terminal that notes when something is seen and how much was written."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class Pty:
    """A program that draws; everything it writes is read at once, as a quick terminal does."""

    def __init__(
        self, argv: Sequence[str], environ: Mapping[str, str], columns: int = 80, rows: int = 24
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            argv,
            env={**environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.written = b""

    def sees(self, text: str, seconds: float = 60) -> float:
        """Milliseconds from the start until the text is written."""
        wanted, end = text.encode(), time.monotonic() + seconds
        while wanted not in self.written:
            self.read(0.05)
            if time.monotonic() > end or self.process.poll() is not None:
                shown = self.written[-300:].decode("utf-8", "replace")
                raise RuntimeError(f"{text!r} was not drawn; the last was {shown!r}")
        return (time.perf_counter() - self.begun) * 1_000

    def read(self, seconds: float) -> int:
        """Takes what comes within that time at first; how many bytes."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return 0
        try:
            part = os.read(self._ours, 1 << 20)
        except OSError:
            return 0
        self.written += part
        return len(part)

    def read_for(self, seconds: float) -> int:
        """Everything that comes within that time; how many bytes."""
        end, size = time.monotonic() + seconds, 0
        while (left := end - time.monotonic()) > 0:
            size += self.read(left)
        return size

    def drawn_within(self, seconds: float) -> float:
        """Milliseconds until the last byte of what comes within that time."""
        begun = last = time.perf_counter()
        while (left := begun + seconds - time.perf_counter()) > 0:
            if self.read(left):
                last = time.perf_counter()
        return (last - begun) * 1_000

    def press(self, keys: str) -> None:
        """As typed."""
        os.write(self._ours, keys.encode())

    def cpu(self) -> float:
        """Seconds of CPU until now.

        By the kernel's own clock of the process (clock_getcpuclockid(3)): what stands in `/proc/PID/stat` is
        sampled when a timer fires, which is when a program that waits for the next second begins to run.
        """
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def resident(self) -> float:
        """Megabytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def end(self, keys: str = "") -> float:
        """Milliseconds until it ended, by keys or by SIGTERM."""
        begun = time.perf_counter()
        if keys:
            self.press(keys)
        else:
            self.process.send_signal(signal.SIGTERM)
        while self.process.poll() is None and time.perf_counter() - begun < 10:
            self.read(0.005)
        passed = (time.perf_counter() - begun) * 1_000
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)
        return passed
