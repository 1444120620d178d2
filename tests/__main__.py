"""Everything that has to hold before a change lands: `python -m tests [pytest options]`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHON = (sys.executable, "-m")
CHECKS = (
    # As an installation does; else each of the hundreds of processes that the tests start compiles it anew.
    (*PYTHON, "compileall", "-q", "stsui"),
    (*PYTHON, "ruff", "check", "."),
    (*PYTHON, "ruff", "format", "--check", "."),
    (*PYTHON, "mypy"),
    (*PYTHON, "pytest", "-n", "2", "--dist", "worksteal"),
)


def main() -> int:
    for check in CHECKS:
        command = [*check, *sys.argv[1:]] if "pytest" in check else list(check)
        print("$", " ".join(["python", *command[1:]]), flush=True)
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
