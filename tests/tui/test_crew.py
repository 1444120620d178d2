"""Jobs are done side by side, never more than the crew's size at once, and one that blocks holds up no other."""

import threading

from stsui.tui.crew import Crew


def wait_until_idle(crew: Crew, done: threading.Semaphore, jobs: int) -> None:
    for _ in range(jobs):
        assert done.acquire(timeout=30)


def test_a_job_that_blocks_holds_up_none_that_comes_later() -> None:
    crew, go_on, came = Crew("test", 3), threading.Event(), threading.Semaphore(0)
    for _ in range(2):
        crew.do(lambda: go_on.wait(30) and came.release())
    later = threading.Event()
    crew.do(later.set)
    assert later.wait(30) and crew.busy >= 2
    go_on.set()
    wait_until_idle(crew, came, 2)


def test_no_more_than_its_size_are_done_at_once() -> None:
    crew, done, lock = Crew("test", 4), threading.Semaphore(0), threading.Lock()
    under_way, most, names = 0, 0, set()

    def job() -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
            names.add(threading.current_thread().name)
        with lock:
            under_way -= 1
        done.release()

    for _ in range(300):
        crew.do(job)
    wait_until_idle(crew, done, 300)
    assert 1 <= most <= 4 and names <= {f"test-{number}" for number in range(1, 5)}


def test_a_crew_of_one_keeps_the_order() -> None:
    crew, done, seen = Crew("test", 1), threading.Semaphore(0), []
    for number in range(100):
        crew.do(lambda number=number: (seen.append(number), done.release())[0])
    wait_until_idle(crew, done, 100)
    assert seen == list(range(100))
