"""Whatever stands where STS should be: one sentence, bounded memory and time, nothing kept."""

import contextlib
import functools
import resource
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stsui.demo.sts import NAMESPACE
from stsui.model import errors
from stsui.model.errors import StsuiError
from stsui.sessions.store import SessionStore
from tests.fuzzing import EXAMPLES
from tests.worlds import Demo, demo_world

GOOD = (
    f'<AssumeRoleResponse xmlns="{NAMESPACE}"><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROAX:ana</AssumedRoleId>'
    "<Arn>arn:aws:sts::333344445555:assumed-role/AdministratorAccess/ana</Arn></AssumedRoleUser><Credentials>"
    "<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>SECRETSECRETSECRET1234</SecretAccessKey>"
    "<SessionToken>TOKEN</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>"
    "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>"
)


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    with demo_world(tmp_path / "home") as demo:
        for name, value in {**demo.environ, "AWS_MAX_ATTEMPTS": "1"}.items():
            monkeypatch.setenv(name, value)
        demo.environ["AWS_MAX_ATTEMPTS"] = "1"
        yield demo


def swapped(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new).encode()


HOSTILE: dict[str, tuple[bytes, type[StsuiError]]] = {
    "html": (b"<html><body>Please sign in to the Wi-Fi</body></html>", errors.NotSts),
    "empty": (b"", errors.NotSts),
    "json": (b'{"AccessKeyId": "x"}', errors.NotSts),
    "half": (GOOD.encode()[:300], errors.NotSts),
    "binary": (bytes(range(256)) * 10, errors.NotSts),
    "entities": (b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>', errors.NotSts),
    "another account": (swapped("sts::333344445555", "sts::999988887777"), errors.IdentityMismatch),
    "another role": (
        swapped("assumed-role/AdministratorAccess", "assumed-role/Other"),
        errors.IdentityMismatch,
    ),
    "no role": (
        swapped("arn:aws:sts::333344445555:assumed-role/AdministratorAccess/ana", "x"),
        errors.IdentityMismatch,
    ),
    "no expiration": (swapped("<Expiration>2099-01-01T00:00:00Z</Expiration>", ""), errors.NotSts),
    "past expiration": (swapped("2099", "1999"), errors.SourceExpired),
    "nonsense expiration": (swapped("2099-01-01T00:00:00Z", "tomorrow"), errors.NotSts),
    "control characters": (swapped("TOKEN", "TOK&#13;&#10;EN"), errors.NotSts),
    "shell in the secret": (swapped("SECRETSECRETSECRET1234", "SECRETSECRET';id;'"), errors.NotSts),
    "long token": (swapped("TOKEN", "T" * 70_000), errors.NotSts),
    "no credentials": (swapped("Credentials>", "Nothing>"), errors.NotSts),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_sts_is_said_and_nothing_is_kept(demo: Demo, name: str) -> None:
    body, kind = HOSTILE[name]
    demo.aws.answer_next(body, "text/xml", operation="AssumeRole")
    store = demo.services().store
    with pytest.raises(kind) as told:
        store.assume("dev-admin")
    assert "SECRET" not in str(told.value) + told.value.details and str(told.value).isprintable()
    assert store.peek("dev-admin") is None
    demo.clock.pass_(6)
    assert store.assume("dev-admin").account_id == "333344445555", "and the next answer is taken"


def test_a_token_of_twenty_kilobytes_is_taken(demo: Demo) -> None:
    demo.aws.answer_next(swapped("TOKEN", "T" * 20_000), "text/xml", operation="AssumeRole")
    store = demo.services().store
    store.assume("dev-admin")
    held = demo.services().store.peek("dev-admin")
    assert held is not None and len(held.credentials.session_token.reveal()) == 20_000


def test_a_gigabyte_is_cut_off(demo: Demo) -> None:
    def body() -> Iterator[bytes]:
        for _ in range(1_000):
            yield b" " * 1_000_000

    demo.aws.answer_next(body(), "text/xml", operation="AssumeRole")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(errors.NotSts, match="too large"):
        demo.services().store.assume("dev-admin")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_a_body_that_does_not_end_is_cut_off(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    from stsui.aws import bounded

    monkeypatch.setattr(bounded, "LONGEST", 0.3)

    def body() -> Iterator[bytes]:
        import time

        for _ in range(100):
            yield b" "
            time.sleep(0.02)

    demo.aws.answer_next(body(), "text/xml", operation="AssumeRole")
    with pytest.raises(errors.NotSts, match="does not end"):
        demo.services().store.assume("dev-admin")


@pytest.mark.parametrize(
    "endless", [b"HTTP/1.1 100 Continue\r\n\r\n", b"X-Slow: yes\r\n"], ids=["100", "header"]
)
def test_headers_that_do_not_end_are_left(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, endless: bytes
) -> None:
    """Timeouts of sockets count from byte to byte."""
    from stsui.aws import attempts

    monkeypatch.setattr(attempts, "LONGEST", 0.5)
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection:
            if not endless.startswith(b"HTTP"):
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not over.wait(0.02):
                with contextlib.suppress(OSError):
                    connection.sendall(endless)

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        demo.environ["AWS_ENDPOINT_URL_STS"] = f"http://127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=lambda: drip(server.accept()[0]), daemon=True).start()
        with pytest.raises(errors.NotSts, match="did not come to an end"):
            demo.services().store.assume("dev-admin")
        over.set()


@pytest.mark.parametrize(
    "date",
    ["Mon, 01 Jan 99999999999 00:00:00 GMT", "nonsense", "", "Mon, 01 Jan 0001 00:00:00 +2359", "1" * 5_000],
)
def test_a_date_that_is_none_is_no_news_of_the_clock(demo: Demo, date: str) -> None:
    demo.aws.answer_next(GOOD.encode(), "text/xml", operation="AssumeRole", headers=(("Date", date),))
    store = demo.services().store
    assert store.assume("dev-admin").account_id == "333344445555"


def test_a_redirect_is_not_followed(demo: Demo) -> None:
    elsewhere = (("Location", f"{demo.aws.url}/elsewhere"),)
    demo.aws.answer_next(b"", "text/html", status=302, operation="AssumeRole", headers=elsewhere)
    with pytest.raises(errors.NotSts):
        demo.services().store.assume("dev-admin")
    assert demo.aws.count("AssumeRole") == 1


@functools.cache
def _store_of(demo: Demo) -> SessionStore:
    """One for all examples: a new boto3 client for each would be most of the work."""
    return demo.services().store


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_answer_breaks_it_f3(demo: Demo, data: st.DataObject) -> None:
    body = bytearray(GOOD.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=30))
    status = data.draw(st.sampled_from([200, 200, 200, 400, 403, 500]))
    demo.aws.answer_next(bytes(body), "text/xml", status=status, operation="AssumeRole")
    store = _store_of(demo)
    store.drop_all()
    demo.clock.pass_(6)
    try:
        session = store.assume("dev-admin")
    except StsuiError as error:
        assert str(error).isprintable() and "SECRETSECRET" not in str(error) + error.details
    else:
        assert session.account_id == "333344445555"
