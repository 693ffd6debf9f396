"""A web server of the tests' own, on this machine, and a fetcher that may reach it."""

from __future__ import annotations

import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import click

from bot.addresses import Address, is_public
from bot.cli import rizhi
from bot.fetching import Fetcher


def is_public_or_here(address: Address) -> bool:
    """Return whether the address is public, or 127.0.0.1: no other of this machine's own."""
    return is_public(address) or str(address) == "127.0.0.1"


NEAR = Fetcher(is_allowed=is_public_or_here, seconds=5, pause_seconds=0)
"""A fetcher that reaches the tests' server, and does not wait long."""


@dataclass
class Answer:
    """What the server sends."""

    body: bytes | Iterator[bytes] = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Page = Answer | Callable[[BaseHTTPRequestHandler], Answer]


@dataclass
class Web:
    """A server and its pages, which may be changed while it runs."""

    url: str
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and headers, lower-case, of each request."""

    def put(self, path: str, body: str | bytes, kind: str = "text/html", **headers: str) -> str:
        """Serve this at the path, and return its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = Answer(content, 200, {"Content-Type": kind, **named})
        return self.url + path

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [path for path, _ in self.asked]


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Web]:
    """Yield the server at work; with a context it speaks HTTPS, though its address says otherwise."""
    web = Web("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = web.pages.get(self.path, Answer(b"", 404))
            answer = page if isinstance(page, Answer) else page(self)
            send(self, unchanged(self, answer))

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    web.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def unchanged(handler: BaseHTTPRequestHandler, answer: Answer) -> Answer:
    """Return 304 in the place of an answer that the asker has already."""
    etag = answer.headers.get("ETag")
    return Answer(b"", 304) if etag and handler.headers.get("If-None-Match") == etag else answer


def send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Send the answer, as far as the other side takes it."""
    handler.send_response(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    pieces = (answer.body,) if isinstance(answer.body, bytes) else answer.body
    if isinstance(answer.body, bytes):
        handler.send_header("Content-Length", str(len(answer.body)))
    with suppress(OSError):  # who asked may go away
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()


def main() -> None:
    """Run `rizhi` as a person does, but with a fetcher that reaches the tests' server."""
    with click.Context(click.Command("tests"), obj=NEAR) as around:
        rizhi.main(sys.argv[1:], prog_name="rizhi", parent=around)
