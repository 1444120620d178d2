"""How much memory a program keeps that has many threads, each of which does little."""

from stsui.sessions import libc

_M_ARENA_MAX = -8


def share() -> bool:
    """All threads allocate from one heap; else glibc keeps one for each, partly empty. Whether it will.

    They do not wait for each other: what Python allocates it allocates one thread at a time.
    Source: mallopt(3), M_ARENA_MAX.
    """
    return libc.answer("mallopt", _M_ARENA_MAX, 1) == 1
