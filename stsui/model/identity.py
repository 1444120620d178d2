"""Who AWS says one is."""

from typing import NamedTuple


class Identity(NamedTuple):
    """The answer of GetCallerIdentity, cleaned."""

    account_id: str
    arn: str
    user_id: str
