"""The flags with which one use of a role is less, shorter, or explained: --policy, --duration, --reason …"""

import argparse
import os

from stsui.cli.context import Context
from stsui.config import variants
from stsui.config.variants import Limit
from stsui.model.errors import UsageError
from stsui.model.roles import Role
from stsui.model.text import clean
from stsui.sessions.wanted import Occasion

REASON_LIMIT = 200


def add_flags(parser: argparse.ArgumentParser) -> None:
    """--policy, --policy-arn, --duration, --reason, --tag."""
    parser.add_argument(
        "--policy",
        metavar="FILE",
        default="",
        help="a session policy: a file, JSON, or a name of [policies.*]",
    )
    parser.add_argument(
        "--policy-arn", action="append", default=[], metavar="ARN", help="a managed policy to limit it by"
    )
    parser.add_argument(
        "--duration", default="", metavar="15m", help="how long it lasts; it ends then and is not renewed"
    )
    parser.add_argument("--reason", default="", metavar="TEXT", help="what it is for; CloudTrail shows it")
    parser.add_argument(
        "--tag",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a session tag; more than one may be given",
    )


def occasion(arguments: argparse.Namespace) -> Occasion | None:
    """What the flags ask for this once; None where they ask for nothing.

    Raises:
        UsageError: STS would refuse it.
    """
    from stsui.config import checks

    reason = clean(" ".join(arguments.reason.split()), REASON_LIMIT)
    try:
        duration = checks.duration(arguments.duration) if arguments.duration else 0
        tags = checks.tags(dict(_pair(tag) for tag in arguments.tag))
    except ValueError as error:
        raise UsageError(f"{'--tag' if arguments.tag else '--duration'} {error}.") from error
    if duration < 0:
        raise UsageError('--duration wants a length of time; "max" is for the config.')
    asked = Occasion(reason, duration, tags)
    return None if asked == Occasion() else asked


def variant(context: Context, role: Role, behind_at: str, arguments: argparse.Namespace) -> str:
    """The variant that was named behind the @, or by --policy and --policy-arn.

    Raises:
        UsageError: Both were given, or the policy cannot be read.
    """
    policy, arns = getattr(arguments, "policy", ""), getattr(arguments, "policy_arn", [])
    if not policy and not arns:
        return behind_at
    if behind_at:
        raise UsageError(f"Limit {role.name} by @{behind_at} or by flags, not by both.")
    if not arns and policy.partition(":")[0] in context.services.store.policies:
        return str(policy)
    from stsui.config import checks

    try:
        text = variants.compact(checks.policy(_policy_text(policy))) if policy else ""
        made = Limit(text, checks.policy_arns(arns) if arns else ())
    except ValueError as error:
        raise UsageError(f"The session policy {error}.") from error
    return context.services.store.limit_once(role, made)


def _policy_text(given: str) -> str:
    if given.lstrip().startswith("{"):
        return given
    try:
        with open(os.path.expanduser(given), encoding="utf-8") as file:
            return file.read(100_000)
    except UnicodeDecodeError as error:
        raise UsageError(f"--policy {clean(given)} is not text.") from error
    except OSError as error:
        raise UsageError(
            f"--policy {clean(given)}: {error.strerror}. It wants a file, JSON, or a name of [policies.*]."
        ) from error


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f'"{clean(text, 60)}" wants a value: --tag KEY=VALUE')
    return key, value
