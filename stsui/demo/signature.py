"""Signature Version 4 as AWS checks it: over the request as it arrived, with the claimed signer's secret.

Source: AWS General Reference, "Authenticating Requests (AWS Signature Version 4)".
"""

import calendar
import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from typing import NamedTuple

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/(\d{8})/([\w-]+)/sts/aws4_request,\s*"
    r"SignedHeaders=([\w;-]+),\s*Signature=([0-9a-f]{64})",
    re.ASCII,
)
TOLERANCE = 900


class Signature(NamedTuple):
    """What the Authorization header claims."""

    access_key_id: str
    date: str
    region: str
    signed_headers: tuple[str, ...]
    value: str


def parse(authorization: str) -> Signature | None:
    """The header's parts; None when it is not of that form."""
    match = _HEADER.fullmatch(authorization.strip())
    if match is None:
        return None
    key_id, date, region, headers, value = match.groups()
    return Signature(key_id, date, region, tuple(headers.split(";")), value)


def fault(signature: Signature, secret: str, headers: Mapping[str, str], body: bytes, now: float) -> str:
    """AWS's words for what is wrong with the signature; empty when it is right."""
    stamp = headers.get("x-amz-date", "")
    try:
        signed_at = calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
    except ValueError:
        return "Request must contain X-Amz-Date"
    earliest, here, latest = (
        time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now + offset)) for offset in (-TOLERANCE, 0, TOLERANCE)
    )
    if signed_at < now - TOLERANCE:
        return f"Signature expired: {stamp} is now earlier than {earliest} ({here} - 15 min.)"
    if signed_at > now + TOLERANCE:
        return f"Signature not yet current: {stamp} is still later than {latest} ({here} + 15 min.)"
    if "host" not in signature.signed_headers or "x-amz-date" not in signature.signed_headers:
        return "'Host' and 'X-Amz-Date' must be signed"
    canonical_headers = "".join(
        f"{name}:{' '.join(headers.get(name, '').split())}\n" for name in signature.signed_headers
    )
    request = "\n".join(
        (
            "POST",
            "/",
            "",
            canonical_headers,
            ";".join(signature.signed_headers),
            hashlib.sha256(body).hexdigest(),
        )
    )
    scope = f"{signature.date}/{signature.region}/sts/aws4_request"
    to_sign = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
    key = f"AWS4{secret}".encode()
    for part in (signature.date, signature.region, "sts", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    wanted = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    if stamp[:8] != signature.date or not hmac.compare_digest(wanted, signature.value):
        return (
            "The request signature we calculated does not match the signature you provided. Check your AWS "
            "Secret Access Key and signing method. Consult the service documentation for details."
        )
    return ""
