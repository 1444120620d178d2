"""Parts of the suite at full size: properties tried 10,000 times, botocore's oldest and newest release."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.stress.lines import Line

ROOT = Path(__file__).parents[2]


def fuzz(test: str, path: str, letters: str, examples: int) -> Line:
    """The properties of a file whose names hold `letters`."""
    done = _pytest(path, "-k", letters, FUZZ_EXAMPLES=str(examples))
    passing = [int(n) for n in re.findall(r"- (\d+) passing, 0 failing", done.stdout)]
    failing = sum(map(int, re.findall(r"(\d+) failing", done.stdout)))
    kept = done.returncode == 0 and not failing and bool(passing) and min(passing) >= examples
    if not kept:
        print(done.stdout[-2_000:], flush=True)
    return Line(
        test,
        f"{examples:,} of each kind, 0 tracebacks, 0 hangs",
        f"{sum(passing):,} of {len(passing)} kind{'s' if len(passing) > 1 else ''}, {failing} failed",
        kept,
    )


def contract(directory: Path, release: str) -> Line:
    """`~/.aws/config` as one release of botocore reads it; the release is installed beside, not instead."""
    packages = directory / f"botocore-{release or 'newest'}"
    wanted = f"botocore=={release}" if release else "botocore"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(packages), wanted]
    subprocess.run(pip, check=True)
    done = _pytest("tests/config/test_contract.py", "tests/config/test_ini.py", PYTHONPATH=str(packages))
    there = [sys.executable, "-c", "import botocore; print(botocore.__version__, botocore.__file__)"]
    said = subprocess.run(
        there, env={**os.environ, "PYTHONPATH": str(packages)}, capture_output=True, text=True, check=True
    )
    version, file = said.stdout.split()
    passed = int((re.findall(r"(\d+) passed", done.stdout) or ["0"])[0])
    failed = int((re.findall(r"(\d+) failed", done.stdout) or ["0"])[0])
    if failed:
        print(done.stdout[-3_000:], flush=True)
    return Line(
        f"shapes of ~/.aws/config, read by botocore {version} and by us",
        "40 shapes or more, the same winner in all",
        f"{passed} passed, {failed} failed",
        done.returncode == 0 and passed >= 40 and file.startswith(str(packages)),
    )


def _pytest(*paths: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--hypothesis-show-statistics"]
    return subprocess.run(
        [*command, *paths],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
