"""An entry of our own files that stands for itself, as a `Role`; which of its keys go together."""

from collections.abc import Mapping
from typing import Any

from stsui.config import checks
from stsui.config.centers import named, plain
from stsui.config.entries import RoleEntry
from stsui.config.profile_sources import fingerprint
from stsui.model.arn import parse_role_arn
from stsui.model.roles import Center, Role, Rules, Source
from stsui.model.text import clean, nearest

_BEGINNINGS = ("session_of", "federation_of", "source_profile", "credential_source", "sso_session")
_SSO = ("sso_account_id", "sso_role_name")


def role(entry: RoleEntry, centers: Mapping[str, Center]) -> Role:
    """The role of an entry that stands for itself.

    Args:
        centers: Identity Centers by name, which an entry may point to.

    Raises:
        ValueError: Its keys do not go together.
    """
    apart = ("hidden", *_BEGINNINGS, *Rules._fields)
    fields = {key: value for key, value in entry.fields.items() if key not in apart}
    given = {key: entry.fields[key] for key in _BEGINNINGS if key in entry.fields}
    if "sso_session" in given or any(key in fields for key in _SSO):
        return _of_center(entry, fields, given, centers)
    if "session_of" in given or "federation_of" in given:
        return _own_session(entry, fields, given)
    fields.update(_beginning(entry.name, fields, given))
    arn = parse_role_arn(fields["role_arn"])
    if fields.get("account_id", arn.account_id) != arn.account_id:
        raise ValueError("account_id is not the account of role_arn; leave it out")
    fields["account_id"], fields["aws_role_name"] = arn.account_id, arn.name
    return Role(entry.name, fields.pop("kind"), entry.origin, **fields)


def of_center(center: Center, account_id: str, role_name: str, name: str) -> Source:
    """What a permission set of an Identity Center gives."""
    what = f"{plain(center.start_url)} {account_id} {role_name}"
    return Source("sso", name, what, center.name, account_id=account_id, center=center, role_name=role_name)


def _of_center(
    entry: RoleEntry, fields: dict[str, Any], given: dict[str, str], centers: Mapping[str, Center]
) -> Role:
    missing = [key for key in ("sso_session", *_SSO) if key not in entry.fields]
    if missing:
        raise ValueError(f"a role of an Identity Center needs {' and '.join(missing)} too")
    fits = {"sso_account_id", "sso_role_name", "region", "group", "pin", "auto_refresh", "account_id"}
    others = [*(key for key in given if key != "sso_session"), *(key for key in fields if key not in fits)]
    if others:
        raise ValueError(f"{others[0]} does not go with sso_role_name: GetRoleCredentials takes nothing else")
    center = named(centers, given["sso_session"])
    if center is None:
        near = nearest(given["sso_session"], centers, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"sso_session = {given['sso_session']}: no Identity Center has that name{hint}")
    account_id, role_name = fields.pop("sso_account_id"), fields.pop("sso_role_name")
    fields["account_id"] = account_id
    source = of_center(center, account_id, role_name, entry.name)
    return Role(entry.name, "given", entry.origin, source=source, aws_role_name=role_name, **fields)


def _own_session(entry: RoleEntry, fields: dict[str, Any], given: dict[str, str]) -> Role:
    if len(given) > 1 or "role_arn" in fields:
        every = [*given, *(["role_arn"] if "role_arn" in fields else [])]
        raise ValueError(f"{' and '.join(every)} do not go together; keep one of them")
    key, below = next(iter(given.items()))
    if key == "session_of":
        for refused in ("policy", "policy_arns", "tags", "transitive_tags", "external_id", "source_identity"):
            if refused in fields:
                raise ValueError(f"{refused} cannot be sent with GetSessionToken (session_of); remove it")
        seconds = fields.pop("duration_seconds", 0)
        if seconds > 0:
            fields.setdefault("session_duration", seconds)
        return Role(entry.name, "session", entry.origin, source_profile=below, **fields)
    if "policy" not in fields and "policy_arns" not in fields:
        raise ValueError("federation_of needs policy or policy_arns: without one nothing would be allowed")
    return Role(entry.name, "federation", entry.origin, source_profile=below, **fields)


def _beginning(name: str, fields: dict[str, Any], given: dict[str, str]) -> dict[str, Any]:
    """Kind and source of a role with role_arn, of which exactly one beginning must be named."""
    words = [*given, *(key for key in ("saml_process", "web_identity_token_file") if key in fields)]
    if len(words) != 1:
        reason = f"{' and '.join(words)} do not go together" if words else "role_arn alone does not say whose"
        raise ValueError(
            f"{reason} credentials assume it: give one of source_profile, credential_source, "
            "saml_process and web_identity_token_file"
            if not words
            else f"{reason}; keep one of them"
        )
    word = words[0]
    if word == "source_profile":
        return {"kind": "assume_role", "source_profile": given[word]}
    if word == "credential_source":
        aws_word = given[word]
        kind = checks.CREDENTIAL_SOURCES[aws_word]
        return {"kind": "assume_role", "source": Source(kind, aws_word)}  # type: ignore[arg-type]
    if word == "saml_process":
        if "principal_arn" not in fields:
            raise ValueError("saml_process needs principal_arn, the ARN of the SAML provider")
        argv = fields[word]
        source = Source("process", name, fingerprint(argv), clean(argv[0]), argv)
        return {"kind": "saml", "source": source}
    path = fields[word]
    return {"kind": "web_identity", "source": Source("web_identity", name, path, path)}
