"""What STS accepts, by its own patterns, so that a bad value is named before any call.

Each function gives the value in the form a `Role` holds it, or raises ValueError with the rest of a sentence
that begins with the key's name.

Source: the parameters of AssumeRole, GetSessionToken, AssumeRoleWithSAML in the STS API reference.
"""

import re
from collections.abc import Mapping, Sequence

from stsui.model.arn import ACCOUNT_ID, RoleArn, parse_role_arn
from stsui.model.durations import parse_duration, short_duration
from stsui.model.text import clean

CREDENTIAL_SOURCES = {"Environment": "environment", "Ec2InstanceMetadata": "ec2", "EcsContainer": "container"}
"""AWS's own words, exact case, and our kind of source."""
CENTER_FIELDS = ("account_name", "account_id", "role_name", "email")
TEMPLATE_FIELDS = ("user", "host", "role", "reason")
_NOT_NAME = re.compile(r"[^\w+=,.@-]", re.ASCII)
_NOT_EXTERNAL_ID = re.compile(r"[^\w+=,.@:/-]", re.ASCII)
_NOT_SERIAL = re.compile(r"[^\w+=/:,.@-]", re.ASCII)
_NOT_POLICY = re.compile(r"[^\t\n\r\x20-\xff]")
_ARN = re.compile(r"arn:aws[a-z-]*:[\w-]*:[\w-]*:(?:\d{12}|aws|):[\x21-\x7e]+", re.ASCII)
_FIELD = re.compile(r"\{([^{}]*)\}")


def of_pattern(value: str, wrong: re.Pattern[str], words: str, least: int, most: int) -> str:
    """`value` if no character is `wrong` and its length is within bounds."""
    found = wrong.search(value)
    if found:
        place = found.start() + 1
        raise ValueError(f'has "{clean(found[0])}" at place {place}; STS allows letters, digits and {words}')
    if not least <= len(value) <= most:
        raise ValueError(f"has {len(value)} characters; STS wants {least} to {most}")
    return value


def role_arn(value: str) -> str:
    """A role's ARN, with or without a path."""
    role_arn_parts(value)
    return value


def role_arn_parts(value: str) -> RoleArn:
    """The same, taken apart."""
    try:
        return parse_role_arn(value)
    except ValueError as error:
        raise ValueError(f'"{clean(value, 120)}" cannot be used: {error}') from None


def arn(value: str) -> str:
    """Any ARN, 20 to 2,048 characters."""
    if not 20 <= len(value) <= 2_048 or not _ARN.fullmatch(value):
        raise ValueError(f'"{clean(value, 120)}" is not an ARN')
    return value


def account_id(value: str) -> str:
    """Twelve digits as text."""
    if not ACCOUNT_ID.fullmatch(value):
        raise ValueError(f'"{clean(value, 40)}" is not twelve digits (a zero in front counts)')
    return value


def session_name(value: str) -> str:
    """A finished RoleSessionName or SourceIdentity."""
    return of_pattern(value, _NOT_NAME, "_+=,.@-", 2, 64)


def session_name_template(value: str) -> str:
    """A session name that may have `{user}` and the like; only one without is checked as STS would."""
    if "{" not in value:
        return session_name(value)
    for field in _FIELD.findall(value):
        if field not in TEMPLATE_FIELDS:
            known = "{user}, {host}, {role} and {reason}"
            raise ValueError(f"has {{{clean(field, 40)}}}; it knows {known}")
    return clean(value)


def discovered_name(value: str) -> str:
    """What an Identity Center's roles are called: a text with {account_name}, {role_name} and the like."""
    for field in _FIELD.findall(value):
        if field not in CENTER_FIELDS:
            known = ", ".join(f"{{{name}}}" for name in CENTER_FIELDS)
            raise ValueError(f"has {{{clean(field, 40)}}}; it knows {known}")
    if "{role_name}" not in value:
        raise ValueError("needs {role_name}, or all roles of an account would have one name")
    return clean(value)


def permission_set(value: str) -> str:
    """The name of an Identity Center's role."""
    return of_pattern(value, _NOT_NAME, "_+=,.@-", 1, 64)


def external_id(value: str) -> str:
    """What the owner of the role asked to be told."""
    return of_pattern(value, _NOT_EXTERNAL_ID, "_+=,.@:/-", 2, 1_224)


def mfa_serial(value: str) -> str:
    """An MFA device's ARN or hardware serial."""
    return of_pattern(value, _NOT_SERIAL, "_+=/:,.@-", 9, 256)


def duration(value: str | int) -> int:
    """Seconds of a role's session, or -1 for "max"."""
    if isinstance(value, str) and value.strip().lower() == "max":
        return -1
    return _seconds(value, 43_200)


def session_duration(value: str | int) -> int:
    """Seconds of a GetSessionToken or GetFederationToken session."""
    return _seconds(value, 129_600)


def any_duration(value: str | int) -> int:
    """Seconds of a limit of ours, such as `idle_limit`."""
    seconds = parse_duration(value) if isinstance(value, str) else value
    if seconds <= 0:
        raise ValueError("must be longer than zero")
    return seconds


def _seconds(value: str | int, most: int) -> int:
    try:
        seconds = parse_duration(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f"cannot be used: {error}") from None
    if not 900 <= seconds <= most:
        raise ValueError(f"is {_length(seconds)}; STS wants 15m to {short_duration(most)}")
    return seconds


def _length(seconds: int) -> str:
    return short_duration(seconds) if 0 < seconds < 10**9 else "too long" if seconds > 0 else "not positive"


def policy(value: str) -> str:
    """An inline session policy, JSON text."""
    if not value.strip():
        raise ValueError("is empty")
    wrong = _NOT_POLICY.search(value)
    if wrong:
        raise ValueError(f'has "{clean(wrong[0])}", which STS does not allow in a policy')
    import json

    try:
        document = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is not JSON: {clean(str(error), 120)}") from None
    if not isinstance(document, dict):
        raise ValueError('is not a policy: it must begin with {"Version": …')
    return value


def finished_policy(value: str) -> str:
    """A policy with nothing left to fill in, 2,048 characters at most."""
    if len(policy(value)) > 2_048:
        raise ValueError(f"has {len(value)} characters; STS takes 2048")
    return value


def policy_arns(value: Sequence[str]) -> tuple[str, ...]:
    """At most ten ARNs of managed policies."""
    if len(value) > 10:
        raise ValueError(f"has {len(value)} ARNs; STS takes 10")
    return tuple(arn(one) for one in value)


def tags(value: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Session tags in the order they were written."""
    if len(value) > 50:
        raise ValueError(f"has {len(value)} tags; STS takes 50")
    seen: dict[str, str] = {}
    for key, text in value.items():
        tag_key(key)
        if len(text) > 256:
            raise ValueError(f'has {len(text)} characters at "{clean(key, 40)}"; STS takes 256')
        _tag_text(text)
        if seen.setdefault(key.casefold(), key) != key:
            raise ValueError(f'has "{clean(key, 40)}" twice; case does not count')
    return tuple(value.items())


def tag_key(key: str) -> str:
    """The name of a session tag."""
    if not 1 <= len(key) <= 128:
        raise ValueError(f"has a key of {len(key)} characters; STS wants 1 to 128")
    return _tag_text(key)


def transitive_tags(value: Sequence[str]) -> tuple[str, ...]:
    """Keys of tags that go with the chain."""
    if len(value) > 50:
        raise ValueError(f"has {len(value)} keys; STS takes 50")
    return tuple(tag_key(key) for key in value)


def _tag_text(text: str) -> str:
    import unicodedata

    for character in text:
        if character not in "_.:/=+-@" and unicodedata.category(character)[0] not in "LZN":
            raise ValueError(f'has "{clean(character)}"; STS allows letters, digits, spaces and _.:/=+-@')
    return text


def argv(value: Sequence[str]) -> tuple[str, ...]:
    """A program and its arguments. What cannot be shown cannot be agreed to, so it is refused."""
    if not value or not value[0].strip():
        raise ValueError("names no program")
    for word in value:
        visible(word)
    return tuple(value)


def visible(value: str) -> str:
    """A text that is used as it stands, such as a path: not empty, and every character can be shown."""
    if not value.strip():
        raise ValueError("is empty")
    for character in value:
        if not character.isprintable():
            raise ValueError(f'has "{clean(character)}", which cannot be shown')
    return value


def url(value: str) -> str:
    """An address of http or https."""
    if not re.match(r"https?://[^/\s]", visible(value)):
        raise ValueError("is not an address that begins with https://")
    return value


def region(value: str) -> str:
    """A Region's name, by its letters only: new Regions must work."""
    if not re.fullmatch(r"[a-z0-9-]{1,64}", value):
        raise ValueError(f'"{clean(value, 40)}" is not the name of a Region')
    return value


def credential_source(value: str) -> str:
    """One of AWS's three words."""
    if value not in CREDENTIAL_SOURCES:
        words = ", ".join(CREDENTIAL_SOURCES)
        raise ValueError(f'"{clean(value, 40)}" is none of {words} (exact case)')
    return value
