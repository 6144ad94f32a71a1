"""A place that takes webhooks, for a test: it remembers what came, and answers as it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Place:
    """`status` is what it answers; `drip` sends a byte a second for ever instead; `to` is where a redirect leads."""

    url: str = ""
    status: int = 204
    to: str = ""
    drip: bool = False
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def hook_server() -> Iterator[Place]:
    """A server on a free port of 127.0.0.1."""
    place = Place()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            place.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if place.drip:
                try:
                    for _ in range(60):
                        self.wfile.write(b"H")
                        time.sleep(0.1)
                except OSError:
                    pass
                return
            self.send_response(place.status)
            if place.to:
                self.send_header("Location", place.to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    place.url = f"http://127.0.0.1:{server.server_address[1]}/hooks"
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
