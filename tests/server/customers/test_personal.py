from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.server.factories import Cast, make_contact, make_customer
from winback.server.customers.models import Contact, ContactLog, ContactProfile, Customer, CustomerProfile
from winback.server.customers.personal import erase, export, forget, names_of
from winback.server.redaction import Person
from winback.server.sources.models import DirtyDay

pytestmark = pytest.mark.django_db


def test_a_customer_becomes_nobody(cast: Cast) -> None:
    ws = cast.larkspur
    for n in range(5):
        make_customer(ws, f"C{n}", name=f"Other {n}", attributes={"plan": "Fibre"})
    customer = make_customer(ws, "C-1000", name="Ann Zoë", attributes={"plan": "Fibre", "street": "hers"})
    contact = make_contact(ws, "P-1", customer="C-1000", name="Bo Zoë", email="bo@example.com", role="user")
    names = names_of(ws, customer, Contact.objects.filter(pk=contact.pk))
    assert names == ("Ann Zoë", "Bo Zoë", "bo@example.com")
    ann = Person(ws.pk, (customer.pk,), (contact.pk,), ("C-1000", "P-1"), ("P-1",), names, token="t")
    assert export(person=ann)["customers"][0]["name"] == "Ann Zoë"
    DirtyDay.objects.all().delete()
    assert erase(person=ann)["profiles"] == 1
    customer.refresh_from_db()
    assert customer.external_id == "erased-t" and customer.erased_at is not None
    assert CustomerProfile.objects.get(customer=customer).attributes == {"plan": "Fibre"}
    profile = ContactProfile.objects.get(contact=contact)
    assert (profile.name, profile.email, profile.role) == ("", "", "user")
    assert Contact.objects.get().external_id == "erased-t-0"
    assert set(DirtyDay.objects.values_list("table", flat=True)) == {"customers", "contacts", "departures"}
    assert Customer.objects.filter(workspace=ws).count() == 6


def test_old_touches_are_forgotten(cast: Cast) -> None:
    make_customer(cast.larkspur, "C-1")
    contact = make_contact(cast.larkspur, "P-1", customer="C-1", name="Bo")
    ContactLog.objects.create(
        workspace=cast.larkspur, contact=contact, touch="survey", purpose="research", channel="mail",
        at=timezone.now() - dt.timedelta(days=40), allowed=True,
    )  # fmt: skip
    assert forget(workspace_id=cast.larkspur.pk, before=timezone.now() - dt.timedelta(days=50), most=5) == 0
    assert forget(workspace_id=cast.larkspur.pk, before=timezone.now() - dt.timedelta(days=30), most=5) == 1
