"""A copy of a session in `~/.aws/credentials`, for programs that read nothing else; out again at its end."""

import re
from collections.abc import Mapping

from stsui.config import aws_credentials_edit as edit
from stsui.config import profiles
from stsui.config.aws_config_edit import read
from stsui.config.paths import Paths
from stsui.config.profiles import MANAGER
from stsui.handover.environ import KEYS
from stsui.model.errors import ConfigError
from stsui.model.text import clean

_SOURCES = (
    *("aws_access_key_id", "role_arn", "source_profile", "credential_source", "credential_process"),
    *("web_identity_token_file", "sso_session", "sso_start_url", "sso_account_id", "login_session"),
)
"""Keys by which a profile says where its credentials come from."""


def default_name(role: str) -> str:
    """The section for a role, where the person names none."""
    return "stsui-" + re.sub(r"[^\w.@+-]", "-", role)


def section(name: str, variables: Mapping[str, str]) -> str:
    """The section's text: it says whose it is and when it ends.

    Raises:
        ConfigError: No section can have that name.
    """
    if not re.fullmatch(r"[\w.@+-]+", name):
        raise ConfigError(f'"{clean(name)}" cannot be the name of a section of the credentials file.')
    lines = [
        f"[{name}]",
        f"{edit.COMMENT}, which takes it out when the session ends",
        *(f"{key.lower()} = {variables[key]}" for key in KEYS),
    ]
    if "AWS_REGION" in variables:
        lines.append(f"region = {variables['AWS_REGION']}")
    marks = (
        MANAGER,
        (edit.EXPIRES, variables["AWS_CREDENTIAL_EXPIRATION"]),
        (edit.ROLE, variables["STSUI_ROLE"]),
    )
    lines += [f"{key} = {value}" for key, value in marks]
    return "\n".join(lines) + "\n"


def write(paths: Paths, name: str, variables: Mapping[str, str]) -> None:
    """Puts the section in, in the place of one of ours of that name.

    Raises:
        ConfigError: The name is somebody else's, or the profile gets its credentials elsewhere.
        StoreError: The file cannot be written.
    """
    text = section(name, variables)
    profile = profiles.read(paths).profiles.get(name)
    said = profile.config.values if profile and profile.config else {}
    found = next((key for key in _SOURCES if key in said), "")
    if found:
        ours = "stsui" in said.get("credential_process", "")
        why = "asks stsui for its credentials and renews them; use it" if ours else f"has {found} already"
        raise ConfigError(
            f"The profile {name} of {paths.aws_config} {why}.", hint="another name with --profile NAME"
        )
    path = str(paths.aws_credentials)
    edit.change(path, lambda old: edit.with_section(old, name, text, path))


def remove(paths: Paths, role: str = "", *, ended: float = 0) -> bool:
    """Takes our sections out: a role's, or those that ended by that Unix time, or all; whether any was there.

    Raises:
        StsuiError: The file cannot be read or written.
    """

    def unwanted(one: edit.Section) -> bool:
        return (not role or one.role == role) and (not ended or one.expires <= ended)

    return edit.change(str(paths.aws_credentials), lambda old: edit.without(old, unwanted))


def next_end(paths: Paths) -> float:
    """When the first of our sections ends, as Unix time; 0 when there is none.

    Raises:
        ConfigError: The file cannot be read.
    """
    text = read(str(paths.aws_credentials))
    return min((one.expires for one in edit.sections(text) if one.ours), default=0)
