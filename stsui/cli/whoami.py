"""`stsui whoami`: which credentials, and who AWS says that is."""

import argparse
import calendar
import time

from stsui.cli import asking, describe, roles
from stsui.cli.context import Context
from stsui.model.durations import ago, countdown
from stsui.model.text import clean, masked_key_id


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser, optional=True)
    asking.add_flags(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """A role's identity, or that of whatever this shell's programs would use."""
    if arguments.role:
        return _role(arguments, context)
    from stsui.wiring import ambient_identity

    reasons = _reasons(context)
    if not arguments.json:
        for reason in reasons:
            context.say(f"stsui: {reason}")
    identity = ambient_identity(context.environ)
    if arguments.json:
        context.write(describe.as_json({"reasons": reasons, "identity": identity._asdict()}))
    else:
        context.write(f"{identity.arn}\n")
    return 0


def _role(arguments: argparse.Namespace, context: Context) -> int:
    role = roles.named(context, arguments)
    store = context.services.store
    asking.session(context, role, arguments)
    session = store.verify(role.name)
    account, now = roles.account(context, role), store.clock.now()
    if arguments.json:
        context.write(describe.as_json({"session": describe.session(session, role, account, now)}))
    elif session.identity:
        context.write(f"{session.identity.arn}\n")
        context.say(f"stsui: {role.name}  {describe.place(account)}  {describe.left(session, now)}")
    return 0


def _reasons(context: Context) -> list[str]:
    """Why a program started here would use what it uses, in the order in which SDKs look."""
    environ = context.environ
    found = []
    key_id = environ.get("AWS_ACCESS_KEY_ID", "")
    if key_id:
        role = environ.get("STSUI_ROLE", "")
        whose = f"of stsui's role {clean(role)}" if role else "not from stsui"
        found.append(
            f"AWS_ACCESS_KEY_ID is set to {masked_key_id(clean(key_id))}, {whose}; it wins over files."
        )
        found += _end(environ.get("AWS_CREDENTIAL_EXPIRATION", ""), role, context)
        if environ.get("AWS_SECURITY_TOKEN"):
            found.append("AWS_SECURITY_TOKEN is set too; boto takes it instead of AWS_SESSION_TOKEN.")
    for name in ("AWS_DEFAULT_PROFILE", "AWS_PROFILE"):
        if environ.get(name):
            loses = " The keys in the environment win over it." if key_id else ""
            found.append(f"{name} names the profile {clean(environ[name])}.{loses}")
    if not found:
        for name in ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI"):
            if environ.get(name):
                found.append(f"{name} is set.")
        found = found or ["Nothing in the environment; the profile [default] is used if there is one."]
    return found


def _end(text: str, role: str, context: Context) -> list[str]:
    try:
        end = calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
    except ValueError:
        return []
    left = end - context.services.store.clock.now()
    if left > 0:
        return [f"They last another {countdown(left)}."]
    again = f' Run: eval "$(stsui export {clean(role)})"' if role else ""
    return [f"They expired {ago(-left)}.{again}"]
