"""What is known of people, of one as of many, in as many queries for nine as for three."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.server.factories import Cast, make_contact, make_customer
from winback.server.customers.contact_rules import Known, PastTouch, ScreenedList
from winback.server.customers.known import known_of
from winback.server.customers.models import (
    Contact,
    ContactBasis,
    ContactLog,
    Invitation,
    OpenComplaint,
    OptOut,
    StopReason,
)
from winback.server.customers.suppression import load_suppression_list
from winback.server.sources.actions import ensure_source, live_run

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 9, 28, 9, tzinfo=dt.UTC)


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


def test_it_is_known_of_each(cast: Cast) -> None:
    made = people(cast)
    found = known_of(made, workspace=cast.larkspur, at=AT)
    mail, phone = frozenset({"mail", "letter"}), frozenset({"phone", "message", "letter"})
    where = [mail, phone, frozenset({"letter"})] * 3 + [frozenset()]
    assert [found[one.pk].addresses for one in made] == where
    assert [found[one.pk].stop_reasons for one in made] == [
        ("deceased",), (), (), *[("in collections",)] * 3, (), (), (), (),
    ]  # fmt: skip
    assert [found[one.pk].open_complaint for one in made] == [False] * 6 + [True] * 3 + [False]
    assert found[made[1].pk].opt_outs == (("service", "phone"),) and found[made[3].pk].bases == {"marketing": "consent"}
    listed = [ScreenedList("robinson", "mail", dt.date(2026, 7, 30), hit) for hit in (True, False)]
    assert [found[one.pk].lists for one in made[:2]] == [(listed[0],), (listed[1],)] and found[made[9].pk].lists == ()
    assert found[made[6].pk].past == tuple(
        PastTouch(AT - dt.timedelta(hours=hours), "call", "service") for hours in (2, 3, 4, 5, 6)
    )
    for one in made:
        assert known_of([one], workspace=cast.larkspur, at=AT)[one.pk] == found[one.pk]


def test_touches_and_invitations_stand_in_one_order(cast: Cast) -> None:
    one, other = make_contact(cast.larkspur, "P1"), make_contact(cast.larkspur, "P2")
    run = live_run(source=ensure_source(workspace=cast.larkspur, name="mailer", kind="api", table="invitations"))
    days = [AT - dt.timedelta(days=n) for n in (1, 2, 3)]
    for at in (days[0], days[2]):
        Invitation.objects.create(
            workspace=cast.larkspur, run=run, external_id=str(at), contact="P1", survey="transactional", sent_at=at
        )
    ContactLog.objects.create(
        workspace=cast.larkspur, contact=one, touch="call", purpose="service", channel="mail", allowed=True, at=days[1]
    )
    found = known_of([one, other], workspace=cast.larkspur, at=AT)
    assert found[one.pk].past == (
        PastTouch(days[0], "survey", "research", "transactional"), PastTouch(days[1], "call", "service"),
        PastTouch(days[2], "survey", "research", "transactional"),
    )  # fmt: skip
    assert found[other.pk] == Known(addresses=frozenset({"letter"}))


def test_queries_do_not_grow_with_people(cast: Cast) -> None:
    made = people(cast)
    with CaptureQueriesContext(connection) as few:
        known_of(made[:3], workspace=cast.larkspur, at=AT)
    with CaptureQueriesContext(connection) as many:
        known_of(made, workspace=cast.larkspur, at=AT)
    assert len(many) == len(few) <= 10
