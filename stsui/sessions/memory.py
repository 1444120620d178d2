"""What is remembered between starts beside sessions: the current role, what roles allow, what was agreed to.

No secret is among it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stsui.model.roles import Policy
from stsui.sessions.tables import Tables
from stsui.sessions.wanted import Occasion

CODE_STEP = 30
CODE_AGE = 600
"""Seconds after which AWS takes no code of that time any more, used or not."""
LAST_MOMENT = 1 << 40
LONGEST = 129_600
"""Seconds that STS gives at most, to anybody."""
CEILING_AGE = 30 * 86_400
REFUSED_AGE = 100 * 86_400
"""Longer than a token of Identity Center can live."""


class SignedIn(NamedTuple):
    """What is remembered of a sign-in at an Identity Center."""

    at: int
    """Unix time of the person's yes."""
    token: str
    """Digest of what renews it, or of the token itself."""
    longest: int
    """Seconds for which any sign-in there was seen to last."""


class Memory:
    """Small facts in the state directory, shared by every process of the user."""

    def __init__(self, directory: str) -> None:
        self._tables = Tables(directory)

    def current(self) -> str:
        """The role that a bare `export` gives; empty when none was chosen."""
        value = self._tables.value("current")
        return value if isinstance(value, str) else ""

    def set_current(self, role: str) -> None:
        """Makes the role current for every process; an empty one clears it."""
        self._tables.write("current", role)

    def ceilings(self, now: float) -> dict[str, int]:
        """Seconds that AWS was seen to allow, by role ARN; forgotten after 30 days, as roles change."""
        found = {}
        for arn, entry in self._tables.table("ceilings").items():
            seconds, at = entry if isinstance(entry, list) and len(entry) == 2 else (0, 0)
            if (
                type(seconds) is int
                and 900 <= seconds <= LONGEST
                and is_moment(at)
                and now - at < CEILING_AGE
            ):
                found[arn] = seconds
        return found

    def remember_ceiling(self, role_arn: str, seconds: int, now: float) -> None:
        """Keeps the longest duration the role gives."""
        with self._tables.alone("ceilings"):
            self._tables.write("ceilings", {**self._tables.table("ceilings"), role_arn: [seconds, int(now)]})

    def is_confirmed(self, token: str) -> bool:
        """Whether the person agreed to what the token stands for."""
        return token in self._tables.table("confirmed")

    def confirm(self, token: str, now: float) -> None:
        """Remembers the person's yes."""
        with self._tables.alone("confirmed"):
            self._tables.write("confirmed", {**self._tables.table("confirmed"), token: int(now)})

    def take_code(self, serial: str, code: str, now: float) -> float:
        """Remembers a code before it is sent: AWS takes each one once, even when the answer is lost.

        Returns:
            0 when it may be sent; else the Unix time from which the device shows another one than this,
            which was used already.
        """
        device, digest = _digest(serial, ""), _digest(serial, code)
        with self._tables.alone("codes"):
            table = {name: _recent(entry, now) for name, entry in self._tables.table("codes").items()}
            used = table.get(device, {})
            if digest in used:
                return (used[digest] // CODE_STEP + 1) * CODE_STEP
            kept = {name: codes for name, codes in table.items() if codes}
            self._tables.write("codes", {**kept, device: {**used, digest: int(now)}})
        return 0

    def occasion(self, session: str, now: float) -> Occasion:
        """What was asked for the session of that name, until it ends; a bare one when nothing was."""
        return _occasion(self._tables.table("occasions").get(session), now)

    def keep_occasion(self, session: str, occasion: Occasion, until: int) -> None:
        """Remembers what was asked for a session, until a Unix time."""
        entry = [occasion.reason, occasion.duration, [list(tag) for tag in occasion.tags], until]
        wanted = None if occasion == Occasion() else entry
        if self._tables.table("occasions").get(session) == wanted:
            return
        with self._tables.alone("occasions"):
            table = {
                n: e for n, e in self._tables.table("occasions").items() if _ends(e) > until - CEILING_AGE
            }
            table.pop(session, None)
            self._tables.write("occasions", {**table, session: wanted} if wanted else table)

    def forget_occasion(self, session: str) -> None:
        """What was asked for it holds no longer: the session was dropped."""
        if session in self._tables.table("occasions"):
            with self._tables.alone("occasions"):
                table = dict(self._tables.table("occasions"))
                table.pop(session, None)
                self._tables.write("occasions", table)

    def forget_occasions(self) -> None:
        """Every session was dropped."""
        if self._tables.table("occasions"):
            with self._tables.alone("occasions"):
                self._tables.write("occasions", {})

    def ended(self, session: str, now: float) -> int:
        """When the session of that name ended as it was asked to, within the last day; 0 otherwise."""
        entry = self._tables.table("occasions").get(session)
        until = _ends(entry)
        asked = isinstance(entry, list) and len(entry) == 4 and bool(entry[1])
        return until if asked and until <= now < until + 86_400 else 0

    def limits(self) -> dict[str, Policy]:
        """Limits that were made for one use, by the name they were given."""
        found = {}
        for name, entry in self._tables.table("limits").items():
            shaped = isinstance(entry, list) and len(entry) == 3
            if shaped and isinstance(entry, list) and isinstance(entry[0], str) and _are_texts(entry[1]):
                found[name] = Policy(name, entry[0], tuple(entry[1]))
        return found

    def keep_limit(self, policy: Policy, now: float) -> None:
        """Remembers such a limit for as long as sessions of it can be wanted."""
        entry = [policy.policy, list(policy.policy_arns), int(now)]
        with self._tables.alone("limits"):
            kept = {n: e for n, e in self._tables.table("limits").items() if _is_young(e, now)}
            self._tables.write("limits", {**kept, policy.name: entry})

    def signed_in(self, start_url: str) -> SignedIn | None:
        """What is remembered of the last sign-in there."""
        entry = self._tables.table("sign-ins").get(start_url)
        if not isinstance(entry, list) or [type(value) for value in entry] != [int, str, int]:
            return None
        return SignedIn(*entry)

    def remember_sign_in(self, start_url: str, sign_in: SignedIn) -> None:
        """Keeps when a person signed in, for the forecast."""
        with self._tables.alone("sign-ins"):
            self._tables.write("sign-ins", {**self._tables.table("sign-ins"), start_url: list(sign_in)})

    def discovered_at(self, key: str) -> int:
        """Unix time of the last complete look at an Identity Center; 0: there was none."""
        at = self._tables.table("discoveries").get(key)
        return at if type(at) is int else 0

    def remember_discovery(self, key: str, now: float) -> None:
        """Keeps when everything there was looked at."""
        with self._tables.alone("discoveries"):
            self._tables.write("discoveries", {**self._tables.table("discoveries"), key: int(now)})

    def imported(self, file: str) -> dict[str, str]:
        """What was imported into a file of conf.d: identity to the name at its source."""
        table = self._tables.table("imports").get(file)
        found = table if isinstance(table, dict) else {}
        return {identity: name for identity, name in found.items() if isinstance(name, str)}

    def remember_imported(self, file: str, names: Mapping[str, str]) -> None:
        """Keeps them, so that a rename at the source is seen as one."""
        with self._tables.alone("imports"):
            self._tables.write("imports", {**self._tables.table("imports"), file: dict(names)})

    def is_refused(self, digest: str) -> bool:
        """Whether AWS refused the token of that digest for good."""
        return digest in self._tables.table("refused")

    def remember_refused(self, digest: str, now: float) -> None:
        """Keeps a refused token from being sent again, by anybody."""
        with self._tables.alone("refused"):
            table = self._tables.table("refused")
            kept = {n: at for n, at in table.items() if isinstance(at, int) and now - at < REFUSED_AGE}
            self._tables.write("refused", {**kept, digest: int(now)})


def argv_token(argv: Sequence[str]) -> str:
    """Stands for one command line, to be confirmed once; another word in it is another token."""
    import hashlib

    return "argv:" + hashlib.sha256(json.dumps(list(argv)).encode()).hexdigest()[:32]


def _occasion(entry: object, now: float) -> Occasion:
    if not (isinstance(entry, list) and len(entry) == 4 and _ends(entry) > now):
        return Occasion()
    reason, duration, tags, _ = entry
    pairs = (
        [tuple(tag) for tag in tags if _are_texts(tag) and len(tag) == 2] if isinstance(tags, list) else []
    )
    seconds = duration if type(duration) is int and 900 <= duration <= LONGEST else 0
    return Occasion(reason if isinstance(reason, str) else "", seconds, tuple(pairs))


def _ends(entry: object) -> int:
    return entry[3] if isinstance(entry, list) and len(entry) == 4 and is_moment(entry[3]) else 0


def _is_young(entry: object, now: float) -> bool:
    young = isinstance(entry, list) and len(entry) == 3 and is_moment(entry[2])
    return young and isinstance(entry, list) and now - entry[2] < CEILING_AGE


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _digest(serial: str, code: str) -> str:
    import hashlib
    import hmac

    return hmac.new(serial.encode(), code.encode(), hashlib.sha256).hexdigest()[:32]


def _recent(entry: object, now: float) -> dict[str, int]:
    """The codes of a device that were used in the last minutes, and when."""
    if not isinstance(entry, dict):
        return {}
    return {code: at for code, at in entry.items() if is_moment(at) and abs(now - at) < CODE_AGE}


def is_moment(value: object) -> bool:
    """Whether it is a whole number of seconds since 1970 that a clock can show."""
    return type(value) is int and 0 <= value < LAST_MOMENT
