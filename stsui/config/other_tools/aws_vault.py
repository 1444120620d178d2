"""aws-vault: the AWS files are its own; the keys of the profiles without any lie in its keychain."""

import shlex
from collections.abc import Mapping

from stsui.config.catalog import Catalog
from stsui.config.import_sources import Candidate, Offer, from_aws
from stsui.config.paths import find
from stsui.config.profiles import Profile, Profiles, read
from stsui.model.errors import UsageError
from stsui.model.text import clean


def offer(environ: Mapping[str, str], catalog: Catalog, file: str) -> Offer:
    """The profiles of the AWS files, which are aws-vault's own; whose keys lie in its keychain is said.

    Source: aws-vault's USAGE.md.
    """
    if file:
        raise UsageError("aws-vault has no file but those of AWS; AWS_CONFIG_FILE names another one.")
    shown = from_aws(environ, catalog)
    found = read(find(environ))
    without = {name for name, profile in found.profiles.items() if _has_no_keys(profile)}
    candidates = [
        _in_the_keychain(candidate, found, without) if candidate.problem else candidate
        for candidate in shown.candidates
    ]
    listed = {candidate.name for candidate in candidates}
    below = {value for p in found.profiles.values() if (value := p.values.get("source_profile"))}
    for name in sorted(without - listed):
        if name in below or "mfa_serial" in found.profiles[name].values:
            candidates.append(Candidate("roles", "", clean(name), "keys", problem=_keychain(name)))
    notes = ("include_profile, mfa_process and session_tags are read where they stand; no import is needed.",)
    return shown._replace(file="import-aws-vault", candidates=tuple(candidates), notes=notes)


def _in_the_keychain(candidate: Candidate, found: Profiles, without: set[str]) -> Candidate:
    name, seen = candidate.name, set[str]()
    while name in found.profiles and name not in seen:
        seen.add(name)
        if name in without:
            return candidate._replace(problem=_keychain(name))
        name = found.profiles[name].values.get("source_profile", "")
    return candidate


def _has_no_keys(profile: Profile) -> bool:
    given = ("aws_access_key_id", "credential_process", "sso_account_id", "web_identity_token_file")
    more = ("role_arn", "login_session", "granted_sso_account_id", "credential_source")
    return not any(key in profile.values for key in (*given, *more))


def _keychain(name: str) -> str:
    shown = clean(shlex.quote(name))
    return (
        f"if its keys lie in aws-vault's keychain, say so in [profile {clean(name)}]: "
        f"credential_process = aws-vault export --no-session --format=json {shown}"
    )
