"""stsui: AWS STS sessions in a terminal. Importing it does nothing.

`stsui.session("prod-admin")` is for Python programs: see `stsui.api`.
"""

__version__ = "0.1.0"

# Type checkers know the name; `typing` would be the slowest thing that a cached answer loads.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from stsui.api import StsuiError as StsuiError
    from stsui.api import session as session


def __getattr__(name: str) -> object:
    """What other programs use is loaded when they do."""
    if name not in ("StsuiError", "session"):
        raise AttributeError(f"module 'stsui' has no attribute {name!r}")
    from stsui import api

    return getattr(api, name)
