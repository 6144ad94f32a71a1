"""A model behind an OpenAI-compatible address: asked with patience, believed only as far as its answer can be read.

Nothing here is used unless the operator names an address (WINBACK_EMBEDDER_URL, WINBACK_LANGUAGE_MODEL_URL). Redirects are
not followed, an answer has a bound in size and time, and a key never goes over an unencrypted line to another machine.
What an answer holds is data and is checked by who asked for it.

Reference: https://platform.openai.com/docs/api-reference/embeddings and /chat, as many servers speak them.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from winback.errors import UserError

if TYPE_CHECKING:
    import urllib3

ATTEMPTS = 3
MOST_WAIT = 20.0  # seconds between two attempts, whatever the endpoint asks for
MOST_ANSWER = 64 * 1024 * 1024


class EndpointError(UserError):
    """A model's address did not answer as it should. What was read before is kept by who asked."""


@dataclass(frozen=True)
class Endpoint:
    """Where a model is asked: `url` is what /embeddings and /chat/completions are put behind. seconds: for one answer."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 60.0
    wait: Callable[[float], None] = time.sleep
    attempts: int = ATTEMPTS

    def __post_init__(self) -> None:
        """Raises UserError where the address or the model's name is none."""
        object.__setattr__(self, "url", checked_url(self.url, secret=bool(self.key)))
        if not self.model.strip() or len(self.model) > 60:
            raise UserError("The name of the endpoint's model should have 1 to 60 characters.")

    def ask(self, path: str, question: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to a question as JSON, asked up to three times where the endpoint is busy or gone.

        Raises EndpointError with what was wrong.
        """
        import urllib3

        pool = urllib3.PoolManager(retries=False)
        trouble = ""
        for attempt in range(1, self.attempts + 1):
            pause = min(2.0**attempt, MOST_WAIT)
            try:
                status, body, asked = self._once(pool, path, question)
            except (urllib3.exceptions.HTTPError, OSError) as error:
                trouble = f"did not answer ({_said(error)})"
            else:
                if status == 200:
                    return self._read(body)
                trouble = f"answered {status}{_reason(body)}"
                if status not in (408, 409, 429) and status < 500:
                    raise EndpointError(f"{self.url} {trouble}. {_advice(status)}")
                pause = min(asked, MOST_WAIT) if asked is not None else pause
            if attempt < self.attempts:
                self.wait(pause)
        times = f", {self.attempts} times" if self.attempts > 1 else ""
        raise EndpointError(f"{self.url} {trouble}{times}. Try again later, or go on without it.")

    def _once(
        self, pool: urllib3.PoolManager, path: str, question: Mapping[str, Any]
    ) -> tuple[int, bytes, float | None]:
        import urllib3

        ends = time.monotonic() + self.seconds
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "winback"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            with _ended_after(self.seconds, pool.connection_from_url(self.url)):
                answer = pool.request(
                    "POST", f"{self.url}/{path}", body=json.dumps(question).encode(), headers=headers, redirect=False,
                    preload_content=False, timeout=urllib3.Timeout(total=self.seconds),
                )  # fmt: skip
                try:
                    parts, size = [], 0
                    for part in answer.stream(65536):
                        parts.append(part)
                        size += len(part)
                        if size > MOST_ANSWER:
                            raise EndpointError(f"{self.url} answered with more than 64 MiB, which is not read.")
                    later = str(answer.headers.get("Retry-After", ""))
                    return answer.status, b"".join(parts), float(later) if later.isascii() and later.isdigit() else None
                finally:
                    answer.close()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            if time.monotonic() >= ends:
                raise TimeoutError(f"no full answer in {self.seconds:.0f} seconds") from error
            raise

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            found = json.loads(body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise EndpointError(f"{self.url} answered with something that is no JSON object; is it an OpenAI-compatible address?")  # fmt: skip
        return found


@contextmanager
def _ended_after(seconds: float, pool: urllib3.HTTPConnectionPool) -> Iterator[None]:
    """Close the connections of a pool after so long: a time-out counts from byte to byte, and who drips would never end."""
    opened: list[socket.socket] = []

    class Told(pool.ConnectionCls):  # type: ignore[misc, name-defined]
        def connect(self) -> None:
            super().connect()
            opened.append(self.sock)

    def end() -> None:
        for sock in opened:
            with suppress(OSError):  # closed already
                socket.socket.shutdown(
                    sock, socket.SHUT_RDWR
                )  # past a TLS socket's own, which another thread reads from

    pool.ConnectionCls = Told
    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def checked_url(url: str, *, secret: bool) -> str:
    """The address without a slash at its end. Raises UserError where it is none that is asked.

    secret: a key goes with it, so that it must be encrypted unless it stays in this machine.
    """
    text = url.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.query or parts.fragment:
        raise UserError(f'"{url[:100]}" should be an address like https://api.example.com/v1, without a name, a key or a question mark.')  # fmt: skip
    if secret and parts.scheme == "http" and not _here(host):
        raise UserError(f"{host} would get the key over an unencrypted line; use https://, or leave the key out.")
    return text


def _here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _said(error: Exception) -> str:
    """What went wrong with a connection, in a word or two; never the question, which holds customers' words."""
    import urllib3

    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "there is no such host"
    if isinstance(error, urllib3.exceptions.NewConnectionError):
        return "no connection"
    if isinstance(error, (urllib3.exceptions.TimeoutError, TimeoutError)):
        return "no answer in time"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "its certificate does not hold"
    return "no connection"


def _reason(body: bytes) -> str:
    """The endpoint's own sentence, where it gives one, cut short."""
    try:
        error = json.loads(body).get("error")
    except (ValueError, AttributeError):
        return ""
    said = error.get("message") if isinstance(error, dict) else error
    return f' ("{" ".join(said.split())[:200]}")' if isinstance(said, str) and said.strip() else ""


def _advice(status: int) -> str:
    if status in (401, 403):
        return "Is the key right?"
    if status in (301, 302, 303, 307, 308, 404, 405):
        return "Is the address right? It is what stands before /embeddings and /chat/completions."
    return "Is the model's name right?"
