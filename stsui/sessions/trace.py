"""What `--debug` writes: a line for each call, of an allow-list of facts; no secret is among them."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from stsui.model.credentials import Credentials
from stsui.model.errors import StsuiError
from stsui.model.identity import Identity
from stsui.model.roles import Source
from stsui.model.text import clean, masked_key_id
from stsui.sessions.actions import Actions, Answer
from stsui.sessions.plan import Step

Told = TypeVar("Told")
SHOWN = ("RoleArn", "RoleSessionName", "DurationSeconds", "SerialNumber", "ExternalId", "PolicyArns")
"""Parameters that are written; every other one is only named."""


class Traced:
    """Does what another `Actions` does, and says so."""

    def __init__(self, actions: Actions, write: Callable[[str], None]) -> None:
        self._actions, self._write = actions, write

    def source_credentials(self, source: Source, asking: Sequence[str]) -> Answer:
        """A line with the source's kind and name."""
        return self._told(
            f"credentials of {source.kind} {source.name}",
            lambda: self._actions.source_credentials(source, asking),
            _answer_text,
        )

    def call(self, step: Step, signer: Credentials | None, code: str | None, *, once: bool = False) -> Answer:
        """A line with the operation, where it went, and the parameters that may be seen."""
        shown = [f"{name}={step.parameters[name]}" for name in SHOWN if name in step.parameters]
        hidden = [name for name in step.parameters if name not in SHOWN] + (["TokenCode"] if code else [])
        parts = [step.operation, f"for {step.role}", step.region, step.endpoint_url, *shown]
        parts += [f"{name}=…" for name in hidden]
        parts.append(f"signed by {masked_key_id(signer.access_key_id)}" if signer else "unsigned")
        return self._told(
            " ".join(part for part in parts if part),
            lambda: self._actions.call(step, signer, code, once=once),
            _answer_text,
        )

    def identity(self, credentials: Credentials, step: Step) -> Identity:
        """A line with who AWS says it is."""
        signed = masked_key_id(credentials.access_key_id)
        what = f"GetCallerIdentity {step.region} {step.endpoint_url} signed by {signed}"
        return self._told(what, lambda: self._actions.identity(credentials, step), lambda found: found.arn)

    def decoded(self, credentials: Credentials, step: Step, message: str) -> str:
        """A line with how long the message was; what it says is for who asked."""
        return self._told(
            f"DecodeAuthorizationMessage {step.region} of {len(message)} characters",
            lambda: self._actions.decoded(credentials, step, message),
            lambda found: f"{len(found)} characters",
        )

    def account_of_key(self, credentials: Credentials, step: Step, access_key_id: str) -> str:
        """A line with the key's account."""
        return self._told(
            f"GetAccessKeyInfo {step.region} for {masked_key_id(access_key_id)}",
            lambda: self._actions.account_of_key(credentials, step, access_key_id),
            lambda found: found,
        )

    def _told(self, what: str, act: Callable[[], Told], said: Callable[[Told], str]) -> Told:
        begun = time.monotonic()
        try:
            answer = act()
        except StsuiError as error:
            self._line(what, error.word, begun)
            raise
        self._line(what, said(answer), begun)
        return answer

    def _line(self, what: str, outcome: str, begun: float) -> None:
        milliseconds = (time.monotonic() - begun) * 1000
        clock = time.strftime("%H:%M:%S", time.localtime())
        self._write(f"debug {clock} {clean(what, 1000)}: {clean(outcome)}, {milliseconds:.0f} ms")


def _answer_text(answer: Answer) -> str:
    end = answer.credentials.expiration
    until = time.strftime("until %H:%M:%S", time.localtime(end)) if end else "no end"
    return f"key {masked_key_id(answer.credentials.access_key_id)} {until}"
