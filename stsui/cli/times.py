"""Places in a text for times that follow from the moment it is printed; so it can be printed again later."""

from stsui import answer


def left(at: float) -> str:
    """The countdown to a Unix time."""
    return f"\x1fleft:{at}\x1f"


def until(at: float) -> str:
    """A Unix time by the wall's clock, with the day where that is not today."""
    return f"\x1funtil:{at}\x1f"


def since(at: float, text: str) -> str:
    """A text that is said from a Unix time on."""
    return f"\x1fsince:{at}:{text}\x1f"


def filled(template: str, now: float) -> str:
    """The text as of now."""
    return answer.filled(template, now)
