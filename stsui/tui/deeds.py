"""What the keys do for a role: each method is one command. They answer on the row, or by one short notice."""

from collections.abc import Callable
from functools import partial

from textual.app import App

from stsui.model.errors import MfaRequired
from stsui.tui.calls import Calls
from stsui.tui.commands import BY_ID, COMMANDS, key_name
from stsui.tui.desk import Desk, Failure, until_text
from stsui.tui.facts import all_facts
from stsui.tui.handed import command_text
from stsui.tui.handing_over import HandingOver
from stsui.tui.prompts import Prompts
from stsui.tui.reasons import why_not
from stsui.tui.rows import guarded, row_of
from stsui.tui.screens.actions import ActionEntry, ActionsScreen
from stsui.tui.screens.confirm import ConfirmScreen, TypeNameScreen
from stsui.tui.screens.details import DetailsScreen
from stsui.tui.screens.help import HelpScreen
from stsui.tui.services import Services
from stsui.tui.state import Entry, State

AGAIN = 3
"""Seconds in which the second enter counts."""
VISIBLE_AFTER = 0.3
"""Seconds after which a call that somebody waits for is shown."""
ROLE_ACTIONS = (
    "role.use",
    "role.renew",
    "role.auto",
    "role.copy-command",
    "role.handoff",
    "role.shell",
    "role.console",
    "role.verify",
    "role.drop",
    "role.details",
    "role.pin",
)
"""The menu of a row, in its order."""


class Deeds:
    """Everything that changes something; what gives something out is in `out`."""

    def __init__(
        self,
        app: "App[None]",
        services: Services,
        state: State,
        desk: Desk,
        calls: Calls,
        redraw: Callable[[], None],
        run_command: Callable[[str, str], None],
    ) -> None:
        self._app, self._services, self._state = app, services, state
        self._desk = desk
        self._redraw, self._run_command = redraw, run_command
        self.prompts = Prompts(app, desk, state, services, self.watch)
        self.out = HandingOver(app, services, state, calls, self._entry)

    # -- sessions

    def use(self, role: str) -> None:
        """The step that the row names: assume, type the code, retry, make current."""
        entry = self._entry("role.use", role)
        if entry is None:
            return
        state = self._state
        held = role == state.current and state.live(role) is not None
        if entry.account.guard == "type" and state.live(role) is None:
            self._type_name(entry)
        elif guarded(entry) and not held and not self._second_time(role):
            self._redraw()
        else:
            self._use(entry)

    def _use(self, entry: Entry) -> None:
        state, role = self._state, entry.name
        if state.live(role) is not None:
            self._desk.make_current(role)
            self._redraw()
            return
        trouble = state.troubles.get(role)
        if trouble is not None and isinstance(trouble.error, MfaRequired) and role not in state.flights:
            self.prompts.ask(Failure(role, trouble.error, True, False, True))
            return
        self.watch(role, self._desk.assume(role, make_current=True))

    def _second_time(self, role: str) -> bool:
        """Whether this is the second enter in time; the first one starts the wait."""
        state = self._state
        now = self._services.store.clock.now()
        if state.again[0] == role and state.again[1] > now:
            state.again = ("", 0.0)
            return True
        state.again = (role, now + AGAIN)
        return False

    def _type_name(self, entry: Entry) -> None:
        account = entry.account.name or entry.account.account_id
        body = [f"{entry.name} is in {account}, which is guarded by its name."]
        screen = TypeNameScreen(f"Use {entry.name} ", body, account, "Use", entry.environment)
        self._app.push_screen(screen, lambda yes: self._use(entry) if yes else None)

    def renew(self, role: str) -> None:
        """Another session now, whatever is left of this one."""
        if self._entry("role.renew", role) is not None:
            self.watch(role, self._desk.assume(role, refresh=True))

    def auto(self, role: str) -> None:
        """Auto-renew of the role on or off, while the app runs."""
        if self._entry("role.auto", role) is not None:
            state = self._state
            state.auto[role] = not state.renews(role)
            state.log(role, f"auto-renew {'on' if state.auto[role] else 'off'}")
            self._redraw()

    def drop(self, role: str) -> None:
        """Forgets the session here and on disk."""
        if self._entry("role.drop", role) is not None:
            self._desk.drop(role)
            self._redraw()

    def drop_all(self) -> None:
        """Forgets every session, after a yes."""
        state = self._state
        live = state.live_by_expiry()
        if not state.sessions:
            self._app.notify("There is no session to drop.", markup=False)
            return
        names = [f"  {s.role}   {until_text(s)}" for s in live[:4]]
        names += [f"  + {len(live) - 4} more"] if len(live) > 4 else []
        count = len(live)
        body = [
            f"{count} live session{'' if count == 1 else 's'} will be forgotten here and on disk.",
            "Programs that already have them keep them until they expire:",
            "",
            *names,
        ]
        screen = ConfirmScreen("Drop every session", body, f"Drop {count}", "Keep them")
        self._app.push_screen(screen, lambda yes: self._drop_all() if yes else None)

    def _drop_all(self) -> None:
        self._desk.drop_all()
        self._redraw()

    def verify(self, role: str) -> None:
        """GetCallerIdentity now."""
        if self._entry("role.verify", role) is not None:
            self._desk.verify(role, asked=True)
            self._redraw()

    def pause(self) -> None:
        """All renewing by itself, off or on."""
        self._state.paused = not self._state.paused
        self._redraw()

    def cancel(self, role: str) -> bool:
        """Stops waiting for a role's call; whether there was one."""
        return self._desk.cancel(role)

    def watch(self, role: str, number: int) -> None:
        """Draws the row, and again when the call turns out to take its time."""
        self._redraw()
        if number:
            self._app.set_timer(VISIBLE_AFTER, partial(self._show_flight, role, number))

    def _show_flight(self, role: str, number: int) -> None:
        if self._desk.show_flight(role, number):
            self._redraw()

    # -- looking

    def details(self, role: str) -> None:
        """Everything known of the role."""
        entry = self._state.entries.get(role)
        if entry is None:
            return
        store = self._services.store

        def lines() -> list[tuple[str, str]]:
            shown = self._state.entries.get(role)
            if shown is None:
                return [("", "This role is no longer in the config.")]
            facts = all_facts(shown, self._state, store.plan, store.renew_at, 70)
            return [(fact.label, fact.text) for fact in facts]

        names = [] if entry.role is None else ["role.use", "role.renew", "role.auto", "role.copy-command"]
        names += [] if entry.role is None else ["role.handoff", "role.verify", "role.drop"]
        keys = "  ".join(f"{key_name(BY_ID[name].keys[0])} {BY_ID[name].title}" for name in names)
        screen = DetailsScreen(f"{entry.name} ", entry.environment, lines, keys)
        self._app.push_screen(screen, lambda key: self._by_key(key, role))

    def _by_key(self, key: str | None, role: str) -> None:
        command = next((c for c in COMMANDS if key in c.keys), None) if key else None
        if command is not None:
            self._run_command(command.id, role)

    def actions(self, role: str) -> None:
        """The menu of the row."""
        entry = self._state.entries.get(role)
        if entry is None:
            return
        state = self._state
        row = row_of(entry, state)
        texts = {
            "role.use": row.verb if row.verb != "use" else "use in new shells",
            "role.auto": f"auto-renew: {'on' if state.renews(role) else 'off'}",
            "role.copy-command": f"copy  {command_text(role)}",
            "role.handoff": "hand off as …",
            "role.shell": "shell here",
            "role.console": "open AWS console",
            "role.verify": "verify identity",
            "role.drop": "drop session",
            "role.renew": "renew now",
            "role.pin": "unpin" if state.pinned(role) else "pin",
        }
        entries = [
            ActionEntry(
                key_name(BY_ID[name].keys[0]),
                name,
                texts.get(name, BY_ID[name].title),
                why_not(name, entry, state),
            )
            for name in ROLE_ACTIONS
        ]
        title = f"{entry.name}  {row.time} " if row.time else f"{entry.name} "
        screen = ActionsScreen(title, entries, entry.environment)
        self._app.push_screen(screen, lambda name: self._run_command(name, role) if name else None)

    def help(self, role: str) -> None:
        """Every key; one of them may be run."""
        entry = self._state.entries.get(role)
        greyed = {c.id: why for c in COMMANDS if (why := why_not(c.id, entry, self._state))}
        for n in range(2, 10):
            # They stand in one line, live.1 for all.
            greyed.pop(f"live.{n}", None)
        screen = HelpScreen(COMMANDS, greyed)
        self._app.push_screen(screen, lambda name: self._run_command(name, role) if name else None)

    def _entry(self, command_id: str, role: str) -> Entry | None:
        """The role's entry where the command does something; else the reason is said."""
        entry = self._state.entries.get(role)
        why = why_not(command_id, entry, self._state)
        if why:
            self._app.notify(f"{why[0].upper()}{why[1:]}.", markup=False, timeout=3)
            return None
        return entry
