"""Every key of our own files, one table per section: what it wants, how it is checked, where it goes.

`config.example.toml` shows each of them; a test compares the two.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from stsui.config import checks
from stsui.model.text import clean

_WORDS = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    list: "a list of texts",
    dict: "a table of texts",
}


class Key(NamedTuple):
    """What a key takes. `check` gives the value as it is kept, or raises ValueError with the reason."""

    types: tuple[type, ...]
    check: Callable[[Any], Any]
    field: str = ""
    """Name of the field in the model, where it is not the key's."""


def take(key: str, definition: Key, value: object) -> Any:
    """`value` as it is kept.

    Raises:
        ValueError: A sentence that begins with the key.
    """
    allowed = definition.types
    if type(value) not in allowed:
        wanted = " or ".join(_WORDS[one] for one in allowed)
        if type(value) is int and str in allowed:
            raise ValueError(f'{key} must be text: put it in quotes, {key} = "{str(value)[:40]}"')
        hint = f", such as [{_quoted(value)}]" if isinstance(value, str) and list in allowed else ""
        raise ValueError(f"{key} must be {wanted}{hint}")
    parts: list[object] = []
    if isinstance(value, list):
        parts = value
    elif isinstance(value, dict):
        parts = list(value.values())
    for part in parts:
        if not isinstance(part, str):
            raise ValueError(f"{key} must be {_WORDS[type(value)]}: put {clean(str(part), 40)} in quotes")
    try:
        return definition.check(value)
    except ValueError as error:
        raise ValueError(clean(f"{key} {error}")) from None


def _quoted(command: str) -> str:
    return ", ".join(f'"{clean(word, 40)}"' for word in command.split()[:4])


def _same(value: Any) -> Any:
    return value


class OneOf:
    """Takes one of some words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def __call__(self, value: str) -> str:
        if value not in self.words:
            raise ValueError(f'is "{clean(value, 40)}"; it can be {", ".join(self.words)}')
        return value


def _name(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return clean(value)


def _cleaned(value: str) -> str:
    return clean(value)


def _optional_region(value: str) -> str:
    return checks.region(value) if value else ""


def _parameters(value: list[str]) -> tuple[str, ...]:
    for name in value:
        if not name.isidentifier():
            raise ValueError(f'has "{clean(name, 40)}"; a parameter is letters, digits and _')
    return tuple(value)


def _reason_in(value: list[str]) -> tuple[str, ...]:
    for word in value:
        if word not in REASON_IN:
            raise ValueError(f'has "{clean(word, 40)}"; it can have {", ".join(REASON_IN)}')
    return tuple(value)


def _no_more_than(value: str | int) -> int:
    """A cap; "max" is none."""
    return max(0, checks.duration(value))


def _binding(value: str | list[str]) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    return tuple(clean(name.strip()) for name in names if name.strip())


def _directory(value: str) -> str:
    return checks.visible(value) if value else ""


def _browser(value: list[str]) -> tuple[str, ...]:
    command = checks.argv(value) if value else ()
    if command and not any(place in word for word in command for place in BROWSER_PLACES):
        raise ValueError(f"has no place for the link: {', '.join(BROWSER_PLACES)}")
    return command


BROWSER_PLACES = ("{url}", "{container}", "{granted}")
"""Where the link goes: as it is, or in the form that an extension of Firefox opens in a container."""
GUARDS = ("none", "again", "confirm", "type")
REASON_IN = ("session-name", "tag", "source-identity")
_TEXT, _BOOL, _LENGTH, _LIST, _TABLE = (str,), (bool,), (str, int), (list,), (dict,)

RULES: Mapping[str, Key] = {
    "guard": Key(_TEXT, OneOf(*GUARDS)),
    "each_time": Key(_BOOL, _same),
    "reason_required": Key(_BOOL, _same),
    "max_duration": Key(_LENGTH, _no_more_than),
    "idle_limit": Key(_LENGTH, checks.any_duration),
    "default_variant": Key(_TEXT, _cleaned),
    "no_clipboard": Key(_BOOL, _same),
    "no_file": Key(_BOOL, _same),
    "no_background_renewal": Key(_BOOL, _same),
    "allow_noninteractive": Key(_BOOL, _same),
}
"""What an account, a pattern of `[guards.*]` or a role may say of how its sessions are used."""
STRICT: Mapping[str, object] = {
    "guard": "confirm",
    "each_time": True,
    "reason_required": True,
    "max_duration": 900,
    "idle_limit": 900,
    "default_variant": "read-only",
    "no_clipboard": True,
    "no_file": True,
    "no_background_renewal": True,
    "allow_noninteractive": False,
}
"""What a rule is that nobody can read: rather too strict than not there."""

SETTINGS: Mapping[str, Key] = {
    "aws_profiles": Key(_BOOL, _same),
    "region": Key(_TEXT, _optional_region),
    "duration": Key(_LENGTH, checks.duration),
    "role_session_name": Key(_TEXT, checks.session_name_template),
    "reason_in": Key(_LIST, _reason_in),
    "auto_refresh": Key(_BOOL, _same),
    "export_format": Key(_TEXT, _name),
    "theme": Key(_TEXT, _name),
    "transparent": Key(_BOOL, _same),
    "ascii": Key(_BOOL, _same),
    "spinner": Key(_BOOL, _same),
    "instant_start": Key(_BOOL, _same),
    "time": Key(_TEXT, OneOf("left", "minutes", "ends")),
    "mouse": Key(_BOOL, _same),
    "bell": Key(_BOOL, _same),
    "desktop_notices": Key(_BOOL, _same),
    "title": Key(_BOOL, _same),
    "clipboard": Key(_BOOL, _same),
    "browser": Key(_LIST, _browser),
    "guess_environment": Key(_BOOL, _same),
    "hide_ids": Key(_BOOL, _same),
    "store_dir": Key(_TEXT, _directory),
    "store": Key(_TEXT, OneOf("disk", "memory")),
}
ACCOUNTS: Mapping[str, Key] = {
    "name": Key(_TEXT, _name),
    "environment": Key(_TEXT, _cleaned),
    "color": Key(_TEXT, _cleaned),
    "browser": Key(_LIST, _browser),
    **RULES,
}
ROLES: Mapping[str, Key] = {
    "role_arn": Key(_TEXT, checks.role_arn),
    "source_profile": Key(_TEXT, _name),
    "credential_source": Key(_TEXT, checks.credential_source),
    "session_of": Key(_TEXT, _name),
    "session_duration": Key(_LENGTH, checks.session_duration),
    "federation_of": Key(_TEXT, _name),
    "sso_session": Key(_TEXT, _name),
    "sso_account_id": Key(_TEXT, checks.account_id),
    "sso_role_name": Key(_TEXT, checks.permission_set),
    "saml_process": Key(_LIST, checks.argv),
    "principal_arn": Key(_TEXT, checks.arn),
    "web_identity_token_file": Key(_TEXT, checks.visible),
    "mfa_serial": Key(_TEXT, checks.mfa_serial),
    "mfa_process": Key(_LIST, checks.argv),
    "external_id": Key(_TEXT, checks.external_id),
    "duration": Key(_LENGTH, checks.duration, "duration_seconds"),
    "duration_seconds": Key((int,), checks.duration),
    "region": Key(_TEXT, checks.region),
    "role_session_name": Key(_TEXT, checks.session_name_template),
    "source_identity": Key(_TEXT, checks.session_name),
    "tags": Key(_TABLE, checks.tags),
    "transitive_tags": Key(_LIST, checks.transitive_tags),
    "policy": Key(_TEXT, checks.finished_policy),
    "policy_arns": Key(_LIST, checks.policy_arns),
    "endpoint_url": Key(_TEXT, checks.url),
    "use_fips_endpoint": Key(_BOOL, _same),
    "use_dualstack_endpoint": Key(_BOOL, _same),
    "ca_bundle": Key(_TEXT, checks.visible),
    "account_id": Key(_TEXT, checks.account_id),
    "group": Key(_TEXT, _cleaned),
    "pin": Key(_BOOL, _same),
    "auto_refresh": Key(_BOOL, _same),
    "hidden": Key(_BOOL, _same),
    **RULES,
}
POLICIES: Mapping[str, Key] = {
    "policy": Key(_TEXT, checks.policy),
    "policy_arns": Key(_LIST, checks.policy_arns),
    "parameters": Key(_LIST, _parameters),
}
SSO: Mapping[str, Key] = {
    "start_url": Key(_TEXT, checks.url),
    "region": Key(_TEXT, checks.region),
    "name": Key(_TEXT, checks.discovered_name),
    "session_duration": Key(_LENGTH, checks.any_duration),
}
SECTIONS: Mapping[str, Mapping[str, Key]] = {
    "settings": SETTINGS,
    "accounts": ACCOUNTS,
    "roles": ROLES,
    "policies": POLICIES,
    "guards": RULES,
    "sso": SSO,
    "keys": {},
}
"""`[keys]` takes any name: which bindings there are is the screen's to say."""
BINDING = Key((str, list), _binding)
SECRET_NAMES = ("aws_secret_access_key", "aws_session_token", "aws_security_token", "aws_access_key_id")
