"""A directory of small files that only their owner can read, each written whole.

Reading is suspicious: what is not a regular file of ours, closed to others and of a sane size, is not there.
"""

import contextlib
import os
import re
import stat
import time

from stsui.model.errors import StoreError
from stsui.sessions.turns import turn

LARGEST = 131_072
"""Bytes that a file may have; a token of STS is at most a few kilobytes."""
ORPHAN_AGE = 60
Mark = tuple[int, ...]
"""Of a file: another one where its content, its owner or its rights may have become others."""
_TEMPORARY = re.compile(r"\.[^/]+\.\d+\.[0-9a-f]{12}\.tmp", re.ASCII)


class PrivateDirectory:
    """Made 0700 when the first file is written."""

    closed = 0o077
    """Rights that nobody else may have in the directory."""
    closed_files = 0o077
    """And in a file of it."""
    anywhere = False
    """It may also lie in a git work tree."""

    def __init__(self, path: str, largest: int = LARGEST) -> None:
        self.path = path
        self._largest = largest
        self._swept = False
        self.skipped: dict[str, str] = {}
        """Names of files that are there and were not read, because they are not ours alone: why, in a
        sentence."""

    def names(self) -> list[str]:
        """What lies there; empty when there is no directory."""
        try:
            names = os.listdir(self.path)
        except OSError:
            names = []
        for name in self.skipped.keys() - set(names):
            self.skipped.pop(name, None)
        return names

    def make_room(self, name: str, most: int) -> None:
        """Where the file would be one more than that, of those that can be made again, all others go."""
        names = self.names()
        if len(names) >= most and name not in names:
            for other in names:
                self.remove(other)

    def stamp(self) -> int:
        """Changes whenever a file is written or removed, by any process; 0 when there is no directory."""
        try:
            return os.stat(self.path).st_mtime_ns
        except OSError:
            return 0

    def place(self) -> tuple[int, int] | None:
        """Which directory it is; another one where it was taken away whole and made again."""
        try:
            facts = os.stat(self.path)
        except OSError:
            return None
        return facts.st_dev, facts.st_ino

    def signature(self, name: str) -> tuple[int, int] | None:
        """Changes whenever that file is replaced; None when it is not there. One system call."""
        try:
            facts = os.stat(os.path.join(self.path, name))
        except (OSError, ValueError):
            return None
        return facts.st_ino, facts.st_mtime_ns

    def written_at(self, name: str) -> int:
        """Unix time at which the file was last written; 0 when there is none."""
        signature = self.signature(name)
        return signature[1] // 10**9 if signature else 0

    def remove(self, name: str) -> bool:
        """Whether there was such a file and it is gone."""
        try:
            os.unlink(os.path.join(self.path, name))
        except OSError:
            return False
        return True

    def mark(self, name: str) -> Mark | None:
        """As that of the content that `read_marked` gave, while the file is the same; None where none is."""
        try:
            return _mark(os.lstat(os.path.join(self.path, name)))
        except OSError:
            return None

    def read(self, name: str) -> bytes | None:
        """The content of a regular file that is ours and nobody else's; None otherwise."""
        found = self.read_marked(name)
        return None if found is None else found[0]

    def read_marked(self, name: str) -> tuple[bytes, Mark] | None:
        """The same, and by what it is known again."""
        self.skipped.pop(name, None)
        # O_NONBLOCK: a FIFO in our place must not hang us.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            handle = os.open(os.path.join(self.path, name), flags)
        except OSError:
            return None
        try:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode) or facts.st_size > self._largest:
                return None
            if not self._is_ours(facts):
                self.skipped[name] = _why_skipped(os.path.join(self.path, name), facts)
                return None
            return os.read(handle, self._largest + 1), _mark(facts)
        except OSError:
            return None
        finally:
            close(handle)

    def write(self, name: str, content: bytes, *, durable: bool = True) -> None:
        """Replaces the file; readers see the old one or the new one.

        Args:
            durable: It outlives a power cut; else it may be empty after one.

        Raises:
            StoreError: It cannot be written; says what to do.
        """
        self.ensure()
        path = os.path.join(self.path, name)
        temporary = os.path.join(self.path, f".{name}.{os.getpid()}.{os.urandom(6).hex()}.tmp")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        try:
            handle = os.open(temporary, flags, 0o600)
            try:
                _write_whole(handle, content)
                if durable:
                    with turn.given():
                        os.fsync(handle)
            finally:
                os.close(handle)
            os.replace(temporary, path)
            self.skipped.pop(name, None)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise StoreError(f"{path} cannot be written ({error.strerror}).") from error

    def ensure(self) -> None:
        """The directory, ours and closed to others; made so when missing.

        Raises:
            StoreError: It is a link, another user's, open to others, or cannot be made.
        """
        try:
            facts = self._look()
        except OSError:
            facts = self._make_directory()
        if not stat.S_ISDIR(facts.st_mode):
            raise StoreError(f"{self.path} is not a directory of its own. Remove it.")
        if hasattr(os, "geteuid"):
            if facts.st_uid != os.geteuid():
                raise StoreError(
                    f"{self.path} belongs to another user (uid {facts.st_uid}), probably from sudo. "
                    "Remove it or chown it."
                )
            if facts.st_mode & self.closed:
                raise StoreError(f"{self.path} is open to other users. Close it: chmod 700 {self.path}")
        if not self._swept:
            self._swept = True
            self._sweep()

    def _make_directory(self) -> os.stat_result:
        work_tree = "" if self.anywhere else _git_work_tree(self.path)
        if work_tree:
            raise StoreError(
                f"{self.path} is inside the git work tree {work_tree}, where sessions could be committed. "
                "Set store_dir to a directory outside."
            )
        try:
            _make_parents(os.path.dirname(self.path))
            with contextlib.suppress(FileExistsError):
                os.mkdir(self.path, 0o700)
            return self._look()
        except OSError as error:
            raise StoreError(f"{self.path} cannot be made ({error.strerror}).") from error

    def _look(self) -> os.stat_result:
        return os.lstat(self.path)

    def _is_ours(self, facts: os.stat_result) -> bool:
        if not hasattr(os, "geteuid"):
            return True
        return facts.st_uid == os.geteuid() and not facts.st_mode & self.closed_files

    def _sweep(self) -> None:
        """Removes what a killed writer left behind."""
        with contextlib.suppress(OSError):
            for name in os.listdir(self.path):
                if _TEMPORARY.fullmatch(name):
                    path = os.path.join(self.path, name)
                    with contextlib.suppress(OSError):
                        # The file system's own clock on both sides; the wall clock may have been set since.
                        if time.time() - os.lstat(path).st_mtime > ORPHAN_AGE:
                            os.unlink(path)


class SharedDirectory(PrivateDirectory):
    """One that the user's other tools keep too, by the user's umask, or behind a link.

    Whoever else can write in it still cannot make a file that is the user's own.
    """

    closed = 0
    closed_files = 0o022
    anywhere = True

    def _look(self) -> os.stat_result:
        return os.stat(self.path)


def _mark(facts: os.stat_result) -> Mark:
    when = facts.st_mtime_ns, facts.st_ctime_ns
    return (facts.st_dev, facts.st_ino, facts.st_size, *when, facts.st_mode, facts.st_uid)


def _why_skipped(path: str, facts: os.stat_result) -> str:
    if facts.st_uid != os.geteuid():
        owner = "root" if facts.st_uid == 0 else f"another user (uid {facts.st_uid})"
        return f"{path} belongs to {owner}, probably from sudo. Remove it or chown it; stsui skips it."
    return f"{path} is open to other users (mode {stat.S_IMODE(facts.st_mode):o}). Remove it; stsui skips it."


def close(handle: int) -> None:
    """Gives back a handle that nothing was written through; a complaint changes nothing."""
    with contextlib.suppress(OSError):
        os.close(handle)


def _write_whole(handle: int, content: bytes) -> None:
    """A nearly full disk takes a part and says so only at the next write."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _make_parents(path: str) -> None:
    """Whatever is missing above a private directory is private too; `os.makedirs` would leave it open."""
    if not os.path.isdir(path):
        _make_parents(os.path.dirname(path))
        with contextlib.suppress(FileExistsError):
            os.mkdir(path, 0o700)


def _git_work_tree(directory: str) -> str:
    """The nearest directory above that has a `.git`; empty when there is none."""
    above = os.path.dirname(os.path.abspath(directory))
    while True:
        if os.path.lexists(os.path.join(above, ".git")):
            return above
        parent = os.path.dirname(above)
        if parent == above:
            return ""
        above = parent
