"""The calls of a plan, made: signer, code, request, and the check that the answer is who was asked for.

What is held, when to renew and who waits for whom is the store's; here every call is made when told.
"""

import threading
from collections.abc import Callable
from typing import NamedTuple

from stsui.model.arn import parse_role_arn, parse_session_arn
from stsui.model.credentials import Credentials
from stsui.model.durations import rough_duration, short_duration
from stsui.model.endpoints import is_trusted
from stsui.model.errors import (
    ClockOff,
    ConfigError,
    ConfirmationRequired,
    DurationTooLong,
    IdentityMismatch,
    KeysUnknown,
    MfaRequired,
    NoSource,
    SourceExpired,
)
from stsui.model.session import Session
from stsui.sessions.actions import Actions, Answer
from stsui.sessions.clock import Clock
from stsui.sessions.memory import Memory, argv_token
from stsui.sessions.mfa import code_from_process
from stsui.sessions.plan import CHAINED_MAXIMUM, Plan, Step

STEPS_DOWN = (28_800, 14_400, 7_200, 3_600)


class Code:
    """A code that can be taken once."""

    def __init__(self, value: str | None) -> None:
        self._value = value
        self.given = value is not None

    def take(self) -> str | None:
        value, self._value = self._value, None
        return value


class StepDown(Exception):
    """A duration was refused and a lower one is remembered: plan again."""

    def __init__(self, error: DurationTooLong, lower: int, code_spent: bool) -> None:
        self.error, self.lower, self.code_spent = error, lower, code_spent

    def next_code(self, role: str, serial: str) -> MfaRequired:
        """The refused call spent its code."""
        reason = f"{role} allows {short_duration(self.lower)} at most. Type the next code for that."
        return MfaRequired(role, serial, reason=reason)


class Upstream(NamedTuple):
    """The session that signs a step, and a way to have it made anew when AWS refuses it."""

    session: Callable[[], Session]
    forget: Callable[[], None]


class Maker:
    """Makes one step's session at a time; thread-safe."""

    def __init__(self, connect: Callable[[], Actions], clock: Clock, memory: Memory) -> None:
        self.offset = 0.0
        """AWS's time minus this computer's, in seconds; 0 until an answer came."""
        self._connect = connect
        self._clock = clock
        self._memory = memory
        self._actions: Actions | None = None
        self._guard = threading.Lock()

    def actions(self) -> Actions:
        """AWS, connected to when first asked for."""
        with self._guard:
            if self._actions is None:
                self._actions = self._connect()
            return self._actions

    def make(
        self, plan: Plan, step: Step, code: Code, upstream: Upstream | None, *, once: bool = False
    ) -> Session:
        """A new session of one step; a kept signer that AWS refuses is made anew once.

        Args:
            once: A call without an answer is not tried again.

        Raises:
            StepDown: A lower duration is remembered now; plan again.
            StsuiError: Anything else.
        """
        if step.operation == "Source":
            return self._accept(plan, step, self._take(plan, step))
        if step.mfa_serial and not code.given and not step.mfa_process:
            # Nothing above needs to be asked of AWS for a code that is missing.
            raise MfaRequired(plan.name, step.mfa_serial, shared_with=plan.shared_with)
        self._ask_for_endpoint(plan, step)
        signer = self._signer(plan, step, upstream)
        # Last, when nothing else can go wrong before it is sent: a code counts as used from here on.
        digits = self._code(plan, step, code) if step.mfa_serial else None
        try:
            answer = self._call(step, signer, digits, once)
        except (SourceExpired, KeysUnknown):
            if upstream is None or digits is not None:
                raise
            upstream.forget()
            answer = self._call(step, self._signer(plan, step, upstream), None, once)
        return self._accept(plan, step, answer)

    def _signer(self, plan: Plan, step: Step, upstream: Upstream | None) -> Credentials | None:
        if not step.signed:
            if step.source is not None and step.source.argv:
                self._ask_once(step.role, step.source.argv, f"{step.role} is proved by a command.")
            return None
        return upstream.session().credentials if upstream else self._source(plan, step).credentials

    def _source(self, plan: Plan, step: Step) -> Answer:
        source = step.source
        if source is None:  # pragma: no cover - the first step always has one
            raise NoSource(f"{step.role} has no source.", role=step.role)
        if source.argv:
            self._ask_once(step.role, source.argv, f"{step.role} gets its credentials from a command.")
        answer = self.actions().source_credentials(source, [step.role for step in plan.steps])
        if source.kind == "static" and answer.credentials.access_key_id != source.fingerprint:
            raise ConfigError(
                f"The keys of {source.name} were changed just now. Try again.", role=step.role, code="changed"
            )
        return answer

    def _take(self, plan: Plan, step: Step) -> Answer:
        answer = self._source(plan, step)
        credentials = answer.credentials
        if not credentials.temporary:
            raise NoSource(
                f"{step.role} gives long-term keys, which are not handed out. "
                f'Give it a session: [roles.NAME] session_of = "{step.role}".',
                role=step.role,
            )
        if credentials.expiration is None:
            raise NoSource(
                f"The credentials of {step.role} do not say when they end, so they cannot be watched. "
                "They do as the source_profile of a role.",
                role=step.role,
            )
        self._check_account(step, answer)
        return answer

    def _check_account(self, step: Step, answer: Answer) -> None:
        """What a command gives need not be what its profile says it gives.

        Raises:
            IdentityMismatch: It is another account's.
        """
        source = step.source
        said = source.account_id if source else ""
        if not said or source is None or source.kind != "process":
            return
        account_id = answer.account_id or self.actions().identity(answer.credentials, step).account_id
        if account_id != said:
            raise mismatch(step.role, account_id, said)

    def _call(self, step: Step, signer: Credentials | None, code: str | None, once: bool) -> Answer:
        try:
            return self.actions().call(step, signer, code, once=once)
        except DurationTooLong as error:
            lower = _next_lower(step, error, code is not None)
            if not lower:
                raise
            self._memory.remember_ceiling(step.role_arn, lower, self._clock.now())
            raise StepDown(error, lower, code is not None) from error

    def _code(self, plan: Plan, step: Step, given: Code) -> str:
        """The code for a step, checked against the one used last and marked as used.

        Raises:
            MfaRequired: None was given, or it is not usable (yet).
        """
        role, serial = plan.name, step.mfa_serial
        code = given.take()
        if code is None and step.mfa_process:
            self._ask_once(role, step.mfa_process, f"{role} gets its MFA code from a command.")
            code = code_from_process(role, step.mfa_process)
        if code is None:
            raise MfaRequired(role, serial, shared_with=plan.shared_with)
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            raise MfaRequired(role, serial, reason="A code has six digits.", shared_with=())
        now = self._clock.now() + self.offset
        free = self._memory.take_code(serial, code, now)
        if free:
            wait = max(0, int(free - now))
            when = f"the next comes in {wait} s" if wait else "type the one shown now"
            raise MfaRequired(role, serial, reason=f"That code was used; {when}.", not_before=free)
        return code

    def _ask_for_endpoint(self, plan: Plan, step: Step) -> None:
        """A code or an identity token goes to AWS; elsewhere only where a person agreed to that once."""
        url = step.endpoint_url
        if not url or is_trusted(url) or not (step.mfa_serial or not step.signed):
            return
        what = "the code" if step.mfa_serial else "the identity token"
        token = f"endpoint:{url}"
        if not self._memory.is_confirmed(token):
            sentence = f"{plan.name} has {what} sent to {url}, which is not AWS. Send it there from now on?"
            raise ConfirmationRequired(plan.name, sentence, token=token, shown=url)

    def _ask_once(self, role: str, argv: tuple[str, ...], sentence: str) -> None:
        token = argv_token(argv)
        if not self._memory.is_confirmed(token):
            raise ConfirmationRequired(
                role, f"{sentence} Run it from now on?", token=token, shown=" ".join(argv)
            )

    def _accept(self, plan: Plan, step: Step, answer: Answer) -> Session:
        """The answer as a session, once it is who was asked for."""
        said = step.source.account_id if step.source else ""
        account_id = _answered_account(step, answer) or answer.account_id or said
        now = self._clock.now()
        if answer.server_time:
            self.offset = answer.server_time - now
        asked = step.parameters.get("DurationSeconds", 0)
        session = Session(
            role=step.role,
            key=step.key,
            credentials=answer.credentials,
            issued_at=int(answer.server_time or now),
            account_id=account_id,
            assumed_arn=answer.assumed_arn,
            region=step.handover_region,
            asked_seconds=asked if isinstance(asked, int) else 0,
            notes=plan.notes if step is plan.last else (),
            clock_offset=int(self.offset) if abs(self.offset) > 2 else 0,
            reason=plan.occasion.reason if step is plan.last else "",
            ends=bool(plan.occasion.duration) and step is plan.last,
            packed_policy_size=answer.packed_policy_size,
        )
        if answer.server_time and answer.server_time < session.expiration <= now:
            # We could count them right, but no SDK would take them.
            raise _clock_ahead(step.role, now - answer.server_time)
        if session.left(now) <= 0:
            raise SourceExpired(f"AWS gave credentials of {step.role} that are already over.", role=step.role)
        return session


def _next_lower(step: Step, error: DurationTooLong, with_code: bool) -> int:
    """Seconds to ask for next; 0 when there is nothing lower worth trying.

    Every attempt with a code spends it, so there one hour follows at once.
    """
    asked = step.parameters.get("DurationSeconds", 0)
    if not isinstance(asked, int) or asked <= CHAINED_MAXIMUM or not step.role_arn:
        return 0
    if 0 < error.maximum < asked:
        return error.maximum
    return CHAINED_MAXIMUM if with_code else next((lower for lower in STEPS_DOWN if lower < asked), 0)


def _answered_account(step: Step, answer: Answer) -> str:
    """The account that answered.

    Raises:
        IdentityMismatch: It is not the account and role that were asked for.
    """
    if not step.role_arn:
        return _federated_account(answer)
    wanted = parse_role_arn(step.role_arn)
    try:
        got = parse_session_arn(answer.assumed_arn)
    except ValueError as error:
        raise IdentityMismatch(
            f"AWS did not say which role it gave for {step.role}. Nothing was handed over.", role=step.role
        ) from error
    if got.account_id != wanted.account_id:
        raise mismatch(step.role, got.account_id, wanted.account_id)
    if got.name != wanted.name:
        raise IdentityMismatch(
            f"AWS gave the role {got.name}, the config says {wanted.name}. Session dropped.", role=step.role
        )
    return got.account_id


def _clock_ahead(role: str, seconds: float) -> ClockOff:
    """What AWS lends counts as over by a clock that is so far ahead."""
    return ClockOff(
        f"This computer's clock is {rough_duration(seconds)} ahead of AWS's. "
        "Set the clock; sessions cannot be watched until then.",
        seconds=int(seconds),
        role=role,
    )


def _federated_account(answer: Answer) -> str:
    """Whose federated user it is; empty where the answer names nobody."""
    try:
        return parse_session_arn(answer.assumed_arn).account_id
    except ValueError:
        return ""


def mismatch(role: str, got: str, wanted: str) -> IdentityMismatch:
    return IdentityMismatch(f"AWS says this is {got}, the config says {wanted}. Session dropped.", role=role)
