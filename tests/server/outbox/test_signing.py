from __future__ import annotations

import pytest

from winback.server.outbox.signing import headers, new_secret, signature, verified

# the example of the specification's own libraries
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_specifications_example() -> None:
    assert signature(SECRET, message_id=ID, timestamp=1614265330, body=BODY) == SIGNED


def test_who_holds_the_secret_is_known() -> None:
    secret = new_secret()
    given = headers(secret, message_id="msg_1", timestamp=1000, body=BODY)
    assert verified(secret, given, BODY, now=1300)
    assert not verified(secret, given, BODY, now=1301), "too old"
    assert not verified(secret, given, BODY + b" ", now=1000)
    assert not verified(new_secret(), given, BODY, now=1000)
    assert not verified(secret, {**given, "webhook-id": "msg_2"}, BODY, now=1000)
    assert not verified(secret, {}, BODY, now=1000)
    both = {**given, "webhook-signature": f"v1,AAAA {given['webhook-signature']}"}
    assert verified(secret, both, BODY, now=1000), "while a secret is changed, a message carries both"


def test_a_secret_that_is_none() -> None:
    with pytest.raises(ValueError, match="whsec_"):
        signature("whsec_not base64!", message_id="a", timestamp=1, body=b"")
    assert new_secret() != new_secret()
