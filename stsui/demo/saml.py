"""A made-up identity provider's assertions: XML with who, for which role, until when, and a signature."""

import base64
import hashlib
import hmac
import re
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

ISSUER = "https://idp.demo.example"
_FORM = re.compile(
    r'<Response issuer="([^"]*)" subject="([^"]*)" role="([^"]*)" provider="([^"]*)" '
    r'issued="(\d+)" notOnOrAfter="(\d+)"/>'
)


class Assertion(NamedTuple):
    """What a provider says of somebody."""

    issuer: str
    subject: str
    role_arn: str
    provider: str
    issued: float
    not_on_or_after: float


def make_assertion(key: bytes, subject: str, role_arn: str, provider: str, at: float, lives: int) -> str:
    """A signed response in base64, as a provider's page posts it."""
    values = {"issuer": ISSUER, "subject": subject, "role": role_arn, "provider": provider}
    attributes = " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())
    text = f'<Response {attributes} issued="{int(at)}" notOnOrAfter="{int(at) + lives}"/>'
    return base64.b64encode(text.encode() + _signature(key, text)).decode()


def read_assertion(key: bytes, encoded: str) -> Assertion | None:
    """The assertion; None where it is not the provider's own."""
    try:
        raw = base64.b64decode(encoded, validate=True)
        text = raw[:-32].decode()
    except ValueError:
        return None
    match = _FORM.fullmatch(text)
    if match is None or not hmac.compare_digest(raw[-32:], _signature(key, text)):
        return None
    issuer, subject, role_arn, provider, issued, ends = match.groups()
    return Assertion(issuer, subject, role_arn, provider, float(issued), float(ends))


def _signature(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
