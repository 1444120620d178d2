"""What could be imported: AWS profiles, roles of an Identity Center, entries of a file that a team shares.

Each is an entry of ours and an identity by which it is known again under another name. Nothing is written.
"""

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

from stsui.config import aws_config, files, user_config
from stsui.config.catalog import Catalog
from stsui.config.chain import resolve
from stsui.config.discovered import key_of, name_for
from stsui.config.environment import guessed
from stsui.config.paths import find
from stsui.model.assigned import Discovery
from stsui.model.errors import ConfigError
from stsui.model.roles import Center, Role
from stsui.model.text import clean

Entry = Mapping[str, object]
SECTIONS = ("roles", "accounts", "policies", "sso", "guards")
"""What a shared file can hold; its settings and keys are nobody else's."""


class Candidate(NamedTuple):
    """Something that could become an entry of ours."""

    section: str
    identity: str
    """What it is, whatever it is called; empty where it cannot be imported."""
    name: str
    """What it is called where it comes from."""
    kind: str
    """A word for people: `chain`, `sso`, `keys`, `account` …"""
    account_id: str = ""
    detail: str = ""
    """The role's name at AWS, or what else tells it apart."""
    entry: Entry = {}
    via: str = ""
    """The role or profile below it."""
    problem: str = ""
    """Why it cannot be imported."""
    covers: bool = False
    """It takes the place of the AWS profile of its name."""


class Offer(NamedTuple):
    """What one source has."""

    title: str
    """For the head: `~/.aws/config`, `acme`."""
    file: str
    """The file of conf.d that is kept in step with it."""
    candidates: tuple[Candidate, ...]
    account_names: Mapping[str, str] = {}
    """Names of accounts, as far as the source tells them."""
    incomplete: tuple[str, ...] = ()
    """Accounts whose roles could not be listed: what is missing there has not vanished."""
    notes: tuple[str, ...] = ()
    """What is not taken over, in sentences."""


def from_aws(environ: Mapping[str, str], catalog: Catalog) -> Offer:
    """Every profile of the AWS files, those that cannot be imported too."""
    paths = find(environ)
    found = aws_config.read(paths, environ)
    candidates = [_reached(_profile(role), catalog) for role in found.roles.values()]
    candidates += [
        Candidate(
            "roles",
            "",
            problem.name,
            "profile",
            problem=clean(f"line {problem.origin.line}: {problem.reason}"),
        )
        for problem in found.problems
        if problem.name and problem.name not in found.roles
    ]
    return Offer(paths.aws_config, "import-aws", tuple(candidates))


def from_center(center: Center, discovery: Discovery) -> Offer:
    """Every permission set that was found, with names by the Identity Center's template."""
    candidates = [
        Candidate(
            "roles",
            f"sso {key_of(center)} {account.account_id} {role_name}",
            name_for(center, account, role_name),
            "sso",
            account.account_id,
            role_name,
            {
                "sso_session": center.name,
                "sso_account_id": account.account_id,
                "sso_role_name": role_name,
            },
        )
        for account in discovery.accounts
        for role_name in account.roles
    ]
    names = {account.account_id: account.name for account in discovery.accounts if account.name}
    missed = tuple(account.account_id for account in discovery.missed)
    file = "import-" + "".join(c if c.isalnum() else "-" for c in center.name)[:60].strip("-")
    return Offer(center.name, file, tuple(candidates), names, missed)


def from_file(path: str) -> Offer:
    """Every entry of a shared TOML file.

    Raises:
        ConfigError: It is not there, or not TOML.
    """
    import tomllib

    shown = clean(path)
    text = files.read(path)
    if not text.found or text.problems:
        reason = text.problems[0].reason if text.problems else "There is no such file."
        raise ConfigError(f"{shown}: {reason}")
    try:
        document = tomllib.loads(text.text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{shown} is not TOML: {clean(str(error), 200)}.") from None
    bad = {problem.name or problem.reason: problem for problem in user_config.check(text.text, shown)}
    candidates = []
    for section in SECTIONS:
        table = document.get(section)
        for name, entry in table.items() if isinstance(table, dict) else ():
            reason = next((str(p) for p in bad.values() if _speaks_of(p.reason, p.name, section, name)), "")
            candidates.append(_of_file(section, clean(name), entry, reason))
    stem = os.path.splitext(os.path.basename(path))[0]
    file = "import-" + "".join(c if c.isalnum() else "-" for c in stem)[:60].strip("-")
    return Offer(shown, file, tuple(candidates), _names(document))


def identity_of(role: Role) -> str:
    """What a configured role is, so that it is known again under another name."""
    source = role.source
    if source is not None and source.center is not None:
        return f"sso {key_of(source.center)} {source.account_id} {source.role_name}"
    if role.kind in ("session", "federation"):
        return f"{role.kind} {role.source_profile or role.name}"
    begins = role.source_profile or (source.name if source and source.kind in _BY_WORD else "")
    return f"arn {role.role_arn} {begins} {role.external_id}" if role.role_arn else ""


_BY_WORD = ("environment", "ec2", "container")


def _reached(candidate: Candidate, catalog: Catalog) -> Candidate:
    """With the reason why its chain begins nowhere, where it does."""
    if candidate.problem or candidate.name not in catalog.roles:
        return candidate
    try:
        resolve(catalog, candidate.name)
    except ConfigError as error:
        return candidate._replace(identity="", problem=error.sentence)
    return candidate


def _profile(role: Role) -> Candidate:
    source = role.source
    kind = "sso" if source and source.center else "keys" if role.kind == "session" else "chain"
    shown = Candidate("roles", "", role.name, kind, role.account_id, role.aws_role_name)
    if role.kind == "given" and (source is None or source.center is None):
        what = {"login": "aws login", "process": "a credential_process"}.get(
            source.kind if source else "", "keys"
        )
        return shown._replace(problem=f"{what} can only stand in an AWS profile; it is listed from there")
    return shown._replace(
        identity=identity_of(role), entry=_entry(role), via=role.source_profile if kind == "chain" else ""
    )


def _entry(role: Role) -> dict[str, object]:
    """The keys of an entry that is the profile's role."""
    source, entry = role.source, dict[str, object]()
    if source is not None and source.center is not None:
        entry |= {
            "sso_session": source.center.token_names[0],
            "sso_account_id": source.account_id,
            "sso_role_name": source.role_name,
        }
    elif role.kind == "session":
        entry["session_of"] = role.name
    else:
        entry["role_arn"] = role.role_arn
        if role.kind == "web_identity":
            entry["web_identity_token_file"] = role.web_identity_token_file
        elif source is not None and source.kind in _BY_WORD:
            entry["credential_source"] = source.name
        else:
            entry["source_profile"] = role.source_profile or role.name
    for key in _KEPT:
        if value := getattr(role, key):
            entry[key] = list(value) if isinstance(value, tuple) else value
    if role.tags:
        entry["tags"] = dict(role.tags)
    if role.duration_seconds > 0 and role.kind == "assume_role":
        entry["duration_seconds"] = role.duration_seconds
    return entry


_KEPT = (
    *("mfa_serial", "mfa_process", "external_id", "role_session_name", "source_identity", "transitive_tags"),
    *("region", "endpoint_url", "use_fips_endpoint", "use_dualstack_endpoint", "ca_bundle"),
)


def _of_file(section: str, name: str, entry: object, reason: str) -> Candidate:
    if not isinstance(entry, dict):
        return Candidate(section, "", name, section, problem=reason or f"[{section}.{name}] must be a table.")
    account = str(
        entry.get("sso_account_id") or entry.get("account_id") or _account_in(entry.get("role_arn"))
    )
    kind = {"accounts": "account", "policies": "policy", "sso": "Identity Center", "guards": "guard"}.get(
        section, "sso" if "sso_role_name" in entry else "chain"
    )
    if section == "accounts":
        account = name
    detail = str(entry.get("sso_role_name") or str(entry.get("role_arn", "")).rpartition("/")[2])
    shown = Candidate(section, "", name, kind, clean(account), clean(detail), entry, problem=reason)
    return (
        shown
        if reason
        else shown._replace(
            identity=_file_identity(section, name, entry), via=clean(str(entry.get("source_profile", "")))
        )
    )


def _file_identity(section: str, name: str, entry: Mapping[str, Any]) -> str:
    if section != "roles":
        return f"{section} {name}"
    if "sso_role_name" in entry:
        words = [str(entry.get(key, "")) for key in ("sso_session", "sso_account_id", "sso_role_name")]
        return "file-sso " + " ".join(words)
    if "role_arn" in entry:
        begins = str(entry.get("source_profile") or entry.get("credential_source") or "")
        return f"arn {entry['role_arn']} {begins} {entry.get('external_id', '')}"
    below = entry.get("session_of") or entry.get("federation_of")
    return f"{'session' if 'session_of' in entry else 'federation'} {below}" if below else f"laid over {name}"


def _account_in(arn: object) -> str:
    parts = str(arn or "").split(":")
    return parts[4] if len(parts) > 5 else ""


def _speaks_of(reason: str, role: str, section: str, name: str) -> bool:
    if section == "roles":
        return role == clean(name)
    return f"[{section}.{clean(name)}]" in reason or (section == "accounts" and f'"{clean(name)}"' in reason)


def _names(document: Mapping[str, Any]) -> dict[str, str]:
    accounts = document.get("accounts")
    table = accounts.items() if isinstance(accounts, dict) else ()
    return {
        number: clean(entry["name"])
        for number, entry in table
        if isinstance(entry, dict) and isinstance(entry.get("name"), str)
    }


def guesses(names: Mapping[str, str], catalog: Catalog) -> dict[str, str]:
    """The word that each account's name suggests, where none is configured."""
    return {
        number: word
        for number, name in names.items()
        if (word := guessed(name)) and not getattr(catalog.accounts.get(number), "environment", "")
    }
