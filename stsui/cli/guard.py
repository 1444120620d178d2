"""Guards on the command line: what the gate wants a person to do is asked for where a person sits."""

from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.config.chain import resolve
from stsui.model.roles import Guard
from stsui.sessions.guard import Way


def pass_or_raise(
    context: Context, name: str, way: Way, terminal: Terminal | None, *, yes: bool = False, reason: str = ""
) -> tuple[Guard, str]:
    """Asks what the rules of that session want to be asked.

    Args:
        name: The session's.
        terminal: Where somebody can be asked; None: nobody is there.
        yes: The second enter of a command line.
        reason: What was given on the command line.

    Returns:
        The guard that was newly passed, and the reason.

    Raises:
        ConfirmationRequired: It was not passed, or there is nobody to ask.
        GuardRefused: The session is not given out that way at all.
        ConfigError: Its chain leads nowhere.
    """
    gate = context.services.gate
    offered: Guard = "again" if yes else "none"
    person = terminal is not None
    verdict = gate.judge(name, way, person=person, offered=offered, reason=reason)
    if not verdict.allowed:
        # Nobody is asked for a yes to what leads nowhere.
        resolve(context.services.store.catalog, context.services.store.named(name).role.name)
    if terminal is not None and not verdict.refused:
        if verdict.reason:
            reason = terminal.ask(f"What is {name} for? (CloudTrail will show it) ")
            if not reason:
                raise gate.refusal(name, verdict)
        if verdict.guard != "none":
            offered = _ask(context, name, verdict.guard, terminal)
    return gate.admit(name, way, person=person, offered=offered, reason=reason), reason


def _ask(context: Context, name: str, guard: Guard, terminal: Terminal) -> Guard:
    """What the person did; `none` where they did not."""
    gate, store = context.services.gate, context.services.store
    meant = store.named(name)
    account = store.catalog.accounts.get(meant.role.account_id)
    shown = gate.shown(meant)
    badge = f" {account.environment}" if account and account.environment else ""
    if guard == "type":
        return (
            guard
            if terminal.ask(f"{name} is in {shown}{badge}. Type {shown} to go on: ") == shown
            else "none"
        )
    return guard if terminal.agrees(f"{name} is in {shown}{badge}. Use it? ") else "none"
