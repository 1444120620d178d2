"""Sessions on disk: private from the first byte, whole or not there, and nothing in the way is fatal."""

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stsui.model.credentials import Credentials, Secret
from stsui.model.errors import StoreError
from stsui.model.identity import Identity
from stsui.model.session import Session
from stsui.sessions.cache import Cache, MemoryCache

KEY = "0123456789abcdef0123456789abcdef"
SESSION = Session(
    "dev",
    KEY,
    Credentials("ASIAIOSFODNN7EXAMPLE", Secret("sEcReT/+="), Secret("toKen=="), 2_000_003_600),
    2_000_000_000,
    "111122223333",
    "arn:aws:sts::111122223333:assumed-role/Dev/ana",
    "eu-west-1",
    Identity("111122223333", "arn:aws:sts::111122223333:assumed-role/Dev/ana", "AROAX:ana"),
    2_000_000_010,
    3_600,
    ("a note",),
)


class SetClock:
    """Both clocks, moved by hand."""

    def __init__(self) -> None:
        self.wall, self.since_boot = 2_000_000_000.0, 5_000.0

    def now(self) -> float:
        return self.wall

    def boot(self) -> float:
        return self.since_boot


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def cache(tmp_path: Path, clock: SetClock) -> Cache:
    return Cache(str(tmp_path / "run" / "stsui" / "sessions"), clock)


def test_what_is_written_is_read_by_another_process(cache: Cache, clock: SetClock) -> None:
    cache.write(SESSION)
    assert Cache(cache.directory, clock).read(KEY) == SESSION
    assert cache.entries() == [KEY]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_files_are_private_whatever_the_umask_s106(cache: Cache, umask: int) -> None:
    before = os.umask(umask)
    try:
        cache.write(SESSION)
        with cache.lock(KEY, 0) as ours:
            assert ours
    finally:
        os.umask(before)
    directory = Path(cache.directory)
    for path in (directory, directory.parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()} == {0o600}
    assert not list(directory.glob("*.tmp"))


DOCUMENT = {"version": 1, "role": "dev", "key": KEY}
BROKEN = {
    "empty": b"",
    "half": b'{"version": 1, "role": "de',
    "nul": b"\0" * 600,
    "binary": bytes(range(256)),
    "another schema": b'{"version": 99}',
    "not an object": b"[]",
    "missing values": json.dumps(DOCUMENT).encode(),
    "nested": b"[" * 100_000,
    "ten megabytes": b" " * 10_000_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_a_session_is_a_miss_and_heals_s33_r6(cache: Cache, content: bytes) -> None:
    cache.write(SESSION)
    path = Path(cache.directory, f"{KEY}.json")
    path.write_bytes(content)
    assert cache.read(KEY) is None
    cache.write(SESSION)
    assert cache.read(KEY) == SESSION


def test_every_truncation_is_a_miss(cache: Cache) -> None:
    cache.write(SESSION)
    path = Path(cache.directory, f"{KEY}.json")
    whole = path.read_bytes()
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        assert cache.read(KEY) is None


def test_what_a_power_cut_leaves_of_a_file_is_a_miss(cache: Cache) -> None:
    """Its end, or any of its blocks, never reached the disk: nothing, or zeros, stand there."""
    cache.write(SESSION._replace(notes=("long " * 2_000,)), durable=False)
    path = Path(cache.directory, f"{KEY}.json")
    whole = path.read_bytes()
    for block in (512, 4_096):
        for begin in range(0, len(whole), block):
            lost = whole[begin : begin + block]
            path.write_bytes(whole[:begin] + bytes(len(lost)) + whole[begin + block :])
            assert cache.read(KEY) is None
            path.write_bytes(whole[:begin])
            assert cache.read(KEY) is None
            path.write_bytes(whole[:begin] + bytes(len(whole) - begin))
            assert cache.read(KEY) is None
    path.write_bytes(whole)
    assert cache.read(KEY) is not None


@settings(max_examples=300)
@given(
    st.sampled_from(
        ["role", "key", "access_key_id", "expiration", "identity", "notes", "clock_offset", "version"]
    ),
    st.none()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.integers(), max_size=4)
    | st.booleans(),
)
def test_a_wrong_type_anywhere_is_a_miss_or_the_session(name: str, value: object) -> None:
    cache = Cache(os.path.join(os.environ["HOME"], "fuzz"), SetClock())
    cache.write(SESSION)
    path = Path(cache.directory, f"{KEY}.json")
    document = json.loads(path.read_bytes())
    document[name] = value
    path.write_text(json.dumps(document))
    found = cache.read(KEY)
    assert found is None or isinstance(found, Session)


NEVER = (1 << 70, -5, 10**400, 1e999, float("nan"), "\ud800", True)


@pytest.mark.parametrize("value", NEVER, ids=repr)
@pytest.mark.parametrize(
    "name",
    [
        "expiration",
        "issued_at",
        "clock_offset",
        "wall_at",
        "boot_at",
        "verified_at",
        "role",
        "notes",
        "reason",
    ],
)
def test_what_no_clock_shows_and_no_file_holds_is_a_miss_or_harmless(
    cache: Cache, clock: SetClock, name: str, value: object
) -> None:
    cache.write(SESSION)
    path = Path(cache.directory, f"{KEY}.json")
    document = json.loads(path.read_text())
    document[name] = [value] if name == "notes" else value
    path.write_text(json.dumps(document))
    found = Cache(cache.directory, clock).read(KEY)
    if found is not None:
        assert 0 <= found.left(clock.now()) <= 3_600 * 24 * 400 and found.state(clock.now())
        assert found.expiring_at and str(found)


def test_a_file_that_cannot_be_read_is_named(cache: Cache, clock: SetClock) -> None:
    cache.write(SESSION)
    path = Path(cache.directory, f"{KEY}.json")
    path.write_bytes(path.read_bytes()[:100])
    again = Cache(cache.directory, clock)
    assert again.read(KEY) is None and again.warning.startswith(f"{path} holds no session that can be read")
    again.write(SESSION)
    assert again.read(KEY) == SESSION and again.warning == ""


def test_a_file_is_read_again_when_it_is_another_one(cache: Cache, clock: SetClock) -> None:
    other = Cache(cache.directory, clock)
    path = Path(cache.directory, f"{KEY}.json")
    other.write(SESSION)
    assert cache.read(KEY) == SESSION
    path.chmod(0o200)
    assert (cache.read(KEY) == SESSION) is (os.geteuid() == 0)
    path.chmod(0o644)
    assert cache.read(KEY) is None and "open to other users" in cache.warning
    path.chmod(0o600)
    assert cache.read(KEY) == SESSION and not cache.warning
    other.write(SESSION._replace(notes=("renewed",)))
    assert cache.read(KEY) == SESSION._replace(notes=("renewed",))
    other.remove(KEY)
    assert cache.read(KEY) is None and not cache.warning


def test_a_file_that_is_the_same_is_not_read_again_but_its_time_is_told_anew(
    cache: Cache, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.write(SESSION)
    assert cache.read(KEY) == SESSION
    monkeypatch.setattr(cache.files, "read_marked", None)
    assert cache.read(KEY) == SESSION
    clock.wall -= 600
    assert cache.read(KEY) == SESSION._replace(clock_offset=600)
    clock.wall += 600
    assert cache.read(KEY) == SESSION


def test_answers_of_the_session_before_go_with_the_next_answer(cache: Cache, clock: SetClock) -> None:
    cache.write(SESSION)
    old = [Path(cache.write_answer(KEY, label, b"old")) for label in ("0" * 16, "1" * 16)]
    assert all(path.exists() for path in old)
    for path in old:
        os.utime(path, (1, 1))
    other = Path(cache.write_answer("f" * 32, "2" * 16, b"of none"))
    cache.write(SESSION._replace(issued_at=SESSION.issued_at + 60))
    new = [Path(cache.write_answer(KEY, label, b"new")) for label in ("3" * 16, "4" * 16)]
    assert not any(path.exists() for path in (*old, other)) and all(path.exists() for path in new)


def test_what_is_over_for_days_is_swept_and_a_lock_is_not(cache: Cache, clock: SetClock) -> None:
    cache.write(SESSION)
    other = "f" * 32
    for name in (
        f"{other}.json",
        f"{other}.failed",
        f"{other}.0123456789abcdef.done",
        f"{other}.lock",
        "mine",
    ):
        path = Path(cache.directory, name)
        path.write_text("old")
        os.utime(path, (1, 1))
    Cache(cache.directory, clock).write(SESSION)
    assert {path.name for path in Path(cache.directory).iterdir()} == {f"{KEY}.json", f"{other}.lock", "mine"}


@pytest.mark.parametrize("kind", ["fifo", "link", "directory", "open to others"])
def test_what_is_not_a_private_file_of_ours_is_not_read(cache: Cache, tmp_path: Path, kind: str) -> None:
    cache.write(SESSION)
    path = Path(cache.directory, f"{KEY}.json")
    content = path.read_bytes()
    if kind == "open to others":
        path.chmod(0o644)
    else:
        path.unlink()
        if kind == "fifo":
            os.mkfifo(path)
        elif kind == "directory":
            path.mkdir()
        else:
            (tmp_path / "planted").write_bytes(content)
            path.symlink_to(tmp_path / "planted")
    assert cache.read(KEY) is None


def test_a_directory_open_to_others_is_refused_with_the_command_that_closes_it(cache: Cache) -> None:
    Path(cache.directory).mkdir(parents=True, mode=0o755)
    Path(cache.directory).chmod(0o755)
    with pytest.raises(StoreError, match=f"chmod 700 {cache.directory}"):
        cache.write(SESSION)
    assert list(Path(cache.directory).iterdir()) == []
    assert cache.read(KEY) == SESSION, "it lives in memory until then"


def test_a_linked_directory_is_refused(cache: Cache, tmp_path: Path) -> None:
    Path(cache.directory).parent.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    Path(cache.directory).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        cache.write(SESSION)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_sessions_are_not_kept_inside_a_git_work_tree(tmp_path: Path, clock: SetClock) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(StoreError, match="git work tree"):
        Cache(str(tmp_path / "deep" / "sessions"), clock).write(SESSION)
    assert not (tmp_path / "deep").exists()


def test_a_directory_in_the_way_leaves_the_session_in_memory_and_no_temporary_file(cache: Cache) -> None:
    Path(cache.directory).mkdir(parents=True, mode=0o700)
    Path(cache.directory, f"{KEY}.json").mkdir()
    with pytest.raises(StoreError):
        cache.write(SESSION)
    assert cache.read(KEY) == SESSION
    assert not [name for name in os.listdir(cache.directory) if name.endswith(".tmp")]


def test_what_a_killed_writer_left_is_swept_s21(cache: Cache) -> None:
    cache.write(SESSION)
    orphan = Path(cache.directory, f".{KEY}.json.4711.0123456789ab.tmp")
    young = Path(cache.directory, f".{KEY}.json.4712.0123456789ab.tmp")
    for path in (orphan, young):
        path.write_text("half a secret")
    os.utime(orphan, (1, 1))
    Cache(cache.directory, SetClock()).write(SESSION)
    assert not orphan.exists() and young.exists()


def test_forgetting_leaves_no_secret_behind(cache: Cache) -> None:
    cache.write(SESSION)
    assert cache.remove(KEY) and not cache.remove(KEY)
    assert all(b"sEcReT" not in path.read_bytes() for path in Path(cache.directory).iterdir())


def test_a_lock_is_one_at_a_time_and_free_again(cache: Cache, clock: SetClock) -> None:
    with cache.lock(KEY, 0) as first:
        assert first
        with Cache(cache.directory, clock).lock(KEY, 0.05) as second:
            assert not second
    with cache.lock(KEY, 0) as third:
        assert third


@pytest.mark.skipif(not Path("/proc/sys/kernel/random/boot_id").exists(), reason="needs Linux's boot id")
def test_a_clock_set_back_does_not_lengthen_a_session(cache: Cache, clock: SetClock) -> None:
    cache.write(SESSION)
    clock.since_boot += 3_000
    clock.wall += 3_000 - 86_400
    found = cache.read(KEY)
    assert found is not None
    assert found.left(clock.now()) == pytest.approx(600, abs=2)


@pytest.mark.parametrize("cache_kind", ["disk", "memory"])
def test_the_memory_store_behaves_like_the_one_on_disk(
    cache_kind: str, tmp_path: Path, clock: SetClock
) -> None:
    cache = MemoryCache(clock) if cache_kind == "memory" else Cache(str(tmp_path / "s"), clock)
    stamp = cache.stamp()
    cache.write(SESSION)
    assert cache.read(KEY) == SESSION and cache.entries() == [KEY] and cache.stamp() != stamp
    assert cache.remove(KEY) and cache.read(KEY) is None and not cache.remove(KEY)
    with cache.lock(KEY, 0) as ours:
        assert ours
