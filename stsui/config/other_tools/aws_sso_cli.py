"""aws-sso-cli: Identity Centers and roles of its YAML, and the AWS profiles that it writes."""

import os
import re
import shlex
from collections.abc import Iterator, Mapping

from stsui.config import profiles
from stsui.config.catalog import Catalog
from stsui.config.import_sources import Candidate, Offer
from stsui.config.other_tools.common import Centers, Table, role_of, tables, yaml
from stsui.config.paths import find, home
from stsui.model.arn import ACCOUNT_ID, parse_role_arn
from stsui.model.roles import Center
from stsui.model.text import clean

_PROCESS = re.compile(r"aws-sso(?:\.exe)?$")


def offer(environ: Mapping[str, str], catalog: Catalog, file: str) -> Offer:
    """Its Identity Centers, the roles that its config and the AWS profiles it wrote name, accounts' names.

    Source: aws-sso-cli's documentation, "Configuration".
    """
    path = file or _config_of_aws_sso_cli(environ)
    document = yaml(path)
    known = Centers(catalog)
    by_name: dict[str, Center] = {}
    account_names: dict[str, str] = {}
    roles: list[Candidate] = []
    for name, table in tables(document.get("SSOConfig")):
        start_url, region = (str(table.get(key, "")) for key in ("StartUrl", "SSORegion"))
        if not start_url or not region:
            problem = "it has no StartUrl or no SSORegion"
            roles.append(Candidate("sso", "", clean(name), "Identity Center", problem=problem))
            continue
        by_name[name] = known.of(start_url, region, clean(name).replace(" ", "-"))
        account_names |= _account_names(table)
        default = str(table.get("DefaultRegion") or document.get("DefaultRegion") or "")
        roles += _roles(by_name[name], table, default)
    wrote = list(_profiles_of_aws_sso_cli(environ, by_name, str(document.get("DefaultSSO") or "")))
    return Offer(
        clean(path),
        "import-aws-sso-cli",
        (*known.added.values(), *_joined(roles, wrote)),
        account_names,
        notes=_NOTES,
    )


_NOTES = (
    "Every role that is assigned to you there is found by stsui itself: stsui login NAME.",
    "ProfileFormat is a template of Go; the key name of [sso.NAME] says how found roles are called.",
    "Its secure store is not opened: stsui login signs in once.",
)


def _joined(roles: list[Candidate], wrote: list[Candidate]) -> Iterator[Candidate]:
    """What config and profiles name, each once; chains with the names that the roles below them get."""
    had = {candidate.identity for candidate in roles if candidate.identity}
    profiles_of_it = {candidate.name for candidate in wrote}
    found = [*roles, *(candidate for candidate in wrote if candidate.identity not in had)]
    names = {f"{c.account_id}/{c.detail}": c.name for c in reversed(found) if not c.problem}
    for candidate in found:
        yield _above(names, candidate)._replace(covers=candidate.name in profiles_of_it)


def _account_names(table: Table) -> dict[str, str]:
    accounts = tables(table.get("Accounts"))
    return {_number(key): clean(str(said["Name"])) for key, said in accounts if said.get("Name")}


def _number(account: str) -> str:
    """YAML that a person wrote may have lost the zeros in front."""
    return account.zfill(12) if account.isdigit() else account


def _roles(center: Center, table: Table, region: str) -> Iterator[Candidate]:
    for account, entry in tables(table.get("Accounts")):
        for role, said in tables(entry.get("Roles")):
            default = str(entry.get("DefaultRegion") or region)
            yield _of_aws_sso_cli(center, _number(account), role, said, default)


def _config_of_aws_sso_cli(environ: Mapping[str, str]) -> str:
    if environ.get("AWS_SSO_CONFIG"):
        return environ["AWS_SSO_CONFIG"]
    old = os.path.join(home(environ), ".aws-sso")
    config = environ.get("XDG_CONFIG_HOME") or os.path.join(home(environ), ".config")
    directory = old if os.path.isdir(old) else os.path.join(config, "aws-sso")
    return os.path.join(directory, "config.yaml")


def _of_aws_sso_cli(center: Center, account: str, role: str, said: Table, region: str) -> Candidate:
    name = clean(str(said.get("Profile") or f"{account}/{role}"))
    region = clean(str(said.get("DefaultRegion") or region))
    if not ACCOUNT_ID.fullmatch(account):
        return Candidate("roles", "", name, "sso", problem=f"{clean(account)} is not an account's id")
    via = clean(str(said.get("Via") or ""))
    if not via:
        return role_of(center, account, clean(role), name, region=region)
    arn = f"arn:aws:iam::{account}:role/{clean(role)}"
    entry = {"role_arn": arn, "source_profile": _below(via), "region": region}
    for theirs, ours in (("SourceIdentity", "source_identity"), ("ExternalId", "external_id")):
        entry[ours] = clean(str(said.get(theirs) or ""))
    entry = {key: value for key, value in entry.items() if value}
    return Candidate("roles", _chained(entry), name, "chain", account, clean(role), entry, via=_below(via))


def _above(names: Mapping[str, str], candidate: Candidate) -> Candidate:
    """A chain's role, with the role below it under the name that it gets here."""
    if not candidate.via or candidate.problem:
        return candidate
    below = names.get(candidate.via)
    if below is None:
        problem = f"it is reached via {candidate.via}, which the config does not name"
        return candidate._replace(identity="", problem=problem)
    entry = {**candidate.entry, "source_profile": below}
    return candidate._replace(identity=_chained(entry), entry=entry, via=below)


def _chained(entry: Mapping[str, object]) -> str:
    return f"arn {entry['role_arn']} {entry['source_profile']} {entry.get('external_id', '')}"


def _below(arn: str) -> str:
    """`ACCOUNT/ROLE` of its ARN."""
    try:
        parts = parse_role_arn(arn)
    except ValueError:
        return arn
    return f"{parts.account_id}/{parts.name}"


def _profiles_of_aws_sso_cli(
    environ: Mapping[str, str], by_name: Mapping[str, Center], default: str
) -> Iterator[Candidate]:
    """Profiles whose credential_process is `aws-sso … process --arn ARN`."""
    found = profiles.read(find(environ))
    for name, profile in found.profiles.items():
        try:
            words = shlex.split(profile.values.get("credential_process", ""))
        except ValueError:
            continue
        if not words or not _PROCESS.search(os.path.basename(words[0])) or "process" not in words:
            continue
        arn, said = _behind(words, "--arn", "-a"), _behind(words, "--sso", "-S")
        sso = said or default or ("Default" if len(by_name) > 1 else next(iter(by_name), "Default"))
        center = by_name.get(sso)
        try:
            parts = parse_role_arn(arn)
        except ValueError:
            yield Candidate("roles", "", clean(name), "sso", problem=f"{clean(arn, 80)} is not a role's ARN")
            continue
        if center is None:
            problem = f'aws-sso-cli\'s config has no "{clean(sso)}"'
            yield Candidate("roles", "", clean(name), "sso", parts.account_id, parts.name, problem=problem)
            continue
        region = clean(profile.values.get("region", ""))
        yield role_of(center, parts.account_id, parts.name, clean(name), covers=True, region=region)


def _behind(words: list[str], *flags: str) -> str:
    for place, word in enumerate(words):
        if word in flags and place + 1 < len(words):
            return words[place + 1]
        for flag in flags:
            if word.startswith(f"{flag}="):
                return word.partition("=")[2]
    return ""
