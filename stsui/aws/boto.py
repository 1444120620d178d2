"""How boto3 is used everywhere here: no profile of its own, little patience, and nothing in its logs."""

import datetime
import logging
import os
from typing import Any
from urllib.parse import urlencode

import botocore.session
import botocore.utils
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
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_moment)
    return session


def _moment(value: Any) -> datetime.datetime:
    """A time in AWS's form, `2026-11-24T21:30:00Z`; botocore's parser, ten times slower, has every other."""
    if isinstance(value, str) and value[4:5] == "-" and value[10:11] == "T" and value.endswith("Z"):
        try:
            return datetime.datetime.fromisoformat(value)
        except ValueError:
            pass
    found: datetime.datetime = botocore.utils.parse_timestamp(value)
    return found


def encode_once(client: Any) -> None:
    """A body of the query protocol is made text when a call begins, not for each part that looks at it.

    Source: botocore/awsrequest.py, AWSRequestPreparer, which does the same to a body that is a mapping.
    """
    client.meta.events.register("before-call", _encode)


def _encode(params: Any, **_: Any) -> None:
    body = params.get("body")
    if isinstance(body, dict) and all(isinstance(value, str | int) for value in body.values()):
        params["body"] = urlencode(body).encode()


def patience(attempts: int) -> Config:
    """How long an answer is waited for, and how often it is asked for in all."""
    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=CONNECTIONS,
        retries={"mode": "standard", "total_max_attempts": attempts},
    )
