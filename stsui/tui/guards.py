"""What a person has to do before a session is used: the second enter, a yes, a name typed, a reason."""

from collections.abc import Callable
from functools import partial

from stsui.model.errors import StsuiError
from stsui.model.roles import Guard
from stsui.sessions.guard import Verdict, Way
from stsui.sessions.wanted import Occasion
from stsui.tui.frame import Frame
from stsui.tui.screens.confirm import ConfirmScreen, TypeNameScreen
from stsui.tui.screens.reason import ReasonScreen
from stsui.tui.state import Entry, Wish, is_prod

AGAIN = 3
"""Seconds in which the second enter counts."""
VERBS: dict[Way, tuple[str, str]] = {
    "assume": ("Use", "Use"),
    "clipboard": ("Copy secrets of", "Copy"),
    "file": ("Write secrets of", "Write"),
    "console": ("Open the console as", "Open"),
    "exec": ("A shell as", "Open"),
    "slot": ("Point a shell at", "Point"),
}
"""How a dialog is headed, and what its button says."""


def passing(
    frame: Frame,
    name: str,
    way: Way,
    then: Callable[[Wish], object],
    occasion: Occasion | None = None,
    *,
    deliberate: bool = False,
) -> None:
    """Has the person do what the rules want, one thing after the other, and then goes on.

    Args:
        occasion: What is asked for this once; a reason is added to it.
        deliberate: A dialog was answered for it already, which is more than a second enter.
    """
    _Passing(frame, name, way, then, occasion, deliberate).go_on()


class _Passing:
    """One request on its way through the guards."""

    def __init__(
        self,
        frame: Frame,
        name: str,
        way: Way,
        then: Callable[[Wish], object],
        occasion: Occasion | None,
        deliberate: bool,
    ) -> None:
        self.frame, self.name, self.way, self.then = frame, name, way, then
        self.occasion = occasion
        self.offered: Guard = "again" if deliberate else "none"

    def go_on(self) -> None:
        """The next thing to do; when there is none, what was wanted."""
        gate, entry = self.frame.services.gate, self.frame.state.entries.get(self.name)
        if entry is None:
            return
        reason = self.occasion.reason if self.occasion else ""
        try:
            verdict = gate.judge(self.name, self.way, person=True, offered=self.offered, reason=reason)
            if not verdict.refused and not self._asks(entry, verdict):
                passed = gate.admit(self.name, self.way, person=True, offered=self.offered, reason=reason)
                self.then(Wish(self.occasion, passed))
                return
        except StsuiError as error:
            self.frame.say(error.sentence, error=True)
            return
        if verdict.refused:
            self.frame.say(gate.refusal(self.name, verdict).sentence, error=True)

    def _asks(self, entry: Entry, verdict: Verdict) -> bool:
        """Whether something is left to do; then it is asked for."""
        if verdict.reason:
            self.frame.show(ReasonScreen(self._title("Reason for"), entry.environment), self._reason)
        elif verdict.guard in ("confirm", "type"):
            self._dialog(entry, verdict.guard)
        elif (verdict.guard == "again" or self._is_place(entry)) and not self._second_time():
            self.frame.redraw()
        else:
            if verdict.guard == "again":
                self.offered = "again"
            return False
        return True

    def _is_place(self, entry: Entry) -> bool:
        """Production takes a second enter even where nothing guards it, unless one is there already."""
        state = self.frame.state
        here = self.name == state.current and state.live(self.name) is not None
        return self.way == "assume" and is_prod(entry.environment) and self.offered == "none" and not here

    def _second_time(self) -> bool:
        """Whether this is the second enter in time; the first one starts the wait."""
        state, now = self.frame.state, self.frame.now
        if state.again[0] == self.name and state.again[1] > now:
            state.again = ("", 0.0)
            return True
        state.again = (self.name, now + AGAIN)
        return False

    def _dialog(self, entry: Entry, guard: Guard) -> None:
        store, gate = self.frame.services.store, self.frame.services.gate
        shown = gate.shown(store.named(self.name))
        verb = VERBS.get(self.way, VERBS["assume"])[1]
        then = partial(self._did, guard)
        if guard == "type":
            body = [f"{self.name} is in {shown}, which is guarded by its name."]
            self.frame.show(TypeNameScreen(self._title(), body, shown, verb, entry.environment), then)
        else:
            body = [f"{self.name} is in {shown}, which wants a yes first."]
            self.frame.show(ConfirmScreen(self._title(), body, verb, "Not now", entry.environment), then)

    def _title(self, before: str = "") -> str:
        return f"{before or VERBS.get(self.way, VERBS['assume'])[0]} {self.name} "

    def _did(self, guard: Guard, yes: bool) -> None:
        self.offered = guard
        self.go_on()

    def _reason(self, reason: str) -> None:
        self.occasion = (self.occasion or Occasion())._replace(reason=reason)
        self.go_on()
