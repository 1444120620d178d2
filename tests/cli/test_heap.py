"""One heap for all threads, where the C library has several."""

import subprocess
import sys

import pytest

CODE = """
import sys, threading
from stsui.cli import heap
if sys.argv[1] == "one":
    assert heap.share()
stay = threading.Event()
def allocate():
    text = bytearray(100_000)
    stay.wait()
threads = [threading.Thread(target=allocate) for _ in range(12)]
for thread in threads:
    thread.start()
maps = open("/proc/self/maps").read().splitlines()
stay.set()
# A heap of its own is 64 MB of addresses, of which little can be written yet.
print(sum(" ---p " in line and not line.split()[5:] for line in maps))
"""


def arenas(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", CODE, how], capture_output=True, text=True, check=True, timeout=60
    )
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="of glibc")
def test_threads_share_one_heap() -> None:
    each, one = arenas("each"), arenas("one")
    if each == one:
        pytest.skip("this C library has one heap anyway")
    assert one < each
