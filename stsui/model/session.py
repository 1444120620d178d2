"""A role once assumed. Replaced, never changed; its state is computed from the time, never kept."""

from typing import Literal, NamedTuple

from stsui.model.credentials import Credentials
from stsui.model.identity import Identity

SessionState = Literal["active", "expiring", "expired"]


class Session(NamedTuple):
    """Credentials, when they end, and who they are."""

    role: str
    """Name in the catalog; `role@variant` for a limited one."""
    key: str
    """Hash of everything that shapes the session; names its file."""
    credentials: Credentials
    issued_at: int
    """Unix time of the answer, by the clock of AWS."""
    account_id: str
    """The account that answered, twelve digits; empty where the source does not say."""
    assumed_arn: str
    """AssumedRoleUser of the answer; empty for GetSessionToken and credentials taken as they are."""
    region: str
    """What the role is configured with; empty: nothing is set at hand-over."""
    identity: Identity | None = None
    """What GetCallerIdentity answered; None until it did."""
    verified_at: int | None = None
    asked_seconds: int = 0
    """DurationSeconds of the request; 0 where there was none. The countdown never uses it."""
    notes: tuple[str, ...] = ()
    """What the user should know of how it came about, such as a duration that was stepped down."""

    clock_offset: int = 0
    """Seconds that AWS's clock is ahead of this computer's, as far as can be told; negative where it is
    behind, as long as the boot clock vouches for that."""
    reason: str = ""
    """What the person said it is for."""
    ends: bool = False
    """It was asked for so long and no longer: nothing renews it by itself."""
    passed: str = ""
    """The guard that a person passed for it; a renewal takes it over."""
    packed_policy_size: int = 0
    """Percent of what AWS allows for session policy and tags; 0 where there are none."""

    @property
    def expiration(self) -> int:
        """Unix time; 0 where the credentials never end."""
        return self.credentials.expiration or 0

    @property
    def lifetime(self) -> int:
        """Seconds from issue to expiration, at least 1."""
        return max(1, self.expiration - self.issued_at)

    @property
    def expiring_at(self) -> float:
        """Unix time from which it is `expiring`: the smaller of ten minutes and a fifth of its life."""
        return self.expiration - self.clock_offset - min(600, self.lifetime / 5)

    def left(self, now: float) -> float:
        """Seconds until expiration; never negative."""
        return max(0.0, self.expiration - now - self.clock_offset)

    def state(self, now: float) -> SessionState:
        """By the time that is left."""
        if self.left(now) <= 0:
            return "expired"
        return "expiring" if now > self.expiring_at else "active"
