"""Keys that make, change and delete roles: in files of the app's own, never in the user's."""

import os
import shlex
from collections.abc import Callable
from functools import partial

from stsui.config import role_edit
from stsui.config.paths import with_tilde
from stsui.config.role_draft import Draft, draft_of, own_word, role_of, verdicts
from stsui.config.role_edit import Edit, chained_from
from stsui.config.user_config_edit import own_file
from stsui.model.durations import short_duration
from stsui.model.errors import MfaRequired, StsuiError
from stsui.model.roles import Role
from stsui.model.session import Session
from stsui.tui.frame import Frame
from stsui.tui.prompts import mfa_facts
from stsui.tui.screens.confirm import ConfirmScreen, TypeNameScreen
from stsui.tui.screens.dialog import Title
from stsui.tui.screens.edit import EditScreen, Judge, Offers
from stsui.tui.screens.mfa import MfaScreen


def new(frame: Frame, role: str) -> None:
    """A form for a role that there is not yet; it begins where the row under the cursor does."""
    entry = frame.state.entries.get(role)
    beside = entry.role if entry else None
    draft = Draft(source=beside.source_profile if beside else "", region=beside.region if beside else "")
    _form(frame, Title("New role"), draft, None)


def edit(frame: Frame, role: str) -> None:
    """The form of a role; of a row that cannot be used, the file it stands in."""
    entry = frame.state.entries[role]
    if entry.role is None:
        frame.do("app.editor", role)
        return
    draft = draft_of(frame.services.catalog, entry.role)
    _form(frame, Title("Edit ", entry.name, entry.environment), draft, entry.role)


def _form(frame: Frame, title: Title, draft: Draft, before: Role | None) -> None:
    catalog = frame.services.catalog
    name = before.name if before else ""
    judge = Judge(
        lambda draft: verdicts(catalog, name, draft),
        lambda account_id: _account(frame, account_id),
        lambda draft: with_tilde(role_edit.saved(catalog, before, draft).says, frame.services.environ),
        partial(_test, frame),
    )
    renames = before is None or bool(own_file(catalog.paths.conf_dir, before.origin.file))
    screen = EditScreen(title, draft, judge, _offers(frame), renames=renames)

    def write(draft: Draft) -> None:
        made = role_edit.saved(frame.services.catalog, before, draft)
        what = f"change of {name}" if name else f"new role {draft.name.strip()}"
        _save(frame, made, what, lambda: frame.go_to(draft.name.strip()))

    frame.show(screen, write)


def _account(frame: Frame, account_id: str) -> tuple[str, str]:
    account = frame.services.catalog.accounts.get(account_id)
    return own_word(account), account.guard if account else "none"


def _save(frame: Frame, made: Edit, what: str, then: Callable[[], object]) -> None:
    conf_dir = frame.services.catalog.paths.conf_dir
    frame.save(what, made.names, partial(made.write, conf_dir), then)


def _offers(frame: Frame) -> Offers:
    catalog = frame.services.catalog
    roles = [*catalog.roles.values(), *catalog.sources.values()]
    return Offers(
        tuple(dict.fromkeys(role.name for role in roles)),
        tuple(dict.fromkeys(role.region for role in roles if role.region)),
        tuple(dict.fromkeys(role.mfa_serial for role in roles if role.mfa_serial)),
        tuple(dict.fromkeys(role.group for role in roles if role.group)),
        tuple(dict.fromkeys(["PROD", "STAGE", "DEV", *(a.environment for a in catalog.accounts.values())])),
    )


def _test(frame: Frame, draft: Draft, say: Callable[[str, str], None], code: str = "") -> None:
    """One call for a role that is not saved; a code is asked for where AWS wants one."""
    try:
        role = role_of(draft)
    except ValueError as error:
        say("error", str(error))
        return

    def came(session: Session) -> None:
        arn = session.identity.arn if session.identity else session.assumed_arn
        lasts = short_duration(int(session.lifetime))
        say("ok", f"AWS says: {frame.state.masked(arn)}, for {lasts}. The test was not kept.")

    def failed(error: StsuiError) -> None:
        if not isinstance(error, MfaRequired):
            say("error", error.sentence)
            return
        say("", "AWS wants a code for the test.")
        facts = mfa_facts(frame.state, role.name, role.account_id, role.aws_role_name, error)
        screen = MfaScreen(facts, frame.services.store.clock.now)
        frame.show(screen, lambda code: _test(frame, draft, say, code))

    frame.ask(lambda: frame.services.trial(role, code), came, failed)


LINE_OPTION = frozenset({"vi", "vim", "nvim", "view", "nano", "emacs", "emacsclient", "micro", "kak", "ne"})
"""Editors that take `+LINE` before the file."""


def editor(frame: Frame, role: str) -> None:
    """config.toml in the person's editor; on a row that cannot be used, its file at its line."""
    environ = frame.services.environ
    command = shlex.split(environ.get("VISUAL") or environ.get("EDITOR") or "")
    if not command:
        frame.say("$EDITOR is not set.")
        return
    entry = frame.state.entries.get(role)
    origin = entry.problem.origin if entry and entry.problem else None
    path = origin.file if origin else str(frame.services.catalog.paths.config_file)
    known = os.path.basename(command[0]) in LINE_OPTION
    line = [f"+{origin.line}"] if origin and origin.line and known else []
    if frame.suspended([*command, *line, path]) is None:
        frame.say(f"{command[0]} cannot be started here.", error=True)
    frame.calls.reload(False)


def delete(frame: Frame, role: str) -> None:
    """Takes a role of the app's own away, or hides one of the user's, after a yes."""
    entry = frame.state.entries[role]
    if entry.role is None:
        return
    made = role_edit.deleted(frame.services.catalog, entry.role)
    catalog = frame.services.catalog
    ours = own_file(catalog.paths.conf_dir, entry.role.origin.file)
    above = chained_from(catalog, role)
    body = [with_tilde(made.says, frame.services.environ)]
    if frame.state.live(role) is not None:
        body.append("Its session lives on until it ends; x first forgets it.")
    title = f"Delete {role} "
    gone = partial(_save, frame, made, f"deletion of {role}", lambda: None)
    names = ", ".join(above[:3]) + (f" and {len(above) - 3} more" if len(above) > 3 else "")
    if above and not ours:
        body.append(f"{names} can still be assumed from it.")
    if above and ours:
        body.append(f"{names} cannot be assumed without it.")
        screen = TypeNameScreen(title, body, role, "Delete", entry.environment, "the role's name")
        frame.show(screen, lambda yes: gone())
    else:
        confirm = ConfirmScreen(title, body, "Delete 1", "Keep it", entry.environment)
        frame.show(confirm, lambda yes: gone())
