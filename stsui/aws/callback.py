"""The loopback address to which a browser brings an authorization code back.

Bound to 127.0.0.1 on a free port, for one answer that bears the right state; anything else is turned away
and waited on. Source: RFC 8252, "Loopback Interface Redirection".
"""

import hmac
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from stsui.model.credentials import Secret

PATH = "/oauth/callback"
_PAGE = (
    "<!doctype html><meta charset=utf-8><title>stsui</title>"
    "<body style='font-family:sans-serif;margin:4em'><h1>{title}</h1><p>{text}</p>"
)


class Callback:
    """Listens from the start until `close`."""

    without_port = f"http://127.0.0.1{PATH}"
    """What a client registers; the port is free to change. Source: AWS CLI, sso/utils.py."""

    def __init__(self, state: str) -> None:
        self.code = Secret("")
        """Empty where the person said no."""
        self._answered = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.callback = self
        self._state = state
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the browser shall come back to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{PATH}"

    def answered(self) -> bool:
        """Whether it came back."""
        return self._answered.is_set()

    def close(self) -> None:
        """Gives the port back."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, query: str) -> bool:
        """An answer; whether it belongs to what was asked."""
        given = {name: values[0] for name, values in parse_qs(query).items()}
        if self._answered.is_set() or not hmac.compare_digest(
            given.get("state", "").encode(), self._state.encode()
        ):
            return False
        if "code" not in given and "error" not in given:
            return False
        self.code = Secret(given.get("code", ""))
        self._answered.set()
        return True


class _Server(HTTPServer):
    callback: Callback

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5
    """A connection that says nothing must not keep the right one waiting."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        port = self.server.server_address[1]
        right = parts.path == PATH and self.headers.get("Host") == f"127.0.0.1:{port}"
        if not right or not self.server.callback.take(parts.query):
            self._page(404, "Nothing here", "This address waits for one answer of a sign-in.")
        elif self.server.callback.code:
            self._page(200, "Signed in", "You can close this page and go back to the terminal.")
        else:
            self._page(200, "Denied", "Nothing was given to stsui. You can close this page.")

    def _page(self, status: int, title: str, text: str) -> None:
        body = _PAGE.format(title=title, text=text).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """The path holds a code; nothing of it is written anywhere."""
