"""What stands behind the @ of `ROLE@VARIANT`: a policy of the config with its parameters, as one text.

`one-bucket:bucket=reports` names `[policies.one-bucket]` and what its `{bucket}` is. A value is put into the
parsed policy, never into its text, and may be no pattern: it can name another thing, not more of them.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from stsui.model.arn import parse_role_arn
from stsui.model.errors import ConfigError, InvalidParameter
from stsui.model.roles import Policy, Role
from stsui.model.text import clean, nearest

FULL = "full"
"""Behind an @: all that the role allows, where a bare name would give less."""
READ_ONLY = "read-only"
BUILT_IN: Mapping[str, Policy] = {
    READ_ONLY: Policy(READ_ONLY, policy_arns=("arn:aws:iam::aws:policy/ReadOnlyAccess",))
}
"""There without being configured; an entry of that name replaces it."""
NOT_IN_A_NAME = frozenset("@:,%= ")
"""A policy whose name has one of these could not be typed behind an @."""
LARGEST = 2_048
"""Characters of session policy and ARNs together. Source: STS AssumeRole, Policy."""
_PATTERN_SIGNS = frozenset("*?$")
_VALUE_LIMIT = 256


class Limit(NamedTuple):
    """A session policy as STS takes it."""

    policy: str = ""
    """JSON without spaces, or empty."""
    policy_arns: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Characters that count towards `LARGEST`."""
        return len(self.policy) + sum(map(len, self.policy_arns))


class Variant(NamedTuple):
    """A variant's text, read."""

    policy: str
    """Its name in the config."""
    values: Mapping[str, str] = {}
    """Of its parameters."""

    @property
    def text(self) -> str:
        """The one way to write it, with which sessions are named."""
        given = ",".join(f"{name}={_escaped(value)}" for name, value in self.values.items())
        return f"{self.policy}:{given}" if given else self.policy


def read(policies: Mapping[str, Policy], text: str) -> Variant:
    """The variant that `text` means; a lone value is that of the only parameter.

    Raises:
        ConfigError: There is no such policy, or its parameters are others.
    """
    name, _, given = text.partition(":")
    policy = policies.get(name)
    if policy is None:
        near = nearest(name[:100], [*policies, FULL])
        known = f"Did you mean {' or '.join(near)}?" if near else f"There are {', '.join([*policies, FULL])}."
        raise ConfigError(f"There is no [policies.{clean(name, 60)}] to limit a session by. {known}")
    values: dict[str, str] = {}
    for part in given.split(",") if given else ():
        parameter, equals, value = part.partition("=")
        if not equals and len(policy.parameters) == 1:
            parameter, value = policy.parameters[0], part
        if parameter not in policy.parameters:
            takes = ", ".join(policy.parameters) or "no parameter"
            raise ConfigError(f'{name} has no parameter "{clean(parameter, 40)}"; it takes {takes}.')
        values[parameter] = _value(name, parameter, _unescaped(value))
    return Variant(
        name, {parameter: values[parameter] for parameter in policy.parameters if parameter in values}
    )


def limit(policies: Mapping[str, Policy], variant: Variant, role: Role) -> Limit:
    """The session policy of a variant, for that role.

    Raises:
        ConfigError: A parameter is missing, or STS would refuse it.
    """
    policy = policies[variant.policy]
    missing = [name for name in policy.parameters if name not in variant.values]
    if missing:
        written = ",".join(f"{name}=…" for name in policy.parameters)
        raise ConfigError(
            f"{variant.policy} needs {' and '.join(missing)}: {role.name}@{variant.policy}:{written}",
            role=role.name,
        )
    return checked(
        role,
        Limit(
            _filled(policy.policy, variant.values) if policy.policy else "",
            tuple(_in_partition(arn, role) for arn in policy.policy_arns),
        ),
    )


def checked(role: Role, made: Limit) -> Limit:
    """The limit, if STS would take it with that role.

    Raises:
        InvalidParameter: Says why not.
    """
    if role.policy or role.policy_arns:
        raise InvalidParameter(
            role.name,
            "policy",
            "of its own is in the config, and STS would add the two up instead of taking what both allow. "
            "Limit the role it is made from.",
        )
    if made.size > LARGEST:
        raise InvalidParameter(
            role.name, "policy", f"and its ARNs have {made.size} characters; STS takes {LARGEST}."
        )
    if len(made.policy_arns) > 10:
        raise InvalidParameter(role.name, "policy_arns", f"are {len(made.policy_arns)}; STS takes 10.")
    return made


def compact(policy: str) -> str:
    """A policy's JSON without the spaces, which STS counts."""
    return json.dumps(json.loads(policy), separators=(",", ":"))


def _filled(policy: str, values: Mapping[str, str]) -> str:
    """The policy with values in the place of `{parameter}`; `${aws:username}` and the like stay."""
    names = "|".join(map(re.escape, values))
    places = re.compile(rf"(?<!\$)\{{({names})\}}") if names else None

    def fill(part: Any) -> Any:
        if isinstance(part, str):
            return places.sub(lambda found: values[found[1]], part) if places else part
        if isinstance(part, list):
            return [fill(item) for item in part]
        if isinstance(part, dict):
            return {key: fill(item) for key, item in part.items()}
        return part

    return json.dumps(fill(json.loads(policy)), separators=(",", ":"))


def _in_partition(arn: str, role: Role) -> str:
    """AWS's own policies have the same name in every partition."""
    if not role.role_arn or not arn.startswith("arn:aws:iam::aws:policy/"):
        return arn
    return arn.replace("arn:aws:", f"arn:{parse_role_arn(role.role_arn).partition}:", 1)


def _value(policy: str, parameter: str, value: str) -> str:
    wrong = next((sign for sign in value if sign in _PATTERN_SIGNS or not sign.isprintable()), "")
    if wrong:
        raise ConfigError(
            f'{policy}: {parameter} has "{clean(wrong)}"; a value names one thing and is no pattern.'
        )
    if not value.strip() or len(value) > _VALUE_LIMIT:
        raise ConfigError(f"{policy}: {parameter} wants 1 to {_VALUE_LIMIT} characters.")
    return value


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace(",", "%2C").replace("@", "%40")


def _unescaped(value: str) -> str:
    return value.replace("%2C", ",").replace("%40", "@").replace("%25", "%")
