"""Keys for live shells: who holds what, led elsewhere, cut off."""

import shlex
from collections.abc import Callable
from functools import partial

from stsui.config.paths import home
from stsui.model.errors import MfaRequired, StsuiError
from stsui.tui import shells as words
from stsui.tui.deeds.handing import copy_text
from stsui.tui.desk import Failure
from stsui.tui.frame import Frame
from stsui.tui.guards import passing
from stsui.tui.pick import fitting
from stsui.tui.screens.choose_role import ChooseRole
from stsui.tui.screens.confirm import ConfirmScreen
from stsui.tui.screens.shells import Seen, ShellsScreen
from stsui.tui.services import SlotRow
from stsui.tui.state import Wish, is_prod
from stsui.tui.view import Texts


def shells(frame: Frame, role: str) -> None:
    """Slots, their users, and the copies that are out."""
    looking: list[bool] = []

    def look() -> Seen:
        shown = frame.services.live.shown
        return Seen(shown.rows(), shown.snapshots(), shown.server())

    def came(seen: Seen) -> None:
        looking.clear()
        screen.show_seen(seen)

    def failed(error: StsuiError) -> None:
        looking.clear()
        frame.say(error.sentence, error=True)

    def again() -> None:
        if not looking:
            looking.append(True)
            frame.ask(look, came, failed)

    def do(what: str, name: str) -> None:
        row = screen.row
        if what == "new":
            _choose(frame, "A live shell for ", "copy the command", lambda chosen: copy_live(frame, chosen))
        elif what == "cut_all":
            _cut_all(frame, again)
        elif row is not None:
            {"point": _point, "cut": _cut, "copy": _copy}[what](frame, row, again)

    screen = ShellsScreen(
        again,
        do,
        lambda name: _environment(frame, name),
        lambda: frame.now,
        home(frame.services.environ),
    )
    frame.show(screen)


def _choose(frame: Frame, title: str, verb: str, then: Callable[[str], object]) -> None:
    """One of the roles, and of the limited sessions that are there."""
    state, texts = frame.state, Texts()
    names = [entry.name for entry in state.entries.values() if entry.role is not None]
    names.sort(key=lambda name: state.live(name) is None)

    def text(name: str) -> str:
        entry = state.entries[name]
        account = entry.account.name or state.masked(entry.account.account_id)
        return "  ".join(part for part in (name, entry.environment, account) if part)

    frame.show(ChooseRole(title, lambda query: fitting(query, names, state, texts), text, verb), then)


def _point(frame: Frame, row: SlotRow, again: Callable[[], None]) -> None:
    name = row.slot.name
    if row.slot.follows:
        frame.say(f"{name} follows the current session. enter on a role of the board changes that.")
        return
    _choose(frame, f"Point {name} at ", "point it there", lambda chosen: _ask(frame, row, chosen))


def _ask(frame: Frame, row: SlotRow, role: str) -> None:
    entry, before = frame.state.entries[role], frame.state.entries.get(row.role)
    word = entry.environment if is_prod(entry.environment) else ""
    regions = (row.slot.given_region, entry.role.region if entry.role else "")
    same = before is not None and before.account.account_id == entry.account.account_id
    lines = words.question(row, role, word, regions, same)
    lead = partial(_through_guards, frame, row.slot.name, role)
    if not lines:
        lead()
        return
    title = f"Point {row.slot.name} at {role} "
    frame.show(ConfirmScreen(title, lines, "Point", "Leave it", entry.environment), lambda yes: lead())


def _through_guards(frame: Frame, slot: str, role: str) -> None:
    passing(frame, role, "slot", lambda wish: _lead(frame, slot, role, wish), deliberate=True)


def _lead(frame: Frame, slot: str, role: str, wish: Wish) -> None:
    """At once where the session is there; else as soon as it is."""
    state, wish = frame.state, wish._replace(slot=slot)
    if state.live(role) is not None and wish.occasion is None and wish.passed == "none":
        frame.desk.point(slot, role)
        return
    trouble = state.troubles.get(role)
    if trouble is not None and isinstance(trouble.error, MfaRequired) and role not in state.flights:
        frame.prompts.ask(Failure(role, trouble.error, True, False, False, wish))
        return
    frame.watch(role, frame.desk.assume(role, wish=wish))


def _cut(frame: Frame, row: SlotRow, again: Callable[[], None]) -> None:
    name = row.slot.name
    if row.slot.cut_at:
        frame.say(f"{name} is cut off already. enter points it at a role again.")
        return
    cut = partial(_cut_now, frame, [name], again)
    if not row.running:
        cut()
        return
    running = ", ".join(process.text for process in row.running)
    body = [
        f"Running there: {running}.",
        "What they have lives until it expires; their next fetch is refused.",
    ]
    frame.show(ConfirmScreen(f"Cut off {name} ", body, "Cut off", "Keep it"), lambda yes: cut())


def _cut_all(frame: Frame, again: Callable[[], None]) -> None:
    def names() -> list[str]:
        return [row.slot.name for row in frame.services.live.shown.rows() if not row.slot.cut_at]

    def ask(found: list[str]) -> None:
        count = f"{len(found)} slot{'' if len(found) == 1 else 's'}"
        body = [
            f"{count} will give nothing any more: {', '.join(found[:6])}{' …' if len(found) > 6 else ''}."
        ]
        screen = ConfirmScreen("Cut off every shell ", body, f"Cut off {len(found)}", "Keep them")
        frame.show(screen, lambda yes: _cut_now(frame, found, again))

    frame.ask(names, lambda found: ask(found) if found else frame.say("There is no slot."))


def _cut_now(frame: Frame, names: list[str], again: Callable[[], None]) -> None:
    def cut() -> None:
        for name in names:
            frame.services.live.cut(name)

    frame.ask(cut, lambda nothing: again())


def _copy(frame: Frame, row: SlotRow, again: Callable[[], None]) -> None:
    copy_text(frame, f'eval "$(stsui slot env {shlex.quote(row.slot.name)})"')


def copy_live(frame: Frame, role: str) -> None:
    """The command that makes a shell a live one; it holds no secret."""
    copy_text(frame, f'eval "$(stsui export {shlex.quote(role)} --live)"')


def _environment(frame: Frame, name: str) -> str:
    entry = frame.state.entries.get(name)
    return entry.environment if entry else ""
