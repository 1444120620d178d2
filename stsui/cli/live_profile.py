"""What stands between an SDK and a slot, and the profile without credentials that takes it out of the way."""

from stsui.cli.context import Context
from stsui.cli.terminal import Terminal
from stsui.config import aws_config_edit, shadow
from stsui.model.errors import ConfirmationRequired, Shadowed


def profile_for(context: Context) -> str:
    """What AWS_PROFILE has to be so that every SDK asks for the slot; empty where nothing wins over it.

    Raises:
        Shadowed: Something does, and nothing can be done about it here.
        ConfirmationRequired: The profile has to be written first, and nobody said yes.
    """
    paths = context.services.catalog.paths
    found = shadow.of(paths, context.environ)
    if found is None:
        return ""
    if not found.curable:
        raise Shadowed(
            f"{found.reason}, which every SDK takes before a slot. Remove it there, or use a snapshot.",
            hint="stsui export ROLE",
        )
    if not found.cured:
        _write_profile(context, str(paths.aws_config), found)
    return shadow.LIVE_PROFILE


def _write_profile(context: Context, path: str, found: shadow.Shadow) -> None:
    terminal = Terminal.owned()
    question = (
        f"{found.reason}, which every SDK takes before a slot.\n"
        f"A profile without credentials, [profile {shadow.LIVE_PROFILE}], lets live shells go on to theirs.\n"
        f"Write it into a marked block of {path}? "
    )
    if terminal is None or not terminal.agrees(question):
        refused = ConfirmationRequired(
            "",
            f"{found.reason}, which every SDK takes before a slot. A profile without credentials helps.",
            token="",
        )
        refused.hint = "stsui config profiles --write"
        raise refused
    from stsui.wiring import aws_tools_refuse

    old = aws_config_edit.read(path)
    new = aws_config_edit.with_live_profile(old, found.settings.get("region", ""))
    backup = aws_config_edit.write(path, new, aws_tools_refuse)
    kept = f" The first version is kept as {backup}." if backup else ""
    terminal.say(f"{path} is written.{kept}")
