"""Draws every picture of the README from the demo: `.venv/bin/python screenshots/make.py [NAME …]`."""

import re
import shutil
import subprocess
import sys
import tempfile
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
    Picture("wide", "200x50", LIVE),
    Picture("light", "120x35", f"{LIVE} S right escape"),
    Picture("failed", "80x24", f"{LIVE} i wait:FAILED"),
    Picture("import", "80x24", "I wait:where_from enter wait:choose down down down space down space"),
    Picture("palette", "80x24", f"{LIVE} colon r e n e w wait:Renew_everything"),
)


FIRST = "main-120x35"
"""Which is there as a PNG too."""


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
            if picture.name == FIRST:
                to_png(path)
    return 0


def to_png(svg: Path) -> None:
    """For pages that draw no SVG; where there is no Chromium, the one that is there stays."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg.read_text(encoding="utf-8"))
    if not browser or box is None:
        return
    size = f"{round(float(box[1]))},{round(float(box[2]))}"
    with tempfile.TemporaryDirectory() as profile:
        argv = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        argv += [f"--user-data-dir={profile}", f"--window-size={size}"]
        argv += [f"--screenshot={svg.with_suffix('.png')}", svg.as_uri()]
        subprocess.run(argv, check=True, capture_output=True)


if __name__ == "__main__":
    raise SystemExit(main())
