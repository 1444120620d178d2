"""No file can stop, stall or confuse the program."""

import os
from pathlib import Path

import pytest

from stsui.config import catalog, files
from tests.config import homes

GOOD = f"[profile ana]\n{homes.KEYS}"


def problems(environ: dict[str, str]) -> list[str]:
    return [str(problem) for problem in catalog.load(environ).problems]


def test_a_missing_file_is_no_problem(tmp_path: Path) -> None:
    assert files.read(tmp_path / "none") == files.Text("", found=False)


def test_dev_null_switches_a_file_off(tmp_path: Path) -> None:
    environ = homes.make(tmp_path, credentials="[a]\n" + homes.KEYS) | {"AWS_CONFIG_FILE": os.devnull}
    loaded = catalog.load(environ)
    assert list(loaded.roles) == ["a"] and loaded.problems == ()


def test_a_fifo_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    environ = homes.make(tmp_path, credentials="[a]\n" + homes.KEYS)
    environ["AWS_CONFIG_FILE"] = str(tmp_path / "fifo")
    loaded = catalog.load(environ)
    assert list(loaded.roles) == ["a"]
    assert "not a regular file" in str(loaded.problems[0])


def test_a_directory(tmp_path: Path) -> None:
    environ = homes.make(tmp_path) | {"AWS_CONFIG_FILE": str(tmp_path)}
    assert "directory" in problems(environ)[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    environ = homes.make(tmp_path, config=GOOD)
    os.chmod(tmp_path / ".aws/config", 0)
    assert "Permission denied" in problems(environ)[0]


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    environ = homes.make(tmp_path, config=b"#" * (10 * 1024 * 1024))
    assert "larger than 8 MB" in problems(environ)[0]


def test_a_file_that_does_not_say_its_length_is_read_whole() -> None:
    path = "/proc/self/mountinfo"
    if not os.path.exists(path):
        pytest.skip("the system has no such files")
    assert os.stat(path).st_size == 0 and files.read(path).text == Path(path).read_text()


def test_a_file_that_is_shorter_or_longer_than_it_said(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100_000)
    with path.open("rb") as file:
        for said in (0, 1, 99_999, 100_000, 100_001, 1_000_000):
            os.lseek(file.fileno(), 0, os.SEEK_SET)
            assert len(files._whole(file.fileno(), said)) == 100_000


def test_a_binary_file_gives_few_problems(tmp_path: Path) -> None:
    environ = homes.make(tmp_path, config=bytes(range(256)) * 4_000, toml=bytes(range(256)))
    assert 0 < len(problems(environ)) < 40


def test_a_half_written_file_keeps_its_good_half(tmp_path: Path) -> None:
    environ = homes.make(tmp_path, config=GOOD.encode() + b"\0" * 4096)
    loaded = catalog.load(environ)
    assert list(loaded.roles) == ["ana"]
    assert loaded.problems[0].origin.line == 4


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_byte_order_mark_and_line_ends(tmp_path: Path, start: bytes, end: str) -> None:
    content = start + GOOD.replace("\n", end).encode()
    loaded = catalog.load(homes.make(tmp_path, config=content))
    assert list(loaded.roles) == ["ana"] and not loaded.problems


def test_bytes_that_are_no_utf8_cost_no_other_section(tmp_path: Path) -> None:
    loaded = catalog.load(homes.make(tmp_path, config=b"# caf\xe9\n" + GOOD.encode()))
    assert list(loaded.roles) == ["ana"]
    assert "not UTF-8" in loaded.problems[0].reason and loaded.problems[0].origin.line == 1
