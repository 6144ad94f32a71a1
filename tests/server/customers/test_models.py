"""Rules that the database itself keeps."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tests.server.factories import Cast, make_contact, make_customer
from winback.server.customers.models import ContactLog, StopReason

NOW = dt.datetime(2026, 11, 19, tzinfo=dt.UTC)


def test_a_customer_is_called_by_its_id(cast: Cast) -> None:
    assert str(make_customer(cast.larkspur, "C1")) == "C1"


@pytest.mark.parametrize(("allowed", "reason"), [(True, "cap"), (False, "")])
def test_the_log_says_why_or_that_it_was_allowed(cast: Cast, allowed: bool, reason: str) -> None:
    contact = make_contact(cast.larkspur, "P1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ContactLog.objects.create(
            workspace=cast.larkspur,
            contact=contact,
            touch="call",
            purpose="research",
            channel="phone",
            at=NOW,
            allowed=allowed,
            reason=reason,
        )


def test_a_reason_is_somebodys(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StopReason.objects.create(workspace=cast.larkspur, reason="fraud", since=NOW.date())
