"""Customers row by row: merged, versions of several sources, one visible profile each."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection

from tests.server.factories import Cast, make_customer, make_feedback
from winback.server.customers.actions import edit_customer, ensure_customers, record_customers, today_in
from winback.server.customers.models import Customer, CustomerProfile
from winback.server.customers.rules import NewCustomer
from winback.server.sources.actions import ensure_source, live_run
from winback.server.sources.models import DirtyDay
from winback.server.workspaces.models import AuditEvent


def profile(cast: Cast) -> CustomerProfile:
    visible: CustomerProfile = CustomerProfile.objects.visible(cast.larkspur).get()
    return visible


def test_two_sources_and_a_person_write_on(cast: Cast) -> None:
    make_customer(cast.larkspur, "C1", name="Kean", attributes={"region": "North"})
    billing = ensure_source(workspace=cast.larkspur, name="billing", kind="api", table="customers")
    record_customers(
        workspace=cast.larkspur,
        source=billing,
        rows=[NewCustomer("C1", revenue=Decimal("9.5"), attributes={"plan": "Home"})],
    )
    edit_customer(access=cast.access("amara"), customer=Customer.objects.get(), name="Keane")
    make_customer(cast.larkspur, "C1", owner_name="Amara")
    seen = profile(cast)
    assert (seen.name, seen.revenue, seen.owner_name) == ("Keane", Decimal("9.5"), "Amara")
    assert seen.attributes == {"region": "North", "plan": "Home"}
    assert AuditEvent.objects.get(verb="customer edited").detail == {"fields": ["name"]}


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    source = ensure_source(workspace=cast.larkspur, name="crm", kind="api", table="customers")
    rows = [NewCustomer("C1", name="Keane"), NewCustomer("C2", parent="C1"), NewCustomer("")]
    first = record_customers(workspace=cast.larkspur, source=source, rows=rows)
    DirtyDay.objects.all().delete()
    again = record_customers(workspace=cast.larkspur, source=source, rows=rows)
    assert (first.new, first.changed, first.same, len(first.refused)) == (2, 0, 0, 1)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    assert DirtyDay.objects.count() == 0


def test_a_bare_customer_becomes_a_known_one(cast: Cast) -> None:
    make_feedback(cast.larkspur, "a", customer="C1")
    assert profile(cast).bare
    make_customer(cast.larkspur, "C1", name="Keane")
    assert (profile(cast).bare, profile(cast).name) == (False, "Keane")


def test_whoever_is_shown_gets_no_second_profile(cast: Cast) -> None:
    make_customer(cast.larkspur, "C1", name="Keane")
    run = live_run(source=ensure_source(workspace=cast.larkspur, name="survey", kind="api"))
    ids = ensure_customers(workspace=cast.larkspur, run=run, external_ids={"C1", "C2"})
    assert set(ids) == {"C1", "C2"}
    names = CustomerProfile.objects.visible(cast.larkspur).values_list("customer__external_id", "name", "bare")
    assert sorted(names) == [("C1", "Keane", False), ("C2", "", True)]


def test_companies_have_customers_of_their_own(cast: Cast) -> None:
    one, other = make_customer(cast.larkspur, "C1"), make_customer(cast.merritt, "C1")
    assert one.pk != other.pk


def test_today_is_where_the_workspace_is(cast: Cast) -> None:
    cast.larkspur.zone = "Pacific/Kiritimati"
    east = today_in(cast.larkspur)
    cast.larkspur.zone = "Pacific/Niue"
    assert (east - today_in(cast.larkspur)).days in (1, 2)


@pytest.mark.django_db(transaction=True)
def test_two_sources_at_once_leave_one_profile_of_each_customer(cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes one writer at a time")
    sources = [ensure_source(workspace=cast.larkspur, name=f"crm {n}", kind="api", table="customers") for n in (0, 1)]
    errors: list[BaseException] = []

    def write(n: int) -> None:
        try:
            for turn in range(15):
                rows = [NewCustomer(external_id=f"C{place}", name=f"{n} {turn}") for place in range(20)]
                record_customers(workspace=cast.larkspur, source=sources[n], rows=rows[:: -1 if n else 1])
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert CustomerProfile.objects.visible(cast.larkspur).count() == 20
