"""Accounts that want a second look before a session of theirs begins.

A guard is passed once for a session: what is held is given as it is, and a renewal is no new assume.
"""

from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.config.catalog import account_of
from stsui.model.errors import ConfirmationRequired
from stsui.model.roles import Role


def pass_or_raise(context: Context, role: Role, terminal: Terminal | None, *, yes: bool) -> None:
    """Asks what the role's account wants to be asked.

    Raises:
        ConfirmationRequired: It was not passed, or there is nobody to ask.
    """
    account = account_of(context.services.catalog, role)
    if account.guard == "none" or (account.guard == "again" and yes):
        return
    if context.services.store.peek(role.name) is not None:
        return
    shown = account.name or account.account_id
    badge = f" {account.environment}" if account.environment else ""
    if terminal is not None:
        if account.guard == "type":
            answer = terminal.ask(f"{role.name} is in {shown}{badge}. Type {shown} to go on: ")
            if answer == shown:
                return
        elif terminal.agrees(f"{role.name} is in {shown}{badge}. Use it? "):
            return
    hint = f"stsui assume {role.name}" + (" --yes" if account.guard == "again" else "")
    refusal = ConfirmationRequired(
        role.name,
        f"{role.name} is in {shown}{badge}, which wants a person's yes first.",
        token="",
        shown=shown,
        level=account.guard,
    )
    refusal.hint = hint
    raise refusal
