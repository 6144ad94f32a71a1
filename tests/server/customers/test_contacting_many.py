"""The gate for many at once says what the gate says for each, in as many queries for nine as for three."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.server.factories import Cast, make_contact, make_customer
from winback.server.customers.contacting import known_of, load_suppression_list, may_contact
from winback.server.customers.contacting_many import known_of_many, may_contact_many
from winback.server.customers.models import Contact, ContactBasis, ContactLog, OpenComplaint, OptOut, StopReason

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 9, 28, 9, tzinfo=dt.UTC)
CHANNELS = ("mail", "phone", "message", "letter")


def people(cast: Cast) -> list[Contact]:
    """One for each reason to say no, and some of whom nothing is known."""
    ws = cast.larkspur
    customers = [make_customer(ws, f"C-{i}", name=f"Company {i}") for i in range(3)]
    said = [("mail", {"email": "a@example.com"}), ("phone", {"phone": "+351 210 000 000"}), ("none", {})]
    made = [
        make_contact(ws, f"P-{i}-{name}", customer=f"C-{i}", name=name, **more) for i in range(3) for name, more in said
    ]
    made.append(Contact.objects.create(workspace=ws, external_id="nobody knows"))
    day = dt.timedelta(days=1)
    StopReason.objects.create(workspace=ws, customer=customers[1], reason="in collections", since=AT.date() - day)
    StopReason.objects.create(workspace=ws, contact=made[0], reason="deceased", since=AT.date() - day, until=AT.date())
    StopReason.objects.create(workspace=ws, contact=made[1], reason="fraud", since=AT.date() + day)
    OpenComplaint.objects.create(workspace=ws, customer=customers[2], opened_at=AT - day)
    OptOut.objects.create(contact=made[1], purpose="service", channel="phone", since=AT - day)
    ContactBasis.objects.create(contact=made[3], purpose="marketing", basis="consent")
    for hours in range(5):
        ContactLog.objects.create(
            workspace=ws, contact=made[6], touch="call", purpose="service", channel="mail", allowed=True,
            at=AT - dt.timedelta(hours=hours + 2),
        )  # fmt: skip
    load_suppression_list(
        access=cast.access("hanna"),
        name="robinson",
        channel="mail",
        screened_on=AT.date() - 90 * day,
        lines=["a@example.com"],
    )
    return made


@pytest.mark.parametrize("purpose", ["service", "complaint", "research", "marketing"])
def test_it_says_what_the_gate_says_for_each(cast: Cast, purpose: str) -> None:
    made = people(cast)
    found = may_contact_many(made, workspace=cast.larkspur, purpose=purpose, channels=CHANNELS, at=AT)
    assert found == {(one.pk, channel): may_contact(one, purpose, channel, AT) for one in made for channel in CHANNELS}
    assert len({decision.reason for decision in found.values()}) > 1


def test_it_knows_what_is_known_of_each(cast: Cast) -> None:
    made = people(cast)
    many = known_of_many(made, workspace=cast.larkspur, at=AT)
    for one in made:
        alone = known_of(one, AT)
        assert (many[one.pk].addresses, sorted(many[one.pk].stop_reasons)) == (
            alone.addresses,
            sorted(alone.stop_reasons),
        )
        assert (many[one.pk].open_complaint, many[one.pk].past) == (alone.open_complaint, alone.past)


def test_queries_do_not_grow_with_people(cast: Cast) -> None:
    made = people(cast)
    with CaptureQueriesContext(
        connection,
    ) as few:
        known_of_many(made[:3], workspace=cast.larkspur, at=AT)
    with CaptureQueriesContext(connection) as many:
        known_of_many(made, workspace=cast.larkspur, at=AT)
    assert len(many) == len(few) <= 9
