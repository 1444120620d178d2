"""What the AWS profiles mean: profile to `Role`, by botocore's rules. Nothing is run, no secret is kept."""

import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from stsui.config import centers, checks, profile_sources, profiles
from stsui.config.paths import Paths
from stsui.config.profile_sources import (
    BadProfile,
    account_or_empty,
    checked,
    note_shadowed,
    static,
    words,
)
from stsui.config.profiles import Profile, Profiles
from stsui.model.roles import TEMPORARY, Center, Problem, Role, RoleKind, Source
from stsui.model.text import clean

INCLUDED = frozenset(
    {
        *("role_arn", "source_profile", "credential_source", "mfa_serial", "mfa_process", "external_id"),
        *("role_session_name", "duration_seconds", "source_identity", "session_tags"),
        *("transitive_session_tags", "region", "endpoint_url", "ca_bundle"),
        *("use_fips_endpoint", "use_dualstack_endpoint"),
    }
)
"""Keys that `include_profile` brings along. Credentials are not among them: botocore gets those by the
profile's name, and does not know `include_profile`."""


class AwsProfiles(NamedTuple):
    """Everything of the AWS files, by name."""

    roles: dict[str, Role]
    """Profiles that can be had."""
    others: dict[str, Role]
    """What is not for a list: profiles without credentials, whose source is `missing`, and those that ask
    stsui itself for them."""
    sso: dict[str, Center]
    """Identity Centers: by the name of their sso-session, else by start URL."""
    colors: dict[str, str]
    """Account id to the colour that another tool's key gives it."""
    problems: tuple[Problem, ...]


def read(paths: Paths, environ: Mapping[str, str]) -> AwsProfiles:
    """Every profile of both files; a broken one is a problem that bears its name."""
    found = profiles.read(paths)
    reader = _Reader(found, environ)
    for profile in found.profiles.values():
        try:
            role = reader.role(profile)
        except BadProfile as bad:
            found.problems.append(Problem(bad.origin, str(bad), profile.name))
        else:
            (reader.roles if _is_row(role) else reader.others)[profile.name] = role
    named = {name: centers.of_session(name, section) for name, section in found.sso_sessions.items()}
    sso = {name: center for name, center in named.items() if center} | found.legacy_centers
    used = [role.source.center for role in reader.roles.values() if role.source and role.source.center]
    sso = {name: centers.with_bundle(center, used) for name, center in sso.items()}
    return AwsProfiles(reader.roles, reader.others, sso, reader.colors, tuple(found.problems))


def _is_row(role: Role) -> bool:
    if role.source is None:
        return True
    program = os.path.basename(role.source.argv[0]).removesuffix(".exe") if role.source.argv else ""
    asks_us = program == "stsui" and role.source.argv[1:2] == ("credential-process",)
    return role.source.kind != "missing" and not asks_us


class _Reader:
    """Makes roles of profiles; knows the other sections that a profile may point to."""

    def __init__(self, found: Profiles, environ: Mapping[str, str]) -> None:
        self.found = found
        self.roles: dict[str, Role] = {}
        self.others: dict[str, Role] = {}
        self.colors: dict[str, str] = {}
        self.endpoints = not (
            environ.get("AWS_ENDPOINT_URL_STS")
            or environ.get("AWS_ENDPOINT_URL")
            or environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true"
        )
        """The environment's endpoint wins over the files, as in botocore."""

    def role(self, profile: Profile) -> Role:
        """The row of a profile."""
        if profile.error:
            raise BadProfile(profile.error.origin, profile.error.reason)
        values = profile.values
        notes = profile.notes
        if "include_profile" in values:
            values = self._included(profile, notes)
        fields: dict[str, Any] = {}
        kind: RoleKind
        source = profile_sources.source(self.found, profile, values, notes)
        if "role_arn" in values:
            kind = self._assumed(profile, values, source, fields, notes)
        elif source is None:
            kind, fields["source"] = "given", Source("missing", profile.name)
        elif source.kind == "web_identity":
            reason = "web_identity_token_file needs role_arn: which role is it for?"
            raise BadProfile(profile.at("web_identity_token_file"), reason)
        else:
            temporary = source.kind != "static" or source.detail == TEMPORARY
            kind, fields["source"] = "given" if temporary else "session", source
            fields["account_id"] = source.account_id
            fields["aws_role_name"] = clean(
                values.get("sso_role_name") or values.get("granted_sso_role_name", "")
            )
        self._common(profile, values, fields, notes)
        return Role(profile.name, kind, profile.at(), from_aws_files=True, notes=tuple(notes), **fields)

    def _included(self, profile: Profile, notes: list[str]) -> dict[str, str]:
        """The values with those of `include_profile` below them, and of its own, and so on."""
        values, seen, name = dict(profile.values), {profile.name}, profile.values["include_profile"]
        while name:
            other = self.found.profiles.get(clean(name))
            if other is None or other.name in seen or other.error:
                reason = "goes round in a circle" if other and other.name in seen else "cannot be read"
                raise BadProfile(profile.at("include_profile"), f"include_profile = {clean(name)} {reason}.")
            seen.add(other.name)
            for key, value in other.values.items():
                if key in INCLUDED:
                    values.setdefault(key, value)
            name = other.values.get("include_profile", "")
        notes.append("include_profile is not known to AWS's own tools")
        return values

    def _assumed(
        self,
        profile: Profile,
        values: Mapping[str, str],
        source: Source | None,
        fields: dict[str, Any],
        notes: list[str],
    ) -> RoleKind:
        """Fields of a profile with role_arn; gives its kind."""
        parts = checked(profile, "role_arn", checks.role_arn_parts, values)
        fields["role_arn"] = values["role_arn"]
        fields["account_id"], fields["aws_role_name"] = parts.account_id, parts.name
        fields["source"] = source
        if source and source.kind == "web_identity":
            fields["web_identity_token_file"] = source.detail
            if "duration_seconds" in values:
                notes.append("duration_seconds is not used with a web identity, as in AWS's own tools")
            return "web_identity"
        below, word = clean(values.get("source_profile", "")), values.get("credential_source")
        if below and word:
            reason = "It has both source_profile and credential_source; AWS's tools want one of them."
            raise BadProfile(profile.at("credential_source"), reason)
        if word is not None:
            word = checked(profile, "credential_source", checks.credential_source, values)
            fields["source"] = Source(checks.CREDENTIAL_SOURCES[word], word)  # type: ignore[arg-type]
        elif below:
            fields["source_profile"] = below
            own_keys = source is not None and source.kind == "static"
            if own_keys and below != profile.name:
                keys = static(profile, profile.credentials) or static(profile, profile.config)
                note_shadowed(profile, notes, keys, "role")
            elif not own_keys:
                fields["source"] = None
        elif source is None or source.kind != "static":
            reason = "role_arn needs source_profile or credential_source: whose credentials assume it?"
            raise BadProfile(profile.at("role_arn"), reason)
        else:
            notes.append(f"AWS's own tools also want source_profile = {profile.name} here")
        return "assume_role"

    def _common(
        self, profile: Profile, values: Mapping[str, str], fields: dict[str, Any], notes: list[str]
    ) -> None:
        fields["region"] = clean(values.get("region", ""))
        if not fields.get("account_id"):
            account = values.get("aws_account_id") or values.get("granted_sso_account_id") or ""
            fields["account_id"] = account_or_empty(account)
        if not _FURTHER.isdisjoint(values):  # most profiles of thousands have none of them
            self._further(profile, values, fields, notes)

    def _further(
        self, profile: Profile, values: Mapping[str, str], fields: dict[str, Any], notes: list[str]
    ) -> None:
        """The keys of `_FURTHER`."""
        for key, check in _CHECKED.items():
            if values.get(key):
                fields[key] = checked(profile, key, check, values)
        if "duration_seconds" in values and fields.get("web_identity_token_file") is None:
            self._duration(profile, values, fields, notes)
        for key in _SWITCHES:
            if values.get(key, "").lower() == "true":
                fields[key] = True
        if values.get("ca_bundle"):
            fields["ca_bundle"] = clean(values["ca_bundle"])
        if values.get("mfa_process"):
            fields["mfa_process"] = words(profile, "mfa_process", values)
        if values.get("session_tags"):
            fields["tags"] = checked(profile, "session_tags", _tags, values)
        if values.get("transitive_session_tags"):
            fields["transitive_tags"] = checked(profile, "transitive_session_tags", _tag_keys, values)
        if self.endpoints:
            endpoint = self._endpoint(values)
            if endpoint:
                fields["endpoint_url"] = endpoint
        if values.get("granted_color") and fields["account_id"]:
            self.colors.setdefault(fields["account_id"], clean(values["granted_color"], 40))

    def _duration(
        self, profile: Profile, values: Mapping[str, str], fields: dict[str, Any], notes: list[str]
    ) -> None:
        text = values["duration_seconds"]
        try:
            seconds = int(text)
        except ValueError:
            notes.append(f'duration_seconds = "{clean(text, 40)}" is not a number and is not used')
            return
        try:
            fields["duration_seconds"] = checks.duration(seconds)
        except ValueError as error:
            raise BadProfile(profile.at("duration_seconds"), f"duration_seconds {error}.") from None

    def _endpoint(self, values: Mapping[str, str]) -> str:
        """Source: botocore, configprovider.ConfiguredEndpointProvider."""
        if values.get("ignore_configured_endpoint_urls", "").lower() == "true":
            return ""
        section = self.found.services.get(clean(values["services"])) if values.get("services") else None
        for line in (section.values.get("sts", "") if section else "").splitlines():
            key, _, value = line.partition("=")
            if key.strip() == "endpoint_url" and value.strip():
                return clean(value.strip())
        return clean(values.get("endpoint_url", ""))


_CHECKED: Mapping[str, Callable[[str], str]] = {
    "mfa_serial": checks.mfa_serial,
    "external_id": checks.external_id,
    "role_session_name": checks.session_name,
    "source_identity": checks.session_name,
}
_SWITCHES = ("use_fips_endpoint", "use_dualstack_endpoint")
_FURTHER = frozenset(
    {
        *_CHECKED,
        *_SWITCHES,
        *("duration_seconds", "ca_bundle", "mfa_process", "session_tags", "transitive_session_tags"),
        *("endpoint_url", "services", "granted_color"),
    }
)


def _tags(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair.partition("=") for pair in text.split(",") if pair.strip())
    return checks.tags({key.strip(): value.strip() for key, _, value in pairs})


def _tag_keys(text: str) -> tuple[str, ...]:
    return checks.transitive_tags([key.strip() for key in text.split(",") if key.strip()])
