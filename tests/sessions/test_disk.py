"""A disk that fails at any moment: the credentials are delivered, what was there stays whole, and it is said."""

import contextlib
import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stsui.model.session import Session
from stsui.sessions import cache as cache_module
from stsui.sessions import locks, private
from stsui.sessions.cache import Cache
from tests.sessions.test_cache import KEY, SESSION, SetClock

CALLS = (
    "open",
    "write",
    "fsync",
    "close",
    "replace",
    "lstat",
    "listdir",
    "makedirs",
    "mkdir",
    "unlink",
    "fstat",
    "read",
)
FAULTS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO, errno.ESTALE, errno.ENFILE)
NEWER = SESSION._replace(issued_at=SESSION.issued_at + 60)


class FaultyDisk:
    """The system's own calls, of which one kind fails from the nth time on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, call: str, number: int, from_nth: int) -> None:
        self.times = 0
        real: Callable[..., Any] = getattr(os, call)

        def failing(*arguments: Any, **options: Any) -> Any:
            self.times += 1
            if self.times >= from_nth:
                if call == "close":
                    real(*arguments, **options)  # the kernel frees the handle even where it complains
                raise OSError(number, os.strerror(number))
            return real(*arguments, **options)

        facade = _Facade(call, failing)
        for module in (private, locks, cache_module):
            if hasattr(module, "os"):
                monkeypatch.setattr(module, "os", facade)


class _Facade:
    """`os`, but for one call."""

    def __init__(self, name: str, instead: Callable[..., Any]) -> None:
        self._name, self._instead = name, instead

    def __getattr__(self, name: str) -> Any:
        return self._instead if name == self._name else getattr(os, name)


def keep(cache: Cache, session: Session) -> str:
    """What the store does with a new session; what it would say."""
    try:
        with cache.lock(session.key, 0):
            cache.write(session)
    except private.StoreError as error:
        return error.sentence
    return ""


@pytest.mark.parametrize("number", FAULTS, ids=lambda number: errno.errorcode[number])
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("from_nth", [1, 2, 3])
def test_whatever_fails_the_session_is_delivered_and_the_old_one_is_whole_r7(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, from_nth: int
) -> None:
    directory = str(tmp_path / "run" / "stsui" / "sessions")
    before = Cache(directory, SetClock())
    before.write(SESSION)
    with monkeypatch.context() as patch:
        FaultyDisk(patch, call, number, from_nth)
        cache = Cache(directory, SetClock())
        said = keep(cache, NEWER)
        assert said == "" or directory in said, said
        if not said and call not in ("read", "fstat", "open", "close"):
            assert cache.read(KEY) == NEWER
        elif said:
            assert cache.read(KEY) == NEWER, "this process has it in any case"
    after = Cache(directory, SetClock()).read(KEY)
    assert after in (NEWER, SESSION), "never half a file"
    assert Cache(directory, SetClock()).read(KEY) == after
    left = [name for name in os.listdir(directory) if name.endswith(".tmp")]
    assert not left or call == "unlink", left


@pytest.mark.parametrize("number", FAULTS, ids=lambda number: errno.errorcode[number])
@pytest.mark.parametrize("call", CALLS)
def test_a_first_session_on_a_disk_that_refuses_r7(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    directory = str(tmp_path / "run" / "stsui" / "sessions")
    with monkeypatch.context() as patch:
        FaultyDisk(patch, call, number, 1)
        cache = Cache(directory, SetClock())
        keep(cache, SESSION)
        if call not in ("read", "fstat", "open", "close"):
            assert cache.read(KEY) == SESSION, "this process has it in any case"
    assert Cache(directory, SetClock()).read(KEY) in (None, SESSION)


def test_a_disk_that_takes_half_at_a_time_gets_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(private, "os", _Facade("write", lambda handle, rest: real(handle, bytes(rest[:7]))))
    Cache(str(tmp_path / "s"), SetClock()).write(SESSION)
    monkeypatch.undo()
    assert Cache(str(tmp_path / "s"), SetClock()).read(KEY) == SESSION


@contextlib.contextmanager
def tiny(directory: Path, size: str) -> Iterator[Path]:
    """A real file system with next to no room."""
    directory.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(directory)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield directory
    finally:
        subprocess.run(["umount", str(directory)], check=True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting takes root")
def test_a_real_full_file_system_keeps_the_old_session_and_heals_r7(tmp_path: Path) -> None:
    with tiny(tmp_path / "small", "32k") as small:
        cache = Cache(str(small / "sessions"), SetClock())
        cache.write(SESSION)
        filler = small / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4_096)
        said = keep(cache, NEWER)
        assert "cannot be written (No space left on device)" in said
        assert cache.read(KEY) == NEWER
        assert Cache(cache.directory, SetClock()).read(KEY) == SESSION
        filler.unlink()
        assert keep(cache, NEWER) == ""
        assert Cache(cache.directory, SetClock()).read(KEY) == NEWER


@pytest.mark.skipif(os.name == "nt", reason="flock is POSIX's")
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP], ids=errno.errorcode.get)
def test_a_file_system_without_locks_makes_nobody_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refusing(handle: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(locks.fcntl, "flock", refusing)
    with Cache(str(tmp_path / "s"), SetClock()).lock(KEY, 30) as ours:
        assert ours
