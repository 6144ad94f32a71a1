from __future__ import annotations

import datetime as dt

import pytest

from tests.server.factories import Cast
from tests.server.imports.bringing import begun
from winback.server.customers.actions import ensure_customers, record_customers
from winback.server.customers.models import CustomerProfile
from winback.server.customers.rules import NewCustomer
from winback.server.imports import actions
from winback.server.imports.settling import settle
from winback.server.sources.actions import ensure_source, live_run

pytestmark = pytest.mark.django_db


def test_a_bare_profile_yields_to_one_that_says_something(cast: Cast) -> None:
    run = begun(cast.larkspur, "id,date,customer,score\n1,2026-10-01,C1,9\n2,2026-10-02,C2,0\n")
    assert actions._take_turn(run) and actions._stage(run, 60, lambda done, total: None)
    source = ensure_source(workspace=cast.larkspur, name="crm", kind="api", table="customers")
    record_customers(workspace=cast.larkspur, source=source, rows=[NewCustomer(external_id="C1", name="Ada")])
    ensure_customers(workspace=cast.larkspur, run=live_run(source=source), external_ids={"C2"})
    assert settle(run) == 2 and settle(run) <= 1
    actions.publish(run=run)
    seen = list(CustomerProfile.objects.visible(cast.larkspur).values_list("customer__external_id", "name"))
    assert sorted(seen) == [("C1", "Ada"), ("C2", "")]


def test_a_row_whose_writing_began_before_the_import_is_seen_once(cast: Cast) -> None:
    """A request that took its time before the import, and was done after the import had looked."""
    run = begun(cast.larkspur, "customer,name\nC1,Bo\n", "customers.csv")
    assert actions._take_turn(run) and actions._stage(run, 60, lambda done, total: None)
    source = ensure_source(workspace=cast.larkspur, name="crm", kind="api", table="customers")
    record_customers(workspace=cast.larkspur, source=source, rows=[NewCustomer(external_id="C1", name="Ada")])
    CustomerProfile.objects.filter(name="Ada").update(updated_at=run.created_at - dt.timedelta(seconds=30))
    actions.publish(run=run)
    assert CustomerProfile.objects.visible(cast.larkspur).get().name == "Bo"
