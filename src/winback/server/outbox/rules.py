"""What may leave the house, and when it is tried again: pure rules."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

# a receiver that is down for a night is reached in the morning; then we stop
WAITS = tuple(dt.timedelta(seconds=seconds) for seconds in (60, 300, 1800, 2 * 3600, 6 * 3600, 14 * 3600, 24 * 3600))
MOST_ATTEMPTS = len(WAITS) + 1
MAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")


def wait_after(attempts: int) -> dt.timedelta | None:
    """How long to wait after this many attempts that failed; None: no more."""
    return WAITS[attempts - 1] if attempts < MOST_ATTEMPTS else None


def allow_list(text: str) -> tuple[str, ...]:
    """The lines of an allow-list: addresses, `@domain` for everybody there, `https://host` for a place of webhooks."""
    return tuple(dict.fromkeys(line.strip().lower() for line in text.splitlines() if line.strip()))


def unusable(lines: Iterable[str]) -> list[str]:
    """Lines that can never allow anything."""
    fits = (MAIL, re.compile(r"@[^@\s]+"), re.compile(r"https?://[^/\s]+/?"), re.compile(r"\+\d{5,15}"))
    return [line for line in lines if not any(form.fullmatch(line) for form in fits)]


def allowed(sending: str, lines: Iterable[str], address: str) -> bool:
    """Whether a workspace that sends `off`, `listed` or `on` may send to an address now."""
    if sending != "listed":
        return sending == "on"
    address = address.strip().lower()
    place = _place(address)
    for line in lines:
        if place is not None:
            if _place(line) == place:
                return True
        elif line == address or (line.startswith("@") and address.endswith(line)):
            return True
    return False


def _place(text: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address of the web."""
    try:
        parts = urlsplit(text.strip().lower())
        if parts.scheme in ("http", "https") and parts.hostname:
            return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]
    except ValueError:
        pass
    return None
