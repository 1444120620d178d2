"""What the AWS profiles mean: profile to `Role`, by botocore's rules. Nothing is run, no secret is kept."""

import hashlib
import shlex
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from stsui.config import checks, profiles
from stsui.config.ini import Section
from stsui.config.paths import Paths
from stsui.config.profiles import Profile, Profiles
from stsui.model.arn import parse_role_arn
from stsui.model.roles import Origin, Problem, Role, RoleKind, Source
from stsui.model.text import clean

INCLUDED = frozenset(
    {
        *("role_arn", "source_profile", "credential_source", "mfa_serial", "mfa_process", "external_id"),
        *("role_session_name", "duration_seconds", "source_identity", "session_tags"),
        *("transitive_session_tags", "region", "endpoint_url"),
    }
)
"""Keys that `include_profile` brings along. Credentials are not among them: botocore gets those by the
profile's name, and does not know `include_profile`."""


class AwsProfiles(NamedTuple):
    """Everything of the AWS files, by name."""

    roles: dict[str, Role]
    """Profiles that can be had."""
    others: dict[str, Role]
    """Profiles without credentials: a Region, a start URL. Their source is `missing`."""
    sso_sessions: dict[str, Section]
    colors: dict[str, str]
    """Account id to the colour that another tool's key gives it."""
    problems: tuple[Problem, ...]


class _Bad(Exception):
    """A profile that cannot be used, and where it says so."""

    def __init__(self, origin: Origin, reason: str) -> None:
        super().__init__(reason)
        self.origin = origin


def read(paths: Paths, environ: Mapping[str, str]) -> AwsProfiles:
    """Every profile of both files; a broken one is a problem that bears its name."""
    found = profiles.read(paths)
    reader = _Reader(found, environ)
    for profile in found.profiles.values():
        try:
            role = reader.role(profile)
        except _Bad as bad:
            found.problems.append(Problem(bad.origin, str(bad), profile.name))
        else:
            usable = role.source is None or role.source.kind != "missing"
            (reader.roles if usable else reader.others)[profile.name] = role
    return AwsProfiles(reader.roles, reader.others, found.sso_sessions, reader.colors, tuple(found.problems))


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
            raise _Bad(profile.error.origin, profile.error.reason)
        values = profile.values
        notes = profile.notes
        if "include_profile" in values:
            values = self._included(profile, notes)
        fields: dict[str, Any] = {}
        kind: RoleKind
        source = self._source(profile, values, notes)
        if "role_arn" in values:
            kind = self._assumed(profile, values, source, fields, notes)
        elif source is None:
            kind, fields["source"] = "given", Source("missing", profile.name)
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
                raise _Bad(profile.at("include_profile"), f"include_profile = {clean(name)} {reason}.")
            seen.add(other.name)
            for key, value in other.values.items():
                if key in INCLUDED:
                    values.setdefault(key, value)
            name = other.values.get("include_profile", "")
        notes.append("include_profile is not known to AWS's own tools")
        return values

    def _source(self, profile: Profile, values: Mapping[str, str], notes: list[str]) -> Source | None:
        """The profile's own credentials in botocore's order, those of its role aside.

        Source: botocore, credentials.create_credential_resolver.
        """
        web_identity = values.get("web_identity_token_file")
        in_credentials = _static(profile, profile.credentials)
        in_config = None if in_credentials else _static(profile, profile.config)
        if web_identity:
            path = _checked(profile, "web_identity_token_file", checks.visible, values)
            return Source("web_identity", profile.name, path, path)
        region = clean(values.get("region", ""))
        sso = self._sso(profile, values)
        if sso:
            _shadowed(profile, notes, in_credentials or in_config, "sign-in")
            return sso
        if in_credentials:
            for key in ("login_session", "credential_process"):
                if key in values:
                    _shadowed(profile, notes, in_credentials, key)
            return in_credentials._replace(region=region)
        if values.get("login_session"):
            _shadowed(profile, notes, in_config, "login_session")
            session = clean(values["login_session"])
            parts = session.split(":")
            account = parts[4] if len(parts) > 5 else ""
            return Source("login", profile.name, session, session, region=region, account_id=account)
        if values.get("credential_process"):
            _shadowed(profile, notes, in_config, "credential_process")
            return self._process(profile, values, region)
        return in_config._replace(region=region) if in_config else None

    def _process(self, profile: Profile, values: Mapping[str, str], region: str) -> Source:
        argv = _words(profile, "credential_process", values)
        account = clean(values.get("aws_account_id") or values.get("granted_sso_account_id", ""))
        what = fingerprint(argv)
        return Source("process", profile.name, what, clean(argv[0]), argv, region=region, account_id=account)

    def _sso(self, profile: Profile, values: Mapping[str, str]) -> Source | None:
        """An Identity Center's role, in either form. Source: botocore, credentials.SSOProvider."""
        if "sso_account_id" not in values and "sso_role_name" not in values:
            return None
        merged, session = dict(values), values.get("sso_session", "")
        if session:
            section = self.found.sso_sessions.get(clean(session))
            if section is None or section.error:
                raise _Bad(
                    profile.at("sso_session"),
                    f"sso_session = {clean(session)}, and there is no usable [sso-session {clean(session)}].",
                )
            for key in ("sso_start_url", "sso_region"):
                own, shared = values.get(key), section.values.get(key)
                if own is not None and shared is not None and own != shared:
                    reason = f"{key} differs from that of [sso-session {clean(session)}]. Remove one of them."
                    raise _Bad(profile.at(key), reason)
                if shared is not None:
                    merged[key] = shared
        needed = ("sso_account_id", "sso_role_name", "sso_start_url", "sso_region")
        missing = [key for key in needed if not merged.get(key)]
        if missing:
            reason = f"It has no {' and no '.join(missing)}, which an Identity Center profile needs"
            if "include_profile" in values:
                reason += " in itself or its sso_session: AWS's own tools do not know include_profile"
            raise _Bad(profile.at(), f"{reason}.")
        account = _checked(profile, "sso_account_id", checks.account_id, merged)
        start_url = clean(merged["sso_start_url"])
        what = f"{start_url} {account} {clean(merged['sso_role_name'])}"
        detail = clean(session) or start_url
        region = clean(merged["sso_region"])
        return Source("sso", profile.name, what, detail, region=region, account_id=account)

    def _assumed(
        self,
        profile: Profile,
        values: Mapping[str, str],
        source: Source | None,
        fields: dict[str, Any],
        notes: list[str],
    ) -> RoleKind:
        """Fields of a profile with role_arn; gives its kind."""
        arn = fields["role_arn"] = _checked(profile, "role_arn", checks.role_arn, values)
        parts = parse_role_arn(arn)
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
            raise _Bad(profile.at("credential_source"), reason)
        if word is not None:
            word = _checked(profile, "credential_source", checks.credential_source, values)
            fields["source"] = Source(checks.CREDENTIAL_SOURCES[word], word)  # type: ignore[arg-type]
        elif below:
            fields["source_profile"] = below
            own_keys = source is not None and source.kind == "static"
            if own_keys and below != profile.name:
                keys = _static(profile, profile.credentials) or _static(profile, profile.config)
                _shadowed(profile, notes, keys, "role")
            elif not own_keys:
                fields["source"] = None
        elif source is None:
            reason = "role_arn needs source_profile or credential_source: whose credentials assume it?"
            raise _Bad(profile.at("role_arn"), reason)
        else:
            notes.append(f"AWS's own tools also want source_profile = {profile.name} here")
        return "assume_role"

    def _common(
        self, profile: Profile, values: Mapping[str, str], fields: dict[str, Any], notes: list[str]
    ) -> None:
        for key, check in _CHECKED:
            if values.get(key):
                fields[key] = _checked(profile, key, check, values)
        fields["region"] = clean(values.get("region", ""))
        if "duration_seconds" in values and fields.get("web_identity_token_file") is None:
            self._duration(profile, values, fields, notes)
        if values.get("mfa_process"):
            fields["mfa_process"] = _words(profile, "mfa_process", values)
        if values.get("session_tags"):
            fields["tags"] = _checked(profile, "session_tags", _tags, values)
        if values.get("transitive_session_tags"):
            fields["transitive_tags"] = _checked(profile, "transitive_session_tags", _tag_keys, values)
        if self.endpoints:
            endpoint = self._endpoint(values)
            if endpoint:
                fields["endpoint_url"] = endpoint
        if not fields.get("account_id"):
            account = values.get("aws_account_id") or values.get("granted_sso_account_id") or ""
            fields["account_id"] = account if account.isdigit() and len(account) == 12 else ""
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
            raise _Bad(profile.at("duration_seconds"), f"duration_seconds {error}.") from None

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


TEMPORARY = "temporary keys"
"""Detail of a static source whose keys came from STS and end without saying when."""

_CHECKED: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("mfa_serial", checks.mfa_serial),
    ("external_id", checks.external_id),
    ("role_session_name", checks.session_name),
    ("source_identity", checks.session_name),
)


def fingerprint(argv: tuple[str, ...]) -> str:
    """A hash that changes with any word of a command."""
    return hashlib.sha256("\0".join(argv).encode("utf-8", "surrogatepass")).hexdigest()


def _static(profile: Profile, section: Section | None) -> Source | None:
    """The static keys of one file's section; botocore never takes halves from two files."""
    if section is None or (
        "aws_access_key_id" not in section.values and "aws_secret_access_key" not in section.values
    ):
        return None
    for key in ("aws_access_key_id", "aws_secret_access_key"):
        if not section.values.get(key):
            raise _Bad(section.at(), f"{key} is missing or empty beside its other half.")
    temporary = section.values.get("aws_security_token") or section.values.get("aws_session_token")
    account = section.values.get("aws_account_id", "")
    return Source(
        "static",
        profile.name,
        clean(section.values["aws_access_key_id"]),
        TEMPORARY if temporary else "",
        account_id=account if account.isdigit() and len(account) == 12 else "",
    )


def _shadowed(profile: Profile, notes: list[str], keys: Source | None, what: str) -> None:
    """S37: keys that were left behind win silently in some tools."""
    if keys is None:
        return
    in_credentials = profile.credentials is not None and "aws_access_key_id" in profile.credentials.lines
    origin = profile.at("aws_access_key_id")
    win = in_credentials and what in ("login_session", "credential_process")
    verb = "are used before" if win else "shadow"
    notes.append(f"static keys in {origin} {verb} its {what}; remove what is not meant")


def _checked(profile: Profile, key: str, check: Callable[[str], Any], values: Mapping[str, str]) -> Any:
    try:
        return check(values[key])
    except ValueError as error:
        raise _Bad(profile.at(key), f"{key} {error}.") from None


def _words(profile: Profile, key: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """A command line as an argv, by the rules of a POSIX shell, as botocore splits it."""
    try:
        return checks.argv(shlex.split(values[key]))
    except ValueError as error:
        raise _Bad(profile.at(key), f"{key} cannot be used: {error}.") from None


def _tags(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair.partition("=") for pair in text.split(",") if pair.strip())
    return checks.tags({key.strip(): value.strip() for key, _, value in pairs})


def _tag_keys(text: str) -> tuple[str, ...]:
    return checks.transitive_tags([key.strip() for key in text.split(",") if key.strip()])
