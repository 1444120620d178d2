"""Who fetched: found from the connection, as far as Linux tells; another process with an old pid is nobody."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stsui.handover.slots import Process
from stsui.server import peers, processes
from stsui.sessions.ledger import Event
from tests.server.serving import Serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells whose socket it is")
PROGRAM = """
import http.client, sys, time
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
connection.request("GET", "/slot/term-1", headers={"Authorization": sys.argv[2]})
connection.getresponse().read()
sys.stdin.read()
"""


def test_a_program_is_named_with_pid_and_place_and_written_down(server: Serving, tmp_path: Path) -> None:
    server.slot("dev-admin")
    server.given()
    script = tmp_path / "terraform"
    script.write_text(PROGRAM)
    token = server.slots.token("term-1").reveal()
    process = subprocess.Popen(
        [sys.executable, str(script), str(server.port), token], stdin=subprocess.PIPE, cwd=tmp_path
    )
    try:
        # The first fetch was ours, and we run too.
        found = server.until(
            lambda: next((p for p in server.live.shown.rows()[0].running if p.pid == process.pid), None)
        )
        assert (found.command, found.cwd, found.text) == (
            "terraform",
            str(tmp_path),
            f"terraform {process.pid}",
        )
        assert processes.runs(found)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(10)
    assert not processes.runs(found)
    assert found not in server.live.shown.rows()[0].running
    handed = [e for e in server.store.ledger.read() if e.kind == "hand-over" and "terraform" in e.to]
    assert [(e.way, e.to) for e in handed] == [("slot", f"terraform {process.pid} by slot term-1")]


def test_a_connection_names_its_owner_also_over_ipv6() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        asked = peers.Peers(port)
        with socket.create_connection(("127.0.0.1", port)) as four, socket.socket(socket.AF_INET6) as six:
            six.connect(("::ffff:127.0.0.1", port))
            for client in (four, six):
                found = asked.find(client.getsockname()[1])
                assert found == peers.Peer(os.getuid(), os.fstat(client.fileno()).st_ino)
                assert processes.holders([found.inode]) == {found.inode: os.getpid()}
        assert asked.find(1) is None
        asked.close()
        assert asked.find(1) is None


@pytest.mark.parametrize("data", [b"", b"x" * 15, b"x" * 16, bytes(200), b"\xff" * 200])
def test_an_answer_that_is_none_names_nobody(data: bytes) -> None:
    assert peers.answer(data) is None


def test_another_process_with_the_pid_is_not_the_one() -> None:
    mine = processes.process(os.getpid())
    assert processes.runs(mine) and mine.started and mine.cwd == os.getcwd()
    assert not processes.runs(mine._replace(started=mine.started + 1))
    assert not processes.runs(mine._replace(boot="another"))
    assert not processes.runs(Process())
    assert processes.process(2**22 + 7) == Process(2**22 + 7)


def test_a_dead_child_that_nobody_waited_for_does_not_run() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    known = processes.process(child.pid)
    end = time.monotonic() + 10
    while processes.runs(known) and time.monotonic() < end:
        time.sleep(0.01)
    assert not processes.runs(known)
    child.wait()


def test_what_was_copied_out_is_listed_until_it_ends(server: Serving) -> None:
    now = server.demo.clock.now()
    for role, way, to, until in (
        ("stg-admin", "variables", "bash for zsh 4711", now + 600),
        ("stg-admin", "variables", "bash for zsh 4711", now + 600),
        ("play", "clipboard", "bash", now + 60),
        ("dev-ro", "slot", "slot term-1", now + 600),
        ("dev-ro", "file", "[stsui-dev-ro] in credentials", now - 1),
    ):
        server.store.ledger.record(Event("hand-over", role, way=way, to=to, until=int(until)))
    assert [(e.role, e.way) for e in server.live.shown.snapshots()] == [
        ("play", "clipboard"),
        ("stg-admin", "variables"),
    ]
    server.demo.clock.pass_(61)
    assert [e.role for e in server.live.shown.snapshots()] == ["stg-admin"]
