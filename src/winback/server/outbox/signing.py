"""Standard Webhooks: how a message is signed, so that its receiver knows who sent it, and when.

`webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` with the secret both sides hold,
which is written `whsec_` and base64. A receiver refuses a timestamp that is more than five minutes off.
Source: the Standard Webhooks specification, standardwebhooks.com.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping

TOLERANCE = 300  # seconds


def new_secret() -> str:
    """32 random bytes in the spelling of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """What stands in `webhook-signature`. Raises ValueError for a secret that is none."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise ValueError("a secret is whsec_ and base64") from None
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def headers(secret: str, *, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id=message_id, timestamp=timestamp, body=body),
    }


def verified(secret: str, given: Mapping[str, str], body: bytes, *, now: int) -> bool:
    """Whether a message came from whoever holds the secret, within five minutes. `given`: headers, names in small letters."""
    try:
        timestamp = int(given["webhook-timestamp"])
        expected = signature(secret, message_id=given["webhook-id"], timestamp=timestamp, body=body)
    except (KeyError, ValueError):
        return False
    if abs(now - timestamp) > TOLERANCE:
        return False
    # a sender that changes its secret signs with both for a while
    return any(
        hmac.compare_digest(one.encode(), expected.encode()) for one in given.get("webhook-signature", "").split()
    )
