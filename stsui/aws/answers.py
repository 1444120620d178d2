"""Values of AWS's answers, checked before anybody relies on them."""

import email.utils
from collections.abc import Mapping
from typing import Any

from stsui.model.credentials import Credentials, Secret

TOKEN_LIMIT = 65_536
_KEY_ID = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_SECRET = _KEY_ID | frozenset("+/=-.~:")


def temporary(key_id: object, secret: object, token: object, expiration: int | None) -> Credentials | None:
    """Temporary credentials; None where a value cannot be one."""
    if (
        not (isinstance(key_id, str) and 16 <= len(key_id) <= 128 and _KEY_ID.issuperset(key_id))
        or not (isinstance(secret, str) and 16 <= len(secret) <= 1_024 and _SECRET.issuperset(secret))
        or not (isinstance(token, str) and 4 <= len(token) <= TOKEN_LIMIT and _SECRET.issuperset(token))
        or expiration is None
    ):
        return None
    return Credentials(key_id, Secret(secret), Secret(token), expiration)


def server_time(answer: Mapping[str, Any]) -> float:
    """Unix time of the Date header; 0 when there is none that can be read."""
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return email.utils.parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return 0.0
