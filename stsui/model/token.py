"""A sign-in at an Identity Center as the AWS CLI keeps it: a token, and what renews it."""

from typing import NamedTuple

from stsui.model.credentials import Secret

NOTHING = Secret("")


class Token(NamedTuple):
    """An access token. Times are Unix seconds by this computer's clock, as in the AWS CLI."""

    start_url: str
    region: str
    access_token: Secret
    expires_at: int
    refresh_token: Secret = NOTHING
    """Empty where the sign-in cannot be prolonged without a person."""
    client_id: str = ""
    client_secret: Secret = NOTHING
    client_ends_at: int = 0
    """Until when the registered client may renew it."""
    file_name: str = ""
    """The file it was read from."""
    written_at: int = 0
    """When that file was written."""

    def left(self, now: float) -> float:
        """Seconds until the access token ends; never negative."""
        return max(0.0, self.expires_at - now)

    def renewable(self, now: float) -> bool:
        """Whether CreateToken may give another one without a person."""
        return (
            bool(self.refresh_token and self.client_id and self.client_secret) and self.client_ends_at > now
        )


class Client(NamedTuple):
    """A registered client of sso-oidc."""

    client_id: str
    client_secret: Secret
    ends_at: int
    scopes: tuple[str, ...]
    grants: tuple[str, ...] = ()
    """Empty for one that signs in by device code alone."""


class Invitation(NamedTuple):
    """What a person is shown who shall sign in."""

    url: str
    """The page, with everything filled in."""
    user_code: str = ""
    """What the page has to show too; empty where a browser of this computer comes back by itself."""
    page: str = ""
    """Where the code can be typed in on another device."""
    ends_at: float = 0.0
    """Unix time until which it can be answered."""
