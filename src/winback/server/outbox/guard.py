"""The guard of outgoing requests: nobody makes winback call an address inside the house (server-side request forgery).

The name is resolved once; every address it has must be public, and the connection goes to the very address that was
checked, so that a second answer of the name server changes nothing. Redirects are not followed, proxies of the
environment are not asked. What is private is reached only where the operator allows it (WINBACK_PRIVATE_HOSTS).
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from winback.errors import UserError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
TEREDO = ipaddress.ip_network("2001::/32")
MOST_ANSWER = 64 * 1024
DEADLINE = 10.0  # seconds for all of it


class Refused(UserError):  # noqa: N818 (it reads as what it is)
    """The address is one that winback does not call."""


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the first bytes of the body, and after how many milliseconds."""

    status: int
    body: bytes
    took_ms: int


def check_url(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of an address. Raises Refused where it is none that can be called."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Refused(f'"{url[:100]}" is not an address; it should be one like https://example.com/hooks.') from None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise Refused(
            f'"{url[:100]}" is not an address winback calls; it should be one like https://example.com/hooks.'
        )
    if any(ord(sign) <= 32 or ord(sign) == 127 for sign in url):
        raise Refused("The address holds spaces or signs that cannot stand in one.")
    path = parts.path or "/"
    return parts.scheme, parts.hostname, port, f"{path}?{parts.query}" if parts.query else path


def public(address: Address) -> bool:
    """Whether an address lies outside everybody's house, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return public(address.ipv4_mapped)
        if address in NAT64 or address in SIX_TO_FOUR or address in TEREDO:
            return False  # they carry an IPv4 address that somebody else unwraps
        if address.is_site_local:  # for use inside a house before fc00::/7 was, and called global by Python
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int, *, allow: Sequence[Network] = ()) -> list[Address]:
    """The addresses of a host. Raises Refused unless each is public or allowed; OSError where the name is not found."""
    found: list[Address] = []
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if address not in found:
            found.append(address)
    for address in found:
        plain = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped else address
        if not public(address) and not any(plain.version == network.version and plain in network for network in allow):
            raise Refused(
                f"{host} is {address}, an address inside a private network. winback calls those only where the operator "
                "allows it (WINBACK_PRIVATE_HOSTS)."
            )
    return found


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, allow: Sequence[Network] = (), deadline: float = DEADLINE
) -> Answer:
    """POST to an address, pinned to what it resolved to. Raises Refused, or OSError where nobody answers in time."""
    began = time.monotonic()
    scheme, host, port, path = check_url(url)
    addresses = resolve(host, port, allow=allow)
    connection = _Pinned(host, port, addresses[0], secure=scheme == "https", seconds=deadline)
    # a time-out of the socket begins anew with each byte: a server that drips them is cut off by the clock
    clock = threading.Timer(deadline, connection.cut)
    clock.daemon = True
    clock.start()
    try:
        connection.request("POST", path, body=body, headers={**headers, "Connection": "close"})
        answer = connection.getresponse()
        read = answer.read(MOST_ANSWER)
        if connection.was_cut:
            raise TimeoutError("no full answer in time")
        return Answer(answer.status, read, int((time.monotonic() - began) * 1000))
    except (http.client.HTTPException, OSError, ValueError) as error:
        if connection.was_cut:
            raise TimeoutError("no full answer in time") from None
        if isinstance(error, OSError):
            raise
        raise OSError(f"the answer is no HTTP ({type(error).__name__})") from None
    finally:
        clock.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to one checked address that speaks to, and verifies, the host it was resolved from."""

    def __init__(self, host: str, port: int, address: Address, *, secure: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.address, self.secure, self.seconds = address, secure, seconds
        self.was_cut = False
        self.line: socket.socket | None = None

    def connect(self) -> None:
        self.line = socket.create_connection((str(self.address), self.port), self.seconds)
        self.sock: Any = self.line
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.line, server_hostname=self.host)
            self.line = self.sock

    def cut(self) -> None:
        """End the connection in the middle of whatever it waits for."""
        self.was_cut = True
        if self.line is not None:
            with contextlib.suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)
