"""The store's slow operations, each in a thread that ends by posting one message."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual.message import Message

from stsui.model.errors import StsuiError
from stsui.sessions.tail import Tail
from stsui.tui.crew import Crew
from stsui.tui.messages import (
    CallFailed,
    Came,
    ConfigRead,
    DiskRead,
    Done,
    Foreseen,
    SessionHad,
    Told,
    Verified,
    VerifyFailed,
)
from stsui.tui.state import Wish

if TYPE_CHECKING:
    from stsui.tui.services import Services

IDLE_LOOK = 15
"""Seconds between two looks for sessions that nobody uses."""
AT_ONCE = 4
"""Calls that nobody waits for."""
Result = TypeVar("Result")


class Calls:
    """Runs what blocks; knows nothing of the screen but where to post."""

    def __init__(self, services: Services, post: Callable[[Message], object]) -> None:
        self._services, self._post_message = services, post
        self._asked = Crew("asked", 16)
        self._background = Crew("background", AT_ONCE)
        self._files = Crew("files", 1)
        self._ahead = Crew("ahead", 1)
        self._tail = Tail(services.store.ledger)
        self._stamp: object = None
        self._idle_at = 0.0

    def assume(self, role: str, number: int, wish: Wish, *, code: str = "", refresh: bool = False) -> None:
        """Gets a session that somebody waits for."""
        self._asked.do(lambda: self._assume(role, number, wish, code, refresh))

    def renew(self, role: str, number: int, *, anew: bool = False) -> None:
        """Renews a session that is due, unless another process did; `anew`: also one that is not due."""
        self._background.do(lambda: self._assume(role, number, Wish(), "", anew))

    def verify(self, role: str, asked: bool) -> None:
        """Asks who the held session is."""
        (self._asked if asked else self._background).do(lambda: self._verify(role, asked))

    @property
    def renewing(self) -> int:
        """Calls under way that nobody waits for."""
        return self._background.busy

    def look(self, version: int, *, always: bool = False) -> None:
        """Reads what other processes changed: sessions, the current role, config files."""
        if self._files.busy <= 1:
            self._files.do(lambda: self._look(version, always))

    def foresee(self, renews: Mapping[str, bool], ends: Mapping[str, int]) -> bool:
        """Plays through what the sessions will need; False while such a look is under way."""
        if self._ahead.busy:
            return False
        self._ahead.do(lambda: self._foresee(renews, ends))
        return True

    def _foresee(self, renews: Mapping[str, bool], ends: Mapping[str, int]) -> None:
        try:
            forecast = self._services.lookout.forecast(lambda name: renews.get(name, True))
        except Exception as error:
            self._post(Done(mistake(error).sentence, error=True))
        else:
            self._post(Foreseen(forecast, ends))

    def forget_look(self) -> None:
        """The next look reads the disk even where nothing changed."""
        self._stamp = None

    def reload(self, asked: bool) -> None:
        """Reads the config files."""
        self._files.do(lambda: self._reload(asked))

    def tell(self, action: Callable[[], object], sentence: str = "") -> None:
        """Does a small thing that may block, in the order of asking; a text it gives answers the key."""
        self._files.do(lambda: self._tell(action, sentence))

    def ask(
        self,
        job: Callable[[], Result],
        then: Callable[[Result], object],
        failed: Callable[[StsuiError], object],
        *,
        in_order: bool = False,
    ) -> None:
        """Does what somebody waits for; one of the two gets what became of it, in the screen's thread."""
        (self._files if in_order else self._asked).do(lambda: self._ask(job, then, failed))

    def change(
        self,
        job: Callable[[], Result],
        then: Callable[[Result], object],
        failed: Callable[[StsuiError], object],
    ) -> None:
        """As `ask` in order, for what changes config files: they are read again before anybody can take that
        for somebody else's change."""

        def both() -> None:
            self._ask(job, then, failed)
            self._reload(False)

        self._files.do(both)

    def _ask(
        self,
        job: Callable[[], Result],
        then: Callable[[Result], object],
        failed: Callable[[StsuiError], object],
    ) -> None:
        try:
            result = job()
        except StsuiError as error:
            self._post(Came(partial(failed, error)))
        except Exception as error:
            self._post(Came(partial(failed, mistake(error))))
        else:
            self._post(Came(partial(then, result)))

    def _assume(self, role: str, number: int, wish: Wish, code: str, refresh: bool) -> None:
        try:
            session = self._services.store.assume(
                role,
                code=code or None,
                refresh=refresh,
                strict=True,
                occasion=wish.occasion,
                passed=wish.passed,
            )
        except StsuiError as error:
            self._post(CallFailed(role, error, number, bool(code)))
        except Exception as error:
            self._post(CallFailed(role, mistake(error), number, bool(code)))
        else:
            self._post(SessionHad(role, session, number))

    def _verify(self, role: str, asked: bool) -> None:
        try:
            session = self._services.store.verify(role)
        except StsuiError as error:
            self._post(VerifyFailed(role, error, asked))
        except Exception as error:
            self._post(VerifyFailed(role, mistake(error), asked))
        else:
            self._post(Verified(role, session, asked))

    def _look(self, version: int, always: bool) -> None:
        store = self._services.store
        try:
            self._drop_idle(store.clock.now())
            stamp = store.stamp()
            # A file that is skipped may become readable without the directory changing.
            if always or stamp != self._stamp or store.warnings():
                held, current = store.held(), store.current()
                self._stamp = stamp
                self._post(DiskRead(held, current, version, stamp))
            news = self._tail.news()
            if news:
                self._post(Told(news))
            if self._services.changed():
                self._post(ConfigRead(self._services.reload(), False, news=True))
        except StsuiError as error:
            self._post(Done(error.sentence, error=True))
        except Exception as error:
            self._post(Done(mistake(error).sentence, error=True))

    def _drop_idle(self, now: float) -> None:
        """Now and then: it reads every session where the config has an idle limit."""
        if not self._idle_at <= now < self._idle_at + IDLE_LOOK:
            self._idle_at = now
            self._services.gate.drop_idle()

    def _reload(self, asked: bool) -> None:
        try:
            self._post(ConfigRead(self._services.reload(), asked))
        except Exception as error:
            self._post(Done(mistake(error).sentence, error=True))

    def _tell(self, action: Callable[[], object], sentence: str) -> None:
        try:
            answer = action()
        except StsuiError as error:
            self._post(Done(error.sentence, error=True))
        except Exception as error:
            self._post(Done(mistake(error).sentence, error=True))
        else:
            said = answer if isinstance(answer, str) else sentence
            if said:
                self._post(Done(said))

    def _post(self, message: Message) -> None:
        # The loop is closed while the app ends; nobody is left to tell.
        with contextlib.suppress(RuntimeError):
            self._post_message(message)


def mistake(error: Exception) -> StsuiError:
    """A fault of ours as an error of a row; the exception's text stays out, it may quote an answer."""
    return StsuiError(
        f"stsui stopped this by mistake ({type(error).__name__}). The session that was held is untouched.",
        code=type(error).__name__,
    )
