"""granted: profiles of the AWS files with keys of its own, whose credentials come from granted itself."""

from collections.abc import Mapping

from stsui.config import profiles
from stsui.config.catalog import Catalog
from stsui.config.import_sources import Candidate, Offer
from stsui.config.other_tools.common import Centers, read, role_of
from stsui.config.paths import find
from stsui.config.profiles import Profile, Profiles
from stsui.model.arn import ACCOUNT_ID
from stsui.model.text import clean


def offer(environ: Mapping[str, str], catalog: Catalog, file: str) -> Offer:
    """Profiles with `granted_sso_…` keys, as roles of an Identity Center that need no granted.

    Raises:
        ConfigError: There is no such file.

    Source: granted's documentation, "Credential process".
    """
    paths = find(environ)
    if file:
        read(file)
        paths = paths._replace(aws_config=file)
    found, known = profiles.read(paths), Centers(catalog)
    roles = [_of_granted(name, found, known) for name, one in found.profiles.items() if _is_granted(one)]
    without = f"No profile of {clean(paths.aws_config)} has granted_sso_account_id."
    notes = (_TOKENS if roles else without, _PLAIN)
    return Offer(paths.aws_config, "import-granted", (*known.added.values(), *roles), notes=notes)


_TOKENS = "Tokens in granted's keyring are not read: stsui login signs in once for all of them."
_PLAIN = "Plain sso_… and role_arn profiles need no import: they are listed as they are."


def _is_granted(profile: Profile) -> bool:
    return "granted_sso_account_id" in profile.values


def _of_granted(name: str, found: Profiles, known: Centers) -> Candidate:
    values = dict(found.profiles[name].values)
    section = found.sso_sessions.get(clean(values.get("sso_session", "")))
    shared = section.values if section and not section.error else {}
    start_url = values.get("granted_sso_start_url") or shared.get("sso_start_url", "")
    region = values.get("granted_sso_region") or shared.get("sso_region", "")
    account, role = values.get("granted_sso_account_id", ""), clean(values.get("granted_sso_role_name", ""))
    wrong = _wrong(start_url, region, account, role)
    if wrong:
        return Candidate("roles", "", clean(name), "sso", problem=wrong)
    center = known.of(start_url, region, clean(values.get("sso_session", "")))
    return role_of(center, account, role, clean(name), covers=True, region=clean(values.get("region", "")))


def _wrong(start_url: str, region: str, account: str, role: str) -> str:
    if not start_url or not region:
        return "it has no granted_sso_start_url or granted_sso_region"
    if not ACCOUNT_ID.fullmatch(account):
        return f"{clean(account, 40)} is not an account's id"
    return "" if role else "it has no granted_sso_role_name"
