"""A sign-in at an Identity Center: link, code and QR code for any device, or word of the browser here."""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stsui.model import qr
from stsui.model.durations import countdown
from stsui.model.token import Invitation
from stsui.tui.screens.dialog import Dialog, Hint, Title

QR_BESIDE = 76
"""Cells of a window in which the QR code stands beside the text."""


class Ways(NamedTuple):
    """What the dialog can have done; each answers by calling it back."""

    open: Callable[[str], None]
    """Opens the link in a browser here."""
    copy: Callable[[str], None]
    again: Callable[[bool], None]
    """Begins anew: True in a browser of this computer, False by a code."""
    now: Callable[[], float]


class SignInScreen(Dialog[bool]):
    """Dismisses with whether somebody signed in. Whoever opened it shows it the invitation, or why not."""

    DEFAULT_CSS = """
    SignInScreen {
        #frame { width: 84; padding: 0 2; }
        #sides { height: auto; }
        #text { height: auto; width: 1fr; }
        #qr { width: auto; height: auto; margin-right: 2; display: none; }
        #code { height: auto; margin: 1 0; text-style: bold; }
        Static { height: auto; }
        #link { color: $text-accent; }
        #said { margin-top: 1; }
        #left { color: $text-muted; margin-top: 1; }
        &.-narrow #frame { padding: 0 1; }
        &.-short #code { margin: 0; }
        &.-short #said { margin: 0; }
        &.-short #left { margin: 0; }
    }
    """
    BINDINGS: ClassVar = [
        Binding("o", "open", show=False),
        Binding("y", "copy", show=False),
        Binding("c", "other_way", show=False),
        Binding("Q", "qr", show=False),
        Binding("enter", "again", show=False),
    ]
    LEAVES = False

    def __init__(self, center: str, ways: Ways, *, browser: bool, can_open: bool) -> None:
        """`browser`: it begins in one of this computer; `can_open`: there is one."""
        super().__init__(Title("Sign in to ", center))
        self._center, self._ways = center, ways
        self._browser, self._can_open = browser, can_open
        self._invitation: Invitation | None = None
        self._failed = ""
        self._qr_alone = False

    def compose_body(self) -> Iterator[Widget]:
        """The QR code beside what to do."""
        with Horizontal(id="sides"):
            yield Static(id="qr", markup=False)
            with Vertical(id="text"):
                yield Static("Asking AWS …", id="what", markup=False)
                yield Static(id="link", markup=False)
                yield Static(id="code", markup=False)
                yield Static(id="left", markup=False)
                yield Static(id="said", markup=False)

    def on_mount(self) -> None:
        """What came before the dialog was there."""
        super().on_mount()
        self.call_after_refresh(self._draw)

    def show_invitation(self, invitation: Invitation) -> None:
        """What the person has to see to sign in."""
        self._invitation, self._failed = invitation, ""
        self._draw()

    def fails(self, sentence: str) -> None:
        """Why it did not work; it can be begun anew."""
        self._failed, self._invitation = sentence, None
        self._draw()

    def begins(self, *, browser: bool) -> None:
        """It was begun anew."""
        self._browser, self._invitation, self._failed = browser, None, ""
        self._draw()

    def fit(self) -> None:
        """The QR code only where there is room for it."""
        super().fit()
        if self.is_mounted:
            self._draw_qr()

    def tick(self) -> None:
        """To be called every second."""
        if self.is_mounted and self._invitation is not None:
            left = max(0.0, self._invitation.ends_at - self._ways.now())
            self.query_one("#left", Static).update(
                self.ours(f"Waiting for the browser · {countdown(left)} left")
            )

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        invitation = self._invitation
        what, link, code, said = "Asking AWS …", "", "", ""
        if self._failed:
            what, said = self._failed, "enter begins anew."
        elif invitation is not None and not invitation.user_code:
            what = "Your browser asks you now. It comes back here by itself."
        elif invitation is not None:
            what = "On this or any other device, open"
            link = invitation.url
            code = "  ".join(invitation.user_code)
            said = "The page must show this code too. If it shows another one, somebody else asks: deny it."
        for name, text in (("what", what), ("link", link), ("said", said)):
            widget = self.query_one(f"#{name}", Static)
            widget.update(Content(self.ours(text)))
            widget.display = bool(text)
        self.query_one("#code", Static).update(Content.styled(code, "bold reverse") if code else "")
        self.query_one("#code").display = bool(code)
        self.query_one("#left").display = invitation is not None
        self.tick()
        self.call_after_refresh(self.fit)

    def _draw_qr(self) -> None:
        """Beside the text in a roomy window, instead of it where that was asked for."""
        lines = self._qr_lines()
        beside = self._is_beside(lines)
        alone = self._fits(lines) and self._qr_alone and not beside
        self.query_one("#qr").display = beside or alone
        self.query_one("#text").display = not alone
        if beside or alone:
            drawn = Content("\n".join(lines)).stylize("#000000 on #ffffff")
            self.query_one("#qr", Static).update(drawn)

    def _fits(self, lines: Sequence[str]) -> bool:
        room = self.app.size.height - 2 - (2 if self.has_class("-short") else 3)
        return bool(lines) and len(lines) <= room and len(lines[0]) + 4 <= self.app.size.width

    def _is_beside(self, lines: Sequence[str]) -> bool:
        return self._fits(lines) and self.app.size.width >= max(QR_BESIDE, len(lines[0]) + 34)

    def _qr_lines(self) -> list[str]:
        if self._invitation is None or not self._invitation.user_code or self.ascii_only:
            return []
        return qr.blocks(self._invitation.url)

    def hints(self) -> Sequence[Hint]:
        """The keys that do something now."""
        keys: list[Hint] = []
        if self._failed:
            keys.append(("enter", "begin anew"))
        elif self._invitation is not None:
            keys += [("o", "open it here")] if self._can_open else []
            keys.append(("y", "copy the link"))
            lines = self._qr_lines()
            if self._fits(lines) and not self._is_beside(lines):
                keys.append(("Q", "QR code"))
        if self._can_open:
            keys.append(("c", "with a code instead" if self._browser else "in the browser here"))
        return [*keys, ("esc", "cancel")]

    def action_open(self) -> None:
        """The link in a browser here."""
        if self._invitation is not None and self._can_open:
            self._ways.open(self._invitation.url)

    def action_copy(self) -> None:
        """The link to the clipboard; it holds no secret."""
        if self._invitation is not None:
            self._ways.copy(self._invitation.url)

    def action_other_way(self) -> None:
        """By a code instead of the browser here, or the other way about."""
        if self._can_open:
            self._ways.again(not self._browser)

    def action_again(self) -> None:
        """After a failure."""
        if self._failed:
            self._ways.again(self._browser)

    def action_qr(self) -> None:
        """The QR code instead of the text, and back."""
        self._qr_alone = not self._qr_alone
        self._draw_qr()
        self.call_after_refresh(self.fit)
