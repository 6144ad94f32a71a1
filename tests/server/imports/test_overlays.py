from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.server.factories import Cast
from tests.server.imports.bringing import brought, counts
from winback.server.customers.actions import record_customers
from winback.server.customers.models import (
    ContactProfile,
    Customer,
    CustomerPeriod,
    CustomerProfile,
    Departure,
    Invitation,
    OptOut,
)
from winback.server.customers.rules import NewCustomer
from winback.server.imports import undoing
from winback.server.imports.overlays import stored
from winback.server.imports.rules import UndoPreview
from winback.server.jobs.actions import run_due
from winback.server.sources.actions import ensure_source
from winback.server.sources.models import DirtyDay

pytestmark = pytest.mark.django_db
CUSTOMERS = """customer id,name,customer since,parent account,account manager,revenue,calls (12 months),region,plan
C1,Ada,2020-03-22,C9,Priya,1234.50,3,North,Home
C2,Bo,,,,,0,South,Home
C9,Group,,,,,,North,Pro
"""


def test_stored_values() -> None:
    assert (stored(Decimal("1.5")), stored(dt.date(2026, 1, 2)), stored("x"), stored(None)) == (15_000, "2026-01-02", "x", None)  # fmt: skip
    assert stored(dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)) == "2026-01-02 03:04:05"


def test_customers_come_in_and_change(cast: Cast) -> None:
    first = brought(cast.larkspur, CUSTOMERS, "customers.csv")
    assert counts(first) == (3, 0, 0, 0)
    seen = {p.customer.external_id: p for p in CustomerProfile.objects.visible(cast.larkspur)}
    ada = seen["C1"]
    assert (ada.name, ada.since_date, ada.parent.external_id, ada.owner_name) == ("Ada", dt.date(2020, 3, 22), "C9", "Priya")  # fmt: skip
    assert ada.revenue == Decimal("1234.5") and ada.counts == {"calls": 3.0} and not ada.bare
    assert ada.attributes == {"region": "North", "plan": "Home"} and seen["C2"].since_date is None
    second = brought(cast.larkspur, CUSTOMERS.replace("C2,Bo", "C2,Bob").replace("Priya", ""), "customers.csv")
    assert counts(second) == (0, 2, 1, 0)
    seen = {p.customer.external_id: p for p in CustomerProfile.objects.visible(cast.larkspur)}
    assert (seen["C2"].name, seen["C1"].owner_name, len(seen)) == ("Bob", "", 3)


def test_what_the_file_does_not_say_stays(cast: Cast) -> None:
    source = ensure_source(workspace=cast.larkspur, name="crm", kind="api", table="customers")
    record_customers(
        workspace=cast.larkspur, source=source,
        rows=[NewCustomer(external_id="C1", name="Adela", owner_name="Priya", attributes={"tier": "A", "region": "East"})],
    )  # fmt: skip
    run = brought(cast.larkspur, "customer id,name,region\nC1,Ada,North\nC2,Bo,South\nC3,Cy,North\nC4,Di,South\n", "customers.csv")  # fmt: skip
    assert counts(run) == (3, 1, 0, 0)
    ada = CustomerProfile.objects.visible(cast.larkspur).get(customer__external_id="C1")
    assert (ada.name, ada.owner_name, ada.attributes) == ("Ada", "Priya", {"tier": "A", "region": "North"})


def test_money_by_month(cast: Cast) -> None:
    text = "customer,month,revenue,cost\nC1,2026-01,10.00,4\nC1,2026-02,12.00,4\nC2,2026-01,5,1\n"
    assert counts(brought(cast.larkspur, text, "periods.csv")) == (3, 0, 0, 0)
    second = brought(cast.larkspur, text.replace("12.00", "12.25"), "periods.csv")
    assert counts(second) == (0, 1, 2, 0)
    seen = CustomerPeriod.objects.visible(cast.larkspur).order_by("customer__external_id", "month")
    assert [(p.customer.external_id, str(p.month), p.revenue) for p in seen] == [
        ("C1", "2026-01-01", Decimal(10)), ("C1", "2026-02-01", Decimal("12.25")), ("C2", "2026-01-01", Decimal(5)),
    ]  # fmt: skip
    days = DirtyDay.objects.filter(run=second, table="customer_periods").values_list("day", flat=True)
    assert [str(day) for day in days] == ["2026-02-01"]
    assert CustomerProfile.objects.visible(cast.larkspur).filter(bare=True).count() == 2


def test_departures(cast: Cast) -> None:
    text = "customer,how it ended,notice given,last day,reason given,annual value\nC1,cancelled,2026-01-01,2026-02-01,Price,480\nC1,cancelled,2026-01-01,2026-02-01,Price,480\nC2,moved away,,2026-03-01,,\n"
    run = brought(cast.larkspur, text, "departures.csv")
    assert (run.new, run.rejected) == (2, {"duplicate_key": 1})
    seen = Departure.objects.visible(cast.larkspur).order_by("customer__external_id")
    assert [(d.kind, d.stated_reason, d.annual_value) for d in seen] == [("cancelled", "Price", Decimal(480)), ("unavoidable", "", None)]  # fmt: skip


def test_who_was_asked(cast: Cast) -> None:
    text = (
        "invitation id,customer id,contact id,survey,channel,sent at,delivered,bounced,answered at,reason not sent\n"
        "I1,C1,P1,relationship,mail,2026-10-01T09:00:00,yes,no,2026-10-02T10:00:00.5,\n"
        "I2,C2,,relationship,,2026-10-01T09:00:00,no,yes,,\n"
        "I3,,P3,transactional,,,,,,quota\n"
    )
    assert counts(brought(cast.larkspur, text, "invitations.csv")) == (3, 0, 0, 0)
    seen = {row.external_id: row for row in Invitation.objects.visible(cast.larkspur).select_related("customer")}
    one, two, three = seen["I1"], seen["I2"], seen["I3"]
    assert one.customer is not None and one.customer.external_id == "C1"
    assert (one.contact, one.survey, one.channel, one.delivered, one.bounced) == ("P1", "relationship", "mail", True, False)  # fmt: skip
    # the workspace's zone is an hour ahead of UTC in October
    assert one.sent_at == dt.datetime(2026, 10, 1, 8, tzinfo=dt.UTC)
    assert one.answered_at == dt.datetime(2026, 10, 2, 9, 0, 0, 500_000, tzinfo=dt.UTC)
    assert (two.contact, two.bounced, two.answered_at, two.reason_not_sent) == ("", True, None, "")
    assert (three.customer, three.sent_at, three.delivered, three.reason_not_sent) == (None, None, None, "quota")
    # who has answered since is a change of one row
    answered = text.replace("no,yes,,", "yes,no,2026-10-05T08:00:00,")
    assert counts(brought(cast.larkspur, answered, "invitations.csv")) == (0, 1, 2, 0)
    assert Invitation.objects.visible(cast.larkspur).filter(answered_at__isnull=False).count() == 2
    assert CustomerProfile.objects.visible(cast.larkspur).filter(bare=True).count() == 2


def test_contacts(cast: Cast) -> None:
    text = "contact id,customer id,name,role,e-mail,mobile,opted out\nP1,C1,Ada,user,ada@a.example,+351 1,no\nP2,,Bo,influencer,,,yes\n"
    assert counts(brought(cast.larkspur, text, "contacts.csv")) == (2, 0, 0, 0)
    ada = ContactProfile.objects.visible(cast.larkspur).get(contact__external_id="P1")
    assert (ada.name, ada.role, ada.email, ada.phone, ada.customer.external_id) == ("Ada", "user", "ada@a.example", "+351 1", "C1")  # fmt: skip
    assert ContactProfile.objects.visible(cast.larkspur).get(contact__external_id="P2").customer is None
    assert OptOut.objects.get().contact.external_id == "P2"
    again = brought(cast.larkspur, text.replace("yes", "no"), "contacts.csv")
    assert counts(again) == (0, 0, 2, 0) and OptOut.objects.count() == 1  # a file never takes a no back


def test_contacts_known_by_their_address(cast: Cast) -> None:
    brought(cast.larkspur, "e-mail,name,role\nada@a.example,Ada,user\nbo@a.example,Bo,user\n", "contacts.csv")
    assert ContactProfile.objects.visible(cast.larkspur).get(name="Bo").email == "bo@a.example"


def test_invitations_are_as_before_when_the_later_file_is_undone(cast: Cast) -> None:
    text = "invitation id,customer id,sent at,answered at\nI1,C1,2026-10-01,\n"
    brought(cast.larkspur, text, "invitations.csv")
    later = brought(cast.larkspur, text.replace("01,", "01,2026-10-03") + "I2,C2,2026-10-01,\n", "invitations.csv")
    assert counts(later) == (1, 1, 0, 0)
    assert undoing.preview(later) == UndoPreview(new=1, back=1, later=0)
    undoing.begin(run=later)
    run_due()
    left = Invitation.objects.visible(cast.larkspur)
    assert [(row.external_id, row.answered_at) for row in left] == [("I1", None)]
    assert not Customer.objects.filter(external_id="C2").exists()
