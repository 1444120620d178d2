"""One client signs for every role, each call with the keys it was given and no others."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from botocore.exceptions import NoCredentialsError

from stsui.aws.lent import Lent
from stsui.aws.sts import StsActions, _where
from stsui.model.credentials import Credentials, Secret
from stsui.model.errors import StsuiError
from tests.worlds import Demo, demo_world

SESSIONS = ("prod-ro", "stg-admin", "dev-ro", "dev-admin", "dev-ci", "play")
THREADS, CALLS = 20, 120


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with demo_world(tmp_path) as world:
        yield world


def test_threads_that_share_a_client_are_never_each_other(demo: Demo) -> None:
    services = demo.services()
    held = {name: services.store.assume(name, code=demo.code()).credentials for name in SESSIONS}
    actions = StsActions(demo.environ)
    step = services.store.plan("dev-ro").last
    together = threading.Barrier(THREADS)

    def ask(number: int) -> tuple[str, str]:
        if number < THREADS:
            together.wait()
        name = SESSIONS[number % len(SESSIONS)]
        return name, actions.identity(held[name], step).arn

    with ThreadPoolExecutor(THREADS) as pool:
        answers = set(pool.map(ask, range(CALLS)))
    roles = {name: services.catalog.roles[name].role_arn for name in SESSIONS}
    assert len(answers) == len(SESSIONS)
    for name, arn in answers:
        account, role = roles[name].split(":")[4], roles[name].rsplit("/", 1)[1]
        assert arn.split(":")[4] == account and arn.split("/")[1] == role, name
    assert len(actions._clients) == 1


def test_keys_that_a_person_corrected_sign_the_next_call(demo: Demo) -> None:
    services = demo.services()
    right = services.store.assume("dev-ro").credentials
    wrong = right._replace(secret_access_key=Secret("w" * 40))
    actions = StsActions(demo.environ)
    step = services.store.plan("dev-ro").last
    with pytest.raises(StsuiError):
        actions.identity(wrong, step)
    assert actions.identity(right, step).account_id == "333344445555"


def test_nothing_is_signed_where_nothing_is_lent() -> None:
    lent = Lent()
    keys = Credentials("AKIAIOSFODNN7EXAMPLE", Secret("x" * 40), Secret(""), None)
    with pytest.raises(RuntimeError), lent.to_this_thread(keys):
        raise RuntimeError
    assert lent.get_frozen_credentials() is None
    with lent.to_this_thread(keys):
        elsewhere = ThreadPoolExecutor(1).submit(lent.get_frozen_credentials).result()
        assert lent.get_frozen_credentials().access_key == keys.access_key_id
    assert elsewhere is None


def test_botocore_refuses_to_sign_with_nothing(demo: Demo) -> None:
    step = demo.services().store.plan("dev-ro").last
    actions = StsActions(demo.environ)
    asked = demo.aws.count()
    client = actions._client(_where(step), True, 1)
    with pytest.raises(NoCredentialsError):
        client.get_caller_identity()
    assert demo.aws.count() == asked
