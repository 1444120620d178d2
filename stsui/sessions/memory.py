"""What is remembered between starts beside sessions: the current role, what roles allow, what was agreed to.

No secret is among it. Whatever cannot be read counts as never said; whatever cannot be written is kept for
this process alone.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from stsui.model.errors import StoreError
from stsui.model.roles import Policy
from stsui.sessions import locks
from stsui.sessions.private import PrivateDirectory
from stsui.sessions.wanted import Occasion

CODE_STEP = 30
CODE_AGE = 600
"""Seconds after which AWS takes no code of that time any more, used or not."""
LAST_MOMENT = 1 << 40
LONGEST = 129_600
"""Seconds that STS gives at most, to anybody."""
CEILING_AGE = 30 * 86_400
LOCK_WAIT = 2.0
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
        self._files = PrivateDirectory(directory)
        self._unwritten: dict[str, object] = {}

    def current(self) -> str:
        """The role that a bare `export` gives; empty when none was chosen."""
        value = self._read("current.json")
        return value if isinstance(value, str) else ""

    def set_current(self, role: str) -> None:
        """Makes the role current for every process; an empty one clears it."""
        self._write("current.json", role)

    def ceilings(self, now: float) -> dict[str, int]:
        """Seconds that AWS was seen to allow, by role ARN; forgotten after 30 days, as roles change."""
        found = {}
        for arn, entry in self._table("ceilings.json").items():
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
        with self._alone("ceilings"):
            self._write("ceilings.json", {**self._table("ceilings.json"), role_arn: [seconds, int(now)]})

    def is_confirmed(self, token: str) -> bool:
        """Whether the person agreed to what the token stands for."""
        return token in self._table("confirmed.json")

    def confirm(self, token: str, now: float) -> None:
        """Remembers the person's yes."""
        with self._alone("confirmed"):
            self._write("confirmed.json", {**self._table("confirmed.json"), token: int(now)})

    def take_code(self, serial: str, code: str, now: float) -> float:
        """Remembers a code before it is sent: AWS takes each one once, even when the answer is lost.

        Returns:
            0 when it may be sent; else the Unix time from which the device shows another one than this,
            which was used already.
        """
        device, digest = _digest(serial, ""), _digest(serial, code)
        with self._alone("codes"):
            table = {name: _recent(entry, now) for name, entry in self._table("codes.json").items()}
            used = table.get(device, {})
            if digest in used:
                return (used[digest] // CODE_STEP + 1) * CODE_STEP
            kept = {name: codes for name, codes in table.items() if codes}
            self._write("codes.json", {**kept, device: {**used, digest: int(now)}})
        return 0

    def occasion(self, session: str, now: float) -> Occasion:
        """What was asked for the session of that name, until it ends; a bare one when nothing was."""
        return _occasion(self._table("occasions.json").get(session), now)

    def keep_occasion(self, session: str, occasion: Occasion, until: int) -> None:
        """Remembers what was asked for a session, until a Unix time."""
        entry = [occasion.reason, occasion.duration, [list(tag) for tag in occasion.tags], until]
        wanted = None if occasion == Occasion() else entry
        if self._table("occasions.json").get(session) == wanted:
            return
        with self._alone("occasions"):
            table = {n: e for n, e in self._table("occasions.json").items() if _ends(e) > until - CEILING_AGE}
            table.pop(session, None)
            self._write("occasions.json", {**table, session: wanted} if wanted else table)

    def forget_occasion(self, session: str) -> None:
        """What was asked for it holds no longer: the session was dropped."""
        if session in self._table("occasions.json"):
            with self._alone("occasions"):
                table = dict(self._table("occasions.json"))
                table.pop(session, None)
                self._write("occasions.json", table)

    def forget_occasions(self) -> None:
        """Every session was dropped."""
        if self._table("occasions.json"):
            with self._alone("occasions"):
                self._write("occasions.json", {})

    def ended(self, session: str, now: float) -> int:
        """When the session of that name ended as it was asked to, within the last day; 0 otherwise."""
        entry = self._table("occasions.json").get(session)
        until = _ends(entry)
        asked = isinstance(entry, list) and len(entry) == 4 and bool(entry[1])
        return until if asked and until <= now < until + 86_400 else 0

    def limits(self) -> dict[str, Policy]:
        """Limits that were made for one use, by the name they were given."""
        found = {}
        for name, entry in self._table("limits.json").items():
            shaped = isinstance(entry, list) and len(entry) == 3
            if shaped and isinstance(entry, list) and isinstance(entry[0], str) and _are_texts(entry[1]):
                found[name] = Policy(name, entry[0], tuple(entry[1]))
        return found

    def keep_limit(self, policy: Policy, now: float) -> None:
        """Remembers such a limit for as long as sessions of it can be wanted."""
        entry = [policy.policy, list(policy.policy_arns), int(now)]
        with self._alone("limits"):
            kept = {n: e for n, e in self._table("limits.json").items() if _is_young(e, now)}
            self._write("limits.json", {**kept, policy.name: entry})

    @contextlib.contextmanager
    def _alone(self, what: str) -> Iterator[None]:
        """Nobody else changes that table meanwhile; where no lock can be had, as if nobody did."""
        try:
            self._files.ensure()
            handle = locks.open_lock(os.path.join(self._files.path, f"{what}.lock"))
        except (OSError, StoreError):
            yield
            return
        try:
            locks.acquire(handle, LOCK_WAIT)
            yield
        finally:
            os.close(handle)

    def signed_in(self, start_url: str) -> SignedIn | None:
        """What is remembered of the last sign-in there."""
        entry = self._table("sign-ins.json").get(start_url)
        if not isinstance(entry, list) or [type(value) for value in entry] != [int, str, int]:
            return None
        return SignedIn(*entry)

    def remember_sign_in(self, start_url: str, sign_in: SignedIn) -> None:
        """Keeps when a person signed in, for the forecast."""
        with self._alone("sign-ins"):
            self._write("sign-ins.json", {**self._table("sign-ins.json"), start_url: list(sign_in)})

    def discovered_at(self, key: str) -> int:
        """Unix time of the last complete look at an Identity Center; 0: there was none."""
        at = self._table("discoveries.json").get(key)
        return at if type(at) is int else 0

    def remember_discovery(self, key: str, now: float) -> None:
        """Keeps when everything there was looked at."""
        with self._alone("discoveries"):
            self._write("discoveries.json", {**self._table("discoveries.json"), key: int(now)})

    def imported(self, file: str) -> dict[str, str]:
        """What was imported into a file of conf.d: identity to the name at its source."""
        table = self._table("imports.json").get(file)
        found = table if isinstance(table, dict) else {}
        return {identity: name for identity, name in found.items() if isinstance(name, str)}

    def remember_imported(self, file: str, names: Mapping[str, str]) -> None:
        """Keeps them, so that a rename at the source is seen as one."""
        with self._alone("imports"):
            self._write("imports.json", {**self._table("imports.json"), file: dict(names)})

    def is_refused(self, digest: str) -> bool:
        """Whether AWS refused the token of that digest for good."""
        return digest in self._table("refused.json")

    def remember_refused(self, digest: str, now: float) -> None:
        """Keeps a refused token from being sent again, by anybody."""
        with self._alone("refused"):
            table = self._table("refused.json")
            kept = {n: at for n, at in table.items() if isinstance(at, int) and now - at < REFUSED_AGE}
            self._write("refused.json", {**kept, digest: int(now)})

    def _table(self, name: str) -> Mapping[str, object]:
        value = self._read(name)
        return value if isinstance(value, dict) else {}

    def _read(self, name: str) -> object:
        if name in self._unwritten:
            return self._unwritten[name]
        raw = self._files.read(name)
        if raw:
            with contextlib.suppress(ValueError, RecursionError):
                value: object = json.loads(raw)
                return value
        return None

    def _write(self, name: str, value: object) -> None:
        try:
            self._files.write(name, json.dumps(value).encode())
            self._unwritten.pop(name, None)
        except StoreError:
            self._unwritten[name] = value


def argv_token(argv: Sequence[str]) -> str:
    """Stands for one command line, to be confirmed once; another word in it is another token."""
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
