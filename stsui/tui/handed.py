"""What a session can be handed over as, and the text of each; no screen."""

import shlex
from collections.abc import Mapping
from typing import Literal, NamedTuple

from stsui.handover import credentials_file, formats
from stsui.handover.environ import KEYS, shadowing
from stsui.model.roles import Role
from stsui.model.session import Session

Kind = Literal["command", "profile", "account_id", "role_arn", "pane", "format", "section", "console"]
WITH_SECRETS = frozenset({"format", "section", "console"})


class HandoffChoice(NamedTuple):
    """What the person chose; `handed_text` makes the text of it."""

    kind: Kind
    format_name: str = ""
    action: str = "copy"
    """`copy` or `write`."""
    path: str = ""
    """The file to write, as typed."""

    @property
    def secret(self) -> bool:
        """Whoever has it has the session."""
        return self.kind in WITH_SECRETS


class Around(NamedTuple):
    """What of this computer decides what can be handed over, and how."""

    shell: str = "bash"
    """The format of the person's shell."""
    profile: str = ""
    """The AWS profile that asks stsui for this role; empty while there is none."""
    credentials_file: str = "~/.aws/credentials"
    tmux: bool = False


class Handing(NamedTuple):
    """A line of the dialog's list; a heading where `choice` is None."""

    title: str
    choice: HandoffChoice | None = None
    dead: str = ""
    """Why it cannot be chosen."""


def command_text(name: str, shell: str = "bash") -> str:
    """The command that gives a shell the session; it holds no secret."""
    row = formats.find(shell)
    explicit = "" if row.name == "bash" else f" --format {row.name}"
    return row.take_in.format(command=f"stsui export {shlex.quote(name)}{explicit}")


def handed_text(
    choice: HandoffChoice,
    session: Session,
    role: Role,
    variables: Mapping[str, str],
    around: Around = Around(),  # noqa: B008 - a value, never changed
) -> str:
    """The text that a choice hands over; of a `console` link nothing, since it has to be asked for.

    Raises:
        StsuiError: The format cannot carry a value.
    """
    name = session.role or role.name
    match choice.kind:
        case "format":
            return formats.render(choice.format_name, variables, shadowing(variables))
        case "section":
            return credentials_file.section(credentials_file.default_name(name), variables)
        case "account_id":
            return session.account_id or role.account_id
        case "role_arn":
            return role.role_arn
        case "profile":
            return formats.render(around.shell, {"AWS_PROFILE": around.profile}).strip()
        case "console":
            return ""
        case _:
            return command_text(name, around.shell)


def redacted(choice: HandoffChoice, variables: Mapping[str, str]) -> str:
    """A choice with secrets as an audience may see it.

    Raises:
        StsuiError: The format cannot carry a value.
    """
    if choice.kind == "section":
        name = credentials_file.default_name(variables["STSUI_ROLE"])
        return credentials_file.section(name, {**variables, **dict.fromkeys(KEYS, formats.STARS)})
    if choice.kind == "console":
        return f"https://…?SigninToken={formats.STARS}"
    return formats.preview(choice.format_name, variables)


def choices_of(session: Session, role: Role, around: Around) -> list[Handing]:
    """Headings and what can be handed over, in the order of the list."""
    rows = [Handing("Without secrets"), Handing("command", HandoffChoice("command"))]
    no_profile = "" if around.profile else "none yet"
    rows.append(Handing("AWS profile", HandoffChoice("profile"), no_profile))
    if session.account_id or role.account_id:
        rows.append(Handing("account id", HandoffChoice("account_id")))
    if role.role_arn:
        rows.append(Handing("role ARN", HandoffChoice("role_arn")))
    rows.append(Handing("tmux pane …", HandoffChoice("pane"), "" if around.tmux else "no tmux"))
    rows.append(Handing("With secrets"))
    rows += [Handing(row.title, HandoffChoice("format", row.name)) for row in formats.FORMATS.values()]
    rows.append(Handing("credentials file", HandoffChoice("section")))
    rows.append(Handing("console link", HandoffChoice("console")))
    return rows
