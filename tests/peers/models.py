"""A server of models as many speak it: /v1/embeddings and /v1/chat/completions, with answers that tests choose."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORDS = (
    "late",
    "delivery",
    "days",
    "parcel",
    "staff",
    "kind",
    "nurse",
    "friendly",
    "parking",
    "pounds",
    "space",
    "app",
    "crash",
)


def vector(text: str, width: int = 24) -> list[float]:
    """A direction of the words that stand in a text: the same text, the same vector."""
    found = [float(text.casefold().count(word)) for word in WORDS]
    return [*found, *([0.05] * (width - len(found)))]


@dataclass
class Models:
    """What the server was asked, and what it answers. `chat` makes the content of a chat's answer of its question."""

    url: str = ""
    chat: Callable[[dict[str, Any]], Any] = lambda question: {}
    key: str = ""
    failing: list[int] = field(default_factory=list)  # statuses answered first, one a request
    body: bytes | None = None  # answered whatever is asked
    headers: dict[str, str] = field(default_factory=dict)
    width: int = 24
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    hold: threading.Event | None = None  # an answer waits for it

    def answer(self, path: str, question: dict[str, Any]) -> tuple[int, bytes]:
        if self.failing:
            status = self.failing.pop(0)
            return status, json.dumps({"error": {"message": f"no luck: {status}"}}).encode()
        if self.body is not None:
            return 200, self.body
        if path == "/v1/embeddings":
            rows = [{"index": at, "embedding": vector(text, self.width)} for at, text in enumerate(question["input"])]
            return 200, json.dumps({"data": rows[::-1], "model": question["model"]}).encode()
        if path == "/v1/chat/completions":
            content = self.chat(json.loads(question["messages"][-1]["content"]))
            text = content if isinstance(content, str) else json.dumps(content)
            return 200, json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()
        return 404, b"{}"


@contextlib.contextmanager
def models(**given: Any) -> Iterator[Models]:
    """The server on a free port of this machine, for as long as the block lasts."""
    known = Models(**given)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known.asked.append((self.path, question))
            known.keys.append(self.headers.get("Authorization", ""))
            if known.hold is not None:
                known.hold.wait(30)
            status, body = (
                (401, b'{"error": "wrong key"}')
                if known.key and self.headers.get("Authorization") != f"Bearer {known.key}"
                else known.answer(self.path, question)
            )
            with contextlib.suppress(OSError):  # who asked may have gone
                self.send_response(status)
                for name, value in known.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # who asked has gone, as some tests want it

    server = Server(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield known
    finally:
        if known.hold is not None:
            known.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()
