"""What calls of STS a role takes, in order: values, made by `planning` before any network."""

from collections.abc import Mapping
from typing import NamedTuple

from stsui.config.chain import Chain
from stsui.model.roles import Role, Source, Transport
from stsui.sessions.wanted import Occasion

CHAINED_MAXIMUM = 3_600
LONGEST = 43_200
LASTING = ("static", "web_identity", "ec2", "container")
"""Sources that answer however often they are asked; behind every other one may be a person: a browser, a
program that wants a touch, a shell in which something was exported."""


class Step(NamedTuple):
    """One call, or the taking of credentials as they are (`Source`)."""

    operation: str
    """AWS's name, or `Source`."""
    role: str
    """The catalog's name of what the call makes."""
    parameters: Mapping[str, object]
    """Sent as they stand, by AWS's names; a code is added at the call."""
    region: str
    """Where STS is asked; never empty."""
    endpoint_url: str
    """Empty: AWS's own, or what botocore finds for it."""
    key: str
    """Names the session everywhere; equal keys are the same session."""
    source: Source | None = None
    """Set on the first step: whose credentials sign it, or are taken."""
    mfa_serial: str = ""
    """The device whose code the call carries."""
    mfa_process: tuple[str, ...] = ()
    """The command that gives that code."""
    role_arn: str = ""
    signed: bool = True
    caller: str = ""
    """Who signs it, as the user calls them."""
    handover_region: str = ""
    """What the role is configured with, for who receives the credentials; empty: nothing is set."""
    transport: Transport = Transport()

    @property
    def asks_nobody(self) -> bool:
        """Whether it can be made again without a person, as long as what signs it is there."""
        lasting = self.source is None or self.source.kind in LASTING
        return lasting and not self.mfa_serial


class Plan(NamedTuple):
    """How a role is had."""

    role: Role
    chain: Chain
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    """Why it is done like this, where that is not plain; sentences."""
    shared_with: tuple[str, ...] = ()
    """Other roles that the same MFA session serves."""
    name: str = ""
    """Of the session: the role's, with `@VARIANT` where it is limited."""
    occasion: Occasion = Occasion()
    """What was asked for this once."""

    @property
    def last(self) -> Step:
        """The step that makes the role's own session."""
        return self.steps[-1]

    @property
    def mfa_serial(self) -> str:
        """The device that is asked for on the way; empty when none."""
        return next((step.mfa_serial for step in self.steps if step.mfa_serial), "")
