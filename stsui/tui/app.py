"""The app: one clock, the messages of the threads, and what the terminal has to be told."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from textual import events

from stsui.config.paths import with_tilde
from stsui.model.errors import SignInRequired
from stsui.tui import renewal
from stsui.tui.commands import BY_ID, Command, with_keys
from stsui.tui.desk import Failure
from stsui.tui.frame import Frame, Host
from stsui.tui.garbage import Garbage
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
from stsui.tui.outlook import Ahead, LookAhead, snapshot, wanted
from stsui.tui.place import Keeper
from stsui.tui.rows import counts, row_of
from stsui.tui.screens.main import Board
from stsui.tui.state import State, needs_person
from stsui.tui.terminal import Terminal
from stsui.tui.widgets.lines import terminal_title

if TYPE_CHECKING:
    from stsui.model.roles import Settings
    from stsui.tui.palette import Commands, Extra, PaletteRole
    from stsui.tui.pulse import Watch
    from stsui.tui.services import Services

JUMP = 30
"""Seconds between two ticks from which the computer has slept."""
AGAIN = 2.0
"""Seconds in which a second ctrl+c quits."""


CALM = 0.05
"""Seconds between two pictures while threads report one thing after the other."""
FORESEE_EVERY = 2.0
"""Seconds between two forecasts, each of which plays a day through."""
VERIFY_AFTER = 1.0
"""Seconds from the start to the first call that nobody asked for."""


def _palette() -> type[Commands]:
    """Loaded when it is opened."""
    from stsui.tui.palette import Commands

    return Commands


class StsuiApp(Host):
    """Holds the state and passes on what happens; what keys do is in `screens/main` and `deeds`."""

    TITLE = "stsui"
    CSS_PATH = os.path.join(os.path.dirname(__file__), "board.tcss")
    COMMANDS = {_palette}

    def __init__(self, services: Services, *, ascii_only: bool = False) -> None:
        settings = services.catalog.settings
        super().__init__(settings, ascii_only=ascii_only)
        self.services = services
        self.state = State(services.catalog, services.store.clock.now(), glyphs=self.glyphs)
        self.state.hide_ids = settings.hide_ids
        self.state.take_catalog(services.catalog)
        self._terminal = Terminal(self, self.state)
        self.state.take_sessions(services.store.held(), services.store.current())
        self._keeper = Keeper(services.catalog.paths.state_dir)
        held = {name: float(session.issued_at) for name, session in self.state.sessions.items()}
        self.state.used = {**held, **self._keeper.begin.used}
        self._ahead, self._outlooks = Ahead(), LookAhead(services.store)
        self._foresaw = 0.0
        self._looked_ahead: tuple[object, ...] | None = None
        self._look_ahead()
        self.frame = Frame(self, services, self.state)
        self.board = Board(self.frame, self._keeper.begin)
        self._key_problems: list[str] = []
        self._interrupted = 0.0
        self._to_redraw, self._redrawn = False, 0.0
        self._garbage = Garbage()
        self._next_second: asyncio.TimerHandle | None = None
        self.state.note_ended()
        self._take_keys()

    # -- start and end

    def get_default_screen(self) -> Board:
        """The board; an empty screen below it would be laid out too."""
        self.board.expect(self.size)
        return self.board

    def on_mount(self) -> None:
        """The clock, and what the computer may tell us to do."""
        self.catch_signals()
        self._terminal.begin()
        if not self.state.entries:
            self._welcome()
        self._wait_for_second()
        self.call_after_refresh(self._garbage.drawn)
        # Loading boto3 would slow down the first frame and the first key.
        self.set_timer(VERIFY_AFTER, self._begin_calls)

    def _begin_calls(self) -> None:
        self._garbage.quiet()
        self.frame.desk.verify_all()
        self._watch.look_around()

    def _welcome(self) -> None:
        from stsui.tui.screens.welcome import WelcomeScreen

        paths, environ = self.services.catalog.paths, self.services.environ
        files = [with_tilde(path, environ) for path in (paths.aws_config, paths.config_file)]
        screen = WelcomeScreen(files[0], files[1])
        self.push_screen(screen, lambda door: self.run_command(door) if door else None)

    def exit(self, *args: Any, **options: Any) -> None:
        """The next start begins with this picture."""
        if not self.is_headless:
            self._keep_frame()
        super().exit(*args, **options)

    def _keep_frame(self) -> None:
        from stsui.tui import last_frame

        try:
            strips = self.board.still() if self.state.settings.instant_start else []
            if strips and len(strips) == self.size.height:
                last_frame.keep(strips, self.console, self.services.catalog, self.services.environ)
            else:
                last_frame.forget(self.services.environ, *self.size)
        except Exception as error:
            # Whatever is wrong with a picture, somebody wants to leave.
            self.log.error(error)

    def on_unmount(self) -> None:
        """The terminal gets its title back, and the next start begins here."""
        if self._next_second is not None:
            self._next_second.cancel()
        self._terminal.end()
        self._keeper.keep(self.board.place)

    def notify(self, message: str, **options: Any) -> None:
        """An answer to a key, ids hidden where they are."""
        super().notify(self.state.veiled(message), **options)

    def try_settings(self, settings: Settings) -> None:
        """As they are in the config, or as somebody turns them just now."""
        self.take_looks(settings)
        self.state.settings, self.state.glyphs = settings, self.glyphs
        self.board.redraw()
        self.redraw()

    @cached_property
    def _watch(self) -> Watch:
        """What goes on beside the board; nothing of it is asked for in the first second."""
        from stsui.tui.pulse import Watch

        return Watch(self.frame)

    def _take_keys(self) -> None:
        keymap, problems = self._keys_of(self.services.catalog.keys)
        self.set_keymap(keymap)
        self.frame.commands = with_keys(keymap)
        self._key_problems = problems

    @staticmethod
    def _keys_of(wanted: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
        if not wanted:
            return {}, []
        from stsui.tui.keymap import checked

        return checked(wanted)

    async def _on_key(self, event: events.Key) -> None:
        """Keys typed in one go: those after `/` are the filter's, though they were sent before it opened."""
        if not self.screen_stack:
            return  # a key that comes while the board closes
        if self.board.list.has_passed(event) and self.focused is not self.board.list:
            event.prevent_default()
            event.stop()
            target = self.focused or self.screen
            target._forward_event(events.Key(event.key, event.character))

    # -- the clock

    def _wait_for_second(self) -> None:
        # Of the loop itself: a timer of Textual's is a task and some messages more, every second.
        self._next_second = asyncio.get_running_loop().call_later(1.0 - time.time() % 1, self._second)

    def _second(self) -> None:
        try:
            self.tick()
        except Exception as error:
            # A timer's exception would end the app under running work; the next second tries again.
            self.state.warning = f"stsui made a mistake ({type(error).__name__}); sessions are safe"
        self._wait_for_second()

    def tick(self) -> None:
        """What another second brings: digits, renewals, news from the disk."""
        state, now = self.state, self.services.store.clock.now()
        if not self.is_headless and not os.isatty(0):
            self.exit(return_code=1)
            return
        slept = now - state.now > JUMP
        state.now = now
        if slept:
            renewal.spread(state)
        if state.again[0] and state.again[1] <= now:
            state.again = ("", 0.0)
        for role, number in self.frame.desk.renew_due():
            self.frame.watch(role, number)
        self.frame.calls.look(state.version, always=slept)
        self._watch.tick()
        state.note_live()
        self._look_ahead(again=False)
        state.warning = next((warning for warning in self._warnings() if warning), "")
        self._ring()
        if self.screen is self.board and state.forget_wanted():
            self._redraw()
        self.board.tick()
        self._tick_dialogs()
        self._terminal.title(terminal_title(state, counts(state)))
        place = self.board.place
        if self._keeper.due(place, now):
            self.frame.calls.tell(partial(self._keeper.keep, place))

    def _look_ahead(self, *, again: bool = True) -> None:
        """What comes next; of itself it changes with the minute at most."""
        brief = (self.state.version, int(self.state.now) // 60)
        if not again and self._looked_ahead is not None and self._looked_ahead[:2] == brief:
            return
        renews, ends = snapshot(self.state)
        moment = (*brief, renews, ends)
        if again or moment != self._looked_ahead:
            self.state.outlook = self._outlooks.all(self.state, self._ahead)
        if moment != self._looked_ahead and self.is_running:
            self._looked_ahead = moment if self._foresee(renews, ends) else None

    def _foresee(self, renews: Mapping[str, bool], ends: Mapping[str, int]) -> bool:
        """Whether a forecast is on its way; while many sessions come, not for each of them."""
        now = time.monotonic()
        if now - self._foresaw < FORESEE_EVERY or not self.frame.calls.foresee(renews, ends):
            return False
        self._foresaw = now
        return True

    def _warnings(self) -> Iterator[str]:
        """What the head says while it is so, the most urgent first."""
        yield from self.services.store.warnings()
        yield renewal.slowed(self.state)
        if self.state.stopped:
            yield f"{self.state.stopped} {self.state.unserved} until it runs."
        yield self.theme_problem
        yield from self._key_problems
        yield self.state.exposed.sentence if self.state.exposed else ""

    def _ring(self) -> None:
        """Once, when the current session has ended."""
        if self.state.current in self.state.note_ended():
            self._terminal.ring(f"the session of {self.state.current} has ended")

    def go_to(self, role: str) -> None:
        """The board's cursor."""
        self.board.go_to(role)

    def redraw(self) -> None:
        """Something changed: the board, and the dialogs that tick; once for all that came at a time."""
        if not self._to_redraw:
            self._to_redraw = True
            self.call_later(self._redraw)

    def _reported(self) -> None:
        """A thread brought something: as `redraw`, but of many that come one after the other not each."""
        if time.monotonic() - self._redrawn >= CALM:
            self.redraw()
        elif not self._to_redraw:
            self._to_redraw = True
            self.set_timer(CALM, self._redraw)

    def _redraw(self) -> None:
        self._to_redraw, self._redrawn = False, time.monotonic()
        self.state.now = max(self.state.now, self.services.store.clock.now())
        self._look_ahead()
        self.board.news()
        self._tick_dialogs()

    def _tick_dialogs(self) -> None:
        for screen in self.screen_stack:
            ticking = getattr(screen, "tick", None)
            if ticking is not None and screen is not self.board and screen.is_mounted:
                ticking()

    # -- what the threads report

    def on_session_had(self, message: SessionHad) -> None:
        """A session is there."""
        self._garbage.called()
        self.frame.desk.had(message)
        self.frame.prompts.had(message.role)
        self._reported()

    def on_call_failed(self, message: CallFailed) -> None:
        """The row says why; a question is asked only where somebody pressed a key."""
        failure = self.frame.desk.failed(message)
        if failure is not None and failure.asked and self.frame.prompts.takes(failure.error):
            self.frame.prompts.ask(failure)
        else:
            self.frame.prompts.failed(message.role)
            if failure is not None and failure.asked and isinstance(failure.error, SignInRequired):
                self._sign_in(failure, failure.error.source)
        if failure is not None and not failure.asked and needs_person(failure.error):
            trouble = self.state.troubles.get(message.role)
            if trouble is not None and trouble.failures == 1:
                self._terminal.ring(f"{message.role} needs you")
        self._reported()

    def _sign_in(self, failure: Failure, source: str) -> None:
        from stsui.tui.deeds.signing import answer

        answer(self.frame, failure, source)

    def on_verified(self, message: Verified) -> None:
        """AWS said who it is."""
        self._garbage.called()
        self.frame.desk.verified(message)
        if message.asked and message.session.identity is not None:
            shown = self.state.masked(message.session.identity.arn)
            self.notify(f"AWS says: {shown}", markup=False, timeout=3)
        self._reported()

    def on_verify_failed(self, message: VerifyFailed) -> None:
        """AWS did not say it, or said another account."""
        self.frame.desk.verify_failed(message)
        if message.asked:
            self.notify(message.error.sentence, markup=False, severity="error", timeout=3)
        self._reported()

    def on_disk_read(self, message: DiskRead) -> None:
        """Other processes have or dropped sessions."""
        self.frame.desk.disk(message)
        self._reported()

    def on_config_read(self, message: ConfigRead) -> None:
        """Other roles."""
        state, catalog = self.state, message.catalog
        state.take_catalog(catalog)
        self.try_settings(catalog.settings)
        self._take_keys()
        roles, problems = len(catalog.roles), len(catalog.problems)
        said = f"{roles} role{'' if roles == 1 else 's'}, {problems} problem{'' if problems == 1 else 's'}"
        state.log("", "config read", said)
        if message.asked:
            self.notify(f"Read the config: {said}.", markup=False, timeout=3)
        if message.news:
            state.tell(f"Config changed on disk. Reloaded: {said}.")
        self.frame.calls.look(state.version, always=True)
        self.board.catalog_changed()

    def on_foreseen(self, message: Foreseen) -> None:
        """What the day will want of the person."""
        self._ahead = Ahead(message.forecast, message.ends)
        self.state.person = wanted(self._ahead)
        # Every minute, and most of them bring no other word: only what changed is drawn.
        self._look_ahead()
        self.board.tick()
        self._tick_dialogs()

    def on_told(self, message: Told) -> None:
        """What other processes did today."""
        from stsui.tui.told import midnight, told

        self.state.hear(told(message.events, midnight(self.state.now)))
        self.board.tick()

    def on_done(self, message: Done) -> None:
        """Answers a key."""
        self.notify(
            message.sentence,
            markup=False,
            timeout=3,
            severity="error" if message.error else "information",
        )

    def on_came(self, message: Came) -> None:
        """What a dialog asked for."""
        message.take()

    # -- commands

    @property
    def commands(self) -> Sequence[Command]:
        """With the user's keys, for the palette."""
        return self.frame.commands

    def palette_roles(self) -> Iterable[PaletteRole]:
        """Every role, for the palette."""
        from stsui.tui.palette import PaletteRole

        state = self.state
        found = []
        for entry in state.entries.values():
            if entry.role is None:
                continue
            row = row_of(entry, state)
            text = " ".join(part for part in (row.word, row.time) if part)
            account = entry.account.name or state.masked(entry.account.account_id)
            found.append(PaletteRole(entry.name, account, entry.environment, text, row.live))
        return found

    def palette_extras(self) -> Sequence[Extra]:
        """Signing in to each Identity Center, and out of it; lines for start-up files; the topics of help."""
        from stsui.tui.deeds import hooks, signing, topics
        from stsui.tui.palette import Extra

        return [Extra(*command) for room in (signing, hooks, topics) for command in room.commands(self.frame)]

    def run_command(self, command_id: str, role: str = "") -> None:
        """What the key of that command does; with a role, as if the cursor stood there."""
        command = BY_ID.get(command_id)
        if command is None:
            return
        if role:
            self.board.go_to(role)
        self.call_later(self.board.run_action, command.action)

    def action_command_palette(self) -> None:
        """Only over the board: a dialog's question is answered first."""
        if self.screen is self.board:
            super().action_command_palette()

    def action_help_quit(self) -> None:
        """ctrl+c: quits at the second time."""
        now = time.monotonic()
        if now - self._interrupted < AGAIN:
            self.exit()
            return
        self._interrupted = now
        self.notify("ctrl+c again quits; sessions stay.", markup=False, timeout=AGAIN)
