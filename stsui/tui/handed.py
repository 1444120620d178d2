"""What a session can be handed over as, and the text of each; no screen."""

import shlex
from collections.abc import Mapping
from typing import NamedTuple

from stsui.handover import formats
from stsui.handover.environ import shadowing
from stsui.model.roles import Role
from stsui.model.session import Session


class HandoffChoice(NamedTuple):
    """What the person chose; `handed_text` makes the text of it."""

    kind: str
    """`command`, `account_id`, `role_arn` or `format`."""
    format_name: str = ""
    action: str = "copy"
    """`copy` or `write`."""
    path: str = ""
    """The file to write, as typed."""


def command_text(name: str) -> str:
    """The command that gives a shell the session; it holds no secret."""
    return f'eval "$(stsui export {shlex.quote(name)})"'


def handed_text(choice: HandoffChoice, session: Session, role: Role, variables: Mapping[str, str]) -> str:
    """The text that a choice hands over.

    Raises:
        StsuiError: The format cannot carry a value.
    """
    if choice.kind == "format":
        return formats.render(choice.format_name, variables, shadowing(variables))
    if choice.kind == "account_id":
        return session.account_id or role.account_id
    return role.role_arn if choice.kind == "role_arn" else command_text(session.role or role.name)


def choices_of(session: Session, role: Role) -> list[tuple[str, HandoffChoice | None]]:
    """Headings and what can be handed over, in the order of the list."""
    rows: list[tuple[str, HandoffChoice | None]] = [("Without secrets", None)]
    rows.append(("command", HandoffChoice("command")))
    if session.account_id or role.account_id:
        rows.append(("account id", HandoffChoice("account_id")))
    if role.role_arn:
        rows.append(("role ARN", HandoffChoice("role_arn")))
    rows.append(("With secrets", None))
    rows += [(row.title, HandoffChoice("format", row.name)) for row in formats.FORMATS.values()]
    return rows
