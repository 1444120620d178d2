"""`stsui explain`: the plan of a role, without calling AWS."""

import argparse
import json

from stsui.cli import describe, limits, roles
from stsui.cli.context import Context
from stsui.model.durations import short_duration
from stsui.model.text import clean
from stsui.sessions.plan import Plan, Step


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Flags."""
    roles.add_role(parser)
    limits.add_flags(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(arguments: argparse.Namespace, context: Context) -> int:
    """Prints source, calls, prompts, files and notes."""
    role = roles.named(context, arguments)
    plan = context.services.store.plan(role.name, occasion=limits.occasion(arguments))
    if arguments.json:
        context.write(describe.as_json(_document(plan, context)))
        return 0
    source = plan.chain.source
    lines = [
        f"{role.name}  {describe.place(roles.account(context, role))}",
        f"  from    {source.name} ({source.kind.replace('_', ' ')})",
    ]
    for number, step in enumerate(plan.steps, 1):
        lines += _step(number, step, context)
    lines += [f"  note    {note}" for note in (*plan.notes, *role.notes)]
    lines.append(f"  file    {role.origin}")
    context.write("\n".join(lines) + "\n")
    return 0


def _step(number: int, step: Step, context: Context) -> list[str]:
    held = context.services.store.cache.read(step.key)
    now = context.services.store.clock.now()
    asks = f", with a code of {step.mfa_serial}" if step.mfa_serial else ""
    if step.operation == "Source":
        first = f"  {number}.      the credentials of {step.role} as they are"
    else:
        endpoint = f" at {clean(step.endpoint_url)}" if step.endpoint_url else ""
        signed = f"signed by {step.caller}" if step.signed else "not signed"
        ways = (("FIPS", step.transport.fips), ("dual-stack", step.transport.dualstack))
        endpoint += "".join(f" ({way})" for way, taken in ways if taken)
        first = f"  {number}.      {step.operation} in {step.region}{endpoint}, {signed}{asks}"
    lines = [first]
    for name, value in step.parameters.items():
        shown = short_duration(value) if name == "DurationSeconds" and isinstance(value, int) else value
        text = shown if isinstance(shown, str) else json.dumps(shown)
        lines.append(f"            {name} = {clean(text)}")
    state = describe.left(held, now) if held else "none held"
    lines.append(f"            session {step.key[:8]}: {state}")
    return lines


def _document(plan: Plan, context: Context) -> dict[str, object]:
    return {
        **describe.describe_role(plan.role._replace(name=plan.name), roles.account(context, plan.role)),
        "source": {"kind": plan.chain.source.kind, "name": plan.chain.source.name},
        "steps": [
            {
                "operation": step.operation,
                "role": step.role,
                "signed_by": step.caller if step.signed else None,
                "region": step.region,
                "endpoint_url": step.endpoint_url or None,
                "fips": step.transport.fips,
                "dualstack": step.transport.dualstack,
                "parameters": dict(step.parameters),
                "mfa_serial": step.mfa_serial or None,
                "session": step.key,
            }
            for step in plan.steps
        ],
        "notes": list(plan.notes),
    }
