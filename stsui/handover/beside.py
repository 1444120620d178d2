"""Programs that are started beside this one and outlive it: in a session of their own, and silent."""

import subprocess
import threading
from collections.abc import Mapping, Sequence


def start(argv: Sequence[str], environ: Mapping[str, str], given: str = "") -> None:
    """Starts it; `given` is its stdin.

    Raises:
        OSError: It cannot be started.
    """
    process = subprocess.Popen(
        argv,
        env=dict(environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Closing the terminal, or ctrl+c in it, is not meant for it.
        start_new_session=True,
    )
    # While we are there somebody has to take note of its end.
    threading.Thread(target=process.wait, daemon=True).start()
    assert process.stdin is not None
    with process.stdin:
        process.stdin.write(given.encode())
