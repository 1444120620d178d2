"""A request and its answer as the services beside STS see them, and the JSON form of AWS's errors."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol


class Request(NamedTuple):
    """One request that arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes

    def document(self) -> dict[str, Any]:
        """The body as JSON; empty where it is none."""
        try:
            document = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return document if isinstance(document, dict) else {}


class Reply(NamedTuple):
    """What is sent back."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]
    code: str = ""
    """The error's, for the record."""
    parameters: Mapping[str, str] = {}
    """For the record; no secret is among them."""
    caller_arn: str = ""


class Service(Protocol):
    """Something else than STS that listens on the same port."""

    def operation(self, request: Request) -> str:
        """What is asked of it; empty where the request is not for it."""

    def answer(self, operation: str, request: Request) -> Reply:
        """Does it."""


def as_json(document: Mapping[str, Any], **parameters: str) -> Reply:
    """A good answer."""
    return Reply(200, json.dumps(document).encode(), _JSON, parameters=parameters)


def as_error(status: int, code: str, message: str, **fields: str) -> Reply:
    """An error as AWS's JSON services write it; `fields` stand beside the message."""
    body = json.dumps({"__type": code, "message": message, **fields}).encode()
    return Reply(status, body, (*_JSON, ("x-amzn-ErrorType", code)), code)


def as_page(text: str, status: int = 200) -> Reply:
    """A page for a browser."""
    body = f"<!doctype html><meta charset=utf-8><title>Made-up AWS</title><body>{text}</body>".encode()
    return Reply(status, body, (("Content-Type", "text/html; charset=utf-8"),))


_JSON = (("Content-Type", "application/json"),)
