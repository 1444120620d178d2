"""A session as its file has it: written, read suspiciously, and by how much a clock was set since."""

import json
from typing import Any, NamedTuple

from stsui.model.credentials import Credentials, Secret
from stsui.model.identity import Identity
from stsui.model.session import Session
from stsui.sessions.clock import Clock, boot_id

SCHEMA = 1


def encoded(session: Session, clock: Clock) -> bytes:
    """The content of its file."""
    credentials, identity = session.credentials, session.identity
    document = {
        "version": SCHEMA,
        "role": session.role,
        "key": session.key,
        "access_key_id": credentials.access_key_id,
        "secret_access_key": credentials.secret_access_key.reveal(),
        "session_token": credentials.session_token.reveal(),
        "expiration": credentials.expiration,
        "issued_at": session.issued_at,
        "account_id": session.account_id,
        "assumed_arn": session.assumed_arn,
        "region": session.region,
        "identity": list(identity) if identity else None,
        "verified_at": session.verified_at,
        "asked_seconds": session.asked_seconds,
        "notes": list(session.notes),
        "clock_offset": session.clock_offset,
        "reason": session.reason,
        "ends": session.ends,
        "passed": session.passed,
        "packed_policy_size": session.packed_policy_size,
        # The same moment by three clocks, so that a later reader sees how far the wall clock was moved.
        "wall_at": clock.now(),
        "boot_at": clock.boot(),
        "boot_id": boot_id(),
    }
    return json.dumps(document).encode()


class Kept(NamedTuple):
    """A session as its file has it."""

    read: Session
    """Its clock_offset as it was when it was kept."""
    wall_at: object
    boot_at: object
    boot_id: object
    """The moment when it was kept, by three clocks."""

    def session(self, clock: Clock) -> Session:
        """As it is by now."""
        offset = self._offset(clock)
        return self.read if offset == self.read.clock_offset else self.read._replace(clock_offset=offset)

    def _offset(self, clock: Clock) -> int:
        """Seconds that AWS's clock is ahead of this computer's by now, as far as the boot clock can tell.

        A wall clock that was set since the session was kept, either way, must not make it look alive for
        longer; after a start of the computer nothing vouches for one that is ahead.
        """
        offset = self.read.clock_offset
        same_start = self.boot_id == boot_id() != ""
        if not (same_start and _is_clock(self.wall_at) and _is_clock(self.boot_at)):
            return max(0, offset)
        moved = (clock.boot() - float(self.boot_at)) - (clock.now() - float(self.wall_at))  # type: ignore[arg-type]
        return offset + (int(moved) if abs(moved) > 2 else 0)


def decoded(raw: bytes) -> Kept | None:
    """What a file holds; None when a single value is not what it has to be."""
    try:
        document = json.loads(raw)
        if not isinstance(document, dict) or document.get("version") != SCHEMA or not _is_sound(document):
            return None
    except (ValueError, RecursionError):  # a UnicodeError is a ValueError
        return None
    identity = document["identity"]
    session = Session(
        document["role"],
        document["key"],
        Credentials(
            document["access_key_id"],
            Secret(document["secret_access_key"]),
            Secret(document["session_token"]),
            document["expiration"],
        ),
        document["issued_at"],
        document["account_id"],
        document["assumed_arn"],
        document["region"],
        Identity(*identity) if identity else None,
        document["verified_at"],
        document["asked_seconds"],
        tuple(document["notes"]),
        document["clock_offset"],
        document.get("reason", ""),
        document.get("ends", False),
        document.get("passed", ""),
        document.get("packed_policy_size", 0),
    )
    return Kept(session, document.get("wall_at"), document.get("boot_at"), document.get("boot_id"))


_TEXTS = (
    *("role", "key", "access_key_id", "secret_access_key", "session_token"),
    *("account_id", "assumed_arn", "region"),
)
_NUMBERS = ("expiration", "issued_at", "asked_seconds")
_LARGEST = 1 << 40


def _is_sound(document: dict[str, Any]) -> bool:
    identity, verified_at = document.get("identity"), document.get("verified_at")
    return (
        all(_is_text(document.get(name)) for name in _TEXTS)
        and all(_is_number(document.get(name)) for name in _NUMBERS)
        and _is_number(document.get("clock_offset"), least=-_LARGEST)
        and (identity is None or (_are_texts(identity) and len(identity) == 3))
        and (verified_at is None or _is_number(verified_at))
        and _are_texts(document.get("notes"))
        and _is_text(document.get("reason", ""))
        and _is_text(document.get("passed", ""))
        and isinstance(document.get("ends", False), bool)
        and _is_number(document.get("packed_policy_size", 0))
    )


def _is_text(value: object) -> bool:
    """Raises UnicodeError for one that no file could hold."""
    return isinstance(value, str) and value.encode() is not None


def _is_number(value: object, least: int = 0) -> bool:
    return type(value) is int and least <= value < _LARGEST


def _is_clock(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _LARGEST


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(item) for item in value)
