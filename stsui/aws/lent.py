"""Credentials that a client signs one call with, so that one client and its connections serve every role.

Sources: botocore/session.py, `register_component`; botocore/signers.py, which asks for the credentials anew
at each signature, in the thread that makes the call.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import botocore.session
from botocore.credentials import Credentials as BotoCredentials
from botocore.credentials import ReadOnlyCredentials

from stsui.model.credentials import Credentials


class Lent(BotoCredentials):
    """Nobody's, until a thread lends some for its call; also what finds them for a botocore session."""

    def __init__(self) -> None:
        super().__init__("", "", method="lent")
        self._here = threading.local()

    def lend_to(self, session: botocore.session.Session) -> None:
        """Clients of that session, from now on, sign with what is lent and look for nothing else."""
        session.register_component("credential_provider", self)

    def load_credentials(self) -> "Lent":
        """As botocore's own resolver does."""
        return self

    @contextlib.contextmanager
    def to_this_thread(self, credentials: Credentials | None) -> Iterator[None]:
        """For the calls made inside."""
        self._here.credentials = credentials
        try:
            yield
        finally:
            self._here.credentials = None

    def get_frozen_credentials(self) -> Any:
        """What a request is signed with; None, which botocore refuses to sign with, where nothing is lent."""
        lent: Credentials | None = getattr(self._here, "credentials", None)
        if lent is None:
            return None
        return ReadOnlyCredentials(
            lent.access_key_id, lent.secret_access_key.reveal(), lent.session_token.reveal() or None, None
        )
