from __future__ import annotations

import pytest
from django.db import connection
from pytest_django import Settings

from tests.server.factories import Cast
from winback.server import sealed
from winback.server.outbox.actions import add_target
from winback.server.outbox.models import WebhookTarget


def test_what_is_sealed_is_opened_with_the_same_key_only(settings: Settings) -> None:
    one, other = sealed.seal("whsec_YQ=="), sealed.seal("whsec_YQ==")
    assert one != other and "whsec_YQ" not in one
    assert sealed.opened(one) == sealed.opened(other) == "whsec_YQ=="
    assert sealed.opened(one[:-2] + ("AA" if one[-2:] != "AA" else "BB")) is None
    assert sealed.opened("never sealed") == "never sealed"
    settings.SECRET_KEY = "another key that is long enough, as keys go"
    assert sealed.opened(one) is None


@pytest.mark.django_db
def test_a_secret_lies_sealed_in_the_database(cast: Cast, settings: Settings) -> None:
    made = add_target(by=cast.access("ingrid"), url="https://example.com/hooks")
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM winback_webhooktarget")
        (stored,) = cursor.fetchone()
    assert stored.startswith("sealed1:") and made.secret not in stored
    assert WebhookTarget.objects.get().secret == made.secret
    settings.SECRET_KEY = "another key that is long enough, as keys go"
    assert WebhookTarget.objects.get().secret == ""
