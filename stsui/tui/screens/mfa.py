"""Asks for the six digits of an MFA device; they leave with the answer and stay nowhere here."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from stsui.model.durations import countdown
from stsui.tui.screens.dialog import Dialog, Hint, Title

DIGITS = 6
STEP = 30
"""Seconds for which a device shows a code."""
_CODE = re.compile(r"(?<!\d)(\d{3})[ \-]?(\d{3})(?!\d)", re.ASCII)


class MfaFacts(NamedTuple):
    """What the person has to know to type the right code."""

    role: str
    environment: str
    account: str
    """`acme-prod  111122223333`."""
    aws_role: str
    device: str
    """Serial number or ARN."""
    error: str = ""
    """Why the last code was of no use."""
    shared_with: tuple[str, ...] = ()
    """Other roles that the same code opens."""
    not_before: float = 0.0
    """Unix time before which AWS refuses another code of this device."""
    position: str = ""
    """`1 of 3` where several prompts wait."""


def code_in(text: str) -> str:
    """The code in a pasted text such as `418 293` or `code: 418293`; empty if there is none to be sure of."""
    folded = unicodedata.normalize("NFKC", text)
    found = _CODE.findall(folded)
    if len(found) == 1:
        return "".join(found[0])
    digits = "".join(c for c in folded if c in "0123456789")
    return digits if not found and len(digits) <= DIGITS else ""


def device_text(device: str) -> str:
    """`ana-phone  (…:mfa/ana-phone)` for the ARN of a device, else the serial number itself."""
    kind, _, name = device.rpartition("/")
    return f"{name}  (…:{kind.rpartition(':')[2]}/{name})" if kind.startswith("arn:") else device


def shared_sentence(roles: Sequence[str]) -> str:
    """`One code also serves prod-ro and prod-billing.`"""
    if not roles:
        return ""
    named = [*roles[:2], f"{len(roles) - 2} more"] if len(roles) > 3 else list(roles)
    *first, last = named
    return f"One code also serves {', '.join(first)}{' and ' if first else ''}{last}."


class CodeField(Widget, can_focus=True):
    """`4 1 8 _ _ _`: takes digits and pastes, nothing else."""

    DEFAULT_CSS = """
    CodeField { width: 17; height: 3; border: round $border-blurred; padding: 0 2; }
    """

    class Changed(Message):
        """Digits were typed, pasted or taken back. The message does not hold them."""

    class Refused(Message):
        """A paste held no code."""

    def __init__(self) -> None:
        super().__init__()
        self.digits = ""

    def render(self) -> Content:
        """The digits, and a line for each that is missing."""
        parts = [(digit, "bold") for digit in self.digits]
        parts += [("_", "dim")] * (DIGITS - len(self.digits))
        if self.has_focus and len(self.digits) < DIGITS:
            parts[len(self.digits)] = ("_", "bold reverse")
        return Content(" ").join(Content.styled(*part) for part in parts)

    def on_key(self, event: events.Key) -> None:
        """Digits go in, backspace takes the last one, ctrl+u all of them."""
        if event.character is not None and event.character in "0123456789":
            self.set_digits(self.digits + event.character)
        elif event.key in ("backspace", "ctrl+h"):
            self.set_digits(self.digits[:-1])
        elif event.key in ("ctrl+u", "delete"):
            self.set_digits("")
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """A whole code replaces what is there, a part of one is added."""
        event.stop()
        event.prevent_default()
        code = code_in(event.text)
        if not code:
            self.post_message(self.Refused())
        elif len(code) < DIGITS and len(self.digits + code) <= DIGITS:
            self.set_digits(self.digits + code)
        else:
            self.set_digits(code)

    def set_digits(self, digits: str) -> None:
        """Shows other digits, at most six."""
        if digits[:DIGITS] != self.digits:
            self.digits = digits[:DIGITS]
            self.refresh()
            self.post_message(self.Changed())

    def take(self) -> str:
        """The digits; the field is empty afterwards."""
        digits, self.digits = self.digits, ""
        self.refresh()
        return digits


class MfaScreen(Dialog[str]):
    """Dismisses with six digits, or with nothing when the person left."""

    DEFAULT_CSS = """
    MfaScreen {
        .line { height: auto; }
        CodeField:focus { border: heavy $border; }
        #entry { height: auto; margin: 1 0; }
        #entry .label { width: 10; padding-top: 1; color: $text-muted; }
        #note { width: 1fr; height: auto; padding: 1 0 0 2; }
        #error { color: $text-error; height: auto; }
        #shared { color: $text-muted; height: auto; }
        &.-ascii CodeField, &.-ascii CodeField:focus { border: ascii $border; }
        &.-short #entry { margin: 0; }
        &.-short #entry .label { padding: 0; }
        &.-short #note { padding: 0 0 0 2; }
        &.-short CodeField, &.-short CodeField:focus { height: 1; width: 12; border: none; padding: 0; }
    }
    """
    BINDINGS: ClassVar = [("enter", "send", "Send")]
    LEAVES = ""
    AUTO_FOCUS = "CodeField"

    def __init__(self, facts: MfaFacts, now: Callable[[], float]) -> None:
        super().__init__(Title("MFA code for ", facts.role, facts.environment, facts.position, "MFA "))
        self._facts, self._now = facts, now
        self._notice = ""

    def compose_body(self) -> Iterator[Widget]:
        """Which device, the field, what went wrong."""
        facts = self._facts
        rows = (("Account", facts.account), ("Role", facts.aws_role), ("Device", device_text(facts.device)))
        for label, text in rows:
            if text:
                row = Content.assemble((f"{label:<10}", "$foreground 66%"), self.ours(text))
                yield Static(row, classes="line")
        with Horizontal(id="entry"):
            yield Static("Code", classes="label", markup=False)
            yield CodeField()
            yield Static(id="note", markup=False)
        yield Static(id="error", markup=False)
        yield Static(Content(shared_sentence(facts.shared_with)), id="shared")

    def on_mount(self) -> None:
        """The first picture of the clock."""
        super().on_mount()
        self.query_one("#shared").display = bool(self._facts.shared_with)
        self.tick()

    def hints(self) -> Sequence[Hint]:
        """The keys."""
        return [("enter", "send"), ("esc", "cancel")]

    def right_hint(self) -> str:
        """When the device shows another code."""
        return f"next code in {countdown(STEP - self._now() % STEP)}"

    def tick(self) -> None:
        """To be called every second; sends a code that had to wait."""
        if not self.is_attached:
            return
        if len(self.query_one(CodeField).digits) == DIGITS and not self._waiting():
            self.action_send()
            return
        self.query_one("#note", Static).update(self._note())
        error = self.query_one("#error", Static)
        text = self._notice or self._facts.error
        error.display = bool(text)
        error.update(Content(f"{self.glyphs.failed} {text}"))
        self.show_hints()

    def _waiting(self) -> int:
        """Seconds until AWS takes another code of this device."""
        return max(0, math.ceil(self._facts.not_before - self._now()))

    def _note(self) -> str:
        waiting = self._waiting()
        if not waiting:
            return "sends itself at 6 digits"
        if len(self.query_one(CodeField).digits) == DIGITS:
            return f"sends itself in {waiting} s"
        return f"used, next in {waiting} s"

    def on_code_field_changed(self) -> None:
        """Six digits go at once, unless the device's last code was used a moment ago."""
        self._notice = ""
        self.tick()

    def on_code_field_refused(self) -> None:
        """Says why the paste changed nothing."""
        self._notice = "That text holds no code of six digits."
        self.tick()

    def action_send(self) -> None:
        """Dismisses with the code once it is whole and AWS would take it."""
        field = self.query_one(CodeField)
        missing = DIGITS - len(field.digits)
        if missing:
            self._notice = f"{missing} more digit{'s' if missing > 1 else ''}: a code has {DIGITS}."
            self.tick()
        elif not self._waiting() and self.is_current:
            self.dismiss(field.take())

    def action_leave(self) -> None:
        """Leaves the row in `needs MFA`."""
        self.query_one(CodeField).take()
        super().action_leave()
