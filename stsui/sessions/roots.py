"""Roots: what a person has to renew, and what hangs below it; from the files alone, nobody is asked.

Interruptions come from roots, not from roles: one MFA session, one sign-in or one pair of keys serves many.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

from stsui.config.catalog import Catalog
from stsui.config.centers import plain
from stsui.model.errors import StsuiError
from stsui.model.roles import TEMPORARY, Center, Role, Source
from stsui.model.session import Session
from stsui.sessions.plan import Plan, Step
from stsui.sessions.sign_ins import Standing

Needs = Literal["code", "browser", "keys", "nothing"]
"""Of a person: an MFA code, a sign-in in a browser, new keys in a file; or nothing."""
KINDS: Mapping[str, tuple[str, Needs]] = {
    # kind: (for people, what it needs)
    "mfa": ("IAM user + MFA", "code"),
    "role mfa": ("role + MFA", "code"),
    "sso": ("Identity Center", "browser"),
    "login": ("aws login", "browser"),
    "static": ("IAM user's keys", "nothing"),
    "temporary": ("temporary keys", "keys"),
    "process": ("a program", "nothing"),
    "saml": ("SAML", "nothing"),
    "web_identity": ("web identity", "nothing"),
    "environment": ("environment", "nothing"),
    "ec2": ("instance", "nothing"),
    "container": ("container", "nothing"),
}

Planner = Callable[[str], Plan]
"""The plan of a role; raises StsuiError."""
SessionOf = Callable[[str], Session | None]
"""What is held under a step's key, over or not."""
StandingOf = Callable[[Source], Standing]
"""How the sign-in of a source stands; of `sso` and `login`."""


class Beginning(NamedTuple):
    """Which root a role hangs under."""

    key: str
    kind: str
    name: str
    step: Step | None = None
    """The call that takes a code, for the two kinds of MFA."""
    source: Source | None = None


class Root(NamedTuple):
    """One root, now."""

    key: str
    kind: str
    """A key of `KINDS`."""
    name: str
    roles: tuple[str, ...]
    """Configured below it."""
    live: tuple[str, ...]
    """Of these, those with a live session."""
    good_until: int | None = None
    """Unix time; 0: it is not good now; None: it has no end that is known."""
    exact: bool = True
    """The end is certain, not what such sign-ins are wont to last."""
    lasts: int = 0
    """Seconds for which it is good when renewed now; 0: not known."""
    serial: str = ""
    center: Center | None = None

    @property
    def needs(self) -> Needs:
        """What renews it."""
        return KINDS[self.kind][1]

    @property
    def called(self) -> str:
        """Its kind, for people."""
        return KINDS[self.kind][0]

    def good(self, now: float) -> bool:
        """Whether sessions can be had from it without a person."""
        return self.good_until is None or self.good_until > now


def beginnings(role: Role, planner: Planner) -> tuple[Beginning, ...]:
    """The roots of a role, the one it stands on first; none where it cannot be had.

    Most roles of an Identity Center are their own beginning and take no plan.
    """
    if role.kind == "given" and role.source is not None:
        return (of_source(role.source),)
    try:
        plan = planner(role.name)
    except StsuiError:
        return ()
    return of_plan(plan)


def of_plan(plan: Plan) -> tuple[Beginning, ...]:
    """The roots of a planned role."""
    found = [of_code(step, plan) for step in plan.steps if step.mfa_serial and not step.mfa_process]
    source = plan.chain.source
    if found and source.kind == "static" and source.detail != TEMPORARY:
        return tuple(found)  # the keys below a code have no end of their own
    kind = "saml" if plan.chain.hops[0].kind == "saml" else ""
    return (of_source(source, kind), *found)


def of_source(source: Source, kind: str = "") -> Beginning:
    """The root that a source is by itself."""
    if source.center is not None:
        center = source.center
        key = f"sso {plain(center.start_url)} {center.region}"
        return Beginning(key, "sso", center.name, source=source)
    kind = kind or ("temporary" if source.detail == TEMPORARY else source.kind)
    return Beginning(f"{kind} {source.fingerprint or source.name}", kind, source.name, source=source)


def of_code(step: Step, plan: Plan) -> Beginning:
    """The root that a call with a code is."""
    if step.operation == "GetSessionToken":
        return Beginning(f"mfa {step.key}", "mfa", plan.chain.source.name, step)
    return Beginning(f"role mfa {step.key}", "role mfa", step.role, step)


def roots(
    catalog: Catalog,
    planner: Planner,
    session_of: SessionOf,
    standing_of: StandingOf,
    held: Mapping[str, Session],
    now: float,
) -> list[Root]:
    """Every root of the catalog, those that need a person first, the next to end before the others."""
    below: dict[str, list[str]] = {}
    by_key: dict[str, Beginning] = {}
    for role in catalog.roles.values():
        for beginning in beginnings(role, planner):
            by_key.setdefault(beginning.key, beginning)
            below.setdefault(beginning.key, []).append(role.name)
    live = {name for name, session in held.items() if session.left(now) > 0}
    for center in catalog.sso.values():
        source = Source("sso", center.name, center=center)
        by_key.setdefault(of_source(source).key, of_source(source))
    found = []
    for key, beginning in by_key.items():
        names = below.get(key, [])
        root = _root(beginning, names, [n for n in names if n in live], session_of, standing_of, now)
        if root.kind != "role mfa" or root.live:
            # A role that takes the code itself is a root only while it lasts.
            found.append(root)
    return sorted(found, key=_order)


def _root(
    beginning: Beginning,
    names: Iterable[str],
    live: Iterable[str],
    session_of: SessionOf,
    standing_of: StandingOf,
    now: float,
) -> Root:
    root = Root(beginning.key, beginning.kind, beginning.name, tuple(names), tuple(live))
    step, source = beginning.step, beginning.source
    if step is not None:
        session = session_of(step.key)
        asked = step.parameters.get("DurationSeconds", 0)
        good_until = session.expiration if session is not None and session.left(now) > 0 else 0
        lasts = asked if isinstance(asked, int) else 0
        return root._replace(good_until=good_until, lasts=lasts, serial=step.mfa_serial)
    if source is not None and source.kind in ("sso", "login"):
        standing = standing_of(source)
        ends_at = standing.ends_at if standing.signed_in else 0
        return root._replace(
            good_until=ends_at or (None if standing.signed_in else 0),
            exact=standing.exact,
            lasts=standing.lasts,
            center=source.center,
        )
    return root


def _order(root: Root) -> tuple[int, float, str]:
    endless = root.good_until is None
    return (KIND_ORDER[root.needs], float("inf") if endless else float(root.good_until or 0), root.name)


KIND_ORDER: Mapping[Needs, int] = {"code": 0, "browser": 0, "keys": 0, "nothing": 1}


def named(found: Iterable[Root], text: str) -> list[Root]:
    """The roots that a name means: their own, or that of a role below; those that need a person first."""
    exact = [root for root in found if text in (root.name, root.serial)]
    exact = exact or [root for root in found if root.center and text in root.center.token_names]
    fitting = exact or [root for root in found if text in root.roles]
    needing = [root for root in fitting if root.needs != "nothing"]
    return needing or fitting
