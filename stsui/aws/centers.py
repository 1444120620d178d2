"""Identity Centers as the command line and the screen use them: sign in, sign out, and look around."""

from collections.abc import Mapping

from stsui.aws import sign_in
from stsui.aws.discovery import Told, discover
from stsui.aws.sign_in import SignIn
from stsui.aws.sso import Portal
from stsui.aws.unsigned import Unsigned
from stsui.model.assigned import Discovery
from stsui.model.errors import StsuiError, TokenRefused
from stsui.model.roles import Center
from stsui.model.token import Token
from stsui.sessions.clock import Clock
from stsui.sessions.sign_ins import SignIns


class IdentityCenters:
    """Every Identity Center of the config; thread-safe."""

    def __init__(self, environ: Mapping[str, str], sign_ins: SignIns, clock: Clock) -> None:
        self._unsigned = Unsigned(environ)
        self._sign_ins, self._clock = sign_ins, clock
        self.portal = Portal(self._unsigned, sign_ins, clock.now)

    def begin(self, center: Center, *, browser: bool) -> SignIn:
        """Begins a sign-in; `browser` means one of this computer, which comes back by itself.

        Raises:
            StsuiError: There is no Identity Center there, or it did not answer.
        """
        return sign_in.begin(self._unsigned, self._sign_ins.files, center, self._clock.now, browser=browser)

    def finish(self, center: Center, token: Token) -> None:
        """Keeps what a sign-in gave."""
        self._sign_ins.begun(center, token)

    def discover(self, center: Center, told: Told | None = None) -> Discovery:
        """Every account and role that the sign-in may use; `told` hears of each account as it comes.

        Raises:
            SignInRequired: Nobody is signed in there.
            StsuiError: No answer.
        """
        return self.portal.with_token(center, lambda token: discover(self.portal, center, token, told))

    def sign_out(self, center: Center) -> str:
        """Ends the sign-in here and at AWS; why AWS did not hear of it, or an empty text."""
        token, now = self._sign_ins.files.read(center), self._clock.now()
        self._sign_ins.ended(center)
        if token is None or not (token.left(now) or token.renewable(now)):
            return ""
        try:
            # AWS knows a sign-in by its access token alone.
            current = token if token.left(now) else sign_in.renewed(self._unsigned, center, token, now)
            self.portal.sign_out(center, current)
        except TokenRefused:
            return ""
        except StsuiError as error:
            return error.sentence
        return ""
