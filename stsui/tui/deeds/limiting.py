"""Keys that use a role for less: with a limit, a duration, a reason; read-only; what was denied, read."""

import shlex
from collections.abc import Mapping

from stsui.config import checks
from stsui.config.guards import rules_of
from stsui.config.variants import FULL, READ_ONLY, Variant
from stsui.model.durations import short_duration
from stsui.model.errors import ConfigError
from stsui.model.roles import Role
from stsui.sessions.plan import CHAINED_MAXIMUM, LONGEST, Plan
from stsui.sessions.wanted import Occasion, siblings
from stsui.tui.deeds.sessions import use_named
from stsui.tui.frame import Frame
from stsui.tui.screens.actions import ActionEntry, ActionsScreen
from stsui.tui.screens.dialog import Title
from stsui.tui.screens.use_with import Limits, Outcome, UseWithScreen, Wanted
from stsui.tui.state import Entry

WHOLE = "all the role allows"


def use_with(frame: Frame, role: str) -> None:
    """The dialog of limits; for an Identity Center the other permission sets of the account."""
    entry = frame.state.entries[role]
    owner = _owner(entry)
    if entry.role is None or owner is None:
        return
    if entry.role.kind == "given":
        _siblings(frame, entry)
        return
    limits = _limits(frame, entry, owner)
    screen = UseWithScreen(
        Title("Use ", f"{owner} with… ", entry.environment),
        limits,
        lambda wanted: _outcome(frame, owner, wanted),
    )
    frame.show(screen, lambda wanted: _use(frame, owner, wanted))


def use_read_only(frame: Frame, role: str) -> None:
    """The role's session limited to reading."""
    entry = frame.state.entries[role]
    owner = _owner(entry)
    if entry.role is None or owner is None:
        return
    if entry.role.kind == "given":
        _siblings(frame, entry)
    else:
        use_named(frame, f"{owner}@{READ_ONLY}")


def _owner(entry: Entry) -> str | None:
    """The role that a limited session is one of."""
    if entry.role is None:
        return None
    return entry.owner


def _limits(frame: Frame, entry: Entry, owner: str) -> Limits:
    store, catalog = frame.services.store, frame.services.catalog
    names = [READ_ONLY, *(name for name in catalog.policies if name != READ_ONLY), WHOLE]
    parameters = {p.name: p.parameters for p in catalog.policies.values() if p.parameters}
    chosen = entry.variant.partition(":")[0]
    if chosen in names:
        names.sort(key=lambda name: name != chosen)
    role = catalog.roles[owner]
    return Limits(names, parameters, _durations(store.plan(f"{owner}@{FULL}"), role, frame))


def _durations(plan: Plan, role: Role, frame: Frame) -> str:
    longest = LONGEST if len(plan.chain.hops) == 1 and plan.chain.source.kind == "static" else CHAINED_MAXIMUM
    longest = min(longest, rules_of(frame.services.catalog, role).max_duration or longest)
    why = " (this chain)" if longest == CHAINED_MAXIMUM and len(plan.chain.hops) > 1 else ""
    return f"15m to {short_duration(longest)}{why}; ends then"


def _outcome(frame: Frame, owner: str, wanted: Wanted) -> Outcome:
    """What the request would be, by the plan; or what stands in the way."""
    store = frame.services.store
    try:
        plan = store.plan(_name(owner, wanted), occasion=_occasion(wanted))
    except ConfigError as error:
        return Outcome(error=error.sentence)
    except ValueError as error:
        return Outcome(error=f"{error}.")
    parameters = plan.last.parameters
    size = len(str(parameters.get("Policy", ""))) + sum(len(arn) for arn in _arns(parameters))
    shown = [("CloudTrail will show", f"{plan.role.aws_role_name}/{parameters.get('RoleSessionName', '')}")]
    arns = [*_arns(parameters), *(["the policy in the config"] if "Policy" in parameters else [])]
    if size:
        shown.append(("Limited by", ", ".join(arns)))
        shown.append(("Session policy", f"{size} of 2048 characters"))
    asked = parameters.get("DurationSeconds")
    if isinstance(asked, int):
        ends = ", then it ends" if plan.occasion.duration else ""
        shown.append(("Lasts", f"{short_duration(asked)}{ends}"))
    return Outcome([*shown, ("Named", plan.name)])


def _arns(parameters: Mapping[str, object]) -> list[str]:
    given = parameters.get("PolicyArns", ())
    return [str(entry["arn"]) for entry in given] if isinstance(given, list) else []


def _name(owner: str, wanted: Wanted) -> str:
    if wanted.limit == WHOLE:
        return f"{owner}@{FULL}"
    values = {name: value for name, value in wanted.parameters.items() if value}
    return f"{owner}@{Variant(wanted.limit, values).text}"


def _occasion(wanted: Wanted) -> Occasion:
    """What the fields ask for this once.

    Raises:
        ValueError: STS would refuse it; a sentence without its full stop.
    """
    try:
        duration = checks.duration(wanted.duration) if wanted.duration.strip() else 0
    except ValueError as error:
        raise ValueError(f"Duration {error}") from error
    if duration < 0:
        raise ValueError("Duration wants a length of time")
    pairs = [part.partition("=") for part in shlex.split(wanted.tags.replace(",", " "))]
    if any(not equals for _, equals, _ in pairs):
        raise ValueError("Tags are written key=value, with spaces between")
    try:
        tags = checks.tags({key: value for key, _, value in pairs})
    except ValueError as error:
        raise ValueError(f"Tags: it {error}") from error
    return Occasion(" ".join(wanted.reason.split()), duration, tags)


def _use(frame: Frame, owner: str, wanted: Wanted) -> None:
    occasion = _occasion(wanted)
    asked = None if occasion == Occasion() else occasion
    use_named(frame, frame.services.store.named(_name(owner, wanted)).name, asked, deliberate=True)


def _siblings(frame: Frame, entry: Entry) -> None:
    """Identity Center takes no session policy; its other permission sets of that account do as well."""
    found = siblings(frame.services.catalog, entry.role) if entry.role else []
    if not found:
        frame.say(f"{entry.name} cannot be limited: its credentials come as they are.")
        return
    details = {name: frame.state.entries[name].detail for name in found if name in frame.state.entries}
    rows = [ActionEntry(f"{n}", name, f"{name}  {text}") for n, (name, text) in enumerate(details.items(), 1)]
    screen = ActionsScreen(f"Instead of {entry.name}: permission sets there ", rows, entry.environment)
    frame.show(screen, lambda name: use_named(frame, name))
