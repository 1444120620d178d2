"""Keys that show: details, the menu of a row, help, the config as it is now."""

from collections.abc import Callable, Mapping

from stsui.handover.formats import shell_format
from stsui.tui.commands import Command, by_id, key_name
from stsui.tui.facts import all_facts, veiled
from stsui.tui.frame import Frame
from stsui.tui.handed import command_text
from stsui.tui.reasons import why_not
from stsui.tui.rows import row_of
from stsui.tui.screens.actions import ActionEntry, ActionsScreen
from stsui.tui.screens.details import DetailsScreen
from stsui.tui.screens.help import HelpScreen
from stsui.tui.state import Entry, State

IN_DETAILS = (
    "role.use",
    "role.renew",
    "role.auto",
    "role.copy-command",
    "role.handoff",
    "role.verify",
    "role.drop",
    "role.shell",
    "role.console",
    "role.edit",
    "app.log",
)
"""Commands whose keys work there too."""


def details(frame: Frame, role: str) -> None:
    """Everything known of the role."""
    state, store = frame.state, frame.services.store
    entry = state.entries[role]

    def lines() -> list[tuple[str, str]]:
        shown = state.entries.get(role)
        if shown is None:
            return [("", "This role is no longer in the config.")]
        facts = veiled(all_facts(shown, state, store.plan, store.renew_at, 70), state)
        return [(fact.label, fact.text) for fact in facts]

    def title(command: Command) -> str:
        return row_of(entry, state).verb if command.id == "role.use" else command.title

    commands = by_id(frame.commands, IN_DETAILS) if entry.role else []
    keys = {command.key: command for command in commands}
    text = "  ".join(f"{key_name(key)} {title(command)}" for key, command in keys.items())
    dead = {command.key for command in commands if why_not(command.id, entry, state)}
    screen = DetailsScreen(f"{entry.name} ", entry.environment, lines, text, dead)
    frame.show(screen, lambda key: frame.run_command(keys[key].id, role) if key in keys else None)


_TEXTS: Mapping[str, Callable[[Entry, State], str]] = {
    "role.use": lambda entry, state: verb if (verb := row_of(entry, state).verb) != "use" else "",
    "role.auto": lambda entry, state: f"auto-renew: {'on' if state.renews(entry.name) else 'off'}",
    "role.pin": lambda entry, state: "unpin" if state.pinned(entry.name) else "",
}
"""Lines of the menu that are not always the same; empty: as the command's row has it."""


def actions(frame: Frame, role: str) -> None:
    """The menu of the row."""
    state, entry = frame.state, frame.state.entries[role]
    entries = []
    for command in frame.commands:
        if command.menu:
            text = _TEXTS[command.id](entry, state) if command.id in _TEXTS else ""
            if command.id == "role.copy-command":
                text = f"copy  {command_text(entry.name, shell_format(frame.services.environ))}"
            why = why_not(command.id, entry, state)
            entries.append(ActionEntry(key_name(command.key), command.id, text or command.menu, why))
    time = row_of(entry, state).time
    title = f"{entry.name}  {time} " if time else f"{entry.name} "
    frame.show(ActionsScreen(title, entries, entry.environment), lambda name: frame.run_command(name, role))


def help(frame: Frame, role: str) -> None:
    """Every key; one of them may be run."""
    entry = frame.state.entries.get(role)
    greyed = {c.id: why for c in frame.commands if (why := why_not(c.id, entry, frame.state))}
    for n in range(2, 10):
        # They stand in one line, live.1 for all.
        greyed.pop(f"live.{n}", None)
    frame.show(HelpScreen(frame.commands, greyed), lambda name: frame.run_command(name, role))


def reload(frame: Frame, role: str) -> None:
    """Reads the config files again."""
    frame.calls.reload(True)
