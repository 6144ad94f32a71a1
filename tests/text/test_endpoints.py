"""Asking an endpoint: tried again where it is busy, given up with a sentence, and believed only as far as it can be read."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest

from tests.peers.models import models
from winback.errors import UserError
from winback.text.endpoints import Endpoint, EndpointError


def test_busy_is_asked_again_and_waits_as_told() -> None:
    waited: list[float] = []
    with models(failing=[500, 429], headers={"Retry-After": "7"}, key="k-1") as server:
        found = Endpoint(server.url + "/", "m", "k-1", wait=waited.append).ask(
            "embeddings", {"model": "m", "input": ["late"]}
        )
        assert len(found["data"]) == 1 and len(server.asked) == 3
    assert waited == [7.0, 7.0]


@pytest.mark.parametrize(
    ("failing", "asked", "says"),
    [
        ([500] * 9, 3, "answered 500 (\"no luck: 500\"), 3 times"),
        ([404] * 9, 1, "Is the address right?"),
        ([302] * 9, 1, "Is the address right?"),
        ([400] * 9, 1, "Is the model's name right?"),
    ],
)  # fmt: skip
def test_given_up_with_a_sentence(failing: list[int], asked: int, says: str) -> None:
    with models(failing=failing, headers={"Location": "http://127.0.0.1:9/"}) as server:
        with pytest.raises(EndpointError) as error:
            Endpoint(server.url, "m", wait=lambda seconds: None).ask("embeddings", {"input": ["secret words"]})
        assert says in str(error.value) and "secret words" not in str(error.value)
        assert len(server.asked) == asked


def test_a_wrong_key_is_told_and_not_shown() -> None:
    with models(key="right") as server, pytest.raises(EndpointError, match="Is the key right") as error:
        Endpoint(server.url, "m", "wrong-key", wait=lambda seconds: None).ask("embeddings", {"input": []})
    assert "wrong-key" not in str(error.value)
    assert "secret" not in repr(Endpoint("https://example.com/v1", "m", "secret"))


@pytest.mark.parametrize("body", [b"<html>hello</html>", b"[1, 2]", b"\xff\xfe", b""])
def test_no_json_is_no_answer(body: bytes) -> None:
    with models(body=body) as server, pytest.raises(EndpointError, match="no JSON object"):
        Endpoint(server.url, "m").ask("embeddings", {})


def test_slow_and_dead_endpoints_come_to_an_end() -> None:
    with models(hold=threading.Event()) as server, pytest.raises(EndpointError, match="no answer in time"):
        Endpoint(server.url, "m", seconds=0.1, wait=lambda seconds: None).ask("embeddings", {})
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(EndpointError, match="no connection"):
            Endpoint(url, "m", seconds=5, wait=lambda seconds: None).ask("embeddings", {})


def test_an_endpoint_that_drips_comes_to_an_end() -> None:
    gone = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            asked, _ = server.accept()
            with asked, contextlib.suppress(OSError):
                asked.recv(65536)
                asked.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                for _ in range(1000):  # each byte comes in time, and all of them in twenty seconds
                    asked.sendall(b" ")
                    gone.wait(0.02)

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(EndpointError, match="no answer in time"):
            Endpoint(url, "m", seconds=0.2, attempts=1).ask("embeddings", {})
        gone.set()
        thread.join()


@pytest.mark.parametrize(
    ("url", "key", "says"),
    [
        ("ftp://example.com", "", "should be an address"),
        ("https://me:pw@example.com/v1", "", "should be an address"),
        ("https://example.com/v1?key=1", "", "should be an address"),
        ("https://[::1", "", "should be an address"),
        ("http://example.com:99999/", "", "should be an address"),
        ("example.com", "", "should be an address"),
        ("http://example.com/v1", "k", "unencrypted"),
    ],
)
def test_addresses_that_are_not_asked(url: str, key: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        Endpoint(url, "m", key)


def test_names_of_models() -> None:
    with pytest.raises(UserError, match="1 to 60"):
        Endpoint("https://example.com", " ")
