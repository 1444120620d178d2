"""The C library, asked for what Python has no word for."""

import sys


def answer(function: str, *arguments: int) -> int | None:
    """What a function of it gave; None where there is none: another system, another library."""
    if sys.platform != "linux":
        return None
    try:
        import ctypes

        return int(getattr(ctypes.CDLL(None), function)(*arguments))
    except (ImportError, OSError, AttributeError):
        return None
