"""A sign-in beside the screen: begun, shown, waited for and kept; then what waited for it is tried again."""

import threading
from collections.abc import Callable
from functools import partial

from stsui.handover import browser
from stsui.model.errors import SignInRequired, StsuiError
from stsui.model.roles import Center
from stsui.model.token import Invitation
from stsui.tui.deeds.handing import copy_text
from stsui.tui.frame import Frame
from stsui.tui.messages import Came
from stsui.tui.screens.sign_in import SignInScreen, Ways


class Signing:
    """One dialog and the threads that wait for the person; only the last one begun counts."""

    def __init__(
        self, frame: Frame, center: Center, then: Callable[[], object], closed: Callable[[], object]
    ) -> None:
        """`then` is called once somebody has signed in; `closed` before it, and when the dialog is left."""
        self._frame, self._center, self._then, self._closed = frame, center, then, closed
        self._stop = threading.Event()
        can_open = browser.available(frame.services.environ)
        self._local = can_open and bool(center.scopes)
        ways = Ways(self._open, partial(copy_text, frame), self._begin, frame.services.store.clock.now)
        self._screen = SignInScreen(center.name, ways, browser=self._local, can_open=can_open)

    def start(self) -> None:
        """Shows the dialog and begins."""
        self._frame.app.push_screen(self._screen, self._left)
        self._begin(self._local)

    def _begin(self, local: bool) -> None:
        self._stop.set()
        self._stop = stop = threading.Event()
        if self._screen.is_attached:
            self._screen.begins(browser=local)
        self._frame.ask(
            lambda: self._signed_in(local, stop),
            lambda done: self._done(stop) if done else None,
            lambda error: self._failed(stop, error),
        )

    def _signed_in(self, local: bool, stop: threading.Event) -> bool:
        """In a thread: True once the person has signed in, False when they gave up."""
        services, center = self._frame.services, self._center
        with services.sign_ins.files.lock(center, 2.0, "sign-in") as ours:
            if not ours:
                sentence = f"Another stsui is signing in to {center.name}. Answer there."
                raise SignInRequired("", center.name, sentence, hint="")
            begun = services.centers.begin(center, browser=local)
            self._frame.app.post_message(Came(partial(self._shown, stop, begun.invitation, local)))
            token = begun.wait(lambda seconds: not stop.wait(seconds))
            if token is None:
                return False
            services.centers.finish(center, token)
            return True

    def _shown(self, stop: threading.Event, invitation: Invitation, local: bool) -> None:
        if stop is self._stop and self._screen.is_attached:
            self._screen.show_invitation(invitation)
            if local:
                self._open(invitation.url)

    def _open(self, url: str) -> None:
        def opened() -> str:
            return "" if browser.open_link(url) else "No browser could be opened. y copies the link."

        self._frame.calls.tell(opened)

    def _failed(self, stop: threading.Event, error: StsuiError) -> None:
        if stop is self._stop and self._screen.is_attached:
            self._screen.fails(error.sentence)

    def _done(self, stop: threading.Event) -> None:
        """Also where the dialog was left just before: a sign-in is one."""
        frame = self._frame
        frame.state.log("", "signed in", self._center.name)
        frame.say(f"Signed in to {self._center.name}.")
        if self._screen.is_attached:
            self._screen.dismiss(True)
        else:
            self._then()

    def _left(self, signed_in: bool | None) -> None:
        self._stop.set()
        self._closed()
        if signed_in:
            self._then()
