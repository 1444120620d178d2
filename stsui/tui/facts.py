"""What is known of a role, in labelled lines: for the side panels and the details screen. Pure."""

import time
from collections.abc import Callable
from typing import NamedTuple

from stsui.config.variants import FULL
from stsui.model.durations import ago, countdown, short_duration
from stsui.model.errors import ConfigError, StsuiError
from stsui.model.roles import Source
from stsui.model.session import Session
from stsui.model.text import masked_key_id
from stsui.sessions.plan import Plan
from stsui.tui.rows import bar, row_of, short_clock
from stsui.tui.state import Entry, State


class Fact(NamedTuple):
    """A line: its label, its text, and how it looks.

    Looks are `""`, `dim`, `error`, `warning`, `success`, and `also` for one more of what stands above.
    """

    label: str
    text: str
    tone: str = ""


Planner = Callable[[str], Plan]
Facts = list[Fact]


def clock_text(at: float) -> str:
    """`15:24:10`, in the time of the place."""
    return time.strftime("%H:%M:%S", time.localtime(at))


def identity_facts(entry: Entry, session: Session, state: State) -> Facts:
    """Who the session is: what GetCallerIdentity answered, or that it has not."""
    facts = [Fact("Role", _role_text(entry))]
    identity = session.identity
    account_id = identity.account_id if identity else session.account_id or entry.account.account_id
    facts.append(Fact("Account", _account_text(entry, account_id, state)))
    if identity is None:
        facts.append(Fact("Identity", "checking", "dim"))
    else:
        facts.append(Fact("Identity", state.masked(identity.arn)))
        facts.append(Fact("User id", state.masked(identity.user_id)))
    return facts


def session_facts(entry: Entry, session: Session, state: State, renew_at: float, width: int) -> Facts:
    """How long it is good for."""
    left = session.left(state.now)
    facts = [Fact("Region", session.region or "none set", "" if session.region else "dim")]
    if not session.expiration:
        return [*facts, Fact("Expires", "never")]
    if left <= 0:
        return [*facts, Fact("Expired", f"{clock_text(session.expiration)}  {ago(-_over(session, state))}")]
    tone = "warning" if session.state(state.now) == "expiring" else ""
    end = session.expiration - session.clock_offset
    facts.append(Fact("Expires", f"{clock_text(end)}  in {countdown(left)}", tone))
    cells = max(4, min(24, width - 10))
    glyphs = state.glyphs
    facts.append(Fact("", bar(left / session.lifetime, cells, glyphs.full, glyphs.empty), tone or "success"))
    facts.append(Fact("Renew", _renew_text(entry.name, state, renew_at)))
    if session.reason:
        facts.append(Fact("Reason", session.reason))
    if session.packed_policy_size:
        facts.append(Fact("Policy", f"{session.packed_policy_size} % of what AWS allows, with tags"))
    if session.verified_at:
        facts.append(Fact("Verified", ago(state.now - session.verified_at)))
    return facts


def _over(session: Session, state: State) -> float:
    return min(0.0, session.expiration - state.now)


def _renew_text(name: str, state: State, renew_at: float) -> str:
    if state.paused:
        return "paused, P resumes"
    trouble = state.troubles.get(name)
    if trouble is not None and trouble.next_try > state.now:
        return f"failed {trouble.failures}, next try in {countdown(trouble.next_try - state.now)}"
    if trouble is not None and not trouble.error.repeatable:
        return "stopped, r renews"
    session, entry = state.sessions.get(name), state.entries.get(name)
    if session is not None and session.ends:
        return "no: it ends as it was asked to"
    if entry is not None and entry.account.no_background_renewal:
        return "not by itself (no_background_renewal), r renews"
    if not state.renews(name):
        return "off, a switches it on"
    return f"auto, next at {short_clock(renew_at)}" if renew_at > state.now else "auto, now"


def role_facts(entry: Entry, state: State, planner: Planner) -> Facts:
    """How the role is had, before anything is asked of AWS."""
    facts = [Fact("Role", _role_text(entry))]
    if entry.role is None:
        return _problem_facts(entry)
    facts.append(Fact("Account", _account_text(entry, entry.account.account_id, state)))
    if entry.role.role_arn:
        facts.append(Fact("Arn", state.masked(entry.role.role_arn)))
    try:
        plan = planner(entry.name)
    except StsuiError as error:
        trouble = state.troubles.get(entry.name)
        if trouble is not None and trouble.error.sentence == error.sentence:
            return facts
        return [*facts, Fact("", ""), Fact("", error.sentence, "error")]
    hops = [hop.name for hop in plan.chain.hops if hop.name != plan.chain.source.name]
    facts.append(Fact("Chain", " > ".join([source_text(plan.chain.source), *hops])))
    seconds = plan.last.parameters.get("DurationSeconds")
    if isinstance(seconds, int):
        facts.append(Fact("Duration", short_duration(seconds)))
    facts.append(Fact("MFA", state.masked(plan.mfa_serial) or "not needed"))
    if entry.role.tags:
        facts.append(Fact("Tags", "  ".join(f"{key}={value}" for key, value in entry.role.tags)))
    facts += _limit_facts(entry, plan)
    facts += [Fact("Note", note, "dim") for note in (*plan.notes, *entry.role.notes)]
    return facts


_SOURCES = {
    "static": "keys of {name}",
    "process": "process of {name}",
    "web_identity": "web identity token",
    "sso": "Identity Center {detail}",
    "login": "aws login {name}",
    "environment": "this environment",
    "ec2": "this instance",
    "container": "this container",
}


def source_text(source: Source) -> str:
    """Where the first credentials of a chain come from: `keys of ana`."""
    text = _SOURCES.get(source.kind, "nothing")
    return text.format(name=source.name, detail=source.detail or source.name)


GUARDS = {
    "none": "",
    "again": "a second enter",
    "confirm": "a yes",
    "type": "the account's name",
}
"""What is asked of a person before a session is used."""


def _limit_facts(entry: Entry, plan: Plan) -> Facts:
    """What the session is less than the role, and what is asked of people."""
    sent, account = plan.last.parameters, entry.account
    arns = sent.get("PolicyArns", [])
    policies = [str(one["arn"]) for one in arns] if isinstance(arns, list) else []
    facts = (
        [Fact("Limited", ", ".join(["inline policy"] * ("Policy" in sent) + policies))]
        if (policies or "Policy" in sent)
        else []
    )
    if not entry.limited and account.default_variant not in ("", FULL):
        facts.append(Fact("Limited", f"a bare name means @{account.default_variant}; @{FULL} is all of it"))
    asked = GUARDS[account.guard]
    wants = [f"{asked}{', each time' if account.each_time else ''}"] if asked else []
    wants += ["a reason"] if account.reason_required else []
    if wants:
        facts.append(Fact("Guard", " and ".join(wants)))
    if account.idle_limit:
        facts.append(Fact("Idle", f"dropped after {short_duration(account.idle_limit)} without use"))
    return facts


def _problem_facts(entry: Entry) -> Facts:
    problem = entry.problem
    if problem is None:
        return []
    return [
        Fact("File", problem.origin.file),
        Fact("Line", str(problem.origin.line or "unknown")),
        Fact("", ""),
        Fact("", problem.reason, "error"),
        Fact("", ""),
        Fact("", "All other roles work. ctrl+r reads the config again", "dim"),
    ]


def trouble_facts(entry: Entry, state: State) -> Facts:
    """The whole error: what happened, what AWS said, what to press."""
    trouble = state.troubles.get(entry.name)
    if trouble is None:
        return []
    error = trouble.error
    row = row_of(entry, state)
    word = "WAITS" if row.kind in ("mfa", "sign_in", "confirm") else "FAILED"
    facts = [Fact("", ""), Fact("", f"{word} {clock_text(trouble.at)}  {error.word}", "error")]
    facts.append(Fact("", error.sentence))
    if error.role and error.role != entry.name:
        facts.append(Fact("", f"It happened at {error.role}.", "dim"))
    if error.details and error.details not in error.sentence:
        facts.append(Fact("", f"AWS: {error.details}", "dim"))
    hint = error.hint
    if hint and not hint.startswith("stsui ") and not isinstance(error, ConfigError):
        facts.append(Fact("", hint, "dim"))
    session = state.live(entry.name)
    if session is not None and session.expiration and word == "FAILED":
        until = short_clock(session.expiration - session.clock_offset)
        times = "" if trouble.failures == 1 else f" {trouble.failures} times"
        facts.append(Fact("", f"Renewing failed{times}; the session is good until {until}."))
    key = "r renew" if row.live else f"enter {row.verb}"
    more = "   L log   e edit" if word == "FAILED" else ""
    waiting = trouble.next_try - state.now
    again = f"   trying again in {countdown(waiting)}" if waiting > 0 else ""
    return [*facts, Fact("", ""), Fact("", f"{key}{more}{again}", "dim")]


def veiled(facts: Facts, state: State) -> Facts:
    """The same, ids in sentences hidden where ids are."""
    return [fact._replace(text=state.veiled(fact.text)) for fact in facts] if state.hide_ids else facts


def with_trouble(facts: Facts, entry: Entry, state: State) -> Facts:
    """What went wrong stands above how the role is had, where a small window still shows it."""
    trouble = trouble_facts(entry, state)
    return [*facts[:2], *trouble, Fact("", ""), *facts[2:]] if trouble else facts


def history_facts(entry: Entry, state: State, most: int = 6) -> Facts:
    """What happened to the role today."""
    mine = [event for event in state.events if event.role == entry.name][:most]
    return [
        Fact("" if n else "History", _event_text(e.at, e.what, e.text), "also" if n else "")
        for n, e in enumerate(mine)
    ]


def _event_text(at: float, what: str, text: str) -> str:
    return f"{short_clock(at)} {what}" + (f": {text}" if text else "")


def all_facts(
    entry: Entry, state: State, planner: Planner, renew_at: Callable[[Session], float], width: int
) -> Facts:
    """Everything, for the details screen."""
    facts = with_trouble(role_facts(entry, state, planner), entry, state)
    session = state.sessions.get(entry.name)
    if session is not None:
        facts.append(Fact("", ""))
        facts += identity_facts(entry, session, state)[2:]
        facts += session_facts(entry, session, state, renew_at(session), width)
        facts.append(Fact("Issued", clock_text(session.issued_at)))
        facts.append(Fact("Key", masked_key_id(session.credentials.access_key_id)))
        facts += [Fact("Note", note, "dim") for note in session.notes]
    history = history_facts(entry, state)
    return [*facts, Fact("", ""), *history] if history else facts


def _role_text(entry: Entry) -> str:
    detail = entry.detail if entry.detail and entry.detail != entry.name else ""
    return f"{entry.name}  ({detail})" if detail else entry.name


def _account_text(entry: Entry, account_id: str, state: State) -> str:
    shown = state.masked(account_id) or "known after the first use"
    return "  ".join(part for part in (entry.account.name, shown, entry.environment) if part)
