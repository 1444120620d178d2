"""Values of AWS's answers, checked before anybody relies on them."""

import email.utils
import functools
import re
from collections.abc import Mapping
from typing import Any

from stsui.model.credentials import Credentials, Secret

TOKEN_LIMIT = 65_536
_KEY_ID = re.compile(r"\w+", re.ASCII)
_SECRET = re.compile(r"[\w+/=.~:-]+", re.ASCII)


def plausible(key_id: object, secret: object, token: object) -> bool:
    """Whether the three could be credentials, the token being empty for lasting ones."""
    return (
        isinstance(key_id, str)
        and isinstance(secret, str)
        and isinstance(token, str)
        and bool(secret)
        and len(token) <= TOKEN_LIMIT
        and _KEY_ID.fullmatch(key_id) is not None
        and _SECRET.fullmatch(secret + token) is not None
    )


def temporary(key_id: object, secret: object, token: object, expiration: int | None) -> Credentials | None:
    """Temporary credentials; None where a value cannot be one."""
    if (
        not plausible(key_id, secret, token)
        or not (isinstance(key_id, str) and 16 <= len(key_id) <= 128)
        or not (isinstance(secret, str) and 16 <= len(secret) <= 1_024)
        or not (isinstance(token, str) and len(token) >= 4)
        or expiration is None
    ):
        return None
    return Credentials(key_id, Secret(secret), Secret(token), expiration)


def server_time(answer: Mapping[str, Any]) -> float:
    """Unix time of the Date header; 0 when there is none that can be read."""
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    return _moment(date) if isinstance(date, str) else 0.0


@functools.lru_cache(maxsize=16)
def _moment(date: str) -> float:
    """It is the same for all that are answered in a second."""
    try:
        return email.utils.parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError, OverflowError, OSError):
        return 0.0
