"""Whose an endpoint's address is: AWS's, this computer's own, or somebody else's."""

import re

_HOST = re.compile(r"(https?)://(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)", re.IGNORECASE)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
SUFFIXES = (
    *(".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws"),
    *(".api.amazonwebservices.com.cn", ".api.amazonwebservices.eu"),
    *(".c2s.ic.gov", ".sc2s.sgov.gov", ".cloud.adc-e.uk", ".csp.hci.ic.gov"),
)
"""Source: botocore's partitions.json, dnsSuffix and dualStackDnsSuffix."""


def is_trusted(url: str) -> bool:
    """Whether a code or an identity token may go there unasked: to AWS or to this computer."""
    match = _HOST.match(url)
    host = match[2].lower() if match else ""
    return host in LOOPBACK or host.endswith(SUFFIXES)


def is_open(url: str) -> bool:
    """Whether everybody on the way could read along: unencrypted, and not to this computer."""
    match = _HOST.match(url)
    return bool(match and match[1].lower() == "http" and match[2].lower() not in LOOPBACK)
