"""A code from the user's own command, such as `ykman oath accounts code`."""

import re
from collections.abc import Sequence

from stsui.model.errors import NoSource
from stsui.model.text import clean

TIME_LIMIT = 30.0
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)", re.ASCII)


def code_from_process(role: str, argv: Sequence[str]) -> str:
    """The six digits that the command prints.

    Raises:
        NoSource: It cannot be run, fails, takes longer than 30 s, or prints no code.
    """
    import subprocess  # rarely needed, and slow to load

    shown = clean(argv[0])
    try:
        done = subprocess.run(
            list(argv), stdin=subprocess.DEVNULL, capture_output=True, timeout=TIME_LIMIT, check=False
        )
    except (OSError, ValueError) as error:
        raise NoSource(f"mfa_process {shown} cannot be run: {error}.", role=role) from error
    except subprocess.TimeoutExpired as error:
        raise NoSource(f"mfa_process {shown} gave no code in {TIME_LIMIT:.0f} s.", role=role) from error
    if done.returncode:
        raise NoSource(f"mfa_process {shown} ended with code {done.returncode}.", role=role)
    codes = _CODE.findall(done.stdout.decode("utf-8", "replace"))
    if len(codes) != 1:
        raise NoSource(
            f"mfa_process {shown} printed {len(codes)} codes of six digits instead of one.", role=role
        )
    return str(codes[0])
