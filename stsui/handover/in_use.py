"""Which credentials and which Region a program would use that is started in some environment, and why.

Nothing is asked and nothing is run: environment and AWS files are read in the order in which SDKs look.
Source: botocore, credentials.create_credential_resolver and configprovider; the AWS SDKs and Tools guide.
"""

import calendar
import shlex
import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stsui.config import profiles, shadow
from stsui.config.paths import Paths
from stsui.config.profiles import Profile, Profiles
from stsui.handover.environ import REGIONS
from stsui.model.durations import ago, countdown
from stsui.model.text import clean, masked_key_id

KEY, TOKEN, ENDS = "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION"
PROFILES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
"""In boto's order; other SDKs read the second alone."""
_SOURCES: Mapping[str, str] = {
    "role_arn": "assumes {}",
    "web_identity_token_file": "uses the identity token {}",
    "sso_session": "signs in by the Identity Center {}",
    "sso_start_url": "signs in by the Identity Center {}",
    "aws_access_key_id": "has static keys",
    "login_session": "uses `aws login`",
    "credential_process": "runs {}",
}
"""What a profile gets its credentials from, in boto's order."""


class InUse(NamedTuple):
    """The answer, in sentences."""

    credentials: tuple[str, ...]
    """What is used first, then what else would matter."""
    region: str
    """The Region and where it comes from."""
    expired: bool = False
    """They are keys of the environment that say so themselves."""
    hint: str = ""
    """What to type then."""


def in_use(environ: Mapping[str, str], paths: Paths, now: float) -> InUse:
    """What a program would use that is started with `environ` at `now`."""
    found = profiles.read(paths)
    profile = _profile(environ, found)
    lines = list(_keys(environ, now) if environ.get(KEY) else _without_keys(environ, paths, found, profile))
    expired = bool(environ.get(KEY)) and _left(environ.get(ENDS, ""), now) <= 0
    role = shlex.quote(clean(environ.get("STSUI_ROLE", "")))
    again = f'eval "$(stsui export {role})"' if expired and environ.get("STSUI_ROLE") else ""
    return InUse(tuple(lines), _region(environ, profile), expired, again)


def _profile(environ: Mapping[str, str], found: Profiles) -> tuple[str, Profile | None, str]:
    """The profile's name, its sections, and the variable that chose it."""
    variable = next((name for name in PROFILES if environ.get(name)), "")
    name = clean(environ[variable]) if variable else "default"
    return name, found.profiles.get(name), variable


def _keys(environ: Mapping[str, str], now: float) -> Iterator[str]:
    """Keys of the environment win over every file."""
    role = environ.get("STSUI_ROLE", "")
    whose = f"which are stsui's of {clean(role)}" if role else "which are not from stsui"
    yield f"The keys of the environment are used ({masked_key_id(clean(environ[KEY]))}), {whose}."
    ends = environ.get(ENDS, "")
    left = _left(ends, now)
    if ends and left > 0:
        yield f"They last another {countdown(left)}."
    elif ends:
        yield f"They expired {ago(-left)}."
    if not environ.get(TOKEN) and environ[KEY].startswith("ASIA"):
        yield f"{TOKEN} is missing, without which AWS does not know temporary keys."
    if environ.get("AWS_SECURITY_TOKEN"):
        yield f"AWS_SECURITY_TOKEN is set too; boto takes it instead of {TOKEN}."
    for name in PROFILES:
        if environ.get(name):
            yield (
                f"{name} names the profile {clean(environ[name])}: most tools take the keys all the same, "
                "the JavaScript SDK takes the profile."
            )


def _without_keys(
    environ: Mapping[str, str], paths: Paths, found: Profiles, chosen: tuple[str, Profile | None, str]
) -> Iterator[str]:
    name, profile, variable = chosen
    why = f"{variable} names it" if variable else "nothing names another one"
    if variable and profile is None:
        yield f"{variable} names the profile {name}, which is in neither AWS file; every tool stops there."
        return
    given = _gives(profile) if profile else ""
    if given:
        yield f"The profile {name} is used ({why}): it {given}."
    slot = environ.get("STSUI_SLOT", "")
    container = environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI") or environ.get(
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    )
    wins = shadow.of(paths, environ) if not variable else None
    if environ.get("AWS_WEB_IDENTITY_TOKEN_FILE") and not given:
        role = clean(environ.get("AWS_ROLE_ARN", "")) or "no role: AWS_ROLE_ARN is missing"
        yield f"The identity token of AWS_WEB_IDENTITY_TOKEN_FILE is used for {role}."
    elif container:
        what = f"the slot {clean(slot)} of stsui" if slot else "AWS_CONTAINER_CREDENTIALS_…_URI"
        if given or wins:
            yield f"{what[0].upper()}{what[1:]} is not asked, because a profile's credentials come before it."
        else:
            yield f"Credentials come from {what}."
    elif not given:
        metadata = environ.get("AWS_EC2_METADATA_DISABLED", "").lower() != "true"
        end = "so only a machine of AWS's could give any" if metadata else "and no machine is asked"
        yield f"There are no keys in the environment and none in the profile {name}, {end}."


def _gives(profile: Profile) -> str:
    """What the profile's credentials come from, with the line; empty where it has none."""
    for key, words in _SOURCES.items():
        if key in profile.values:
            value = clean(profile.values[key], 120)
            return f"{words.format(value)} ({profile.at(key)})"
    return ""


def _region(environ: Mapping[str, str], chosen: tuple[str, Profile | None, str]) -> str:
    """Other SDKs read AWS_REGION, boto AWS_DEFAULT_REGION alone."""
    name, profile, _ = chosen
    ours, boto = (clean(environ.get(variable, "")) for variable in REGIONS)
    if ours and boto and ours != boto:
        return f"{boto} for boto (AWS_DEFAULT_REGION), {ours} for other SDKs (AWS_REGION)"
    if ours and boto:
        return f"{ours} (AWS_REGION and AWS_DEFAULT_REGION)"
    in_file = clean(profile.values.get("region", "")) if profile else ""
    where = f"{in_file} ({profile.at('region')})" if profile and in_file else ""
    if boto:
        return f"{boto} (AWS_DEFAULT_REGION; some SDKs read AWS_REGION alone)"
    if ours:
        return f"{ours} (AWS_REGION), but for boto {where or 'none: it reads AWS_DEFAULT_REGION'}"
    return where or f"none: neither AWS_REGION nor the profile {name} says one"


def _left(ends: str, now: float) -> float:
    """Seconds; 1 where nothing readable is said."""
    try:
        return calendar.timegm(time.strptime(ends, "%Y-%m-%dT%H:%M:%SZ")) - now
    except ValueError:
        return 1
