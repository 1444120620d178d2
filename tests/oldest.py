"""The suite with the oldest of every library that pyproject.toml allows: `python -m tests.oldest [pytest options]`.

An environment of its own is made for it, from the package index.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
AWS_CLI = "1.40.0"
"""For the tests alone; each wants exactly one botocore, this one 1.38.1."""
_FLOOR = re.compile(r"([\w-]+)>=([\d.]+)")


def floors() -> dict[str, str]:
    """Each run-time library and its oldest version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return dict(_FLOOR.match(line).groups() for line in project["dependencies"])  # type: ignore[union-attr]


def pins() -> list[str]:
    """Each of them exactly, with what belongs to it: botocore has boto3's number."""
    oldest = {
        name: version if version.count(".") == 2 else f"{version}.0" for name, version in floors().items()
    }
    oldest |= {"botocore": oldest["boto3"], "awscli": AWS_CLI}
    return [f"{name}=={version}" for name, version in oldest.items()]


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="oldest-") as directory:
        python = str(Path(directory, "bin", "python"))
        print("$", "pip install -e .[dev]", *pins(), flush=True)
        subprocess.run([sys.executable, "-m", "venv", directory], check=True)
        pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-e", f"{ROOT}[dev]", *pins()], check=True)
        subprocess.run([python, "-m", "compileall", "-q", "stsui"], cwd=ROOT, check=True)
        command = [python, "-m", "pytest", "-n", "2", "--dist", "worksteal", *sys.argv[1:]]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
