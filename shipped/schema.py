"""The JSON schema of config.toml, for editors: types from config/keys.py, words from config.example.toml."""

from collections.abc import Mapping

from shipped.example import comments
from stsui.config import keys
from stsui.config.checks import CREDENTIAL_SOURCES
from stsui.model.roles import Settings
from stsui.tui.commands import COMMANDS

TYPES: Mapping[type, dict[str, object]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    list: {"type": "array", "items": {"type": "string"}},
    dict: {"type": "object", "additionalProperties": {"type": "string"}},
}
WORDS = {
    "credential_source": list(CREDENTIAL_SOURCES),
    "reason_in": list(keys.REASON_IN),
}
PATTERNS = {"account_id": r"^\d{12}$", "sso_account_id": r"^\d{12}$", "role_arn": "^arn:"}


def document() -> dict[str, object]:
    """The whole schema."""
    said = comments()
    section = {name: _table(table, said.get(name, {})) for name, table in keys.SECTIONS.items()}
    # A role and a pattern may have the rules, which the example explains at an account.
    rules = {key: said["accounts"][key] for key in keys.RULES if key in said["accounts"]}
    section["guards"] = _table(keys.RULES, rules)
    section["roles"] = _table(keys.ROLES, {**rules, **said["roles"]})
    properties: dict[str, object] = {"settings": _with_defaults(section["settings"])}
    for name in ("roles", "policies", "guards", "sso"):
        properties[name] = {"type": "object", "additionalProperties": section[name]}
    properties["accounts"] = {
        "type": "object",
        "patternProperties": {r"^\d{12}$": section["accounts"]},
        "additionalProperties": False,
    }
    properties["keys"] = {
        "type": "object",
        "properties": {command.id: {**_binding(), "description": command.help} for command in COMMANDS},
        "additionalProperties": False,
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "config.toml of stsui",
        "type": "object",
        "properties": {name: properties[name] for name in keys.SECTIONS},
        "additionalProperties": False,
    }


def _table(known: Mapping[str, keys.Key], said: Mapping[str, str]) -> dict[str, object]:
    properties = {}
    for name, key in known.items():
        described = {"description": said[name]} if name in said else {}
        properties[name] = {**_type(name, key), **described}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _type(name: str, key: keys.Key) -> dict[str, object]:
    kinds = [TYPES[one] for one in key.types]
    if len(kinds) > 1:
        return {"type": [kind["type"] for kind in kinds]}
    found = dict(kinds[0])
    words = list(key.check.words) if isinstance(key.check, keys.OneOf) else WORDS.get(name)
    if words and found["type"] == "array":
        found["items"] = {"type": "string", "enum": words}
    elif words:
        found["enum"] = words
    if name in PATTERNS:
        found["pattern"] = PATTERNS[name]
    return found


def _binding() -> dict[str, object]:
    return {"type": ["string", "array"], "items": {"type": "string"}}


def _with_defaults(table: dict[str, object]) -> dict[str, object]:
    properties = table["properties"]
    assert isinstance(properties, dict)
    for name, default in Settings()._asdict().items():
        properties[name]["default"] = list(default) if isinstance(default, tuple) else default
    return table
