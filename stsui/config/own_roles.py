"""An entry of our own files that stands for itself, as a `Role`; which of its keys go together."""

from typing import Any

from stsui.config import checks
from stsui.config.entries import RoleEntry
from stsui.config.profile_sources import fingerprint
from stsui.model.arn import parse_role_arn
from stsui.model.roles import Role, Rules, Source
from stsui.model.text import clean

_BEGINNINGS = ("session_of", "federation_of", "source_profile", "credential_source")


def role(entry: RoleEntry) -> Role:
    """The role of an entry that stands for itself.

    Raises:
        ValueError: Its keys do not go together.
    """
    apart = ("hidden", *_BEGINNINGS, *Rules._fields)
    fields = {key: value for key, value in entry.fields.items() if key not in apart}
    given = {key: entry.fields[key] for key in _BEGINNINGS if key in entry.fields}
    if "session_of" in given or "federation_of" in given:
        return _own_session(entry, fields, given)
    fields.update(_beginning(entry.name, fields, given))
    arn = parse_role_arn(fields["role_arn"])
    if fields.get("account_id", arn.account_id) != arn.account_id:
        raise ValueError("account_id is not the account of role_arn; leave it out")
    fields["account_id"], fields["aws_role_name"] = arn.account_id, arn.name
    return Role(entry.name, fields.pop("kind"), entry.origin, **fields)


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
