"""What happens between two moments of one call: another process renews, drops, writes, or uses the same code."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stsui.model import errors
from stsui.model.session import Session
from stsui.sessions.memory import Memory
from stsui.sessions.store import SessionStore
from stsui.sessions.wanted import Occasion
from tests.worlds import Demo, demo_world


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in demo.environ.items():
            monkeypatch.setenv(name, value)
        yield demo


def during(demo: Demo, store: SessionStore, happens: Callable[[], object], role: str = "dev-ro") -> Session:
    """A session that is had while AWS takes its time, in which something else happens."""
    asked, go_on = threading.Event(), threading.Event()
    real = store._maker.make

    def slow(*arguments: object, **options: object) -> Session:
        asked.set()
        go_on.wait(10)
        return real(*arguments, **options)  # type: ignore[arg-type]

    store._maker.make = slow  # type: ignore[method-assign]
    got: list[Session] = []
    thread = threading.Thread(target=lambda: got.append(store.assume(role, refresh=True)))
    thread.start()
    assert asked.wait(10)
    happens()
    go_on.set()
    thread.join(20)
    store._maker.make = real  # type: ignore[method-assign]
    return got[0]


@pytest.mark.parametrize("all_of_them", [False, True])
@pytest.mark.parametrize("held", [False, True])
def test_what_is_forgotten_during_a_renewal_does_not_come_back(
    demo: Demo, held: bool, all_of_them: bool
) -> None:
    store, other = demo.services().store, demo.services().store
    if held:
        store.assume("dev-ro")
    session = during(demo, store, other.drop_all if all_of_them else lambda: other.drop("dev-ro"))
    assert session.left(demo.clock.now()) > 0, "whoever asked is served"
    assert other.peek("dev-ro") is None and other.held() == {}
    assert not list(Path(other.cache.directory).glob("*.json"))


def test_a_fact_about_an_old_session_is_not_written_over_its_renewal(demo: Demo) -> None:
    store, other = demo.services().store, demo.services().store
    old = store.assume("dev-ro")
    demo.clock.pass_(60)
    new = other.assume("dev-ro", refresh=True)
    step = store.plan("dev-ro").last
    store._change(old, step, lambda held: held._replace(passed="type"))
    assert store.peek("dev-ro") == new
    other.drop("dev-ro")
    store._change(new, step, lambda held: held._replace(passed="type"))
    assert store.peek("dev-ro") is None


def test_a_session_that_is_verified_while_it_is_to_be_renewed_is_renewed(demo: Demo) -> None:
    store, other = demo.services().store, demo.services().store
    old = store.assume("dev-ro")
    demo.clock.pass_(60)
    real = store._flights._flight

    @contextmanager
    def verified_before(key: str, wait: float) -> Iterator[bool]:
        other.verify("dev-ro")
        with real(key, wait) as ours:
            yield ours

    store._flights._flight = verified_before  # type: ignore[method-assign]
    new = store.assume("dev-ro", refresh=True)
    assert new.issued_at == old.issued_at + 60 and demo.aws.count("AssumeRole") == 2


def test_of_six_who_have_the_same_code_one_sends_it(demo: Demo) -> None:
    toml = "".join(
        f'[roles.auto-{n}]\nrole_arn = "arn:aws:iam::111122223333:role/{name}"\nsource_profile = "ana"\n'
        f'mfa_serial = "arn:aws:iam::999900001111:mfa/ana-phone"\nduration = "12h"\n'
        for n, name in enumerate(["AdministratorAccess", "BreakGlass"] * 3)
    )
    with demo.config.open("a") as file:
        file.write(toml)
    code = demo.code()
    outcomes: list[str] = []

    def ask(n: int) -> None:
        try:
            demo.services().store.assume(f"auto-{n}", code=code)
            outcomes.append("had")
        except errors.StsuiError as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [call.parameters["TokenCode"] for call in demo.aws.calls if "TokenCode" in call.parameters]
    assert sent == [code], "AWS takes each one once"


def test_a_code_is_not_forgotten_for_the_next_one(demo: Demo) -> None:
    memory = Memory(str(Path(demo.environ["HOME"], "state")))
    now = demo.clock.now()
    assert memory.take_code("device", "111111", now) == 0
    assert memory.take_code("device", "222222", now + 31) == 0
    assert memory.take_code("device", "111111", now + 40) > now
    assert memory.take_code("another", "111111", now + 40) == 0


def test_four_who_remember_at_once_lose_nothing(tmp_path: Path) -> None:
    directory = str(tmp_path / "state")

    def remember(who: int) -> None:
        memory = Memory(directory)
        for n in range(20):
            memory.remember_ceiling(f"arn:{who}:{n}", 3_600, 1_795_500_000)
            memory.confirm(f"argv:{who}:{n}", 1_795_500_000)
            memory.take_code(f"device {who}", f"{n:06d}", 1_795_500_000)
            memory.keep_occasion(f"role-{who}-{n}", Occasion("why"), 1_795_503_600)

    threads = [threading.Thread(target=remember, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    memory = Memory(directory)
    assert len(memory.ceilings(1_795_500_001)) == 80
    assert all(memory.is_confirmed(f"argv:{who}:{n}") for who in range(4) for n in range(20))
    assert all(
        memory.take_code(f"device {who}", f"{n:06d}", 1_795_500_001) for who in range(4) for n in range(20)
    )
    assert all(
        memory.occasion(f"role-{who}-{n}", 1_795_500_001) == Occasion("why")
        for who in range(4)
        for n in range(20)
    )


def test_keys_that_change_between_two_looks_sign_for_nobody(demo: Demo) -> None:
    path = Path(demo.environ["AWS_SHARED_CREDENTIALS_FILE"])
    store = demo.services().store
    ana, bob = demo.aws.world.users[:2]
    before = path.read_text()
    path.write_text(
        before.replace(ana.access_key_id, bob.access_key_id).replace(
            ana.secret_access_key, bob.secret_access_key
        )
    )
    with pytest.raises(errors.ConfigError, match=r"The keys of ana were changed just now\. Try again"):
        store.assume("dev-ro")
    assert demo.aws.count() == 0
    path.write_text(before)
    assert store.assume("dev-ro").account_id == "333344445555"


def test_a_corrected_secret_is_taken_without_a_restart(demo: Demo) -> None:
    path = Path(demo.environ["AWS_SHARED_CREDENTIALS_FILE"])
    good = path.read_text()
    path.write_text(good.replace("DEMOSECRET", "DEMOSECRETx"))
    store = demo.services().store
    with pytest.raises(errors.KeysUnknown):
        store.assume("dev-ro")
    path.write_text(good)
    demo.clock.pass_(6)
    assert store.assume("dev-ro").account_id == "333344445555"


def test_what_was_asked_for_once_is_forgotten_with_the_session(demo: Demo) -> None:
    for forget in ("one", "all"):
        store = demo.services().store
        store.assume("dev-ro", occasion=Occasion("INC-1", 900))
        assert store.peek("dev-ro") is not None
        store.drop("dev-ro") if forget == "one" else store.drop_all()
        demo.aws.calls.clear()
        demo.services().store.assume("dev-ro")
        assert demo.aws.calls[-1].parameters["DurationSeconds"] == "3600"
        store.drop_all()


def test_what_was_asked_for_so_long_is_not_renewed_in_its_last_minute_either(demo: Demo) -> None:
    store = demo.services().store
    first = store.assume("dev-ro", occasion=Occasion("", 900))
    demo.aws.calls.clear()
    while first.left(demo.clock.now()) > 1:
        assert store.assume("dev-ro").expiration == first.expiration
        demo.clock.pass_(29)
    assert demo.aws.count() == 0
    assert not store.due(first, first.expiration - 1)
