"""What the store asks of AWS, as a protocol. `aws.sts` is the one that does it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from stsui.model.credentials import Credentials
from stsui.model.identity import Identity
from stsui.model.roles import Source
from stsui.sessions.plan import Step


class Answer(NamedTuple):
    """What one call of STS gave, or a source."""

    credentials: Credentials
    assumed_arn: str = ""
    """AssumedRoleUser.Arn or FederatedUser.Arn; empty for GetSessionToken."""
    packed_policy_size: int = 0
    """Percent of what AWS allows; 0 where not said."""
    server_time: float = 0.0
    """Unix time of the answer's Date header; 0 without one."""
    account_id: str = ""
    """The account that a source says its credentials are of; empty where it does not say."""


class Actions(Protocol):
    """Every method raises `model.errors` and nothing else."""

    def source_credentials(self, source: Source, asking: Sequence[str]) -> Answer:
        """The first credentials of a chain; long-term keys have no expiration.

        Args:
            asking: The sessions that wait for them.
        """

    def call(self, step: Step, signer: Credentials | None, code: str | None, *, once: bool = False) -> Answer:
        """One call as planned; `signer` is None for calls that are not signed.

        Args:
            once: What AWS does not answer is not tried again: something good is still held.
        """

    def identity(self, credentials: Credentials, step: Step) -> Identity:
        """GetCallerIdentity, asked where the step was."""

    def decoded(self, credentials: Credentials, step: Step, message: str) -> str:
        """DecodeAuthorizationMessage: JSON text."""

    def account_of_key(self, credentials: Credentials, step: Step, access_key_id: str) -> str:
        """GetAccessKeyInfo: twelve digits."""
