"""Draws every picture of the README from the demo: `.venv/bin/python screenshots/make.py [NAME …]`."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent


class Picture(NamedTuple):
    """One SVG: how large, which keys were pressed, and how the colours are."""

    name: str
    size: str
    keys: str
    environ: dict[str, str] = {}


LIVE = (
    "filter:dev-admin enter wait:active escape filter:stg-admin enter wait:active escape "
    "filter:dev-data enter wait:active escape filter:prod-deploy enter enter wait:failed escape"
)
"""Four rows in different states, dev-admin current."""
NARROW = (
    "filter:dev-admin enter wait:1_live escape filter:dev-data enter wait:2_live escape "
    "filter:prod-deploy enter enter wait:failed escape"
)
"""The same where a row has no room for the word."""
PICTURES = (
    Picture("main-120x35", "120x35", LIVE),
    Picture("main-80x24", "80x24", LIVE),
    Picture("main-44x14", "44x14", NARROW),
    Picture("mfa", "80x24", "filter:prod-admin enter enter wait:MFA_code 4 1 8"),
    Picture("handover", "100x30", "filter:dev-admin enter wait:active Y wait:Hand down down down"),
    Picture("no-colour-ascii", "80x24", LIVE, {"NO_COLOR": "1", "STSUI_ASCII": "1"}),
)


def main() -> int:
    wanted = set(sys.argv[1:]) or {picture.name for picture in PICTURES}
    import os

    for picture in PICTURES:
        if picture.name in wanted:
            path = HERE / f"{picture.name}.svg"
            argv = ["demo", "--screenshot", str(path), "--keys", picture.keys, "--size", picture.size]
            subprocess.run(
                [sys.executable, "-m", "stsui", *argv], env={**os.environ, **picture.environ}, check=True
            )
            print(path.relative_to(HERE.parent))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
