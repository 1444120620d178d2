"""One computes at a time, and nobody ever waits for good."""

import os
import threading
from collections.abc import Callable

import pytest

from stsui.sessions import turns
from stsui.sessions.turns import Turn


def beside(job: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=job, daemon=True)
    thread.start()
    return thread


def is_free(turn: Turn) -> bool:
    """Whether another thread would get it at once."""
    free = turn._lock.acquire(blocking=False)
    if free:
        turn._lock.release()
    return free


def test_two_have_it_one_after_the_other() -> None:
    turn, seen = Turn(), []

    def work(number: int) -> None:
        for _ in range(50):
            with turn.taken():
                seen.append(number)
                with turn.given():
                    pass
                seen.append(number)

    at_once: list[int] = []

    def count() -> None:
        for _ in range(200):
            with turn.taken():
                at_once.append(1)
                assert len(at_once) == 1
                at_once.pop()

    threads = [beside(lambda n=n: work(n)) for n in range(4)] + [beside(count) for _ in range(4)]
    for thread in threads:
        thread.join(30)
    assert len(seen) == 400 and not at_once and is_free(turn)


def test_it_is_given_while_one_waits_and_taken_again() -> None:
    turn = Turn()
    with turn.taken():
        assert not is_free(turn)
        with turn.given():
            assert is_free(turn)
            with turn.given():
                assert is_free(turn)
        assert not is_free(turn)
    assert is_free(turn)


def test_within_ones_own_it_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", threading.TIMEOUT_MAX)
    turn = Turn()
    with turn.taken():
        with turn.taken():
            assert not is_free(turn)
        assert not is_free(turn), "it is the outer one's"
    assert is_free(turn)


def test_an_error_gives_it_back() -> None:
    turn = Turn()
    for inside in (turn.taken, turn.given):
        with pytest.raises(RuntimeError), turn.taken(), inside():
            raise RuntimeError
        assert is_free(turn)


def test_who_does_not_get_it_goes_on_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    turn, went_on = Turn(), threading.Event()

    def other() -> None:
        with turn.taken(), turn.given():
            went_on.set()

    with turn.taken():
        beside(other)
        assert went_on.wait(30)
        assert not is_free(turn), "it gave back nothing that it did not have"


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_child_does_not_wait_for_a_thread_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", threading.TIMEOUT_MAX)
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with turns.turn.taken():
            held.set()
            let_go.wait(30)

    thread = beside(hold)
    assert held.wait(30)
    child = os.fork()
    if not child:
        with turns.turn.taken():
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    let_go.set()
    thread.join(30)
