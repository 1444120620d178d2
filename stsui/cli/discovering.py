"""A look for every account and role of an Identity Center, with how far it has come."""

from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.config.centers import shows_nothing
from stsui.model.assigned import Assigned
from stsui.model.roles import Center


def look(context: Context, center: Center, terminal: Terminal | None) -> None:
    """Looks, keeps what is found and says what is new.

    Raises:
        StsuiError: Nobody is signed in there, or there was no answer.
    """
    services = context.services

    def told(_: Assigned, done: int, total: int) -> None:
        if terminal is not None:
            terminal.write(f"\r  Looking for roles: {done} of {total} accounts ")

    news = services.discover(center, told)
    if terminal is not None:
        terminal.write("\r\x1b[K")
    services.reload()
    changes = [f"{count} {word}" for count, word in ((news.new, "new"), (news.gone, "gone")) if count]
    more = f" ({', '.join(changes)})" if changes else ""
    roles, accounts = _plural(news.roles, "role"), _plural(news.accounts, "account")
    context.say(f"stsui: {center.name} gives you {roles} in {accounts}{more}.")
    if not news.roles:
        context.say(f"stsui: {shows_nothing(center)}")
    if news.missed:
        missed = _plural(news.missed, "account")
        context.say(f"stsui: {missed} could not be listed; what was known there stays. Try again later.")
    if services.discoveries.warning:
        context.say(f"stsui: {services.discoveries.warning}")


def _plural(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
