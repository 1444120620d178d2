"""STS in miniature on a loopback port, with faults to order. `python -m stsui.demo.sts` serves it by hand."""

import json
import secrets
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from stsui.demo.beyond import Beyond
from stsui.demo.console import Console
from stsui.demo.identity_center import IdentityCenter
from stsui.demo.login import Login
from stsui.demo.machine import Machine
from stsui.demo.operations import Principal, Refused, Sts
from stsui.demo.organizations import Organizations
from stsui.demo.sign_in import SignIn
from stsui.demo.signature import parse
from stsui.demo.wire import Reply, Request, Service, as_error
from stsui.demo.world import World, make_world

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
_SIGNED = {
    "AssumeRole": Sts.assume_role,
    "GetSessionToken": Sts.get_session_token,
    "GetFederationToken": Sts.get_federation_token,
    "GetCallerIdentity": Sts.get_caller_identity,
    "GetAccessKeyInfo": Sts.get_access_key_info,
    "DecodeAuthorizationMessage": Sts.decode_authorization_message,
}


class Call(NamedTuple):
    """One request that arrived."""

    operation: str
    parameters: Mapping[str, str]
    caller_arn: str
    access_key_id: str
    status: int
    error_code: str
    at: float


class _Fault(NamedTuple):
    operation: str
    status: int
    code: str
    body: Iterable[bytes] = ()
    headers: tuple[tuple[str, str], ...] = ()


class DemoSts:
    """The endpoint; a context manager. Every attribute may be set while it runs."""

    def __init__(self, world: World | None = None, port: int = 0) -> None:
        self.world = world or make_world()
        self.delay = 0.0
        """Seconds before each answer."""
        self.date_offset = 0.0
        """Seconds its clock is ahead of the world's."""
        self.signing_clock = self.world.clock
        """What signatures are checked by: whoever signs does so by the computer's own clock, also where
        a test sets the world's."""
        self.down = False
        """Connections are closed without an answer."""
        self.calls: list[Call] = []
        self.sts = Sts(self.world, self.now, self._signing_time)
        self.beyond = Beyond(self.sts)
        """What its sessions can be used for."""
        self.center = IdentityCenter(self.world, self.sts, self.now)
        self.sign_in = SignIn(self.center, self.now, lambda: self.url)
        self.machine = Machine(self.sts)
        self.login = Login(self.sts, self.now)
        self.organizations = Organizations(self.sts)
        others = (self.machine, self.login, Console(self.sts, self.now), self.organizations)
        self.services: tuple[Service, ...] = (self.center, self.sign_in, *others)
        """What else listens here."""
        self._faults: deque[_Fault] = deque()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.demo = self
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def now(self) -> float:
        """The endpoint's clock."""
        return self.world.clock() + self.date_offset

    def _signing_time(self) -> float:
        return self.signing_clock() + self.date_offset

    def start(self) -> None:
        """Serves in a thread until `stop`."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread and closes the port."""
        self._server.shutdown()
        self._server.close_connections()
        self._server.server_close()
        if self._thread is not None:
            self._thread.join()

    def __enter__(self) -> "DemoSts":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def count(self, operation: str = "") -> int:
        """Requests for the operation, refused ones too; all of them where none is named."""
        return sum(1 for call in list(self.calls) if operation in ("", call.operation))

    def fail_next(
        self, code: str, n: int = 1, operation: str = "", status: int = 400, message: str = ""
    ) -> None:
        """Refuses the next `n` requests (for one operation) with that code."""
        body = _error(code, message or f"{code}, as ordered")
        self._faults.extend(_Fault(operation, status, code, (body.encode(),)) for _ in range(n))

    def answer_next(
        self,
        body: bytes | Iterable[bytes],
        content_type: str = "text/html",
        status: int = 200,
        operation: str = "",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Answers the next request with these bytes; an iterable is sent piece by piece until it ends."""
        parts = (body,) if isinstance(body, bytes) else body
        self._faults.append(
            _Fault(operation, status, "raw", parts, (("Content-Type", content_type), *headers))
        )

    def mend(self) -> None:
        """Every fault that was ordered and has not come yet is called off."""
        with self._lock:
            self._faults.clear()

    def take_fault(self, operation: str) -> _Fault | None:
        """The first ordered fault that is meant for this operation."""
        with self._lock:
            for fault in self._faults:
                if fault.operation in ("", operation):
                    self._faults.remove(fault)
                    return fault
        return None

    def record(self, call: Call) -> None:
        """Remembers a request."""
        with self._lock:
            self.calls.append(call)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1_024
    demo: DemoSts

    def __init__(self, *arguments: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Ends kept-alive connections, whose threads would wait for a next request."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        demo = self.server.demo
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self._is_up() or self._is_for_another(body) or self._other_service(body):
            return
        given = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        operation = given.get("Action", "")
        headers = {name.lower(): value for name, value in self.headers.items()}
        signature = parse(headers.get("authorization", ""))
        key_id = signature.access_key_id if signature else ""
        caller, status, code = None, 200, ""
        fault = demo.take_fault(operation)
        try:
            if fault is not None:
                status, code = fault.status, fault.code
            elif operation == "AssumeRoleWithWebIdentity":
                answer = demo.sts.assume_role_with_web_identity(given)
            elif operation == "AssumeRoleWithSAML":
                answer = demo.sts.assume_role_with_saml(given)
            elif operation in _SIGNED:
                caller = demo.sts.authenticate(signature, headers, body)
                answer = _SIGNED[operation](demo.sts, caller, given)
            else:
                raise Refused(400, "InvalidAction", f"Could not find operation {operation}")
        except Refused as refusal:
            status, code = refusal.status, refusal.code
            text = _error(refusal.code, refusal.message)
        else:
            text = "" if fault else _result(operation, answer)
        demo.record(Call(operation, _without_secrets(given), _arn(caller), key_id, status, code, demo.now()))
        if fault is not None:
            self._answer_parts(fault)
        else:
            self._answer(status, text.encode())

    def do_PUT(self) -> None:
        """Only what is beyond STS."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self._is_up() and not self._is_for_another(body) and not self._other_service(body):
            self._answer(404, b"")

    def _is_for_another(self, body: bytes) -> bool:
        """Answers what is signed for another service than STS; False where it is for STS."""
        demo = self.server.demo
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = demo.beyond.answer(self.command, self.path, headers, body)
        if reply is None:
            return False
        caller, at = _arn(reply.caller), demo.now()
        demo.record(Call(reply.operation, reply.parameters, caller, "", reply.status, reply.code, at))
        self._answer(reply.status, reply.body)
        return True

    def _is_up(self) -> bool:
        """Waits as ordered; False where the connection was closed as ordered."""
        demo = self.server.demo
        begun = time.monotonic()
        while time.monotonic() - begun < demo.delay:
            time.sleep(min(0.02, demo.delay))
        if demo.down:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        return not demo.down

    def _other_service(self, body: bytes = b"") -> bool:
        """Answers what is not for STS and not signed; False where it is."""
        demo = self.server.demo
        path, _, query = self.path.partition("?")
        given = dict(parse_qsl(query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, given, headers, body)
        for service in demo.services:
            operation = service.operation(request)
            if operation:
                fault = demo.take_fault(operation)
                if fault is None:
                    reply = service.answer(operation, request)
                elif fault.code == "raw":
                    reply = Reply(fault.status, b"".join(fault.body), fault.headers, fault.code)
                else:
                    reply = as_error(fault.status, fault.code, f"{fault.code}, as ordered")
                caller, at = reply.caller_arn, demo.now()
                demo.record(Call(operation, reply.parameters, caller, "", reply.status, reply.code, at))
                self._head(reply.status, (*reply.headers, ("Content-Length", str(len(reply.body)))))
                self.wfile.write(reply.body)
                return True
        return False

    def do_GET(self) -> None:
        """Other services than STS."""
        if not self._is_up() or self._is_for_another(b"") or self._other_service():
            return
        self._answer(404, b"<html><body>This is the demo's STS.</body></html>", "text/html")

    def _answer(self, status: int, body: bytes, content_type: str = "text/xml") -> None:
        self._head(status, (("Content-Type", content_type), ("Content-Length", str(len(body)))))
        self.wfile.write(body)

    def _answer_parts(self, fault: _Fault) -> None:
        parts = fault.body
        if isinstance(parts, tuple):
            body = b"".join(parts)
            self._head(fault.status, (*(fault.headers or _XML), ("Content-Length", str(len(body)))))
            self.wfile.write(body)
            return
        self.close_connection = True
        self._head(fault.status, (*fault.headers, ("Connection", "close")))
        for part in parts:
            self.wfile.write(part)

    def _head(self, status: int, headers: Iterable[tuple[str, str]]) -> None:
        self.send_response_only(status)
        self.send_header("Date", formatdate(self.server.demo.now(), usegmt=True))
        self.send_header("x-amzn-RequestId", secrets.token_hex(16))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Requests are remembered, not printed."""


_XML = (("Content-Type", "text/xml"),)


def _arn(caller: Principal | None) -> str:
    return caller.arn if caller else ""


def _without_secrets(given: Mapping[str, str]) -> dict[str, str]:
    hidden = ("WebIdentityToken", "SAMLAssertion", "Action", "Version")
    return {name: value for name, value in given.items() if name not in hidden}


def _result(operation: str, answer: Mapping[str, Any]) -> str:
    return (
        f'<{operation}Response xmlns="{NAMESPACE}"><{operation}Result>{_xml(answer)}</{operation}Result>'
        f"<ResponseMetadata><RequestId>{secrets.token_hex(16)}</RequestId></ResponseMetadata></{operation}Response>"
    )


def _xml(value: Mapping[str, Any]) -> str:
    return "".join(
        f"<{name}>{_xml(item) if isinstance(item, Mapping) else escape(str(item))}</{name}>"
        for name, item in value.items()
    )


def _error(code: str, message: str) -> str:
    return (
        f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type><Code>{escape(code)}</Code>'
        f"<Message>{escape(message)}</Message></Error><RequestId>{secrets.token_hex(16)}</RequestId></ErrorResponse>"
    )


def _main() -> None:
    import argparse

    parser = argparse.ArgumentParser(description="Serves the demo's STS on 127.0.0.1 until it is ended.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--roles", type=int, default=24)
    arguments = parser.parse_args()
    with DemoSts(make_world(arguments.roles), arguments.port) as demo:
        users = {user.name: user.access_key_id for user in demo.world.users}
        print(json.dumps({"url": demo.url, "users": users}), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    _main()
