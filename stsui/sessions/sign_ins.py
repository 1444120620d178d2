"""Sign-ins at Identity Centers: a token that is good now, renewed once for everybody, never by asking.

One flight on the machine as in `store`: whoever needs a new token takes its lock, looks again, and only then
calls. Who cannot be served without a person is told by `SignInRequired`.
"""

import shlex
import time
from collections.abc import Callable
from typing import NamedTuple

from stsui.model.errors import SignInRequired, StoreError, StsuiError, TokenRefused, Unavailable
from stsui.model.roles import Center
from stsui.model.token import Token
from stsui.sessions import failures
from stsui.sessions.cache import Cache
from stsui.sessions.clock import Clock
from stsui.sessions.memory import Memory, SignedIn
from stsui.sessions.tokens import TokenFiles, digest

EARLY = 900
"""Seconds before a token's end from which it is renewed, as in the AWS CLI and botocore."""
LAST = 30
"""Seconds before its end from which nobody uses it any more."""
LOCK_WAIT = 60.0
LOOK = 0.25
USUAL = (8 * 3_600, 12 * 3_600, 24 * 3_600, 7 * 86_400, 30 * 86_400, 90 * 86_400)
"""Lengths of a sign-in that administrators choose; eight hours unless they do."""

Renew = Callable[[Token], Token]
"""CreateToken. Raises TokenRefused where the refresh token is worth nothing any more."""


class Standing(NamedTuple):
    """How a sign-in stands."""

    signed_in: bool
    ends_at: int = 0
    """Unix time at which a person is needed again; 0: not known, or signed out."""
    exact: bool = False
    """It follows from what is known; else it is what such sign-ins are wont to last."""
    lasts: int = 0
    """Seconds for which a new one would be good, by the same knowledge."""


class SignIns:
    """Every way to a token leads through `token`."""

    def __init__(self, files: TokenFiles, cache: Cache, memory: Memory, clock: Clock) -> None:
        self.files = files
        self._cache = cache
        self._memory = memory
        self._clock = clock
        self.warning = ""
        """Why tokens cannot be kept, while it is so."""

    def token(self, center: Center, renew: Renew) -> Token:
        """An access token that is good now.

        Raises:
            SignInRequired: Only a person can go on.
            Unavailable: There is none, and its renewal found nobody.
        """
        now = self._clock.now()
        held = self._look(center)
        if held is not None and held.left(now) > EARLY:
            return held
        usable = held is not None and held.left(now) > LAST
        if held is None or not self._renewable(held, now):
            if held is not None and usable:
                return held
            raise self.required(center)
        end = time.monotonic() + LOCK_WAIT
        while True:
            with self.files.lock(center, 0.0 if usable else LOOK) as ours:
                if ours:
                    return self._renew(center, held, renew, usable)
            if usable:
                return held
            seen = self._look(center)
            if seen is not None and seen.left(self._clock.now()) > LAST:
                return seen
            if time.monotonic() > end:
                raise Unavailable(
                    f"Another process has been renewing the sign-in at {center.name} for {LOCK_WAIT:.0f} s."
                )

    def reject(self, token: Token) -> None:
        """AWS did not take an access token that should be good: revoked, or a clock is off."""
        self._memory.remember_refused(digest(token.access_token), self._clock.now())

    def begun(self, center: Center, token: Token) -> None:
        """A person has signed in."""
        now = int(self._clock.now())
        before = self._memory.signed_in(center.start_url)
        self._keep(center, token)
        self._memory.remember_sign_in(
            center.start_url, SignedIn(now, _name(token), before.longest if before else 0)
        )

    def ended(self, center: Center) -> None:
        """A person has signed out; whatever AWS says, nothing of it is used again."""
        self.files.remove(center)

    def standing(self, center: Center) -> Standing:
        """How the sign-in stands, from the files alone."""
        now = self._clock.now()
        token, known = self._look(center), self._memory.signed_in(center.start_url)
        lasts = center.session_duration or _usual(known.longest if known else 0)
        if token is None or not (token.left(now) > LAST or self._renewable(token, now)):
            return Standing(False, lasts=lasts)
        if not self._renewable(token, now):
            return Standing(True, token.expires_at, exact=True, lasts=lasts)
        ours = known is not None and known.token == _name(token)
        begun = known.at if known and (ours or known.at + lasts > now) else token.written_at
        ends_at = min(max(begun + lasts, token.expires_at), token.client_ends_at)
        return Standing(True, ends_at, exact=ours and bool(center.session_duration), lasts=lasts)

    def required(self, center: Center) -> SignInRequired:
        """That somebody has to sign in, since when, and how."""
        token = self.files.read(center)
        now = self._clock.now()
        sentence = f"{center.name} is signed out."
        if token is not None and token.left(now) and self._memory.is_refused(digest(token.access_token)):
            sentence = f"{center.name} was signed out at AWS."
        elif token is not None and not token.left(now) and now - token.expires_at < 86_400:
            since = time.strftime("%H:%M", time.localtime(token.expires_at))
            sentence = f"{center.name} is signed out since {since}."
        return SignInRequired("", center.name, sentence, hint=f"stsui login {shlex.quote(center.name)}")

    def _look(self, center: Center) -> Token | None:
        """What is held; over where AWS has refused it already."""
        token = self.files.read(center)
        if token is not None and self._memory.is_refused(digest(token.access_token)):
            return token._replace(expires_at=0)
        return token

    def _renewable(self, token: Token, now: float) -> bool:
        return token.renewable(now) and not self._memory.is_refused(digest(token.refresh_token))

    def _renew(self, center: Center, held: Token, renew: Renew, usable: bool) -> Token:
        """The second look, then the call; under the lock."""
        now = self._clock.now()
        again = self._look(center)
        if again is not None and again.left(now) > EARLY:
            return again
        if again is None or not self._renewable(again, now):
            if again is not None and again.left(now) > LAST:
                return again
            raise self.required(center)
        key = digest(again.refresh_token)
        shared = self._cache.failure(key)
        try:
            failures.honour(shared, now, held.left(now) - LAST if usable else 0.0)
        except StsuiError:
            if usable:
                return held
            raise
        try:
            renewed = renew(again)
        except TokenRefused:
            self._memory.remember_refused(key, now)
            if usable:
                return held
            raise self.required(center) from None
        except StsuiError as error:
            failures.remember(self._cache, key, error, now, shared)
            if usable:
                return held
            raise
        if shared:
            self._cache.forget_failure(key)
        self._renewed(center, again, renewed, now)
        return renewed

    def _renewed(self, center: Center, before: Token, token: Token, now: float) -> None:
        """Keeps the new token under the sign-in that it prolongs."""
        known = self._memory.signed_in(center.start_url)
        ours = known is not None and known.token == _name(before)
        self._keep(center, token._replace(file_name=before.file_name))
        if known is not None and ours:
            longest = max(known.longest, int(now) - known.at)
            self._memory.remember_sign_in(center.start_url, SignedIn(known.at, _name(token), longest))

    def _keep(self, center: Center, token: Token) -> None:
        try:
            self.files.write(center, token)
            self.warning = ""
        except StoreError as error:
            self.warning = f"The sign-in at {center.name} is lost with this program: {error.sentence}"


def _name(token: Token) -> str:
    """What one token and its file have in common, from one renewal to the next."""
    return digest(token.refresh_token or token.access_token)


def _usual(seen: int) -> int:
    return next((seconds for seconds in USUAL if seconds >= seen), USUAL[-1])
