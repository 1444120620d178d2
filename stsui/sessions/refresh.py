"""When a session is given, renewed, or renewed by whoever comes first: pure functions of time.

botocore asks a process or server again at every call once less than fifteen minutes are left, so a session
is renewed before that; a session that lives an hour or more has then used three quarters of its life.
Source: botocore/credentials.py, RefreshableCredentials (advisory refresh 15 min, mandatory 10 min).
"""

from stsui.model.session import Session

EARLY = 16 * 60
SPREAD = 60
LAST_MINUTE = 60
BACK_OFF_LIMIT = 60


def jitter(key: str) -> int:
    """0 to 60 seconds, the same for the same session, so that many do not fall due together."""
    return int(key[:8], 16) % (SPREAD + 1)


def early_window(session: Session) -> float:
    """Seconds before the end from which a renewal is tried: sixteen minutes, at most a third of the life.

    A session that was asked for so long and no longer is given until its very end, and never renewed.
    """
    if session.ends:
        return 0.0
    return min(EARLY + jitter(session.key), session.lifetime / 3)


def last_window(session: Session) -> float:
    """Seconds before the end from which everybody waits for the new one, and gets the old if that fails."""
    return 0.0 if session.ends else min(LAST_MINUTE, session.lifetime / 10)


def renew_at(session: Session) -> float:
    """Unix time from which the session is renewed."""
    return session.expiration - session.clock_offset - early_window(session)


def is_fresh(session: Session, now: float) -> bool:
    """Given as it is, without a look at STS."""
    return now < renew_at(session)


def is_usable(session: Session, now: float) -> bool:
    """Given when a renewal is under way elsewhere or just failed."""
    return session.left(now) > last_window(session)


def back_off(failures: int, key: str) -> float:
    """Seconds to wait after that many failures in a row: 1, 2, 4 … 60, less up to a quarter by session."""
    full = min(BACK_OFF_LIMIT, 2 ** max(0, min(failures, 10) - 1))
    return float(full * (1 - jitter(key) / SPREAD / 4))
