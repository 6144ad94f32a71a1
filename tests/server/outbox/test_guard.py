"""No address inside the house is called, whatever it is dressed as."""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import Any

import pytest

from tests.peers.hooks import hook_server
from winback.server.outbox.guard import Refused, check_url, post, public, resolve

HERE = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "192.0.2.1", "2001:db8::1", "::7f00:1",
    ],
)  # fmt: skip
def test_inside(address: str) -> None:
    assert not public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_outside(address: str) -> None:
    assert public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "https://", "http://user:word@example.com/", "http://@example.com",
        "https://example.com/a b", "https://example.com/\r\nHost: x", "https://example.com:99999/", "gopher://x", "x", "",
    ],
)  # fmt: skip
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(Refused, match="address"):
        check_url(url)


def test_what_is_one() -> None:
    assert check_url("https://example.com/hooks?a=1#part") == ("https", "example.com", 443, "/hooks?a=1")
    assert check_url("http://example.com:8080") == ("http", "example.com", 8080, "/")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "::1"])
def test_every_spelling_of_here_is_refused(host: str) -> None:
    with pytest.raises((Refused, OSError)):
        resolve(host, 80)
    with pytest.raises((Refused, OSError)):
        post(f"http://{f'[{host}]' if ':' in host else host}/", b"", {})


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (place, 443)) for place in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: answers)
    with pytest.raises(Refused, match=r"10\.0\.0\.1, an address inside a private network"):
        resolve("example.com", 443)
    assert len(resolve("example.com", 443, allow=(ipaddress.ip_network("10.0.0.0/8"),))) == 2


def test_the_checked_address_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers otherwise the second time changes nothing: it is asked once."""
    asked: list[Any] = []
    real = socket.getaddrinfo

    def answer(host: str, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "hooks.example.com" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with hook_server() as place:
        port = place.url.split(":")[2].split("/")[0]
        assert post(f"http://hooks.example.com:{port}/in", b"{}", {}, allow=HERE).status == 204
        assert place.came[0][0]["host"] == f"hooks.example.com:{port}"
    assert asked.count("hooks.example.com") == 1


def test_redirects_are_not_followed() -> None:
    with hook_server() as place, hook_server() as inside:
        place.status, place.to = 302, inside.url
        assert post(place.url, b"{}", {}, allow=HERE).status == 302
        assert inside.came == []


def test_a_server_that_drips_bytes_is_cut_off_by_the_clock() -> None:
    with hook_server() as place:
        place.drip = True
        began = time.monotonic()
        with pytest.raises(OSError, match="no full answer in time"):
            post(place.url, b"{}", {}, allow=HERE, deadline=0.5)
        assert time.monotonic() - began < 3


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(OSError, match="refused"):
        post(f"http://127.0.0.1:{port}/", b"{}", {}, allow=HERE)
