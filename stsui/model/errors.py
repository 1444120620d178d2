"""Everything that can go wrong, as a tree. An error carries facts; its text is one sentence made of them.

    StsuiError
    ├── ConfigError                  the files say something that cannot be used        exit 2
    │   ├── RoleNotFound, AmbiguousRole, ChainLoop, SourceMissing, InvalidParameter, GuardRefused,
    │   │   SlotNotFound, Shadowed
    ├── UsageError                   the command line does                              exit 2
    ├── PersonNeeded                 only a person can go on                            exit 3
    │   ├── MfaRequired, SignInRequired, ConfirmationRequired, SessionDropped
    ├── RefusedByAws                 AWS said no                                        exit 1
    │   ├── AccessDenied, CodeRefused, DeviceUnknown, DurationTooLong, SourceExpired, KeysUnknown,
    │   │   ClockOff, RegionDisabled, TokenRefused, PolicyRefused, IdentityMismatch, NoSource
    └── Unavailable                  no usable answer, or nothing can be stored         exit 4
        ├── Unreachable, TlsRefused, NotSts, ServiceFailing, Throttled, StoreError

`hint` is the next thing to type on a command line. Texts that came from outside are cleaned before they
get here. Nothing here knows of screens, and no error holds a secret or a raw answer.
"""

from collections.abc import Sequence


class StsuiError(Exception):
    """A sentence for people, the next step, and the facts behind it."""

    exit_code = 1
    repeatable = False
    """Whether the same request may succeed later without anybody doing anything."""

    def __init__(
        self, sentence: str, *, hint: str = "", role: str = "", code: str = "", details: str = ""
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.role = role
        """The role that was asked for, or the hop that failed where they differ."""
        self.code = code
        """AWS's error code, for brackets."""
        self.details = details
        """AWS's own message, cleaned."""

    @property
    def word(self) -> str:
        """What stands on a row: AWS's code, or the kind of error."""
        return self.code or type(self).__name__

    def __str__(self) -> str:
        return self.sentence


class ConfigError(StsuiError):
    """A file, section or value that cannot be used."""

    exit_code = 2


class RoleNotFound(ConfigError):
    """Nothing has that name."""

    def __init__(self, name: str, nearest: Sequence[str] = ()) -> None:
        self.name, self.nearest = name, tuple(nearest)
        near = f" Did you mean {_either(nearest)}?" if nearest else ""
        super().__init__(f'No role is called "{name}".{near}', hint="stsui list", role=name)


class AmbiguousRole(ConfigError):
    """Two or more roles fit what was typed."""

    def __init__(self, name: str, matches: Sequence[str]) -> None:
        self.name, self.matches = name, tuple(matches)
        shown = ", ".join(matches[:6]) + (" …" if len(matches) > 6 else "")
        super().__init__(f'"{name}" fits {len(matches)} roles: {shown}. Type more of the name.', role=name)


class ChainLoop(ConfigError):
    """A role leads back to itself."""

    def __init__(self, path: Sequence[str]) -> None:
        self.path = tuple(path)
        super().__init__(
            f"The chain {' > '.join(path)} goes round in a circle. Change one source_profile.", role=path[0]
        )


class SourceMissing(ConfigError):
    """A chain begins nowhere."""

    def __init__(self, path: Sequence[str], reason: str) -> None:
        self.path = tuple(path)
        super().__init__(f"{' > '.join(path)}: {reason}", role=path[0])


class InvalidParameter(ConfigError):
    """A value that STS would refuse, found before the call."""

    def __init__(self, role: str, parameter: str, reason: str) -> None:
        self.parameter, self.reason = parameter, reason
        super().__init__(f"{role}: {parameter} {reason}", role=role)


class GuardRefused(ConfigError):
    """The rules of the config do not give the session out like that."""

    def __init__(self, role: str, sentence: str) -> None:
        super().__init__(sentence, role=role)


class SlotNotFound(ConfigError):
    """No slot has that name."""

    def __init__(self, name: str, nearest: Sequence[str] = ()) -> None:
        self.name, self.nearest = name, tuple(nearest)
        near = f" Did you mean {_either(nearest)}?" if nearest else ""
        super().__init__(f'No slot is called "{name}".{near}', hint="stsui slot list")


class Shadowed(ConfigError):
    """Every SDK would use other credentials than the slot's."""


class UsageError(StsuiError):
    """The command line cannot be meant like this."""

    exit_code = 2


class PersonNeeded(StsuiError):
    """Only a person can go on."""

    exit_code = 3


class MfaRequired(PersonNeeded):
    """A code of an MFA device is needed.

    `not_before` is the Unix time from which a new code exists, where the last one was just used; else 0.
    """

    def __init__(
        self,
        role: str,
        serial: str,
        *,
        reason: str = "",
        not_before: float = 0,
        shared_with: Sequence[str] = (),
    ) -> None:
        self.serial, self.reason, self.not_before, self.shared_with = (
            serial,
            reason,
            not_before,
            tuple(shared_with),
        )
        sentence = reason or f"{role} wants a code of {serial}."
        super().__init__(sentence, hint=f"stsui assume {role}", role=role, code="MFA")


class SignInRequired(PersonNeeded):
    """A browser sign-in is over or was never made."""

    def __init__(self, role: str, source: str, sentence: str, *, hint: str) -> None:
        self.source = source
        super().__init__(sentence, hint=hint, role=role, code="SignIn")


class AwsLoginRequired(SignInRequired):
    """A sign-in that the AWS CLI makes, for the profile that is `source`."""

    def __init__(self, role: str, source: str, sentence: str) -> None:
        super().__init__(role, source, sentence, hint=f"aws login --profile {source}")


class ConfirmationRequired(PersonNeeded):
    """A guard, or the first run of a configured command, wants a yes.

    `token` is what `SessionStore.confirm` takes once the person has agreed; `shown` is what to show them
    (an argv, an account's name).
    """

    def __init__(
        self, role: str, sentence: str, *, token: str, shown: str = "", level: str = "confirm"
    ) -> None:
        self.token, self.shown, self.level = token, shown, level
        super().__init__(sentence, hint=f"stsui assume {role}", role=role, code="Confirm")


class SessionDropped(PersonNeeded):
    """Somebody forgot the session that a slot stands for; only somebody can have it again."""

    def __init__(self, role: str) -> None:
        super().__init__(
            f"The session of {role} was dropped.", hint=f"stsui assume {role}", role=role, code="Dropped"
        )


class RefusedByAws(StsuiError):
    """AWS said no, and will say it again."""


class AccessDenied(RefusedByAws):
    """A trust policy or a permission refuses it."""


class CodeRefused(RefusedByAws):
    """The MFA code was wrong or used; a new one may do."""


class DeviceUnknown(RefusedByAws):
    """AWS does not know the MFA device of the caller."""


class DurationTooLong(RefusedByAws):
    """More seconds than the role or the chaining rule allows; `maximum` is 0 where AWS did not say."""

    def __init__(
        self,
        sentence: str,
        *,
        maximum: int = 0,
        hint: str = "",
        role: str = "",
        code: str = "",
        details: str = "",
    ) -> None:
        super().__init__(sentence, hint=hint, role=role, code=code, details=details)
        self.maximum = maximum


class SourceExpired(RefusedByAws):
    """The credentials that signed the call are over."""


class KeysUnknown(RefusedByAws):
    """AWS does not know the key that signed the call, or its secret is wrong."""


class ClockOff(RefusedByAws):
    """This computer's clock is too far from AWS's; `seconds` is local minus AWS, 0 where unknown."""

    def __init__(
        self,
        sentence: str,
        *,
        seconds: int = 0,
        hint: str = "",
        role: str = "",
        code: str = "",
        details: str = "",
    ) -> None:
        super().__init__(sentence, hint=hint, role=role, code=code, details=details)
        self.seconds = seconds


class RegionDisabled(RefusedByAws):
    """STS is off in that Region for the account."""


class TokenRefused(RefusedByAws):
    """A web identity token or SAML assertion was refused or is over."""


class PolicyRefused(RefusedByAws):
    """The session policy is malformed, or policy and tags are too large."""


class IdentityMismatch(RefusedByAws):
    """Another account or role answered than was asked for; nothing is handed over."""


class NoSource(RefusedByAws):
    """The first credentials of the chain could not be had: no keys there, or their process failed."""


class Unavailable(StsuiError):
    """No usable answer."""

    exit_code = 4
    repeatable = True


class Unreachable(Unavailable):
    """Nothing answered: offline, VPN, proxy, time-out."""


class TlsRefused(Unavailable):
    """The certificate was not accepted."""

    repeatable = False


class NotSts(Unavailable):
    """Something answered that is not STS: a captive portal, a proxy, half an answer."""


class ServiceFailing(Unavailable):
    """STS answered 5xx."""


class Throttled(Unavailable):
    """AWS asks to slow down."""


class StoreError(Unavailable):
    """Sessions cannot be kept where they should be."""

    repeatable = False


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
