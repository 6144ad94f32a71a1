"""Customers and accounts as pages: who sees whom, what stands there, and how few queries it takes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.server.factories import Cast, make_contact, make_customer, make_feedback
from winback.server.customers.models import CustomerProfile, OptOut, StopReason
from winback.server.workspaces.models import AuditEvent
from winback.server.workspaces.reads import flush_reads

PAGES = ("customers/", "accounts/", "search?q=a", "feedback/", "contacting/")


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_workspace_says_what_to_do(amara: Client, path: str) -> None:
    response = amara.get(f"/w/larkspur/{path}")
    assert response.status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_sees_no_such_page(nell: Client, path: str) -> None:
    assert nell.get(f"/w/larkspur/{path}").status_code == 404


def test_a_customers_story(cast: Cast, rafael: Client) -> None:
    customer = make_customer(
        cast.larkspur, "C1", name="Keane & Sons", since_date=dt.date(2020, 5, 1), attributes={"region": "North"}
    )
    make_feedback(cast.larkspur, "a", 2, customer="C1", comment="No bill <since> August", respondent="P1")
    make_contact(
        cast.larkspur, "P1", customer="C1", name="Niamh Keane", email="niamh@example.com", role="decision maker"
    )
    page = rafael.get(f"/w/larkspur/customers/{customer.pk}/").content.decode()
    for words in (
        "Keane &amp; Sons",
        "No bill &lt;since&gt; August",
        "Niamh Keane",
        "decision maker",
        "North",
        "Customer since",
    ):
        assert words in page
    assert flush_reads() == 1
    event = AuditEvent.objects.get(verb="personal data read")
    assert (event.by_label, event.target) == ("rafael@larkspur.example", f"customer {customer.pk}")


def test_a_scoped_member_sees_the_scope_only(cast: Cast, norah: Client) -> None:
    north = make_customer(cast.larkspur, "C1", name="Northern", attributes={"region": "North"})
    south = make_customer(cast.larkspur, "C2", name="Southern", attributes={"region": "South"})
    make_feedback(cast.larkspur, "n", customer="C1", comment="from the north")
    make_feedback(cast.larkspur, "s", customer="C2", comment="from the south")
    make_feedback(cast.larkspur, "own", customer="C2", comment="answered in the north", attributes={"region": "North"})
    listed = norah.get("/w/larkspur/customers/").content.decode()
    assert "Northern" in listed
    assert "Southern" not in listed
    assert norah.get(f"/w/larkspur/customers/{north.pk}/").status_code == 200
    assert norah.get(f"/w/larkspur/customers/{south.pk}/").status_code == 404
    said = norah.get("/w/larkspur/feedback/").content.decode()
    assert ["from the north" in said, "answered in the north" in said, "from the south" in said] == [True, True, False]
    assert "from the south" not in norah.get("/w/larkspur/search?q=from").content.decode()


def test_what_a_member_corrects_stays_and_a_viewer_may_not(cast: Cast, amara: Client, rafael: Client) -> None:
    customer = make_customer(cast.larkspur, "C1", name="Kean", owner_name="Amara", attributes={"region": "North"})
    address = f"/w/larkspur/customers/{customer.pk}/edit"
    assert rafael.post(address, {"name": "x"}).status_code == 403
    assert (
        amara.post(address, {"name": "Keane", "owner_name": "Amara", "renewal_date": "2027-01-31"}).status_code == 302
    )
    profile = CustomerProfile.objects.visible(cast.larkspur).get()
    assert (profile.name, profile.renewal_date, profile.attributes) == (
        "Keane",
        dt.date(2027, 1, 31),
        {"region": "North"},
    )
    make_customer(cast.larkspur, "C1", revenue=Decimal(5))
    profile = CustomerProfile.objects.visible(cast.larkspur).get()
    assert (profile.name, profile.revenue) == ("Keane", Decimal(5))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"parent": "C1"}, "C1 cannot be its own parent"),
        ({"name": "x" * 201}, "name is longer than 200 characters"),
        ({"owner_name": "a\x00b"}, "A text holds a null character"),
    ],
)
def test_what_cannot_be_saved_is_not_said_to_be(cast: Cast, amara: Client, said: dict[str, str], sentence: str) -> None:
    customer = make_customer(cast.larkspur, "C1", name="Keane")
    response = amara.post(f"/w/larkspur/customers/{customer.pk}/edit", said)
    assert (response.status_code, sentence in response.content.decode()) == (400, True)
    assert not AuditEvent.objects.filter(verb="customer edited").exists()


def test_a_renewal_that_is_no_more_is_taken_away(cast: Cast, amara: Client) -> None:
    customer = make_customer(cast.larkspur, "C1", name="Keane", renewal_date=dt.date(2027, 1, 31))
    amara.post(f"/w/larkspur/customers/{customer.pk}/edit", {"name": "Keane", "renewal_date": ""})
    make_customer(cast.larkspur, "C1", revenue=Decimal(5))  # what is not said stays away
    profile = CustomerProfile.objects.visible(cast.larkspur).get()
    assert (profile.name, profile.renewal_date, profile.revenue) == ("Keane", None, Decimal(5))


def test_a_date_that_is_none_is_a_sentence(cast: Cast, amara: Client) -> None:
    customer = make_customer(cast.larkspur, "C1")
    response = amara.post(f"/w/larkspur/customers/{customer.pk}/edit", {"renewal_date": "soon"})
    assert response.status_code == 400
    assert "“soon” is no date" in response.content.decode().replace("&quot;", "“").replace("“soon“", "“soon”")


def test_a_no_is_noted_and_taken_back(cast: Cast, amara: Client) -> None:
    customer = make_customer(cast.larkspur, "C1")
    person = make_contact(cast.larkspur, "P1", customer="C1", phone="+351 912 345 678")
    address = f"/w/larkspur/customers/{customer.pk}/people/{person.pk}"
    amara.post(address, {"opt_out": "1", "purpose": "research", "channel": "phone", "origin": "on the phone, 19 Nov"})
    no = OptOut.objects.get()
    assert (no.purpose, no.channel, no.origin) == ("research", "phone", "on the phone, 19 Nov")
    assert amara.post(address, {"opt_in": str(no.pk), "origin": ""}).status_code == 400
    amara.post(address, {"opt_in": str(no.pk), "origin": "by mail"})
    assert OptOut.objects.count() == 0


def test_a_stop_reason_is_noted_and_ended(cast: Cast, amara: Client) -> None:
    customer = make_customer(cast.larkspur, "C1")
    address = f"/w/larkspur/customers/{customer.pk}/stop"
    assert amara.post(address, {"reason": "nonsense"}).status_code == 400
    amara.post(address, {"reason": "fraud", "since": "2026-11-01"})
    stop = StopReason.objects.get()
    amara.post(address, {"end": str(stop.pk)})
    assert StopReason.objects.get().until is not None


def test_a_person_of_another_customer_is_not_there(cast: Cast, amara: Client) -> None:
    one, two = make_customer(cast.larkspur, "C1"), make_customer(cast.larkspur, "C2")
    person = make_contact(cast.larkspur, "P1", customer="C2")
    assert amara.post(f"/w/larkspur/customers/{one.pk}/people/{person.pk}", {"opt_out": "1"}).status_code == 404
    assert amara.post(f"/w/larkspur/customers/{two.pk}/people/{person.pk}", {"opt_out": "1"}).status_code == 302


@pytest.mark.parametrize("path", ["customers/", "accounts/", "feedback/", "search?q=C"])
def test_three_take_no_more_queries_than_one(
    cast: Cast, rafael: Client, path: str, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def fill(n: int) -> None:
        make_customer(
            cast.larkspur,
            f"C{n}",
            name=f"C name {n}",
            owner_name="A",
            revenue=Decimal(n),
            renewal_date=dt.date(2027, 1, n),
        )
        make_contact(cast.larkspur, f"P{n}", customer=f"C{n}", role="decision maker")
        make_feedback(cast.larkspur, f"f{n}", n, customer=f"C{n}", respondent=f"P{n}", comment=f"C said {n}")

    fill(1)
    with CaptureQueriesContext(connection) as one:
        assert rafael.get(f"/w/larkspur/{path}").status_code == 200
    fill(2)
    fill(3)
    with django_assert_max_num_queries(len(one)):
        assert rafael.get(f"/w/larkspur/{path}").status_code == 200


def test_the_list_goes_on_by_key(cast: Cast, rafael: Client) -> None:
    for n in range(60):
        make_customer(cast.larkspur, f"C{n:02}", name=f"Name {n:02}")
    first = rafael.get("/w/larkspur/customers/").content.decode()
    assert ["Name 49" in first, "Name 50" in first] == [True, False]
    after = CustomerProfile.objects.visible(cast.larkspur).get(name="Name 49")
    following = rafael.get(
        "/w/larkspur/customers/", {"after": f"Name 49,{after.pk}"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert ["Name 49" in following, "Name 50" in following, "Name 59" in following, "<html" in following] == [
        False,
        True,
        True,
        False,
    ]


def test_all_who_renew_in_silence_are_listed(cast: Cast, rafael: Client) -> None:
    soon = timezone.now().date() + dt.timedelta(days=20)
    for n in range(8):
        make_customer(cast.larkspur, f"S{n}", name=f"Silent {n}", renewal_date=soon + dt.timedelta(days=n))
    make_customer(cast.larkspur, "later", name="Later", renewal_date=soon + dt.timedelta(days=300))
    page = rafael.get("/w/larkspur/accounts/").content.decode()
    assert 'href="?silent=1#list">and 2 more</a>' in page and ">Later</a>" in page
    listed = rafael.get("/w/larkspur/accounts/?silent=1").content.decode()
    assert "Silent 7" in listed and ">Later</a>" not in listed and "renewing in silence" in listed
