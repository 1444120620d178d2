"""How a sign-in of `aws login` stands, from the AWS CLI's own file; nothing of it is written or kept.

Source: botocore, credentials.LoginCredentialFetcher and utils.LoginTokenLoader.
"""

import contextlib
import json
from collections.abc import Mapping

from stsui.sessions.private import SharedDirectory
from stsui.sessions.sign_ins import LAST, Standing
from stsui.sessions.tokens import moment

LONGEST = 12 * 3_600
"""Seconds that a sign-in of `aws login` lasts at most."""


def standing(directory: str, login_session: str, now: float) -> Standing:
    """Whether it is signed in. When it ends is known to AWS alone, once it can be renewed."""
    import hashlib

    name = hashlib.sha256(login_session.encode()).hexdigest()
    document: object = {}
    with contextlib.suppress(ValueError, RecursionError):
        document = json.loads(SharedDirectory(directory).read(f"{name}.json") or b"")
    if not isinstance(document, Mapping) or not isinstance(document.get("accessToken"), Mapping):
        return Standing(False, lasts=LONGEST)
    ends_at = moment(document["accessToken"].get("expiresAt"))
    if document.get("refreshToken") and now < ends_at + LONGEST:
        return Standing(True, lasts=LONGEST)
    alive = ends_at - now > LAST
    return Standing(alive, ends_at if alive else 0, exact=True, lasts=LONGEST)
