"""What of the user's files every SDK would take before a slot: the container's address is asked last of all.

Source: botocore, credentials.create_credential_resolver; the other SDKs have the same order.
"""

import os
from collections.abc import Mapping
from typing import NamedTuple

from stsui.config import files, ini, paths, profiles
from stsui.config.profiles import Profiles
from stsui.model.text import clean

LIVE_PROFILE = "stsui-live"
"""A profile without credentials; with it in AWS_PROFILE, an SDK goes on to the slot."""
_GIVES = {
    "aws_access_key_id": "static keys",
    "role_arn": "a role",
    "sso_session": "a sign-in",
    "sso_start_url": "a sign-in",
    "sso_account_id": "a sign-in",
    "credential_process": "a credential_process",
    "web_identity_token_file": "a web identity",
    "login_session": "a sign-in",
}


class Shadow(NamedTuple):
    """Why a slot would not be asked."""

    reason: str
    """`[default] in FILE line 3 has static keys`."""
    settings: Mapping[str, str]
    """What `[default]` says beside credentials, for the profile that takes its place."""
    curable: bool
    """Whether AWS_PROFILE = stsui-live lets the slot be asked."""
    cured: bool
    """Whether that profile is there."""


def of(found_paths: paths.Paths, environ: Mapping[str, str]) -> Shadow | None:
    """What would win over a slot in a shell without AWS_PROFILE; None when nothing does."""
    old = _old_boto(environ)
    if old:
        return Shadow(old, {}, curable=False, cured=False)
    found = profiles.read(found_paths)
    reason = _gives(found, "default")
    if not reason:
        return None
    default = found.profiles["default"].values
    settings = {key: clean(default[key]) for key in ("region", "output") if default.get(key)}
    there = LIVE_PROFILE in found.profiles
    cured = there and not _gives(found, LIVE_PROFILE)
    # A section [DEFAULT] holds for every profile, and for one of ours too.
    return Shadow(reason, settings, curable=cured or not (there or _gives_all(found)), cured=cured)


def _gives(found: Profiles, name: str) -> str:
    profile = found.profiles.get(name)
    if profile is None:
        return ""
    for key, what in _GIVES.items():
        if key in profile.values:
            return f"[{name}] in {profile.at(key)} has {what}"
    return ""


def _gives_all(found: Profiles) -> bool:
    given = [{key for key in _GIVES if key in profile.values} for profile in found.profiles.values()]
    return len(given) > 1 and bool(set.intersection(*given))


def _old_boto(environ: Mapping[str, str]) -> str:
    """The keys of boto 2, which boto3 still reads. Source: botocore, credentials.BotoProvider."""
    given = environ.get("BOTO_CONFIG")
    places = ["/etc/boto.cfg", os.path.join(paths.home(environ), ".boto")] if given is None else [given]
    for place in places:
        section = ini.parse(files.read(place).text, place).by_header.get("Credentials") if place else None
        if section is not None and "aws_access_key_id" in section.values:
            return f"[Credentials] in {section.at('aws_access_key_id')} has static keys"
    return ""
