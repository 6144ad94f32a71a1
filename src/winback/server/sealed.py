"""Secrets that have to be read again, such as those both sides sign with: sealed in the database.

Sealed with a key that is derived from the secret key, which is not in the database: who sees a dump of it, or a disk it was
on, has none of them. Under another secret key they are lost, which `opened` says. Fernet: AES-128-CBC and HMAC-SHA256.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

    _Text = models.TextField[str, str]
else:
    _Text = models.TextField

MARK = "sealed1:"


def seal(text: str) -> str:
    """A text as it lies in the database: another one each time."""
    return MARK + _box(settings.SECRET_KEY).encrypt(text.encode()).decode()


def opened(stored: str) -> str | None:
    """What was sealed; None under another secret key. A text that was never sealed comes back as it is."""
    from cryptography.fernet import InvalidToken

    if not stored.startswith(MARK):
        return stored
    try:
        return _box(settings.SECRET_KEY).decrypt(stored.removeprefix(MARK)).decode()
    except InvalidToken:
        return None


@cache
def _box(secret_key: str) -> Fernet:
    from cryptography.fernet import Fernet

    key = hmac.new(secret_key.encode(), b"winback sealed secrets, 1", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class SealedField(_Text):
    """A text that is sealed on its way into the database; blank where it cannot be opened any more."""

    description = "a sealed text"

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return value if not value else opened(value) or ""

    def get_prep_value(self, value: Any) -> str | None:
        return value if not value else seal(str(value))
