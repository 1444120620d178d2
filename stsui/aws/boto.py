"""How boto3 is used everywhere here: no profile of its own, little patience, and nothing in its logs."""

import logging
import os

import botocore.session
from botocore.config import Config

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 15, 3
CONNECTIONS = 50
"""Kept open by a client at most: one client serves every role at its endpoint."""

for _name in ("boto3", "botocore", "urllib3"):
    # At DEBUG they print answers with secrets in them; nothing below a warning leaves them, ever.
    logging.getLogger(_name).setLevel(logging.WARNING)
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


def neutral_session() -> botocore.session.Session:
    """A botocore session of no profile: only explicit credentials sign its calls; STS is the Region's own."""
    session = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    # Tokens of the global endpoint are refused by Regions that have to be enabled.
    session.set_config_variable("sts_regional_endpoints", "regional")
    try:
        session.full_config  # noqa: B018 - a property that reads; a file botocore refuses whole must not stop us
    except Exception:
        session.set_config_variable("config_file", os.devnull)
        session.set_config_variable("credentials_file", os.devnull)
    return session


def patience(attempts: int) -> Config:
    """How long an answer is waited for, and how often it is asked for in all."""
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=CONNECTIONS,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
