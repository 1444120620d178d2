"""Where a profile's own credentials come from: keys, a program, a token file, a sign-in. Nothing is run."""

import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any

from stsui.config import centers, checks
from stsui.config.ini import Section
from stsui.config.profiles import Profile, Profiles
from stsui.model.arn import ACCOUNT_ID
from stsui.model.roles import TEMPORARY, Origin, Source
from stsui.model.text import clean

_KEY_ID = re.compile(r"\w{1,128}", re.ASCII)


class BadProfile(Exception):
    """A profile that cannot be used, and where it says so."""

    def __init__(self, origin: Origin, reason: str) -> None:
        super().__init__(reason)
        self.origin = origin


def source(found: Profiles, profile: Profile, values: Mapping[str, str], notes: list[str]) -> Source | None:
    """The profile's own credentials in botocore's order, those of its role aside.

    Source: botocore, credentials.create_credential_resolver.
    """
    web_identity = values.get("web_identity_token_file")
    in_credentials = static(profile, profile.credentials)
    in_config = None if in_credentials else static(profile, profile.config)
    if web_identity:
        path = checked(profile, "web_identity_token_file", checks.visible, values)
        return Source("web_identity", profile.name, path, path)
    region = clean(values.get("region", ""))
    sso = _sso(found, profile, values)
    if sso:
        note_shadowed(profile, notes, in_credentials or in_config, "sign-in")
        return sso
    if in_credentials:
        for key in ("login_session", "credential_process"):
            if key in values:
                note_shadowed(profile, notes, in_credentials, key)
        return in_credentials._replace(region=region)
    if values.get("login_session"):
        note_shadowed(profile, notes, in_config, "login_session")
        session = clean(values["login_session"])
        parts = session.split(":")
        account = account_or_empty(parts[4] if len(parts) > 5 else "")
        return Source("login", profile.name, session, session, region=region, account_id=account)
    if values.get("credential_process"):
        note_shadowed(profile, notes, in_config, "credential_process")
        return _process(profile, values, region)
    return in_config._replace(region=region) if in_config else None


def _process(profile: Profile, values: Mapping[str, str], region: str) -> Source:
    argv = words(profile, "credential_process", values)
    account = account_or_empty(values.get("aws_account_id") or values.get("granted_sso_account_id", ""))
    what = fingerprint(argv)
    return Source("process", profile.name, what, clean(argv[0]), argv, region=region, account_id=account)


def _sso(found: Profiles, profile: Profile, values: Mapping[str, str]) -> Source | None:
    """An Identity Center's role, in either form. Source: botocore, credentials.SSOProvider."""
    if "sso_account_id" not in values and "sso_role_name" not in values:
        return None
    merged, session = dict(values), values.get("sso_session", "")
    if session:
        section = found.sso_sessions.get(clean(session))
        if section is None or section.error:
            raise BadProfile(
                profile.at("sso_session"),
                f"sso_session = {clean(session)}, and there is no usable [sso-session {clean(session)}].",
            )
        for key in ("sso_start_url", "sso_region"):
            own, shared = values.get(key), section.values.get(key)
            if own is not None and shared is not None and own != shared:
                reason = f"{key} differs from that of [sso-session {clean(session)}]. Remove one of them."
                raise BadProfile(profile.at(key), reason)
            if shared is not None:
                merged[key] = shared
        merged["sso_registration_scopes"] = section.values.get("sso_registration_scopes", "")
    needed = ("sso_account_id", "sso_role_name", "sso_start_url", "sso_region")
    missing = [key for key in needed if not merged.get(key)]
    if missing:
        reason = f"It has no {' and no '.join(missing)}, which an Identity Center profile needs"
        if "include_profile" in values:
            reason += " in itself or its sso_session: AWS's own tools do not know include_profile"
        raise BadProfile(profile.at(), f"{reason}.")
    account = checked(profile, "sso_account_id", checks.account_id, merged)
    for key, check in (("sso_start_url", checks.url), ("sso_region", checks.region)):
        checked(profile, key, check, merged)
    start_url, sso_region = merged["sso_start_url"], merged["sso_region"]
    role_name = clean(merged["sso_role_name"])
    if session:
        center = centers.from_session(session, start_url, sso_region, merged, profile.at("sso_session"))
    else:
        center = centers.from_profile(start_url, sso_region, values, profile.at("sso_start_url"))
        found.legacy_centers.setdefault(center.name, center)
    return Source(
        "sso",
        profile.name,
        f"{centers.plain(start_url)} {account} {role_name}",
        center.name,
        region=clean(values.get("region", "")),
        account_id=account,
        center=center,
        role_name=role_name,
    )


def account_or_empty(text: str) -> str:
    """An account id that is only for show, where it is one."""
    return text if ACCOUNT_ID.fullmatch(text) else ""


def fingerprint(argv: tuple[str, ...]) -> str:
    """A hash that changes with any word of a command."""
    import hashlib

    return hashlib.sha256("\0".join(argv).encode("utf-8", "surrogatepass")).hexdigest()


def static(profile: Profile, section: Section | None) -> Source | None:
    """The static keys of one file's section; botocore never takes halves from two files."""
    if section is None or (
        "aws_access_key_id" not in section.values and "aws_secret_access_key" not in section.values
    ):
        return None
    for key in ("aws_access_key_id", "aws_secret_access_key"):
        if not section.values.get(key):
            raise BadProfile(section.at(), f"{key} is missing or empty beside its other half.")
    if not _KEY_ID.fullmatch(section.values["aws_access_key_id"]):
        raise BadProfile(
            section.at("aws_access_key_id"), "aws_access_key_id is not a key id: letters and digits."
        )
    temporary = section.values.get("aws_security_token") or section.values.get("aws_session_token")
    account = section.values.get("aws_account_id", "")
    return Source(
        "static",
        profile.name,
        clean(section.values["aws_access_key_id"]),
        TEMPORARY if temporary else "",
        account_id=account_or_empty(account),
    )


def note_shadowed(profile: Profile, notes: list[str], keys: Source | None, what: str) -> None:
    """S37: keys that were left behind win silently in some tools."""
    if keys is None:
        return
    in_credentials = profile.credentials is not None and "aws_access_key_id" in profile.credentials.lines
    origin = profile.at("aws_access_key_id")
    win = in_credentials and what in ("login_session", "credential_process")
    verb = "are used before" if win else "shadow"
    notes.append(f"static keys in {origin} {verb} its {what}; remove what is not meant")


def checked(profile: Profile, key: str, check: Callable[[str], Any], values: Mapping[str, str]) -> Any:
    try:
        return check(values[key])
    except ValueError as error:
        raise BadProfile(profile.at(key), clean(f"{key} {error}.")) from None


def words(profile: Profile, key: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """A command line as an argv, by the rules of a POSIX shell, as botocore splits it."""
    try:
        return checks.argv(shlex.split(values[key]))
    except ValueError as error:
        raise BadProfile(profile.at(key), clean(f"{key} cannot be used: {error}.")) from None
